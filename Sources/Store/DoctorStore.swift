package import Dunning
import Foundation
package import Postgres

/// Something an invariant says cannot be.
package struct Finding: Sendable, Hashable, Codable {
    package let tenant: ID<Tenant>
    package let finding: String
    package let subject: String

    package init(tenant: ID<Tenant>, finding: String, subject: String) {
        self.tenant = tenant
        self.finding = finding
        self.subject = subject
    }
}

/// A step that was armed or fell due around a restore.
package struct ExposedStep: Sendable {
    package let id: ID<StepRun>
    package let enrolment: ID<Enrolment>
    package let customer: ID<Customer>
    package let wasSending: Bool
    package let message: ID<Message>?
}

extension Transaction {
    package mutating func findings() throws(PostgresError) -> [Finding] {
        var found: [Finding] = []
        for rows in [
            try rows("doctor_queue", tenantID), try rows("doctor_ledger", tenantID), try rows("doctor_cases", tenantID),
        ] {
            for row in rows {
                let subject: UUID = try row("subject_id")
                found.append(
                    Finding(
                        tenant: ID(tenantID), finding: try row("finding"), subject: subject.uuidString.lowercased()))
            }
        }
        for drift in try receivableDrift() {
            found.append(
                Finding(
                    tenant: ID(tenantID), finding: drift.finding,
                    subject: "\(drift.day) \(drift.currency.code) \(drift.brand)"))
        }
        return found
    }

    package mutating func idleCases(
        after: ID<Enrolment>?, limit: Int
    ) throws(PostgresError) -> [(id: ID<Enrolment>, customer: ID<Customer>)] {
        var found: [(id: ID<Enrolment>, customer: ID<Customer>)] = []
        for row in try rows("doctor_idle_cases", tenantID, after, limit) {
            found.append((try row("enrolment_id"), try row("customer_id")))
        }
        return found
    }

    package mutating func exposedSteps(since: Instant, until: Instant) throws(PostgresError) -> [ExposedStep] {
        var found: [ExposedStep] = []
        for row in try rows("doctor_exposed", tenantID, since, until) {
            let state: String = try row("state")
            found.append(
                ExposedStep(
                    id: try row("step_run_id"), enrolment: try row("enrolment_id"), customer: try row("customer_id"),
                    wasSending: state == "sending", message: try row.optional("message_id")))
        }
        return found
    }

    /// Ends exposed steps, puts their cases into review, and calls their messages unknown.
    package mutating func putIntoReview(_ steps: [ExposedStep], at now: Instant) throws(PostgresError) {
        guard !steps.isEmpty else { return }
        try run("doctor_clear_due", tenantID, steps.map(\.id))
        try run("doctor_restored_steps", tenantID, steps.map(\.id), now)
        try run("doctor_restored_messages", tenantID, steps.compactMap(\.message), now)
        try run("doctor_review", tenantID, steps.map(\.enrolment))
    }
}
