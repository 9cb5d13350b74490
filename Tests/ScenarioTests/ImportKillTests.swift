import Foundation
import Support
import Testing

extension Scenarios {
    @Suite struct `A worker killed in the middle of an import` {
        /// What an import says of itself while it runs.
        private struct Progress: Sendable {
            let state: String
            let staged: Int
            let applied: Int
            /// How many workers have taken it up.
            let run: Int

            init(in world: World, of tenant: Tenant) async throws {
                let rows = try await world.sql(
                    """
                    select i.state, i.rows_staged, i.rows_applied, i.run
                    from import i join tenant t on t.tenant_id = i.tenant_id where t.name = '\(tenant.name)'
                    """)
                let numbers = rows.first?.compactMap { Int($0) } ?? []
                guard numbers.count == 3 else { throw Unhelpful("no import") }
                (state, staged, applied, run) = (rows[0][0], numbers[0], numbers[1], numbers[2])
            }
        }

        /// Invoices of 400 customers, a third of them paid; a tenth of the customers paid before the invoice was known.
        private static func lines(_ count: Int) -> [Tenant.Line] {
            (0..<count).map { number in
                let due = number % 50 + 1
                return Tenant.Line(
                    customer: "c\(number % 400)", invoice: "R-\(number)", due: Ledger.date(due - 20),
                    cents: 100 + number % 9_000,
                    paid: number % 3 == 0 ? Ledger.date(number % 10 == 0 ? 9 : Ledger.today) : "")
            }
        }

        /// Kills the worker once in each of these states, every time after it has come further than before, and starts the
        /// next, which takes over what the dead held. How often each state was met, and how often inside a transaction.
        private static func kill(
            during states: [String], importing tenant: Tenant, using generator: inout SeededGenerator
        ) async throws -> [String: Int] {
            let world = tenant.world
            var met: [String: Int] = [:]
            var (run, applied) = (0, 0)
            for state in states {
                try await eventually("rows are under way: \(state)", every: .milliseconds(10)) {
                    let now = try await Progress(in: world, of: tenant)
                    return now.run > run && now.state == state
                        && (state == "staging" ? now.staged > 0 : now.applied > applied)
                }
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...60, using: &generator)))
                let busy = try await world.number(
                    """
                    select count(*) from pg_stat_activity
                    where datname = current_database() and usename = 'recoup_bulk' and xact_start is not null
                    """)
                await world.kill("worker")
                try await world.workerIsGone()
                let left = try await Progress(in: world, of: tenant)
                met[left.state, default: 0] += 1
                if busy > 0 { met["in a transaction", default: 0] += 1 }
                (run, applied) = (left.run, left.applied)
                try await world.skipSilence()
                try await world.start("worker")
            }
            return met
        }

        private static func take(
            _ lines: [Tenant.Line], kills states: [String], by twin: Twin? = nil, in world: World
        ) async throws -> ImportCheck {
            var generator = SeededGenerator()
            print("seed \(generator.seed)")
            try await world.recoup("demo", "at", World.noon)
            try await world.start("api", "worker")
            if let twin { try await world.sql(twin.sabotage) }
            let tenant = try await Tenant.make(in: world)
            try await tenant.send(lines, "--no-wait")
            let met = try await kill(during: states, importing: tenant, using: &generator)
            print("killed in: \(met)")
            #expect(states.allSatisfy { met[$0, default: 0] > 0 })
            try await eventually("the import ends and its cases are planned") {
                guard try await Progress(in: world, of: tenant).state == "done" else { return false }
                return try await world.number("select count(*) from enrolment where dirty") == 0
            }
            return try await ImportCheck(of: tenant, against: lines)
        }

        @Test func `loses no row and brings none twice`() async throws {
            try await World.lend { world in
                let states = ["staging", "staging", "applying", "applying", "applying"]
                let check = try await Self.take(Self.lines(18_000), kills: states, in: world)
                #expect(check.isClean, "\(check)")
                let counts = try await world.sql("select rows_read, rows_applied, errors, unchanged from import")
                #expect(counts == [["18000", "18000", "0", "0"]])
                try await world.recoup("doctor")
            }
        }

        /// What a worker may do wrong when it takes an import up again.
        enum Twin: CaseIterable {
            /// It believes that the chunk the dead had in hand is done, as if that had been noted before the work.
            case notedTooEarly
            /// It knows nothing of what was applied: it starts from the first row, and gives everything an id and a name of its own.
            case startsOver

            private var change: String {
                switch self {
                case .notedTooEarly:
                    """
                    select (max(array[r.slot, r.seq]))[1], (max(array[r.slot, r.seq]))[2], old.rows_applied + count(*)
                    into new.at_slot, new.at_seq, new.rows_applied
                    from (
                        select r.slot, r.seq from import_row r
                        where r.import_id = new.import_id and (r.slot, r.seq) > (old.at_slot, old.at_seq)
                        order by r.slot, r.seq limit 1000
                    ) r;
                    """
                case .startsOver:
                    """
                    update import_row r
                    set invoice = r.invoice || '-again', invoice_id = gen_random_uuid(),
                        payment = r.payment || '-again', payment_id = gen_random_uuid()
                    where r.import_id = new.import_id;
                    select -1, -1, 0 into new.at_slot, new.at_seq, new.rows_applied;
                    """
                }
            }

            var sabotage: String {
                """
                create function import_twin() returns trigger language plpgsql security definer as $$
                begin
                    \(change)
                    return new;
                end $$;
                create trigger twin before update of run on import for each row
                    when (old.state = 'applying') execute function import_twin()
                """
            }
        }

        @Test(arguments: Twin.allCases)
        func `is noticed when the next one goes on in the wrong place`(twin: Twin) async throws {
            try await World.lend { world in
                let check = try await Self.take(
                    Self.lines(8_000), kills: ["applying"], by: twin, in: world)
                print("\(twin), of \(check.facts) facts: \(check)")
                #expect(twin == .notedTooEarly ? !check.missing.isEmpty : !check.surplus.isEmpty)
            }
        }
    }
}
