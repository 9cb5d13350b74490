package import Dunning
package import Postgres
package import Store

/// Leaves a customer alone for some days: a hold by the name of `snoozed`, that ends by itself.
package struct Snooze: Sendable {
    let customer: ID<Customer>
    let days: Int
    let note: String

    package init(_ customer: ID<Customer>, days: Int, note: String = "") throws(Rejection) {
        guard (1...365).contains(days) else { throw .invalid("/days", "out_of_range", "must be 1 to 365") }
        try TextRule.lines(upTo: 2_000).check(note, at: "/note")
        self.customer = customer
        self.days = days
        self.note = note
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> HoldRecord {
        try tx.keepNamed(customer)
        return try PlaceHold(
            on: .customer(customer), reason: ActiveHold.snoozed, note: note, until: context.now.adding(days: days)
        ).run(in: &tx, context)
    }
}
