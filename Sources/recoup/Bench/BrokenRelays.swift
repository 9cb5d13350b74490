import Foundation
import Host

/// Companies with a relay each and a steady trickle, beside others whose relays answer late or refuse.
struct BrokenRelays {
    typealias Company = DueTenants.Company

    /// How many companies are well, and how many reminders fall due a second at all of them together.
    let relays: Int
    let rate: Int
    let seconds: Int
    /// What is due at once at each broken one.
    let backlog: Int
    let rounds: Int

    /// What the servers do: the first is well.
    private static let scripts = [
        "[]", #"[{"stage": "dot", "action": "accept", "delay": {"ms": 30000}}]"#,
        #"[{"stage": "connect", "action": "reply", "code": 554}]"#,
        #"[{"stage": "rcpt", "action": "reply", "code": 550}]"#,
    ]

    /// Ports of the servers, each with the one of its page after it.
    static func ports(from base: Int) -> [Int] { scripts.indices.map { base + 2 * $0 } }

    func measure(
        _ due: DueTenants, ports: [Int], on server: ThrowawayServer, _ environment: [String: String],
        settings: Measurement.Settings
    ) async throws -> Measurement {
        var sinks: [Process] = []
        defer {
            for sink in sinks {
                sink.terminate()
                sink.waitUntilExit()
            }
        }
        for (port, script) in zip(ports, Self.scripts) {
            sinks.append(
                try MailSink.sandbox(port: port, page: port + 1, script: script, log: server.log("sandbox-\(port)")))
        }
        var groups: [[Company]] = []
        for (index, port) in ports.enumerated() {
            let there = DueTenants(pools: due.pools, folder: due.folder, port: port, sessions: due.sessions)
            groups.append(try await there.make(index == 0 ? relays : 1, reminders: 1, round: 5 + index))
        }
        var reminders = Reminders(on: server)
        try reminders.adopt(groups.flatMap(\.self))
        // The first warms everything up.
        _ = try trickle(groups[0], [], seconds: 10, &reminders, on: server, environment)
        var (beside, alone): ([Double], [Double]) = ([], [])
        var tries = Array(repeating: 0, count: ports.count)
        for round in 1...rounds {
            // By turns also in which comes first.
            for isBeside in round % 2 == 1 ? [false, true] : [true, false] {
                let broken = isBeside ? Array(groups[1...]) : []
                let found = try trickle(groups[0], broken, seconds: seconds, &reminders, on: server, environment)
                if isBeside { beside.append(found.p95) } else { alone.append(found.p95) }
                for (index, count) in found.tries.enumerated() { tries[index + 1] += count }
            }
            StandardError.write(
                "round \(round): p95 \(beside[round - 1]) ms, without broken ones \(alone[round - 1]) ms\n")
        }
        guard tries[1...].allSatisfy({ $0 > 0 }) else { throw Complaint("a broken relay was not asked for anything") }
        return Measurement(
            scenario: "fairness p95 beside broken relays", n: rate * seconds, unit: "ms", values: beside,
            limits: alone.map { 1.5 * $0 }, settings: settings,
            details: [
                "relays": Double(relays), "rate": Double(rate), "backlog": Double(backlog),
                "tries_late": Double(tries[1]), "tries_sessions_refused": Double(tries[2]),
                "tries_recipients_refused": Double(tries[3]),
            ])
    }

    /// p95 of those that are well from due to accepted, in milliseconds, and how often each of the broken ones was tried.
    private func trickle(
        _ well: [Company], _ broken: [[Company]], seconds: Int, _ reminders: inout Reminders,
        on server: ThrowawayServer, _ environment: [String: String]
    ) throws -> (p95: Double, tries: [Int]) {
        for companies in broken { try reminders.fill(companies, each: backlog) }
        let all = well + broken.flatMap(\.self)
        let from = try reminders.fill(
            well, each: max(1, rate * seconds / well.count), after: 15, gap: Double(well.count) / Double(rate))
        let since = try reminders.work(at: all, environment, within: seconds + 120) {
            try reminders.left(well).reminders == 0
        }
        guard since < from else { throw Complaint("the reminders were not made in time") }
        let late = try reminders.late(well, from: from, before: from + Int64(seconds) * 1_000_000)
        let tries = try broken.map { try reminders.tries($0, since: since) }
        try reminders.clear(all)
        guard late.allSatisfy(\.isFinite) else {
            throw Complaint("\(late.count { !$0.isFinite }) of \(late.count) reminders were not accepted")
        }
        return (BenchClaim.quantile(late, 95), tries)
    }
}
