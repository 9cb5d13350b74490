import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Finished work goes when it is old; records stay.
@Suite(.database) struct PruneTests {
    private static func counts(_ tenant: TestTenant) async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for table in ["attempt", "step_run", "message", "message_line", "ledger_entry", "audit_event"] {
            counts[table] = try await tenant.count("\(table) where tenant_id = $t")
        }
        return counts
    }

    private static func prune(_ tenant: TestTenant, keeping days: Int, at now: Instant) async throws {
        let courier = try Courier(of: tenant)
        try await tenant.write(as: .worker, at: now) { tx, context in
            try PruneFinished.queue(in: &tx, context)
            while try PruneFinished.step(keeping: days, in: &tx, context) {}
        }
        try await courier.workInternalLane(at: now)
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'prune'") == 0)
    }

    @Test func `tries and steps of closed cases are deleted when they are old, and nothing else`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        let (payer, invoice) = try await tenant.debtor("Payer")
        let (debtor, _) = try await tenant.debtor("Debtor")
        #expect(try await courier.deliver().count == 2)
        try await tenant.pay(payer, 100_00, for: [(invoice, 100_00)])
        let before = try await Self.counts(tenant)
        #expect(before["attempt"] == 2)

        try await Self.prune(tenant, keeping: 730, at: TestTenant.now.adding(days: 729))
        #expect(try await Self.counts(tenant) == before)

        try await Self.prune(tenant, keeping: 730, at: TestTenant.now.adding(days: 731))
        let after = try await Self.counts(tenant)
        #expect(after["attempt"] == 0)
        for table in ["message", "message_line", "ledger_entry", "audit_event"] {
            #expect(after[table] == before[table], "\(table)")
        }
        // The open case still knows what it has done, and what comes next.
        let left = try await tenant.admin(
            "select customer_id::text, state from step_run where tenant_id = $t order by state")
        #expect(left.allSatisfy { $0[0] == debtor.uuid.uuidString.lowercased() })
        #expect(left.map { $0[1] } == ["done", "planned"])
    }

    @Test func `a message whose outcome is open keeps its tries`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        _ = try await tenant.debtor()
        let armed = try await courier.arm().armed
        try await courier.record(.unknown, of: armed)
        try await tenant.write(as: .worker, at: TestTenant.now.adding(days: 800)) { tx, context in
            while try PruneFinished.step(keeping: 730, in: &tx, context) {}
        }
        #expect(try await tenant.count("attempt where tenant_id = $t") == 1)
    }
}
