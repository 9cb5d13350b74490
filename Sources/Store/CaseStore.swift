package import Dunning
import Foundation
package import Postgres

/// A case that should be opened.
package struct NewCase: Sendable {
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let currency: Currency
    package let pins: Resolve.Pins
    package let priorCycle: Int
    package let priorStage: Int
}

/// A tenant's customers in two halves, so that two transactions that look for work side by side never find the same customer.
package enum CustomerHalf: Int, CaseIterable, Sendable {
    case even, odd
}

extension Transaction {
    /// Locks all open cases of these customers, in id order, waiting for whoever holds them; which they are.
    @discardableResult
    package mutating func lockCases(customers: [ID<Customer>]) throws(PostgresError) -> Set<ID<Enrolment>> {
        var locked: Set<ID<Enrolment>> = []
        for row in try rows("enrolment_lock", tenantID, customers) { locked.insert(try row("enrolment_id")) }
        return locked
    }

    /// Locks what is free, and returns the customers all of whose open cases are now locked.
    package mutating func lockFreeCases(customers: [ID<Customer>]) throws(PostgresError) -> Set<ID<Customer>> {
        var locked: Set<ID<Enrolment>> = []
        for row in try rows("enrolment_lock_free", tenantID, customers) { locked.insert(try row("enrolment_id")) }
        var free = Set(customers)
        for row in try rows("enrolment_open_of", tenantID, customers)
        where !locked.contains(try row("enrolment_id")) {
            free.remove(try row("customer_id"))
        }
        return free
    }

    package mutating func wantedCases(customers: [ID<Customer>]) throws(PostgresError) -> [NewCase] {
        var wanted: [NewCase] = []
        for row in try rows("enrolment_wanted", tenantID, customers) {
            wanted.append(
                NewCase(
                    customer: try row("customer_id"), brand: try row("brand_id"), currency: try row("currency"),
                    pins: try Resolve.Pins(row), priorCycle: try row("prior_cycle"), priorStage: try row("prior_stage"))
            )
        }
        return wanted
    }

    package mutating func currentVersions(
        of workflows: [ID<Workflow>]
    ) throws(PostgresError) -> [ID<Workflow>: ID<WorkflowVersion>] {
        var found: [ID<Workflow>: ID<WorkflowVersion>] = [:]
        for row in try rows("enrolment_current_versions", tenantID, workflows) {
            found[try row("workflow_id")] = try row("version_id")
        }
        return found
    }

    /// Returns those that were opened by this, and not by somebody else meanwhile.
    package mutating func openCases(
        _ cases: [(NewCase, ID<WorkflowVersion>, Resolve.Assignment)], entry: EntryPolicy, at now: Instant
    ) throws(PostgresError) -> [(id: ID<Enrolment>, case: NewCase)] {
        guard !cases.isEmpty else { return [] }
        let ids = cases.map { _ in ID<Enrolment>.make(at: now) }
        let new = Dictionary(uniqueKeysWithValues: zip(ids, cases.map(\.0)))
        var opened: [(id: ID<Enrolment>, case: NewCase)] = []
        for row in try rows(
            "enrolment_insert", tenantID, ids, cases.map(\.0.customer), cases.map(\.0.brand),
            cases.map(\.0.currency), cases.map(\.1), cases.map { $0.0.priorCycle + 1 }, cases.map(\.0.priorStage),
            cases.map { _ in entry }, cases.map(\.2.json), now)
        {
            let id: ID<Enrolment> = try row("enrolment_id")
            if let found = new[id] { opened.append((id, found)) }
        }
        return opened
    }

    /// Writes the standing of locked cases, and clears their dirty mark.
    package mutating func updateCases(
        _ states: [CaseState], exits: [ID<Enrolment>: Reason] = [:], at now: Instant
    ) throws(PostgresError) {
        guard !states.isEmpty else { return }
        try post(
            "enrolment_update", tenantID, states.map(\.id), states.map(\.status.rawValue),
            states.map { exits[$0.id]?.rawValue ?? "" }, states.map(\.stage), states.map { $0.position ?? "" },
            states.map { $0.positionDay?.description ?? "" }, states.map { $0.anchor?.uuid.postgresText ?? "" },
            states.map { $0.lastContactDay?.description ?? "" }, states.map { $0.entry?.text ?? "" }, now,
            states.map { $0.nextKey ?? "" }, states.map(\.round), states.map(\.heard))
    }

    package mutating func markDirty(customers: [ID<Customer>]) throws(PostgresError) {
        try run("enrolment_mark_dirty", tenantID, customers)
    }

    package mutating func customer(of enrolment: ID<Enrolment>) throws(PostgresError) -> ID<Customer>? {
        try first("enrolment_customer", tenantID, enrolment).map { row throws(PostgresError) in try row("customer_id") }
    }

    /// Before all cases.
    private static let noCase = ID<Enrolment>(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))

    /// Customers with cases to re-plan, and the last of these cases.
    ///
    /// - Parameters:
    ///   - limit: of cases looked at; no more customers than that.
    ///   - half: of the customers; nil: all of them.
    ///   - place: cases up to this one are not looked at.
    package mutating func dirtyCustomers(
        limit: Int, half: CustomerHalf? = nil, after place: ID<Enrolment>? = nil
    ) throws(PostgresError) -> (customers: [ID<Customer>], last: ID<Enrolment>?) {
        let halves = half.map { [$0] } ?? CustomerHalf.allCases
        var customers: Set<ID<Customer>> = []
        var last: ID<Enrolment>?
        for row in try rows("enrolment_dirty", tenantID, limit, halves.map(\.rawValue), place ?? Self.noCase) {
            customers.insert(try row("customer_id"))
            last = try row("enrolment_id")
        }
        return (Array(customers), last)
    }
}
