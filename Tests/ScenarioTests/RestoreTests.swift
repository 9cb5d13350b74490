import Foundation
import Support
import Testing

extension Scenarios {
    @Suite struct `A dump restored into another cluster` {
        private static let count = 30
        private static let roles = ["api", "worker", "bulk", "dispatch", "metrics"].map { "recoup_\($0)" }
        private static let day = 86_400 * 1_000_000

        private struct Health: Decodable {
            let status: String
            let hold: String?
        }

        /// An installation with reminders due and a few of them armed, dumped: its tenant, and how many were armed.
        private static func dump(
            _ cluster: Cluster, ports: World.Ports, into file: URL
        ) async throws -> (tenant: Tenant, armed: Int) {
            try await World.lend(on: cluster, ports: ports) { world in
                // Nothing is answered before the dump is done, so what is armed stays armed.
                let tenant = try await world.tenant(due: count, dots: 600_000)
                try await tenant.take([
                    Tenant.Line(customer: "later", invoice: "R-later", due: "2026-11-26", cents: 7_700)
                ])
                try await world.start("worker")
                var armed = 0
                try await eventually("as many are armed as may be") {
                    armed = try await world.number("select count(*) from q.due where phase = 2")
                    return armed == 8
                }
                try await cluster.dump(to: file)
                #expect(try await world.mails().isEmpty)
                return (tenant, armed)
            }
        }

        @Test func `sends nothing until a person takes it over, and then goes on`() async throws {
            let ports = try World.Ports()
            let folder = try Tool.folder("dump")
            defer { try? FileManager.default.removeItem(at: folder) }
            let file = folder.appending(path: "recoup.sql")
            let (origin, armed) = try await Cluster.with { try await Self.dump($0, ports: ports, into: file) }
            print("armed at the dump: \(armed) of \(Self.count) due")
            try await Cluster.with { cluster in
                try await cluster.restore(from: file, roles: Self.roles)
                try await World.lend(on: cluster, ports: ports) { world in
                    try await world.start("sandbox", "worker", "api")
                    try await Self.hold(world, as: origin.on(world))
                    try await Self.takeOver(world, armed: armed)
                }
            }
        }

        /// For a day: nothing is sent, and everybody who asks hears why.
        private static func hold(_ world: World, as tenant: Tenant) async throws {
            try await world.sql("update instance set clock_offset_us = clock_offset_us + \(day)")
            try await Task.sleep(for: .seconds(3))
            let ready: Health = try await Web(port: world.ports.api).ask("GET", "/health/ready").read()
            #expect(ready.status == "hold")
            #expect(ready.hold?.contains("restored into another database cluster") == true)
            let doctor = try await world.recoup("doctor", endsWith: 1)
            #expect(doctor.contains("on hold: this data was restored into another database cluster"))
            #expect(try await world.mails().isEmpty)
            #expect(try await tenant.ask("GET", "/v1/tenant").status == 200)
        }

        private static func takeOver(_ world: World, armed: Int) async throws {
            let adopted = try await world.recoup("doctor", "--adopt", "--yes")
            print(adopted.split(separator: "\n").joined(separator: " "))
            #expect(adopted.contains("To review: \(count) cases of 1 tenants, \(armed) with a message that may be out"))
            let cases = try await world.sql("select status, count(*)::text from enrolment group by 1 order by 1")
            #expect(cases == [["active", "1"], ["pending", "\(count)"]])
            let steps = try await world.sql(
                "select state, reason, count(*)::text from step_run group by 1, 2 order by 1, 2")
            #expect(steps == [["planned", "", "1"], ["skipped", "restored", "\(count)"]])
            let messages = try await world.sql("select state, count(*)::text from message group by 1")
            #expect(messages == [["unknown", "\(armed)"]])
            // The invoice due on the 26th: friendly on the 29th, a Sunday, and so on Monday the 30th.
            try await world.recoup("demo", "forward", "--to", "2026-11-30T12:00[America/New_York]")
            #expect(try await world.mails().map(\.recipient) == [Tenant.address(of: "later")])
            let health: Health = try await Web(port: world.ports.api).ask("GET", "/health/ready").read()
            #expect(health.status == "ok")
            try await world.recoup("doctor")
        }
    }
}
