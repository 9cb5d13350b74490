import Dunning
import Postgres
import Store

/// Somebody wrote back: the cases rest for three business days and a task has what was said (architecture 5.8).
enum RestCases {
    private static let restDays = 3

    /// One hold and one task for each customer that has a case. The cases are locked; the caller plans again.
    static func run(
        _ customers: [ID<Customer>], said text: String, in tx: inout Transaction, _ context: Context
    ) throws {
        try tx.record(customers.map { (customer: $0, kind: .replied) }, at: context.now)
        var resting: Set<ID<Customer>> = []
        for loaded in try tx.loadCases(customers: customers, now: context.now) {
            let customer = loaded.facts.state.customer
            guard resting.insert(customer).inserted else { continue }
            let until = Deadline.after(businessDays: restDays, from: context.now, facts: loaded.facts)
            try tx.place(
                context,
                HoldRecord(
                    id: .make(at: context.now), scope: .customer(customer), reason: "reply",
                    note: "the customer wrote back", from: context.now, until: until, at: context.now))
            try tx.ask(
                context,
                [
                    NewTask(
                        kind: .reply, customer: customer, enrolment: loaded.id,
                        title: "\(loaded.customer.name) wrote back", script: String(text.prefix(1_000)),
                        deadline: until)
                ])
        }
    }
}
