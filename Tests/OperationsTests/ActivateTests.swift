import Dunning
import Foundation
import Postgres
import Store
import Support
import Testing

@testable import Operations

@Suite(.database) struct `Activating a tenant` {
    private func activate(
        _ tenant: TestTenant, _ policy: EntryPolicy? = nil, confirm: String? = nil
    ) async throws -> Activate.Outcome {
        try await tenant.write(as: .bulk) { tx, context in
            try Activate(policy: policy, confirmation: confirm).run(in: &tx, context)
        }
    }

    private func preview(_ tenant: TestTenant, _ policy: EntryPolicy? = nil) async throws -> ActivationPreview {
        guard case .preview(let preview) = try await activate(tenant, policy) else {
            throw Rejection.notFound("preview")
        }
        return preview
    }

    @Test func `shows customers, sums and stages first, and changes nothing`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let (first, _) = try await tenant.debtor(overdueBy: 20, 100_00)
        try await tenant.invoice(of: first, overdueBy: 2, 50_00)
        try await tenant.invoice(of: first, overdueBy: -5, 900_00)
        try await tenant.invoice(of: first, overdueBy: 9, 70_00, in: Currency("EUR")!)
        _ = try await tenant.debtor("Second", overdueBy: 1, 25_00)
        _ = try await tenant.debtor("Not yet", overdueBy: 0, 25_00)
        let preview = try await preview(tenant, .byAgeCapped(2))
        #expect(preview.customers == 2 && preview.invoices == 4)
        #expect(preview.amounts.map { "\($0.decimal) \($0.currency)" } == ["70.00 EUR", "175.00 USD"])
        #expect(preview.stages == [.init(stage: 1, cases: 2), .init(stage: 2, cases: 1)])
        #expect(preview.mode == .shadow && preview.oldestDaysOverdue == 20)
        #expect(try await tenant.value("select mode from tenant where tenant_id = $t") == "shadow")
        #expect(try await tenant.count("audit_event where tenant_id = $t and action = 'tenant.activated'") == 0)
    }

    @Test func `goes live with the confirmation of these numbers, and with no other`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let (customer, _) = try await tenant.debtor(overdueBy: 20)
        let token = try await preview(tenant, .byAgeCapped(2)).confirmation
        // In shadow nothing leaves, however often the queue is worked.
        let courier = try Courier(of: tenant)
        #expect(try await courier.deliver().isEmpty)
        try await tenant.pay(customer, 10_00)
        guard case .changed(let now) = try await activate(tenant, .byAgeCapped(2), confirm: token) else {
            throw Unexpected(description: "an old confirmation was taken")
        }
        #expect(now.amounts.map(\.decimal) == ["90.00"])
        #expect(try await tenant.value("select mode from tenant where tenant_id = $t") == "shadow")
        guard case .activated = try await activate(tenant, .byAgeCapped(2), confirm: now.confirmation) else {
            throw Unexpected(description: "the right confirmation was not taken")
        }
        #expect(try await tenant.value("select mode from tenant where tenant_id = $t") == "live")
        #expect(try await courier.workInternalLane() > 0)
        let sent = try await courier.deliver()
        #expect(sent.count == 1)
        #expect(try await tenant.value("select stage::text from message where tenant_id = $t") == "2")
        #expect(try await tenant.count("audit_event where tenant_id = $t and action = 'tenant.activated'") == 1)
    }

    @Test func `decision 5.1: many or old debts go to review, and a second activation confirms them`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        _ = try await tenant.debtor(overdueBy: 91)
        let first = try await preview(tenant)
        #expect(first.policy == .review && first.review == 1 && first.stages.isEmpty)
        _ = try await activate(tenant, confirm: first.confirmation)
        let courier = try Courier(of: tenant)
        try await courier.workInternalLane()
        #expect(try await courier.deliver().isEmpty)
        #expect(try await tenant.value("select status from enrolment where tenant_id = $t") == "pending")

        let second = try await preview(tenant)
        #expect(second.mode == .live && second.policy == .firstStage && second.customers == 1)
        guard case .activated = try await activate(tenant, confirm: second.confirmation) else {
            throw Unexpected(description: "the confirmation was not taken")
        }
        try await courier.workInternalLane()
        #expect(try await courier.deliver().count == 1)
        #expect(try await preview(tenant).customers == 0)
        #expect(try await tenant.count("audit_event where tenant_id = $t and action = 'cases.confirmed'") == 1)
    }

    @Test func `debts of up to 90 days at up to 50 customers enter at the first stage`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        _ = try await tenant.debtor(overdueBy: 90)
        #expect(try await preview(tenant).policy == .firstStage)
    }

    @Test func `older debts are left alone when told so: held, and not asked for`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let (both, old) = try await tenant.debtor(overdueBy: 31, 100_00)
        let young = try await tenant.invoice(of: both, overdueBy: 30, 40_00)
        _ = try await tenant.debtor("Old only", overdueBy: 60, 7_00)
        let preview = try await preview(tenant, .ignoreOlderThan(30))
        #expect(preview.customers == 1 && preview.invoices == 1 && preview.amounts.map(\.decimal) == ["40.00"])
        #expect(preview.ignoredInvoices == 2 && preview.ignoredAmounts.map(\.decimal) == ["107.00"])
        _ = try await activate(tenant, .ignoreOlderThan(30), confirm: preview.confirmation)
        #expect(try await tenant.count("hold where tenant_id = $t and reason = 'before_enrolment'") == 2)
        #expect(try await tenant.count("hold where tenant_id = $t and invoice_id = '\(old.uuid)'") == 1)
        let courier = try Courier(of: tenant)
        try await courier.workInternalLane()
        #expect(try await courier.deliver().count == 1)
        #expect(
            try await tenant.value("select invoice_id::text from message_line where tenant_id = $t")
                == young.uuid.uuidString.lowercased())
        #expect(try await tenant.count("hold where tenant_id = $t") == 2)
    }

    @Test func `money under way is not asked for until it is too old`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let (customer, invoice) = try await tenant.debtor(overdueBy: 20, 100_00)
        try await tenant.pay(customer, 100_00, for: [(invoice, 100_00)], method: .card, status: .pending)
        #expect(try await preview(tenant).customers == 0)
        let later = TestTenant.now.adding(days: 6)
        let outcome = try await tenant.write(as: .bulk, at: later) { tx, context in try Activate().run(in: &tx, context)
        }
        guard case .preview(let preview) = outcome else { throw Unexpected(description: "no preview") }
        #expect(preview.customers == 1 && preview.amounts.map(\.decimal) == ["100.00"])
    }
}

/// The operation ended in another way than the test is about.
private struct Unexpected: Error, CustomStringConvertible {
    let description: String
}
