import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

/// The one look across tenants. Each test has a database of its own: other tenants would be seen too.
@Suite struct ReadyLanesTests {
    private static let now = TestTenant.now

    private static func lanes(_ courier: Courier, at now: Instant = now) async throws -> [UUID: ReadyLane] {
        let found = try await courier.queue.readyLanes(now: now.timestamp, limit: 100)
        return Dictionary(uniqueKeysWithValues: found.map { ($0.lane, $0) })
    }

    private static func stageable(_ courier: Courier, at now: Instant = now) async throws -> Set<UUID> {
        Set(try await courier.queue.stageableLanes(now: now.timestamp, limit: 100).map(\.lane))
    }

    @Test(.database) func `a tenant in shadow has its internal jobs done and nothing staged or sent`() async throws {
        let database = try TestDatabase.current()
        let tenant = try await TestTenant.make(in: database, isLive: false)
        let courier = try Courier(of: tenant)
        try await tenant.plantSteps(1, due: Self.now)
        try await tenant.plantSteps(1, due: Self.now, lane: tenant.id.uuid)
        try await tenant.plantDue(1)
        try await tenant.write { tx, _ in
            try tx.enqueue([NewDue(kind: .drain, ref: tx.tenantID, lane: tx.tenantID, runAt: Self.now)])
        }
        let shadow = try await Self.lanes(courier)
        #expect(shadow.keys.sorted { $0.uuidString < $1.uuidString } == [tenant.id.uuid])
        #expect(try await Self.stageable(courier).isEmpty)

        try await tenant.write { tx, context in try tx.goLive(at: context.now) }
        let live = try await Self.lanes(courier)
        #expect(live.count == 2)
        #expect(live.values.allSatisfy { $0.tenant == tenant.id.uuid })
        #expect(try await Self.stageable(courier) == Set(live.keys))
        #expect(live[tenant.id.uuid]?.kind == .internal)
        #expect(live[tenant.lane]?.kind == .mail)

        try await tenant.admin("update tenant set mode = 'suspended' where tenant_id = $t")
        #expect(try await Self.lanes(courier).isEmpty)
    }

    @Test(.database) func `a paused lane is staged and not claimed until its rest is over`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        try await tenant.plantDue(1)
        try await tenant.plantSteps(1, due: Self.now)
        try await tenant.write(as: .worker) { tx, context in
            try tx.pauseLane(tenant.lane, until: context.now.adding(minutes: 5), reason: "421 too busy")
        }
        #expect(try await Self.lanes(courier)[tenant.lane] == nil)
        #expect(try await Self.stageable(courier) == [tenant.lane])
        #expect(try await courier.claim().isEmpty)
        let rested = Self.now.adding(minutes: 5)
        #expect(try await Self.lanes(courier, at: rested)[tenant.lane] != nil)
        #expect(try await courier.claim(at: rested).count == 2)
    }

    @Test(.database) func `a lane is ready only for what is due, free, and not staged yet`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        try await tenant.plantDue(1, runAt: Self.now.adding(seconds: 1))
        #expect(try await Self.lanes(courier).isEmpty)
        let later = Self.now.adding(seconds: 1)
        #expect(try await Self.lanes(courier, at: later)[tenant.lane] != nil)
        #expect(try await courier.claim(at: later).count == 1)
        #expect(try await Self.lanes(courier, at: later).isEmpty)
        try await tenant.plantSteps(1, due: Self.now.adding(minutes: 14))
        #expect(try await Self.stageable(courier, at: later) == [tenant.lane])
        try await courier.stage(tenant.lane, at: later)
        #expect(try await Self.stageable(courier, at: later).isEmpty)
        #expect(try await Self.lanes(courier, at: later).isEmpty)
    }

    @Test(.database) func `while the system is on hold no mail lane is claimed`() async throws {
        let database = try TestDatabase.current()
        let tenant = try await TestTenant.make(in: database)
        let courier = try Courier(of: tenant)
        try await tenant.plantDue(1)
        try await tenant.write { tx, context in try PlanCases.queueDrain(in: &tx, context) }
        #expect(try await Self.lanes(courier).count == 2)
        try await database.admin("update instance set hold_reason = 'restored'")
        #expect(try await Self.lanes(courier).keys.sorted { $0.uuidString < $1.uuidString } == [tenant.id.uuid])
    }
}
