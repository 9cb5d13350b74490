import Dunning
import Foundation
import Postgres
import Queue
import Store
import Support
import Testing

/// What a gateway allows holds over all workers together.
@Suite(.database) struct LimitTests {
    /// A worker by its messages: so many claimed, so many of them armed, on as many sessions as it may use.
    private struct Model {
        let id = UUID()
        var held = 0
        var flying = 0
        private var granted: (sessions: Int, at: ContinuousClock.Instant)?

        /// None when it was not heard for five seconds: the others count without it then.
        var sessions: Int {
            guard let granted, .now - granted.at < .seconds(5) else { return 0 }
            return granted.sessions
        }

        /// Messages armed wait for a session; only so many are open.
        var open: Int { min(flying, sessions) }

        /// What it was told when it asked at that instant.
        mutating func take(_ sessions: Int?, asked: ContinuousClock.Instant) {
            if let sessions { granted = (sessions, asked) }
        }
    }

    private struct Walk {
        var most = 0
        var full = 0
        var refused = 0
    }

    /// Workers claim, arm and record at random; how many sessions were ever open at once.
    private static func walk(in tenant: TestTenant, workers: Int, steps: Int, seed: UInt64) async throws -> Walk {
        var generator = SeededGenerator(seed: seed)
        let queue = try Courier(of: tenant).queue
        var models = (0..<workers).map { _ in Model() }
        var walk = Walk()
        let (id, lane) = (tenant.id.uuid, tenant.lane)
        for _ in 0..<steps {
            let number = Int.random(in: 0..<workers, using: &generator)
            var model = models[number]
            let asked = ContinuousClock.now
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                var turn = Turn()
                (turn.held, turn.flying) = (model.held, model.flying)
                let claims = try await queue.claim(
                    tenant: id, lane: lane, worker: model.id, now: TestTenant.now.timestamp, limit: 3, turn: turn)
                model.take(claims.first?.sessions, asked: asked)
                if claims.isEmpty { walk.refused += 1 }
                model.held += claims.count
            case 1:
                let seats = try await queue.keepSeats(
                    tenant: id, lane: lane, worker: model.id, held: model.held, flying: model.flying)
                model.take(seats, asked: asked)
            case 2:
                let room = min(2 * model.sessions - model.flying, model.held - model.flying)
                model.flying += max(0, room)
            default:
                // What flies on a session lands; the rest waits.
                let landed = Int.random(in: 0...model.open, using: &generator)
                model.flying -= landed
                model.held -= landed
            }
            models[number] = model
            let open = models.reduce(0) { $0 + $1.open }
            walk.most = max(walk.most, open)
            if open == 4 { walk.full += 1 }
        }
        return walk
    }

    @Test func `no more sessions are used than the gateway allows, whoever works`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        try await tenant.plantDue(2_000)
        let seed = SeededGenerator().seed
        print("seed \(seed)")
        let walk = try await Self.walk(in: tenant, workers: 3, steps: 600, seed: seed)
        print("\(walk.most) sessions at most, all of them \(walk.full) times, \(walk.refused) claims got nothing")
        #expect(walk.most <= 4)
        #expect(walk.full > 0)
    }

    @Test func `workers that do not ask each other are caught`() async throws {
        try await TestDatabase.with { twin in
            try await twin.replaceFunction("q.seats_for", body: "begin return p_cap; end")
            let tenant = try await TestTenant.make(in: twin)
            try await tenant.plantDue(2_000)
            let walk = try await Self.walk(in: tenant, workers: 3, steps: 600, seed: 7)
            print("the twin used \(walk.most) sessions")
            #expect(walk.most > 4)
        }
    }

    /// Claims as fast as it can for so many seconds, most of which do not pass: the lane's clock is set back instead. How many
    /// messages went in the busiest minute.
    private static func flood(_ tenant: TestTenant, seconds: Int) async throws -> Int {
        let courier = try Courier(of: tenant)
        let begun = ContinuousClock.now
        var claimed: [(at: Duration, count: Int)] = []
        for second in 0..<seconds {
            // Before the claim: a window seems longer than it is by the time of one claim, never shorter.
            let at = ContinuousClock.now - begun + .seconds(second)
            let claims = try await courier.claim()
            try await courier.queue.release(
                claims.map(\.lease), tenant: tenant.id.uuid, worker: courier.worker, runAt: TestTenant.now.timestamp)
            claimed.append((at, claims.count))
            try await tenant.admin(
                """
                update q.lane set tokens_at = tokens_at - interval '1 s', free_at = free_at - interval '1 s'
                where tenant_id = $t
                """)
        }
        let windows = claimed.indices.map { first in
            claimed[first...].prefix { $0.at - claimed[first].at < .seconds(60) }.reduce(0) { $0 + $1.count }
        }
        return windows.max() ?? 0
    }

    @Test(arguments: [1, 30, 120])
    func `in no minute more goes out than the rate`(rate: Int) async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        try await tenant.admin("update gateway set rate_per_minute = \(rate) where tenant_id = $t")
        try await tenant.plantDue(300)
        let most = try await Self.flood(tenant, seconds: 90)
        print("rate \(rate): \(most) in the busiest minute")
        // What came in during the one claim that straddles the end of a minute.
        #expect(most <= rate + 1 + rate / 30)
        #expect(most * 10 >= rate * 9)
    }

    @Test func `a lane that has spent its rate is not looked at`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        try await tenant.admin("update gateway set rate_per_minute = 1 where tenant_id = $t")
        try await tenant.plantDue(3)
        let courier = try Courier(of: tenant)
        func isReady() async throws -> Bool {
            try await courier.queue.readyLanes(now: TestTenant.now.timestamp, limit: 1_000).contains {
                $0.lane == tenant.lane
            }
        }
        #expect(try await isReady())
        #expect(try await courier.claim().count == 1)
        #expect(try await !isReady())
        #expect(try await courier.claim().isEmpty)
        try await tenant.admin(
            "update q.lane set tokens_at = tokens_at - interval '1 min', free_at = free_at - interval '1 min' where tenant_id = $t"
        )
        #expect(try await isReady())
        #expect(try await courier.claim().count == 1)
    }

    @Test func `a rate that forgets what was sent is caught`() async throws {
        try await TestDatabase.with { twin in
            let body = try #require(
                try await twin.value(
                    "select prosrc from pg_proc where proname = 'claim' and pronamespace = 'q'::regnamespace"))
            let cost = "v_tokens := v_tokens - cardinality(v_ids)::bigint * 1000000;"
            #expect(body.contains(cost))
            try await twin.replaceFunction("q.claim", body: body.replacing(cost, with: ""))
            let tenant = try await TestTenant.make(in: twin)
            try await tenant.admin("update gateway set rate_per_minute = 30 where tenant_id = $t")
            try await tenant.plantDue(300)
            #expect(try await Self.flood(tenant, seconds: 65) > 60)
        }
    }
}
