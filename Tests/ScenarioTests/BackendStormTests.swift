import Foundation
import Support
import Testing

extension Scenarios {
    @Suite struct `Connections cut off at random` {
        private static let count = 250

        /// Ends a random connection of the workers five times a second, until cancelled; how many.
        private static func storm(_ world: World) -> Task<Int, Never> {
            Task {
                var ended = 0
                while !Task.isCancelled {
                    let rows = try? await world.sql(
                        """
                        select pg_terminate_backend(pid)::text from pg_stat_activity
                        where datname = current_database() and application_name like 'recoup-worker%'
                        order by random() limit 1
                        """)
                    ended += rows?.count ?? 0
                    try? await Task.sleep(for: .milliseconds(200))
                }
                return ended
            }
        }

        @Test func `cost nothing but time`() async throws {
            try await World.lend { world in
                let tenant = try await world.tenant(due: Self.count, dots: 100)
                try await world.startWorker("a")
                try await world.startWorker("b")
                let storm = Self.storm(world)
                try await eventually("most are sent", within: .seconds(90)) {
                    try await world.counts().accepted > Self.count * 3 / 4
                }
                storm.cancel()
                let ended = await storm.value
                try await world.settled()
                let check = try await DeliveryCheck(tenant, customers: Tenant.dueLines(Self.count).map(\.customer))
                print("\(ended) connections ended; unknown \(check.unknown.count)")
                #expect(ended > 10)
                #expect(check.isClean && check.unknown.isEmpty && check.accepted == Self.count, "\(check)")
                try await world.recoup("doctor")
            }
        }

        /// The database refuses one message for good, so that its batch is armed one by one; and it cuts the connection off, once,
        /// when another of them is armed already.
        private static let trap = """
            create sequence trap_cut;
            create sequence trap_refused;
            create function trap() returns trigger language plpgsql security definer as $$
            begin
                if new.address = 'c1@debtor.example' then
                    perform nextval('trap_refused');
                    raise exception 'this one cannot be written';
                end if;
                if (select count(*) from message m where m.state = 'sending' and m.message_id <> new.message_id) > 0
                    and nextval('trap_cut') = 1 then
                    perform pg_terminate_backend(pg_backend_pid());
                end if;
                return new;
            end $$;
            create trigger trap after insert on message for each row execute function trap();
            grant usage on all sequences in schema public to recoup_worker
            """

        @Test func `and a bad message beside it make nobody forget what was armed`() async throws {
            try await World.lend { world in
                let tenant = try await world.tenant(due: 4, dots: 100)
                try await world.sql(Self.trap)
                try await world.startWorker("a")
                try await eventually("three are sent") {
                    let accepted = try await world.number("select count(*) from message where state = 'accepted'")
                    let left = try await world.number("select count(*) from q.due where phase in (1, 2)")
                    return accepted == 3 && left == 0
                }
                let cut = try await world.number("select count(*) from trap_cut where is_called")
                let refused = try await world.number("select last_value from trap_refused")
                let check = try await DeliveryCheck(tenant, customers: ["c0", "c2", "c3"])
                print("cut off \(cut) times, refused \(refused) times; accepted \(check.accepted)")
                #expect(cut > 0 && refused > 1)
                #expect(check.isClean && check.unknown.isEmpty && check.accepted == 3, "\(check)")
            }
        }

        @Test func `are noticed when an outcome is given up at the first failure`() async throws {
            try await World.lend { world in
                let tenant = try await world.tenant(due: Self.count, dots: 100)
                let twin = try await TwinWorker.start(in: world, recordTries: 1)
                let check = try await world.withTwin(twin) {
                    let storm = Self.storm(world)
                    // What it forgot stays armed, until it looks again and takes it for not begun.
                    try await eventually("the rest is sent", within: .seconds(90)) {
                        try await world.number("select count(*) from q.due where kind = 'step' and phase < 2") == 0
                    }
                    storm.cancel()
                    _ = await storm.value
                    return try await DeliveryCheck(tenant, customers: Tenant.dueLines(Self.count).map(\.customer))
                }
                print("the twin left \(check.stuck) behind and sent \(check.doubles.count) twice")
                #expect(!check.isClean)
            }
        }
    }
}
