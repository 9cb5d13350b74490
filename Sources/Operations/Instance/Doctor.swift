package import Dunning
import Foundation
package import Postgres
import Queue
package import Store

/// Examines the invariants of the whole database, and adopts a restored one.
///
/// `dispatch` looks across tenants; `bulk` enters one tenant a transaction.
package struct Doctor: Sendable {
    private let dispatch: Database
    private let bulk: Database

    package init(dispatch: Database, bulk: Database) {
        self.dispatch = dispatch
        self.bulk = bulk
    }

    package struct Report: Sendable, Codable {
        package let tenants: Int
        package let hold: String?
        package let findings: [Finding]

        package var isContent: Bool { findings.isEmpty && hold == nil }
    }

    package struct Adoption: Sendable, Codable {
        package let tenants: Int
        package let cases: Int
        package let armed: Int
        package let due: Int
        /// What was due since then went to review.
        package let since: Instant
    }

    private struct Subject: Sendable {
        let id: UUID
        let name: String
    }

    package func examine(environment: String, now: Instant) async throws -> Report {
        let hold = try await InstanceGuard.check(dispatch, environment: environment, now: now)
        let tenants = try await tenants()
        var findings: [Finding] = []
        for tenant in tenants {
            findings += try await bulk.read(as: .tenant(tenant.id)) { tx in
                try tx.findings() + Self.unexplained(in: &tx, now: now)
            }
        }
        return Report(tenants: tenants.count, hold: hold, findings: findings)
    }

    /// What would go to review, without changing anything.
    package func exposed(now: Instant) async throws -> Adoption { try await adoption(now: now, carryingOut: nil) }

    /// Takes this database over: what was armed, or due since a day before the restore point, goes to review; then the hold
    /// ends. Architecture 5.9.
    package func adopt(environment: String, now: Instant) async throws -> Adoption {
        try await adoption(now: now, carryingOut: environment)
    }

    private func adoption(now: Instant, carryingOut environment: String?) async throws -> Adoption {
        let restorePoint: Instant? = try await dispatch.read(as: .none) { tx in
            try tx.row("instance_last_sign").optional("restore_point")
        }
        let since = (restorePoint ?? now).adding(days: -1)
        // A worker that runs under the hold puts due steps off by a minute at a time; they are due all the same.
        let until = now.adding(minutes: 5)
        let tenants = try await tenants()
        var armed = 0, due = 0, cases = Set<ID<Enrolment>>()
        for tenant in tenants {
            let context = Context(tenant: ID(tenant.id), actor: "doctor", now: now)
            let steps = try await bulk.write(as: .tenant(tenant.id)) { tx in
                let steps = try tx.exposedSteps(since: since, until: until)
                guard environment != nil, !steps.isEmpty else { return steps }
                try PlanCases.lock(customers: Array(Set(steps.map(\.customer))), in: &tx)
                try tx.putIntoReview(steps, at: now)
                try tx.audit(
                    context,
                    steps.map {
                        AuditEntry(
                            action: "case.restored", subject: $0.enrolment.uuid, customer: $0.customer,
                            detail: ["step": $0.id.description, "armed": String($0.wasSending)])
                    })
                return steps
            }
            armed += steps.filter(\.wasSending).count
            due += steps.filter { !$0.wasSending }.count
            cases.formUnion(steps.map(\.enrolment))
        }
        if let environment {
            try await dispatch.write(as: .none) { tx in
                let row = try tx.row("instance_server")
                let identifier: String = try row("system_identifier")
                let timeline: Int64 = try row("timeline")
                try tx.must("doctor_adopt", identifier, timeline, environment)
            }
        }
        return Adoption(tenants: tenants.count, cases: cases.count, armed: armed, due: due, since: since)
    }

    private func tenants() async throws -> [Subject] {
        try await dispatch.read(as: .none) { tx in
            try tx.rows("doctor_tenants").map { Subject(id: try $0("tenant_id"), name: try $0("name")) }
        }
    }

    /// Active cases without a next step for which the planner knows no reason either.
    private static func unexplained(in tx: inout Transaction, now: Instant) throws -> [Finding] {
        var findings: [Finding] = []
        var after: ID<Enrolment>?
        while true {
            let idle = try tx.idleCases(after: after, limit: 500)
            guard let last = idle.last else { return findings }
            after = last.id
            let ids = Set(idle.map(\.id))
            for loaded in try tx.loadCases(customers: Array(Set(idle.map(\.customer))), now: now)
            where ids.contains(loaded.id) && Planner.plan(loaded.facts, now: now).idle == nil {
                findings.append(
                    Finding(
                        tenant: ID(tx.tenantID), finding: "active case without a next step or a reason",
                        subject: loaded.id.description))
            }
        }
    }
}
