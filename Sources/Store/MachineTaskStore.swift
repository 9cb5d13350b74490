package import Dunning
import Foundation
package import Postgres

/// A task the machine opens for a person.
package struct NewTask: Sendable {
    package let kind: TaskKind
    package let customer: ID<Customer>
    package let enrolment: ID<Enrolment>?
    package let step: ID<StepRun>?
    package let message: ID<Message>?
    package let title: String
    package let script: String
    package let deadline: Instant

    package init(
        kind: TaskKind, customer: ID<Customer>, enrolment: ID<Enrolment>? = nil, step: ID<StepRun>? = nil,
        message: ID<Message>? = nil, title: String, script: String, deadline: Instant
    ) {
        self.kind = kind
        self.customer = customer
        self.enrolment = enrolment
        self.step = step
        self.message = message
        self.title = title
        self.script = script
        self.deadline = deadline
    }
}

/// A task that nobody has to do any more.
package struct ClosedTask: Sendable, Hashable {
    package let id: ID<CollectorTask>
    package let kind: TaskKind
    package let customer: ID<Customer>
    package let state: TaskRecord.State
    package let outcome: String

    init(_ row: Row) throws(PostgresError) {
        id = try row("task_id")
        kind = try row("kind")
        customer = try row("customer_id")
        state = try row("state")
        outcome = try row("outcome")
    }
}

extension Transaction {
    /// Their identifiers, in the same order.
    @discardableResult
    package mutating func openTasks(
        _ tasks: [NewTask], at now: Instant
    ) throws(PostgresError) -> [ID<CollectorTask>] {
        guard !tasks.isEmpty else { return [] }
        let ids = tasks.map { _ in ID<CollectorTask>.make(at: now) }
        try run(
            "message_task_insert", tenantID, ids,
            tasks.map(\.kind.rawValue), tasks.map(\.customer), tasks.map { $0.enrolment?.uuid.uuidString ?? "" },
            tasks.map { $0.step?.uuid.uuidString ?? "" }, tasks.map { $0.message?.uuid.uuidString ?? "" },
            tasks.map(\.title), tasks.map(\.script), tasks.map(\.deadline), now)
        return ids
    }

    /// Nobody has to do anything about these cases any more, and why.
    package mutating func cancelTasks(
        of cases: [(ID<Enrolment>, Reason)], at now: Instant
    ) throws(PostgresError) -> [ClosedTask] {
        guard !cases.isEmpty else { return [] }
        return try rows("message_task_cancel", tenantID, cases.map(\.0), cases.map(\.1), now)
            .map { row throws(PostgresError) in try ClosedTask(row) }
    }

    /// What became of these messages is known: nobody has to find it out.
    package mutating func closeTasks(
        about messages: [ID<Message>], at now: Instant
    ) throws(PostgresError) -> [ClosedTask] {
        guard !messages.isEmpty else { return [] }
        return try rows("message_task_settled", tenantID, messages, now)
            .map { row throws(PostgresError) in try ClosedTask(row) }
    }

    /// Their holds, in the same order.
    package mutating func holdInvoices(
        _ invoices: [(ID<Customer>, ID<Invoice>)], at now: Instant
    ) throws(PostgresError) -> [ID<Hold>] {
        guard !invoices.isEmpty else { return [] }
        let ids = invoices.map { _ in ID<Hold>.make(at: now) }
        try run("message_hold_insert", tenantID, ids, invoices.map(\.0), invoices.map(\.1), now)
        return ids
    }
}
