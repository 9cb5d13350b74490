import Foundation
import Support
import Testing

extension Scenarios {
    @Suite struct `PostgreSQL away for three seconds` {
        private static let count = 160

        /// What the API answered to somebody who kept writing all the time.
        private struct Answers: Sendable {
            var acknowledged: [String] = []
            var refused = 0
            var others: [String] = []
        }

        /// Writes customers, one after the other, until cancelled.
        private static func write(as tenant: Tenant, into answers: Shared<Answers>) async {
            var number = 0
            while !Task.isCancelled {
                number += 1
                let name = "x\(number)"
                do {
                    let answer = try await tenant.ask(
                        "POST", "/v1/customers", #"{"external_id": "\#(name)", "name": "Written meanwhile"}"#)
                    answers.change { answers in
                        switch answer.status {
                        case 201: answers.acknowledged.append(name)
                        case 503 where answer.retryAfter != nil: answers.refused += 1
                        default: answers.others.append("\(answer.status) \(answer.text)")
                        }
                    }
                } catch {
                    if !Task.isCancelled { answers.change { $0.others.append("\(error)") } }
                }
                try? await Task.sleep(for: .milliseconds(10))
            }
        }

        /// Stops the server while a message is armed and another one on the wire, and starts it again.
        private static func interrupt(_ cluster: Cluster, _ mode: Cluster.Mode, of world: World) async throws {
            var (armed, travelling) = (0, 0)
            try await eventually("some have been sent") { try await world.counts().accepted >= 20 }
            try await eventually("a message is armed and one on the wire", every: .milliseconds(5)) {
                travelling = try await world.counts().waiting
                armed = try await world.number("select count(*) from q.due where phase = 2")
                return armed > 0 && travelling > 0
            }
            print("\(mode): armed \(armed), on the wire \(travelling)")
            try await cluster.stop(mode)
            try await Task.sleep(for: .seconds(3))
            try await cluster.start()
        }

        @Test(
            arguments: Pooler.isEverywhere
                ? [(Cluster.Mode.fast, true), (.immediate, true)]
                : [(.fast, false), (.immediate, false), (.immediate, true)])
        func `changes nothing but the hour`(mode: Cluster.Mode, pooled: Bool) async throws {
            try await Cluster.with { cluster in
                try await World.lend(on: cluster, pooled: pooled) { world in
                    let tenant = try await world.tenant(due: Self.count, dots: 100)
                    try await world.start("worker")
                    let answers = Shared(Answers())
                    let writer = Task { await Self.write(as: tenant, into: answers) }
                    defer { writer.cancel() }
                    try await Self.interrupt(cluster, mode, of: world)
                    let before = answers.value.acknowledged.count
                    try await world.settled()
                    try await eventually("the API takes writes again") { answers.value.acknowledged.count > before }
                    writer.cancel()
                    await writer.value

                    let check = try await DeliveryCheck(tenant, customers: Tenant.dueLines(Self.count).map(\.customer))
                    #expect(check.isClean && check.unknown.isEmpty && check.accepted == Self.count, "\(check)")
                    let heard = answers.value
                    print("\(mode): \(heard.acknowledged.count) writes acknowledged, \(heard.refused) refused by 503")
                    // A pgbouncer lets a transaction wait for longer than this, and then nobody needs to be refused.
                    #expect(pooled || heard.refused > 0)
                    #expect(heard.others == [])
                    let kept = Set(try await world.sql("select external_id from customer").map { $0[0] })
                    #expect(heard.acknowledged.filter { !kept.contains($0) } == [])
                    try await world.recoup("doctor")
                }
            }
        }

        /// Straight to the server: behind a pgbouncer a transaction that begins meanwhile waits, and nothing fails to be given up.
        @Test func `is noticed when outcomes are given up at the first failure`() async throws {
            try await Cluster.with { cluster in
                try await World.lend(on: cluster, pooled: false) { world in
                    let tenant = try await world.tenant(due: Self.count, dots: 100)
                    let twin = try await TwinWorker.start(in: world, recordTries: 1)
                    let check = try await world.withTwin(twin) {
                        try await Self.interrupt(cluster, .fast, of: world)
                        // What it forgot stays armed for ever: nothing due but that.
                        try await eventually("the rest is sent") {
                            try await world.number("select count(*) from q.due where kind = 'step' and phase < 2") == 0
                        }
                        try await Task.sleep(for: .seconds(1))
                        return try await DeliveryCheck(tenant, customers: Tenant.dueLines(Self.count).map(\.customer))
                    }
                    print("the twin left \(check.stuck) behind and sent \(check.doubles.count) twice")
                    #expect(!check.isClean)
                }
            }
        }
    }
}
