import Dunning
import Foundation
import Postgres
import Queue
import Store
import Support
import Testing

/// Each test has a database of its own: the dead are looked for across tenants.
@Suite struct HeartbeatTests {
    private static func silence(_ worker: UUID, seconds: Int, in database: TestDatabase) async throws {
        try await database.admin(
            "update q.worker set heartbeat_at = heartbeat_at - '\(seconds) s'::interval where worker_id = '\(worker)'")
    }

    @Test(.database) func `a silent worker is declared dead, and what it held is listed`() async throws {
        let database = try TestDatabase.current()
        let tenant = try await TestTenant.make(in: database)
        let (dying, living) = (try Courier(of: tenant), try Courier(of: tenant))
        let pool = try database.database(.dispatch)
        let hearts = [dying, living].map { Heartbeat(database: pool, host: "test", worker: $0.worker) }
        for heart in hearts { #expect(try await heart.beat(fresh: UUID()) == false) }
        try await tenant.plantDue(4)
        let lost = try await dying.claim(limit: 3).map(\.lease)
        let kept = try await living.claim().map(\.lease)
        #expect(kept.count == 1)
        _ = try await tenant.write(as: .worker) { tx, _ in try tx.arm([lost[0]], worker: dying.worker) }
        try await Self.silence(dying.worker, seconds: DueQueue.silenceSeconds - 5, in: database)
        #expect(try await living.queue.orphans(limit: 10).isEmpty)

        try await Self.silence(dying.worker, seconds: 6, in: database)
        let orphans = try await living.queue.orphans(limit: 10)
        #expect(Set(orphans.map(\.lease)) == Set(lost))
        #expect(Set(orphans.filter(\.isArmed).map(\.lease)) == [lost[0]])
        // They stay listed until somebody has dealt with them.
        #expect(try await living.queue.orphans(limit: 10).count == 3)

        // It was not dead after all, and has armed one more since the list was made: that one is not given to anybody else.
        _ = try await tenant.write(as: .worker) { tx, _ in try tx.arm([lost[1]], worker: dying.worker) }
        let armed = try await living.queue.release(
            lost, tenant: tenant.id.uuid, worker: dying.worker, runAt: TestTenant.now.timestamp)
        #expect(armed == [lost[0], lost[1]])
        #expect(try await living.claim().map(\.lease.due) == [lost[2].due])
        let left = try await living.queue.orphans(limit: 10)
        #expect(Set(left.filter(\.isArmed).map(\.lease)) == [lost[0], lost[1]] && left.count == 2)
        // The lease alone does not tell: without the look at the phase both would be free.
        let freed = try await tenant.write(as: .worker) { tx, _ in
            try tx.release(lost.map { ($0, TestTenant.now) }, worker: dying.worker)
        }
        #expect(freed == [lost[0].due, lost[1].due])
    }

    @Test(.database) func `the dead do not beat again; they go on under another name`() async throws {
        let database = try TestDatabase.current()
        let pool = try database.database(.dispatch)
        let queue = DueQueue(dispatch: pool, work: pool)
        let (first, second) = (UUID(), UUID())
        let heart = Heartbeat(database: pool, host: "test", worker: first)
        #expect(!heart.mayStartWire)
        #expect(try await heart.beat(fresh: second) == false)
        #expect(heart.mayStartWire)
        try await Self.silence(first, seconds: 40, in: database)
        _ = try await queue.orphans(limit: 1)
        let last = try await database.value("select heartbeat_at from q.worker where worker_id = '\(first)'")

        #expect(try await heart.beat(fresh: second) == true)
        #expect(heart.worker == second)
        #expect(!heart.mayStartWire)
        let state = try await database.admin("select dead, heartbeat_at from q.worker where worker_id = '\(first)'")
        #expect(state == [["t", last]])
        #expect(try await heart.beat(fresh: UUID()) == false)
        #expect(heart.worker == second)
        #expect(heart.mayStartWire)
    }
}
