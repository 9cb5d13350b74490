package import Dunning
package import Operations
import Postgres
package import Store

/// What people do about customers, in one call each.
extension TestTenant {
    /// Asks a person to do something about the customer's only case.
    package func openTask(
        _ kind: TaskKind, of customer: ID<Customer>, at now: Instant = TestTenant.now
    ) async throws -> ID<CollectorTask> {
        let enrolment = try await onlyCase(of: customer).id
        try await write(at: now) { tx, context in
            let task = NewTask(
                kind: kind, customer: customer, enrolment: enrolment, title: "To do", script: "Ask.",
                deadline: context.now.adding(days: 2))
            try tx.openTasks([task], at: context.now)
        }
        guard let task = try await tasks(of: customer).first else { throw TestServer.Unusable("no task is open") }
        return task.id
    }

    /// Open tasks about a customer, the newest first.
    package func tasks(of customer: ID<Customer>) async throws -> [TaskRecord] {
        try await read { tx, _ in try tx.tasks(Page(count: 50), TaskFilter(customer: customer)) }
            .filter { $0.closedAt == nil }
    }

    @discardableResult
    package func close(
        _ task: ID<CollectorTask>, _ outcome: TaskOutcome, agreement: Agreement? = nil,
        at now: Instant = TestTenant.now
    ) async throws -> TaskRecord {
        let close = try CloseTask(task, .done(outcome), agreement: agreement)
        return try await write(at: now) { tx, context in try close.run(in: &tx, context) }
    }

    /// Instalments by day from now, and amount.
    @discardableResult
    package func plan(
        _ invoices: [ID<Invoice>], _ parts: [(inDays: Int, amount: Int64)], at now: Instant = TestTenant.now
    ) async throws -> PaymentPlanRecord {
        let make = try MakePlan(
            about: invoices,
            parts: parts.map {
                (
                    dueOn: Self.zone.day(of: now).adding($0.inDays),
                    amount: Money(minor: $0.amount, currency: Self.dollar)
                )
            })
        return try await write(at: now) { tx, context in try make.run(in: &tx, context) }
    }

    /// An agency that takes debts of 50 dollars that are due for 30 days, ten days after the final notice.
    package func agency(_ name: String = "Harbor") async throws -> ID<Agency> {
        let save = try SaveAgency(
            .new, name: name, email: nil,
            terms: AgencyTerms(
                minimums: [Money(minor: 50_00, currency: Self.dollar)], minimumAgeDays: 30, responseDays: 10))
        return try await write { tx, context in try save.run(in: &tx, context).id }
    }

    @discardableResult
    package func handOver(
        _ enrolment: ID<Enrolment>, to agency: ID<Agency>, at now: Instant = TestTenant.now
    ) async throws -> HandoverRecord {
        let hand = try HandOver(enrolment, to: agency)
        return try await write(at: now) { tx, context in try hand.run(in: &tx, context) }
    }

    /// What was recorded about a customer, oldest first.
    package func audited(_ action: String, of customer: ID<Customer>) async throws -> Int {
        try await count(
            "audit_event where tenant_id = $t and customer_id = '\(customer.uuid)' and action = '\(action)'")
    }
}
