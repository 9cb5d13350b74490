import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Holds on a customer or an invoice re-plan; those above take effect at the next arming.
@Suite(.database) struct HoldTests {
    private static let now = TestTenant.now

    private static func made() async throws -> (TestTenant, Courier, ID<Customer>, ID<Invoice>) {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let (customer, invoice) = try await tenant.debtor()
        return (tenant, try Courier(of: tenant), customer, invoice)
    }

    private static func place(
        _ target: PlaceHold.Target, until: Instant? = nil, from: Instant? = nil, in tenant: TestTenant
    ) async throws -> ID<Hold> {
        let hold = try PlaceHold(on: target, reason: "dispute", from: from, until: until)
        return try await tenant.write { tx, context in try hold.run(in: &tx, context).id }
    }

    private static func release(_ hold: ID<Hold>, in tenant: TestTenant, at now: Instant = now) async throws {
        try await tenant.write(at: now) { tx, context in _ = try ReleaseHold(hold).run(in: &tx, context) }
    }

    @Test func `a hold without an end takes the step away, its release brings it back`() async throws {
        let (tenant, courier, customer, _) = try await Self.made()
        let claims = try await courier.claim()
        let hold = try await Self.place(.customer(customer), in: tenant)
        let held = try await tenant.onlyCase(of: customer)
        #expect(held.status == .active)
        #expect(held.nextStep == nil)
        let history = try await tenant.read { tx, _ in try tx.stepHistory(of: customer, limit: 5) }
        #expect(history.map(\.reason) == [.held])
        // Whoever claimed it finds nothing to arm.
        #expect(try await courier.arm(claims).armed.isEmpty)
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])

        try await Self.release(hold, in: tenant)
        #expect(try await tenant.onlyCase(of: customer).nextStep == "friendly")
        #expect(try await courier.arm().armed.count == 1)
        // Once more changes nothing.
        try await Self.release(hold, in: tenant, at: Self.now.adding(hours: 1))
        #expect(try await tenant.value("select released_at = '\(Self.now)' from hold where tenant_id = $t") == "t")
    }

    @Test func `a dated hold moves the step behind its end`() async throws {
        let (tenant, courier, customer, _) = try await Self.made()
        let end = try #require(Instant(rfc3339: "2026-12-02T20:00:00Z"))
        let hold = try await Self.place(.customer(customer), until: end, in: tenant)
        let moved = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        #expect(moved >= end)
        #expect(TestTenant.zone.day(of: moved).description == "2026-12-02")
        #expect(try await courier.claim().isEmpty)
        try await Self.release(hold, in: tenant)
        #expect(try await tenant.onlyCase(of: customer).nextDueAt == Self.now)
        #expect(try await courier.arm().armed.count == 1)
    }

    @Test func `a hold on one invoice leaves the others`() async throws {
        let (tenant, courier, customer, held) = try await Self.made()
        let other = try await tenant.invoice(of: customer, overdueBy: 5)
        _ = try await Self.place(.invoice(held), in: tenant)
        let message = try #require(try await courier.arm().armed.first?.message)
        #expect(try await tenant.read { tx, _ in try tx.message(message)?.lines.map(\.invoice) } == [other])
    }

    @Test func `a hold on the only invoice waits without a step, a dated one plans for its end`() async throws {
        let (tenant, _, customer, invoice) = try await Self.made()
        let endless = try await Self.place(.invoice(invoice), in: tenant)
        #expect(try await tenant.onlyCase(of: customer).nextStep == nil)
        #expect(try await tenant.onlyCase(of: customer).status == .active)
        let end = try #require(Instant(rfc3339: "2026-12-02T12:00:00Z"))
        try await Self.release(endless, in: tenant)
        _ = try await Self.place(.invoice(invoice), until: end, in: tenant)
        let due = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        #expect(due >= end)
        #expect(TestTenant.zone.day(of: due).description == "2026-12-02")
    }

    @Test(arguments: [true, false])
    func `a hold above customers locks nothing and stops the next arming`(onTenant: Bool) async throws {
        let (tenant, courier, customer, _) = try await Self.made()
        let before = try await tenant.onlyCase(of: customer)
        let hold = try await Self.place(onTenant ? .tenant : .brand(tenant.brand), in: tenant)
        #expect(try await tenant.onlyCase(of: customer) == before)
        let result = try await courier.arm()
        #expect(result.armed.isEmpty)
        #expect(result.waiting == 1)
        #expect(try await tenant.onlyCase(of: customer).nextDueAt == Self.now.adding(hours: 1))
        try await Self.release(hold, in: tenant)
        #expect(try await courier.arm(at: Self.now.adding(hours: 1)).armed.count == 1)
    }

    @Test func `a hold on another brand concerns nobody here`() async throws {
        let (tenant, courier, _, _) = try await Self.made()
        _ = try await Self.place(.brand(try await tenant.addBrand("Borealis")), in: tenant)
        #expect(try await courier.arm().armed.count == 1)
    }

    @Test func `what is on its way when the hold comes is not called back, and what follows waits`() async throws {
        let (tenant, courier, customer, _) = try await Self.made()
        let armed = try await courier.arm().armed
        _ = try await Self.place(.customer(customer), in: tenant)
        try await courier.record(.accepted, of: armed, code: 250)
        let found = try await tenant.onlyCase(of: customer)
        #expect(found.stage == 1)
        #expect(found.nextStep == nil)
    }

    @Test func `a hold must end after it begins and name what is there`() async throws {
        let (tenant, _, _, _) = try await Self.made()
        let other = try await TestTenant.make(in: try TestDatabase.current())
        await #expect(throws: Rejection.self) { try await Self.place(.tenant, until: Self.now, in: tenant) }
        await #expect(throws: Rejection.self) { try await Self.place(.brand(other.brand), in: tenant) }
        #expect(try await tenant.count("hold where tenant_id = $t") == 0)
    }
}
