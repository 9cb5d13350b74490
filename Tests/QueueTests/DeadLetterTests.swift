import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

/// What fails again and again for a reason of ours is put aside, and its neighbours go on.
@Suite(.database) struct DeadLetterTests {
    private struct Broken: Error {}

    /// Lets one row fail as often as it takes; when it was due again each time.
    private static func exhaust(_ due: UUID, in tenant: TestTenant, by courier: Courier) async throws -> [Instant] {
        var now = TestTenant.now
        var dues: [Instant] = []
        for round in 0..<Failure.most {
            let claims = try await courier.claim(at: now)
            let claim = try #require(claims.first { $0.lease.due == due }, "round \(round)")
            #expect(claim.failures == round)
            let failure = Failure(Broken(), before: claim.failures, now: now.timestamp)
            let dead = try await courier.queue.fail(
                [claim.lease], of: failure, tenant: tenant.id.uuid, worker: courier.worker)
            #expect(dead == (round == Failure.most - 1 ? 1 : 0))
            // The neighbours are done in between.
            let rest = claims.filter { $0.lease.due != due }.map(\.lease)
            _ = try await tenant.write(as: .worker) { tx, _ in try tx.finish(rest, worker: courier.worker) }
            now = Instant(microseconds: failure.runAt.microseconds)
            dues.append(now)
        }
        return dues
    }

    @Test func `a row that fails eight times is put aside, and a replay brings it back`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        let bad = try await tenant.plantDue(5)[0]
        let dues = try await Self.exhaust(bad, in: tenant, by: courier)
        let rests = zip([TestTenant.now] + dues, dues).map { $1.microseconds(since: $0) / 1_000_000 }
        #expect(rests == [30, 60, 120, 240, 480, 960, 1_920, 3_600])
        let later = TestTenant.now.adding(days: 30)
        #expect(try await courier.claim(at: later).isEmpty)
        #expect(try await tenant.count("q.due where tenant_id = $t") == 1)
        let dead = try #require(
            try await tenant.database.database(.dispatch).read(as: .none) { tx in
                try tx.deadLetters(of: tenant.id, count: 10)
            }.first)
        #expect(dead.id.uuid == bad && dead.failures == Failure.most)
        #expect(dead.error?.contains("Broken") == true)

        let replayed = try await tenant.write(at: later) { tx, context in try ReplayDead().run(in: &tx, context) }
        #expect(replayed == [dead.id])
        let claim = try #require(try await courier.claim(at: later).first)
        #expect(claim.isUrgent && claim.failures == 0)
        #expect(try await tenant.count("audit_event where tenant_id = $t and action = 'queue.replayed'") == 1)
    }

    @Test func `a new cause gives a dead job another try`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        let bad = try await tenant.plantDue(1)[0]
        _ = try await Self.exhaust(bad, in: tenant, by: courier)
        let later = TestTenant.now.adding(days: 1)
        #expect(try await courier.claim(at: later).isEmpty)
        try await tenant.write(as: .worker, at: later) { tx, context in
            try tx.enqueue([NewDue(kind: .step, ref: bad, lane: tenant.lane, runAt: context.now)])
        }
        #expect(try await courier.claim(at: later).first?.failures == Failure.most)
    }

    @Test func `a stale worker cannot bury what another holds`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let (first, second) = (try Courier(of: tenant), try Courier(of: tenant))
        try await tenant.plantDue(1)
        let old = try #require(try await first.claim().first?.lease)
        try await first.queue.release(
            [old], tenant: tenant.id.uuid, worker: first.worker, runAt: TestTenant.now.timestamp)
        #expect(try await second.claim().count == 1)
        let failure = Failure(Broken(), before: 7, now: TestTenant.now.timestamp)
        #expect(try await first.queue.fail([old], of: failure, tenant: tenant.id.uuid, worker: first.worker) == 0)
        #expect(try await tenant.count("q.due where tenant_id = $t and phase = 1 and failures = 0") == 1)
    }

    @Test func `what is of the moment is no failure`() {
        #expect(Failure.isPassing(CancellationError()))
        #expect(!Failure.isPassing(Broken()))
    }
}
