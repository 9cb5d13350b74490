import ArgumentParser
import Configuration
import Foundation
import Gateways
import Glibc
import Logging

struct BenchMail: OwnWorldCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail", abstract: "Measures the wire alone: mails over SMTP sessions.",
        discussion: """
            Without delay against Postfix's smtp-sink, the limit being its smtp-source with as many connections. With \
            delays before the answer to the final dot against recoup-sandbox, the limit being sessions ÷ (4 round trips \
            + delay), the round trip measured on an idle session in the same run.
            """)

    @Option(help: "Sessions, one figure each.") var sessions: [Int] = [1, 4, 16, 64]
    @Option(help: "Delays in milliseconds, one figure each.") var delays: [Int] = [0, 50, 200]
    @Option(help: "Mails in a round without delay.") var mails = 5_000
    @Option(help: "Bytes in a mail.") var bytes = 4_096
    @Option(help: "How often each figure is measured.") var rounds = 3
    @Flag(help: "Print JSON, an object a line.") var json = false

    func run(_ config: ConfigReader) async throws {
        guard (sessions + [mails, bytes, rounds]).allSatisfy({ $0 > 0 }), delays.allSatisfy({ $0 >= 0 }) else {
            throw Complaint("all numbers are at least 1, and --delays at least 0")
        }
        let log = URL(filePath: "/tmp/recoup-bench-\(UInt64.random(in: 0 ... .max)).log")
        defer { try? FileManager.default.removeItem(at: log) }
        for delay in delays {
            for count in sessions {
                let port = 20_000 + 2 * Int.random(in: 0..<10_000)
                let sink =
                    delay == 0
                    ? try MailSink.postfix(port: port, log: log)
                    : try MailSink.sandbox(port: port, page: port + 1, delay: delay, log: log)
                defer {
                    sink.terminate()
                    sink.waitUntilExit()
                }
                try ThrowawayServer.eventually("the sink answers") {
                    (try? RoundTrip.noop(port: port, tries: 1)) != nil
                }
                let measured = try await measure(count, delay: delay, port: port)
                try measured.show(asJSON: json)
            }
        }
    }

    private func measure(_ count: Int, delay: Int, port: Int) async throws -> Measurement {
        let wire = MailWire(port: port, sessions: count, bytes: bytes)
        _ = try await wire.send(count)
        // At least twenty turns of each session, and two seconds.
        let number = delay == 0 ? mails : count * max(20, 2_000 / delay)
        var (values, limits, cost): ([Double], [Double], [Double]) = ([], [], [])
        let trip = try RoundTrip.noop(port: port)
        for _ in 0..<rounds {
            let processor = Self.processorSeconds
            values.append(try await wire.send(number))
            cost.append((Self.processorSeconds - processor) / Double(number))
            limits.append(
                delay == 0
                    ? try MailSink.source(port: port, sessions: count, mails: number, bytes: bytes)
                    : Double(count) / (4 * trip + Double(delay) / 1_000))
        }
        await wire.stop()
        return Measurement(
            scenario: "mail", n: number, unit: "mails/s", values: values, limits: limits, settings: nil,
            details: [
                "sessions": Double(count), "delay_ms": Double(delay), "bytes": Double(bytes), "round_trip_s": trip,
                "cpu_s_per_mail": Measurement.median(cost),
            ])
    }

    /// Of this process, which is the sender.
    private static var processorSeconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
