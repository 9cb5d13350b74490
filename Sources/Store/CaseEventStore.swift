package import Dunning
import Foundation
package import Postgres

extension Transaction {
    /// Tells open cases what happened to their customers, in one brand and currency where given. The caller has locked the
    /// cases, and plans them before it commits.
    ///
    /// - Parameter haveSpoken: only those that have sent something are told.
    package mutating func record(
        _ events: [(customer: ID<Customer>, kind: CaseEvent.Kind)], brand: ID<Brand>? = nil, currency: Currency? = nil,
        haveSpoken: Bool = false, at instant: Instant
    ) throws(PostgresError) {
        guard !events.isEmpty else { return }
        try run(
            "case_event_insert", tenantID, events.map(\.customer), events.map(\.kind.text), instant, brand, currency,
            haveSpoken)
    }

    /// Tells one case alone; as above.
    package mutating func record(
        _ events: [(enrolment: ID<Enrolment>, kind: CaseEvent.Kind)], at instant: Instant
    ) throws(PostgresError) {
        guard !events.isEmpty else { return }
        try run("case_event_insert_in", tenantID, events.map(\.enrolment), events.map(\.kind.text), instant)
    }

    mutating func events(of enrolments: [ID<Enrolment>]) throws(PostgresError) -> [ID<Enrolment>: [CaseEvent]] {
        var found: [ID<Enrolment>: [CaseEvent]] = [:]
        for row in try rows("facts_events", tenantID, enrolments) {
            // A kind of a later version of the program is nothing that this one's steps answer.
            guard let kind = CaseEvent.Kind(try row("kind")) else { continue }
            found[try row("enrolment_id"), default: []].append(
                CaseEvent(number: try row("number"), kind: kind, at: try row("at")))
        }
        return found
    }

    mutating func shares(of customers: [ID<Customer>]) throws(PostgresError) -> [ID<Customer>: [String: String]] {
        var found: [ID<Customer>: [String: String]] = [:]
        for row in try rows("facts_shares", tenantID, customers) {
            found[try row("customer_id"), default: [:]][try row("experiment")] = try row("share")
        }
        return found
    }

    /// Keeps the share of an experiment; the first stays.
    package mutating func choose(
        _ share: String, of experiment: String, for customer: ID<Customer>, at instant: Instant
    ) throws(PostgresError) {
        try run("split_choose", tenantID, customer, experiment, share, instant)
    }
}
