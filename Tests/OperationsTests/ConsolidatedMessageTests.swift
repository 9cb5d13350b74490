import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// One message over debts in two currencies that the server put off: each section goes on by itself.
@Suite(.database) struct ConsolidatedMessageTests {
    private static let now = TestTenant.now

    /// Armed and put off: one message over a debt in dollars and one in euros; when it is tried again.
    private static func putOff() async throws -> (TestTenant, Courier, ID<Customer>, ID<Message>, Instant) {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        let (customer, _) = try await tenant.debtor()
        try await tenant.invoice(of: customer, overdueBy: 10, 70_00, in: try #require(Currency("EUR")))
        let armed = try await courier.arm().armed
        let message = try #require(armed.first?.message)
        #expect(armed.count == 1)
        try await courier.record(.transient(retryAfter: 600), of: armed, code: 451)
        #expect(try await tenant.count("step_run where tenant_id = $t and state = 'planned'") == 2)
        return (tenant, courier, customer, message, now.adding(seconds: 600))
    }

    private static func currencies(of message: ID<Message>, in tenant: TestTenant) async throws -> [String] {
        let lines = try await tenant.read { tx, _ in try tx.message(message)?.lines ?? [] }
        return lines.map(\.open.currency.code).sorted()
    }

    @Test func `put off, both sections go again in the same message`() async throws {
        let (tenant, courier, _, message, due) = try await Self.putOff()
        let again = try await courier.arm(at: due)
        #expect(again.armed.map(\.message) == [message])
        #expect(try await Self.currencies(of: message, in: tenant) == ["EUR", "USD"])
        try await courier.record(.accepted, of: again.armed, code: 250, at: due)
        #expect(try await tenant.count("step_run where tenant_id = $t and state = 'done'") == 2)
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'step'") == 0)
    }

    @Test(arguments: ["USD", "EUR"])
    func `put off and one debt paid meanwhile, the other is still asked for`(code: String) async throws {
        let (tenant, courier, customer, _, due) = try await Self.putOff()
        try await tenant.pay(customer, code == "USD" ? 100_00 : 70_00, in: try #require(Currency(code)))
        let message = try #require(try await courier.arm(at: due).armed.first?.message)
        #expect(try await Self.currencies(of: message, in: tenant) == [code == "USD" ? "EUR" : "USD"])
    }

    @Test func `a section left behind gets a message of its own, and the first stays as it was sent`() async throws {
        let (tenant, courier, customer, message, due) = try await Self.putOff()
        let euro = "tenant_id = $t and currency = 'EUR'"
        try await tenant.admin("update enrolment set dirty = true where \(euro)")
        try await courier.record(.accepted, of: try await courier.arm(at: due).armed, code: 250, at: due)
        #expect(try await Self.currencies(of: message, in: tenant) == ["USD"])
        let before = try await tenant.read { tx, _ in try tx.message(message) }
        var now = due
        var second: ID<Message>?
        while second == nil, now < due.adding(days: 10) {
            second = try await courier.arm(at: now).armed.first?.message
            now = now.adding(hours: 1)
        }
        let own = try #require(second)
        #expect(own != message)
        #expect(try await Self.currencies(of: own, in: tenant) == ["EUR"])
        #expect(try await tenant.read { tx, _ in try tx.message(message) } == before)
        #expect(try await tenant.cases(of: customer).count == 2)
    }
}
