import Dunning
import Postgres
import Store

extension Transaction {
    /// Locks the cases of a customer that a request names, and keeps it from being merged away until this transaction ends.
    ///
    /// Throws ``Rejection`` when there is no such customer, or it was merged into another.
    mutating func keepNamed(_ customer: ID<Customer>) throws {
        guard let record = try self.customer(customer) else { throw Rejection.notFound("customer") }
        if let other = record.mergedInto { throw Rejection.merged(into: other) }
        try PlanCases.lock(customers: [customer], in: &self)
        try mustKeep(customer)
    }

    /// Keeps a customer from being merged away whose cases are locked. One that was merged a moment ago has this transaction
    /// run again.
    mutating func mustKeep(_ customer: ID<Customer>) throws {
        if try !keep(customer) { try checkStay([customer]) }
    }
}

extension Rejection {
    /// The request names a customer in its path that is not one of its own any more.
    static func merged(into other: ID<Customer>) -> Rejection {
        .forbiddenByState(
            code: "customer_merged", detail: "The customer was merged into \(other): ask for that one instead.")
    }

    /// The same of one that stands in a field.
    static func merged(into other: ID<Customer>, at pointer: String) -> Rejection {
        .invalid(pointer, "merged_customer", "was merged into \(other): name that one")
    }
}
