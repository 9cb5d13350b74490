import Dunning
import Foundation
import Host
import Operations
import Postgres
import Store
import Support
import Testing

@Suite(.serialized) struct `The simulator` {
    /// More customers, or others, where the environment says so: `CUSTOMERS=1000 SEED=7 scripts/test --filter "The simulator"`.
    private static let count = ProcessInfo.processInfo.environment["CUSTOMERS"].flatMap(Int.init) ?? 40
    private static let seed = ProcessInfo.processInfo.environment["SEED"].flatMap(UInt64.init) ?? 4_711

    /// What would happen, and what did, each thing as one line.
    private enum Told {
        static func simulated(_ id: ID<SimulationRun>) -> String {
            """
            select concat_ws(' ', e.kind, coalesce(e.day, (e.at at time zone 'UTC')::date)::text, c.external_id, e.stage,
                e.channel, case when e.kind = 'message' then s.steps else e.step end, e.reason, e.task, s.amount) as line
            from simulation_event e
            join customer c on c.tenant_id = e.tenant_id and c.customer_id = e.customer_id
            left join lateral (
                select string_agg(x ->> 'step', ',' order by x ->> 'step') as steps,
                    sum(replace(x ->> 'amount', '.', '')::bigint)::text as amount
                from jsonb_array_elements(e.sections) x
            ) s on true
            where e.simulation_id = '\(id.uuid)'
            """
        }

        static let happened = """
            select concat_ws(' ', 'message', m.contact_day::text, c.external_id, m.stage, m.channel, s.steps,
                case when m.state = 'refused' then 'undeliverable' end, l.amount) as line
            from message m
            join customer c on c.tenant_id = m.tenant_id and c.customer_id = m.customer_id
            cross join lateral (
                select string_agg(r.step_key, ',' order by r.step_key) as steps from step_run r
                where r.tenant_id = m.tenant_id and r.message_id = m.message_id) s
            cross join lateral (
                select sum(x.open_amount)::text as amount from message_line x
                where x.tenant_id = m.tenant_id and x.message_id = m.message_id) l
            union all
            select concat_ws(' ', 'skip', (r.finished_at at time zone 'UTC')::date::text, c.external_id, r.step_key, r.reason)
            from step_run r
            join customer c on c.tenant_id = r.tenant_id and c.customer_id = r.customer_id
            where r.state = 'skipped' and r.finished_at >= (select activated_at from tenant)
            union all
            select concat_ws(' ', 'task', (t.created_at at time zone 'UTC')::date::text, c.external_id, r.step_key, t.kind)
            from task t
            join customer c on c.tenant_id = t.tenant_id and c.customer_id = t.customer_id
            left join step_run r on r.tenant_id = t.tenant_id and r.step_run_id = t.step_run_id
            union all
            select concat_ws(' ', 'exit', (e.closed_at at time zone 'UTC')::date::text, c.external_id, e.exit_reason)
            from enrolment e
            join customer c on c.tenant_id = e.tenant_id and c.customer_id = e.customer_id
            where e.status = 'exited'
            """
    }

    /// One customer in ten has an address that its relay refuses.
    private static func lines(_ count: Int, seed: UInt64) -> [Tenant.Line] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).flatMap { number in
            (0..<Int.random(in: 1...4, using: &generator)).map { invoice in
                let days = Int.random(in: -5...9, using: &generator) * 7
                let due = Date(timeIntervalSince1970: 1_795_500_000 + Double(days) * 86_400)
                return Tenant.Line(
                    customer: number.isMultiple(of: 10) ? "gone\(number)" : "c\(number)",
                    invoice: "S-\(number)-\(invoice)",
                    due: due.formatted(.iso8601.year().month().day()),
                    cents: .random(in: 500...90_000, using: &generator))
            }
        }
    }

    private static func simulate(_ policy: EntryPolicy, _ tenant: Tenant) async throws -> ID<SimulationRun> {
        let bulk = try TwinWorker.database(.bulk, of: tenant.world)
        let owner = try #require(ID<Dunning.Tenant>(tenant.id))
        let now = Instant(microseconds: Clock.system() + (try await InstanceClock.offset(bulk)))
        let context = Context(tenant: owner, actor: "test", now: now)
        let proposal = try await bulk.write(as: .tenant(owner.uuid)) { tx in
            try ProposeActivation(policy: policy, isQueued: false).run(in: &tx, context)
        }
        let id = proposal.simulation.id
        _ = try await RunSimulation(id, outcome: { !$0.hasPrefix("gone") }).run(on: bulk) { context }
        await bulk.stop()
        return id
    }

    @Test func `shows what the worker then does, over ninety days and to the last skip`() async throws {
        print("seed \(Self.seed), \(Self.count) customers")
        try await World.lend { world in
            let tenant = try await world.tenant(due: 0, dots: 0)
            let gone = stride(from: 0, to: Self.count, by: 10).map { number in
                #"{"stage": "rcpt", "to": "gone\#(number)@debtor.example", "action": "reply", "code": 550, "text": "5.1.1 no"}"#
            }
            #expect(try await world.relay.ask("PUT", "/reactions", "[\(gone.joined(separator: ", "))]").status == 200)
            try await tenant.take(Self.lines(Self.count, seed: Self.seed))
            let other = try await Self.simulate(.byAgeCapped(3), tenant)
            let shown = try await Self.simulate(.firstStage, tenant)
            _ = try await world.recoup("activate", "--tenant", tenant.id, "--confirm", shown.description)
            try await world.start("worker")
            try await world.recoup("demo", "forward", "90d")

            let happened = try await world.sql(Told.happened).map { $0[0] }.sorted()
            let expected = try await world.sql(Told.simulated(shown)).map { $0[0] }.sorted()
            let others = try await world.sql(Told.simulated(other)).map { $0[0] }.sorted()
            print("\(expected.count) simulated, \(happened.count) happened; under another policy \(others.count)")
            let (missing, extra) = (Set(expected).subtracting(happened), Set(happened).subtracting(expected))
            #expect(
                missing.isEmpty && extra.isEmpty,
                "simulated only: \(missing.sorted()); happened only: \(extra.sorted())")
            #expect(happened.count > 100 && expected.count == happened.count)
            #expect(happened != others, "a simulation of something else must be noticed")
        }
    }
}
