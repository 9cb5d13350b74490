package import Dunning
package import Postgres
import Store

/// Takes in what a customer answered by any way that does not come through a gateway of ours: a mail in somebody's mailbox, a
/// letter, a call. The cases rest and a task has what was said, as with any reply.
package struct RecordReply: Sendable {
    package enum Way: String, Sendable, CaseIterable { case email, phone, letter, other }

    let customer: ID<Customer>
    let way: Way
    let text: String

    package init(from customer: ID<Customer>, by way: Way, _ text: String) throws(Rejection) {
        try TextRule.lines(upTo: 10_000).check(text, at: "/text")
        self.customer = customer
        self.way = way
        self.text = text
    }

    package func run(in tx: inout Transaction, _ context: Context) throws {
        try tx.keepNamed(customer)
        let note = NoteRecord(
            id: .make(at: context.now), customer: customer, author: "customer", body: text, at: context.now)
        try tx.insert(note)
        try RestCases.run([customer], said: text, in: &tx, context)
        try tx.audit(
            context, action: "reply.other", subject: note.id.uuid, customer: customer, detail: ["way": way.rawValue])
        try PlanCases.replan(customers: [customer], cause: "reply.other", in: &tx, context)
    }
}
