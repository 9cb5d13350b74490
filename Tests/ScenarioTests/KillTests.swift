import Foundation
import Support
import Testing

/// Whole installations and what can befall them, one at a time: they need the machine for themselves. The first of them waits
/// until the tests of everything else are done, and its time runs meanwhile.
@Suite(.serialized, .timeLimit(.minutes(15))) enum Scenarios {}

extension Scenarios {
    @Suite struct `A worker killed with messages on the wire` {
        private static let sessions = 4

        /// Kills the worker, each time with a message armed that no earlier one armed, every other time with one on the wire
        /// as well, and starts the next, which takes over what the dead held.
        private static func kill(_ times: Int, in world: World) async throws -> [Int] {
            var generator = SeededGenerator()
            print("seed \(generator.seed)")
            var armed: [Int] = []
            var dead: [String] = []
            try await world.start("worker")
            for round in 0..<times {
                try await Task.sleep(for: .milliseconds(Int.random(in: 120...400, using: &generator)))
                let fresh =
                    "select count(*) from q.due where phase = 2 and worker_id <> all ('{\(dead.joined(separator: ","))}')"
                try await eventually("a message is armed", every: .milliseconds(5)) {
                    let travelling = try await world.counts().waiting
                    return try await world.number(fresh) > 0 && (travelling > 0 || round % 2 == 1)
                }
                await world.kill("worker")
                try await world.workerIsGone()
                armed.append(try await world.number(fresh))
                dead = try await world.sql("select worker_id::text from q.worker").map { $0[0] }
                try await world.skipSilence()
                try await world.start("worker")
            }
            print("armed at each kill: \(armed)")
            try await world.settled()
            return armed
        }

        @Test func `loses no reminder and sends none twice`() async throws {
            let count = 150
            try await World.lend { world in
                let tenant = try await world.tenant(due: count, dots: 100)
                let customers = Tenant.dueLines(count).map(\.customer)
                let armed = try await Self.kill(4, in: world)
                let check = try await DeliveryCheck(tenant, customers: customers)
                print("accepted \(check.accepted), unknown \(check.unknown.count)")
                #expect(check.isClean, "\(check)")
                #expect(armed.allSatisfy { (1...2 * Self.sessions).contains($0) })
                #expect(check.unknown.count <= armed.reduce(0, +))
                try await world.recoup("doctor")

                try await world.answerDots(after: 0)
                try await world.recoup("demo", "forward", "25h")
                let states = try await world.sql("select state, count(*)::text from message group by 1 order by 1")
                let assumed = check.unknown.isEmpty ? [] : [["assumed_sent", "\(check.unknown.count)"]]
                #expect(states == [["accepted", "\(count - check.unknown.count)"]] + assumed)
                let next = "select count(*) from step_run where state = 'planned' and step_key = 'firm'"
                #expect(try await world.number(next) == count)
                #expect(try await DeliveryCheck(tenant, customers: customers).doubles == [])
                try await world.recoup("doctor")
            }
        }

        @Test func `is noticed when what was armed is sent again blindly`() async throws {
            let count = 60
            try await World.lend { world in
                let tenant = try await world.tenant(due: count, dots: 100)
                try await world.sql(Self.blindBurial)
                _ = try await Self.kill(2, in: world)
                let check = try await DeliveryCheck(tenant, customers: Tenant.dueLines(count).map(\.customer))
                print("the twin sent twice: \(check.doubles.count)")
                #expect(!check.doubles.isEmpty)
            }
        }

        /// A broken `q.bury`: it hides that the dead had armed anything, so that it is planned and sent again.
        static let blindBurial = """
            create or replace function q.bury(p_silence interval, p_limit integer)
                returns table (
                    tenant_id uuid, lane_id uuid, worker_id uuid, due_id uuid, lease bigint, phase smallint, kind text)
                language plpgsql security definer
                as $$
            #variable_conflict use_column
            declare
                v_steps uuid[];
                v_messages uuid[];
            begin
                update q.worker w set dead = true
                where not w.dead and w.heartbeat_at < clock_timestamp() - p_silence;
                select array_agg(d.ref) into v_steps from q.due d join q.worker w on w.worker_id = d.worker_id and w.dead
                where d.phase = 2 and d.kind = 'step';
                select array_agg(s.message_id) into v_messages from step_run s where s.step_run_id = any (v_steps);
                update message m set state = 'retrying' where m.message_id = any (v_messages);
                delete from contact_budget b where b.message_id = any (v_messages);
                update step_run s set state = 'planned' where s.step_run_id = any (v_steps);
                update q.due d set phase = 1 where d.ref = any (v_steps);
                return query
                select d.tenant_id, d.lane_id, d.worker_id, d.due_id, d.lease, d.phase, d.kind
                from q.due d join q.worker w on w.worker_id = d.worker_id and w.dead
                order by d.tenant_id, d.due_id limit p_limit;
            end $$
            """
    }
}
