import Foundation
import Support
import Testing

extension Scenarios {
    @Suite struct `A tenant with much to send` {
        /// Tenants with so many reminders due at once each, and their weights; a worker that has planned all of them before it
        /// may send any: else whoever is planned first is first.
        private static func estate(
            _ due: [Int], weights: [Int: Int] = [:], worker settings: [String: String] = [:], in world: World
        ) async throws {
            let first = try await world.tenant(due: 0, dots: 0)
            for (number, count) in due.enumerated() {
                let tenant = number == 0 ? first : try await Tenant.make(in: world)
                try await tenant.take(Tenant.dueLines(count))
                _ = try await tenant.activate()
                if let weight = weights[number] {
                    let answer = try await Web(port: world.ports.api).ask(
                        "PATCH", "/v1/tenants/\(tenant.id)", key: World.platformKey, #"{"weight": \#(weight)}"#)
                    guard answer.status == 200 else { throw Unhelpful(answer.text) }
                }
            }
            _ = try await world.sql("update q.lane set held_reason = 'until all are planned' where kind = 'mail'")
            try world.startProgram("worker", as: "worker", settings)
            try await eventually("all are planned and due", within: .seconds(120)) {
                try await world.number("select count(*) from q.due where kind = 'step'") == due.reduce(0, +)
            }
            #expect(try await world.number("select count(*) from attempt") == 0)
            _ = try await world.sql("update q.lane set held_reason = null where kind = 'mail'")
        }

        /// Whose message was armed when, by the names of tenants in the order of their making.
        private static func order(in world: World) async throws -> [Int] {
            try await world.sql(
                """
                select (select count(*) from tenant o where o.tenant_id < m.tenant_id)::text from attempt m
                order by m.armed_at, m.attempt_id
                """
            ).compactMap { Int($0[0]) }
        }

        private static func jain(_ parts: [Int]) -> Double {
            let sum = Double(parts.reduce(0, +))
            return sum * sum / (Double(parts.count) * Double(parts.map { $0 * $0 }.reduce(0, +)))
        }

        @Test func `keeps nobody waiting`() async throws {
            // A turn is up to twice the gateway's sessions: twenty. Each needs some turns before shares can be told.
            let (big, small, smalls) = (1_500, 120, 10)
            try await World.lend { world in
                try await Self.estate([big] + Array(repeating: small, count: smalls), in: world)
                try await eventually("the small ones are done", within: .seconds(120)) {
                    try await world.number(
                        "select count(*) from attempt where tenant_id <> (select min(tenant_id::text)::uuid from tenant)"
                    )
                        == small * smalls
                }
                let order = try await Self.order(in: world)
                let last = try #require(order.lastIndex { $0 > 0 })
                let bigs = order[...last].count { $0 == 0 }
                // Half way through, everybody has had about as much.
                let half = order.prefix(smalls * small / 2)
                let parts = (0...smalls).map { number in half.count { $0 == number } }
                let index = Self.jain(parts)
                print("the big one sent \(bigs) until the others were done; of the first half: \(parts), jain \(index)")
                #expect(bigs <= 2 * small)
                #expect(index > 0.95)
            }
        }

        @Test func `has little of it claimed by a worker that works for many`() async throws {
            let (tenants, due) = (12, 100)
            try await World.lend { world in
                // Eight messages on their way, so a hundred and twenty-eight claims: a lane has its least part.
                try await Self.estate(
                    Array(repeating: due, count: tenants), worker: ["WORKER_CONCURRENCY": "4"], in: world)
                var most = 0
                try await eventually("all is sent", within: .seconds(120), every: .milliseconds(5)) {
                    most = max(most, try await world.phases().claimed)
                    return try await world.number("select count(*) from q.due where kind = 'step'") == 0
                }
                print("at most \(most) of \(tenants * due) claimed")
                // Ten, asked for when there are fewer than five; who begins while few others do claims more the first time.
                #expect(most > tenants && most < tenants * 25)
            }
        }

        @Test func `gets three times as much with three times the weight`() async throws {
            let (others, due) = (9, 120)
            try await World.lend { world in
                // One connection arms, and it is what there is too little of.
                try await Self.estate(
                    [300] + Array(repeating: due, count: others), weights: [0: 300],
                    worker: ["DATABASE_WORKER_CONNECTIONS": "3"], in: world)
                try await eventually("half of it is armed", within: .seconds(120)) {
                    try await world.number("select count(*) from attempt") >= 600
                }
                let order = try await Self.order(in: world).prefix(600)
                let counts = (0...others).map { number in order.count { $0 == number } }
                let share = Double(counts[0] * others) / Double(counts.dropFirst().reduce(0, +))
                print("of the first 600, by weight 3 : 1 : 1 …: \(counts), \(share) times as much")
                #expect((2.5...3.5).contains(share))
            }
        }
    }
}
