import Foundation
import Support
import Testing

extension Scenarios {
    /// A worker that stands still for longer than its death, and goes on as if nothing had been.
    @Suite struct `A worker that was taken for dead` {
        private static let count = 120

        private struct Story {
            let check: DeliveryCheck
            let held: (claimed: Int, armed: Int)
            /// Rows a stale worker changed, and how often it tried.
            let changed: Int
            let tries: Int
            let late: Int
        }

        private static func run(_ world: World, before: String) async throws -> Story {
            let tenant = try await world.tenant(due: count, dots: 150)
            try await world.sql(StaleLeases.watch)
            if !before.isEmpty { try await world.sql(before) }
            try await world.startWorker("first")
            var held = (claimed: 0, armed: 0)
            try await eventually("messages are claimed, armed and on the wire", every: .milliseconds(5)) {
                held = try await world.phases()
                let travelling = try await world.counts().waiting
                return held.claimed > 10 && held.armed > 0 && travelling > 0
            }
            try world.signal("first", SIGSTOP)
            let backends = try await world.backends()
            try await world.age()
            try await world.startWorker("second")
            try await eventually("the second has taken over", every: .milliseconds(20)) {
                let unknown = try await world.number("select count(*) from message where state = 'unknown'")
                let armed = try await world.phases().armed
                return unknown > 0 && armed > 0
            }
            try world.signal("first", SIGCONT)
            let list = backends.map { "'\($0)'" }.joined(separator: ",")
            try await eventually("the first has tried to end what it held") {
                try await world.number("select count(*) from stale where backend in (\(list))") > 0
            }
            try await world.settled()
            let check = try await DeliveryCheck(tenant, customers: Tenant.dueLines(count).map(\.customer))
            return Story(
                check: check, held: held,
                changed: try await world.number(
                    "select coalesce(sum(changed), 0) from stale where backend in (\(list))"),
                tries: try await world.number("select count(*) from stale where backend in (\(list))"),
                late: try await world.number("select count(*) from attempt where late_outcome is not null"))
        }

        @Test func `changes nothing, and what it knows settles what nobody knew`() async throws {
            try await World.lend { world in
                let story = try await Self.run(world, before: "")
                print(
                    "held \(story.held), tried \(story.tries) times, changed \(story.changed) rows, settled \(story.late) "
                        + "late; unknown \(story.check.unknown.count)")
                #expect(story.changed == 0)
                #expect(story.check.isClean, "\(story.check)")
                #expect(story.late > 0)
                // What it had on the wire was accepted and told of; what it had not begun it said so.
                let settled = """
                    select count(*) from message m join attempt a using (tenant_id, message_id)
                    where m.state = 'accepted' and a.outcome = 'unknown' and a.late_outcome = 'accepted'
                    """
                #expect(try await world.number(settled) > 0)
                #expect(
                    try await world.number("select count(*) from audit_event where action = 'message.late_report'")
                        == world.number(settled))
                try await world.recoup("doctor")
            }
        }

        @Test func `claims again what it lost, and nobody gets two`() async throws {
            try await World.lend { world in
                let count = 400
                let tenant = try await world.tenant(due: count, dots: 60)
                try await world.sql(StaleLeases.watch)
                var freed = 0
                for round in 0..<4 {
                    try await world.startWorker("worker \(round)")
                    try await eventually("messages are claimed, armed and on the wire", every: .milliseconds(5)) {
                        let held = try await world.phases()
                        return held.claimed > 10 && held.armed > 0
                    }
                    try world.signal("worker \(round)", SIGSTOP)
                    // What a rescue does, had it been taken for dead; it goes on under the same id before it hears of it.
                    freed += try await world.number(
                        """
                        with free as (
                            update q.due set phase = 0, worker_id = null, lease = null, claimed_at = null where phase = 1
                            returning 1)
                        select count(*) from free
                        """)
                    try world.signal("worker \(round)", SIGCONT)
                    try await eventually("it has claimed again", every: .milliseconds(5)) {
                        try await world.phases().claimed > 10
                    }
                    // It gives back what it has, and what it thinks it has.
                    let (status, _) = try await world.terminate("worker \(round)")
                    #expect(status == 0)
                }
                try await world.startWorker("last")
                try await world.settled()
                let check = try await DeliveryCheck(tenant, customers: Tenant.dueLines(count).map(\.customer))
                let stale = try await StaleLeases(in: world)
                print("lost \(freed) claims; \(stale)")
                #expect(check.isClean, "\(check)")
                #expect(check.unknown.isEmpty)
                #expect(freed > 60)
                #expect(stale.changed == 0)
                // A worker that kept the old claim beside the new one named some 150 rows by both.
                #expect(stale.both == 0)
                try await world.recoup("doctor")
            }
        }

        @Test func `is caught where leases are not fenced`() async throws {
            let fence = "and d.lease = x.lease\n            and d.worker_id is not distinct from p_worker"
            let found = "and o.lease = u.lease\n            and o.worker_id is not distinct from p_worker"
            try await World.lend { world in
                let body = { (name: String) in
                    "(select replace(replace(prosrc, '\(fence)', ''), '\(found)', '') from pg_proc where proname = '\(name)' "
                        + "and pronamespace = 'q'::regnamespace)"
                }
                let story = try await Self.run(
                    world,
                    before: """
                        do $do$ begin
                            execute format('create or replace function q.finish_as_it_is(
                                p_tenant uuid, p_worker uuid, p_due uuid[], p_lease bigint[])
                                returns table (due_id uuid, phase smallint) language plpgsql as %L', \(body("finish_as_it_is")));
                            execute format('create or replace function q.release_as_it_is(
                                p_tenant uuid, p_worker uuid, p_due uuid[], p_lease bigint[], p_run_at timestamptz[],
                                p_burn boolean)
                                returns table (due_id uuid) language plpgsql as %L', \(body("release_as_it_is")));
                        end $do$
                        """)
                print("the twin changed \(story.changed) rows of others")
                #expect(story.changed > 0)
            }
        }
    }
}
