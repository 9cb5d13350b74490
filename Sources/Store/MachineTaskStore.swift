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

extension Transaction {
    package mutating func openTasks(_ tasks: [NewTask], at now: Instant) throws(PostgresError) {
        guard !tasks.isEmpty else { return }
        try run(
            "message_task_insert", tenantID, tasks.map { _ in ID<CollectorTask>.make(at: now) },
            tasks.map(\.kind.rawValue), tasks.map(\.customer), tasks.map { $0.enrolment?.uuid.uuidString ?? "" },
            tasks.map { $0.step?.uuid.uuidString ?? "" }, tasks.map { $0.message?.uuid.uuidString ?? "" },
            tasks.map(\.title), tasks.map(\.script), tasks.map(\.deadline), now)
    }

    /// Nobody has to do anything about these cases any more, and why.
    package mutating func cancelTasks(of cases: [(ID<Enrolment>, Reason)], at now: Instant) throws(PostgresError) {
        guard !cases.isEmpty else { return }
        try run("message_task_cancel", tenantID, cases.map(\.0), cases.map(\.1), now)
    }

    package mutating func holdInvoices(
        _ invoices: [(ID<Customer>, ID<Invoice>)], at now: Instant
    ) throws(PostgresError) {
        guard !invoices.isEmpty else { return }
        try run(
            "message_hold_insert", tenantID, invoices.map { _ in ID<Hold>.make(at: now) }, invoices.map(\.0),
            invoices.map(\.1), now)
    }
}
