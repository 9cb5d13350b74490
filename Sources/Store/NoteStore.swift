package import Dunning
package import Postgres

/// What somebody wrote down about a customer, for the next to know.
package struct NoteRecord: Sendable, Hashable {
    package let id: ID<Note>
    package let customer: ID<Customer>
    package let author: String
    package let body: String
    package let createdAt: Instant

    package init(id: ID<Note>, customer: ID<Customer>, author: String, body: String, at now: Instant) {
        self.id = id
        self.customer = customer
        self.author = author
        self.body = body
        createdAt = now
    }
}

extension Transaction {
    package mutating func insert(_ note: NoteRecord) throws(PostgresError) {
        try must("note_add", tenantID, note.id, note.customer, note.author, note.body, note.createdAt)
    }

    package mutating func notes(
        _ page: Page<Note>, about customer: ID<Customer>
    ) throws(PostgresError) -> [NoteRecord] {
        try rows("note_page", tenantID, customer, page.before, page.count).map { row throws(PostgresError) in
            NoteRecord(
                id: try row("note_id"), customer: try row("customer_id"), author: try row("author"),
                body: try row("body"), at: try row("created_at"))
        }
    }
}
