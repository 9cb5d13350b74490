import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

/// A lease is a number from the lane's row: whoever lost it can change nothing any more.
@Suite(.database) struct FenceTests {
    private enum Move: String, CaseIterable, Sendable { case arm, finish, release }

    /// Claims a row, loses it to another worker, and returns the lost lease with the one now in force.
    private static func lost(in tenant: TestTenant, armed: Bool) async throws -> (old: Lease, new: Lease) {
        let (first, second) = (try Courier(of: tenant), try Courier(of: tenant))
        try await tenant.plantDue(1)
        let old = try #require(try await first.claim().first?.lease)
        try await first.queue.release(
            [old], tenant: tenant.id.uuid, worker: first.worker, runAt: TestTenant.now.timestamp)
        let new = try #require(try await second.claim().first?.lease)
        if armed { #expect(try await attempt(.arm, new, in: tenant) == [new.due]) }
        return (old, new)
    }

    private static func attempt(_ move: Move, _ lease: Lease, in tenant: TestTenant) async throws -> Set<UUID> {
        try await tenant.write(as: .worker) { tx, context in
            switch move {
            case .arm: try tx.arm([lease], worker: lease.worker)
            case .finish: try tx.finish([lease], worker: lease.worker)
            case .release: try tx.release([(lease, context.now.adding(hours: 1))], worker: lease.worker)
            }
        }
    }

    private static func row(_ lease: Lease, in tenant: TestTenant) async throws -> [String?]? {
        try await tenant.admin(
            "select phase, worker_id, lease, attempt_no, run_at from q.due where tenant_id = $t and due_id = '\(lease.due)'"
        ).first
    }

    @Test(arguments: Move.allCases, [false, true])
    private func `a lost lease changes nothing`(move: Move, armed: Bool) async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let (old, new) = try await Self.lost(in: tenant, armed: armed)
        let before = try await Self.row(new, in: tenant)
        #expect(try await Self.attempt(move, old, in: tenant) == [])
        // The right number in the wrong hands is no better.
        let stolen = Lease(due: new.due, number: new.number, worker: old.worker)
        #expect(try await Self.attempt(move, stolen, in: tenant) == [])
        #expect(try await Self.row(new, in: tenant) == before)
        #expect(before?[0] == (armed ? "2" : "1"))
    }

    @Test(arguments: Move.allCases)
    private func `the holder of a lease can use it, once`(move: Move) async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let (_, lease) = try await Self.lost(in: tenant, armed: false)
        #expect(try await Self.attempt(move, lease, in: tenant) == [lease.due])
        #expect(try await Self.attempt(move, lease, in: tenant) == [])
    }

    private static let fence = "and o.lease = u.lease\n            and o.worker_id is not distinct from p_worker"
    private static let fenceOfEnds = "and d.lease = x.lease\n            and d.worker_id is not distinct from p_worker"

    @Test func `a function without its fence is caught`() async throws {
        try await TestDatabase.with { twin in
            let fences = [
                (Move.arm, Self.fence),
                (.finish, Self.fenceOfEnds),
                (.release, Self.fence),
            ]
            for (move, fence) in fences {
                let body = try #require(
                    try await twin.value(
                        "select prosrc from pg_proc where proname = '\(move)' and pronamespace = 'q'::regnamespace"))
                #expect(body.contains(fence), "\(move)")
                try await twin.replaceFunction("q.\(move)", body: body.replacing(fence, with: ""))
                let tenant = try await TestTenant.make(in: twin)
                let (old, _) = try await Self.lost(in: tenant, armed: false)
                #expect(try await Self.attempt(move, old, in: tenant) == [old.due], "\(move) should have got through")
            }
        }
    }

    @Test func `an attempt counts from its arming on, unless the wire was not begun`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        try await tenant.plantDue(1)
        func claim() async throws -> Lease { try #require(try await courier.claim().first?.lease) }
        func attempts(_ lease: Lease) async throws -> String? { try await Self.row(lease, in: tenant)?[3] }
        for (burns, expected) in [(true, "1"), (false, "1"), (true, "2")] {
            let lease = try await claim()
            _ = try await Self.attempt(.arm, lease, in: tenant)
            try await tenant.write(as: .worker) { tx, context in
                _ = try tx.release([(lease, context.now)], worker: lease.worker, burning: burns)
            }
            #expect(try await attempts(lease) == expected)
        }
        // Given back unarmed: nothing to undo.
        let lease = try await claim()
        _ = try await tenant.write(as: .worker) { tx, context in
            try tx.release([(lease, context.now)], worker: lease.worker)
        }
        #expect(try await attempts(lease) == "2")
    }

    @Test func `a worker learns from the database what it holds`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        try await tenant.plantDue(2)
        let leases = try await courier.claim().map(\.lease)
        _ = try await Self.attempt(.arm, leases[0], in: tenant)
        let held = try await courier.queue.held(tenant: tenant.id.uuid, lane: tenant.lane, worker: courier.worker)
        #expect(held == [leases[0]: true, leases[1]: false])
    }
}
