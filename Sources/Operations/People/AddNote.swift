package import Dunning
package import Postgres
package import Store

/// Writes something down about a customer, for the next to know. It is never changed and never deleted.
package struct AddNote: Sendable {
    let customer: ID<Customer>
    let author: String?
    let body: String

    /// - Parameter author: who says so; whoever asks when not given.
    package init(about customer: ID<Customer>, _ body: String, author: String? = nil) throws(Rejection) {
        try TextRule.lines(upTo: 10_000).check(body, at: "/body")
        guard body.contains(where: { !$0.isWhitespace }) else {
            throw .invalid("/body", "blank", "must say something")
        }
        if let author { try TextRule.line(upTo: 200).check(author, at: "/author") }
        self.customer = customer
        self.author = author
        self.body = body
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> NoteRecord {
        try tx.keepNamed(customer)
        let note = NoteRecord(
            id: .make(at: context.now), customer: customer, author: author ?? context.actor, body: body,
            at: context.now)
        try tx.insert(note)
        try tx.audit(context, action: "note.added", subject: note.id.uuid, customer: customer)
        return note
    }
}
