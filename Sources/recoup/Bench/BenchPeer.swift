import ArgumentParser
import Foundation

/// Another worker measured beside ours, on the same cluster by turns: a command that does JOBS jobs against DATABASE_URL and
/// prints their number and the seconds they took as JSON, the last line it says.
struct BenchPeer: ExpressibleByArgument {
    let name: String
    let command: [String]

    /// NAME=COMMAND, its words parted by blanks.
    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
        let words = argument[argument.index(after: sign)...].split(separator: " ").map(String.init)
        guard !words.isEmpty else { return nil }
        name = String(argument[..<sign])
        command = words
    }

    private struct Figures: Decodable {
        let jobs: Int
        let seconds: Double
    }

    /// Jobs a second.
    func run(_ jobs: Int, on server: ThrowawayServer, _ environment: [String: String] = [:]) throws -> Double {
        let said = try ThrowawayServer.run(
            command,
            environment: ProcessInfo.processInfo.environment.merging(
                environment.merging(["JOBS": "\(jobs)", "DATABASE_URL": server.url]) { $1 }
            ) { $1 })
        guard let line = said.split(separator: "\n").last,
            let figures = try? JSONDecoder().decode(Figures.self, from: Data(line.utf8)),
            figures.jobs == jobs, figures.seconds > 0
        else { throw Complaint("\(name) did not do its \(jobs) jobs: \(said.suffix(500))") }
        return Double(figures.jobs) / figures.seconds
    }
}

/// What the peers of a benchmark did, round by round.
struct PeerRounds {
    private(set) var rates: [String: [Double]] = [:]

    mutating func measure(
        _ peers: [BenchPeer], jobs: Int, on server: ThrowawayServer, _ environment: [String: String] = [:]
    ) throws {
        for peer in peers {
            rates[peer.name, default: []].append(try peer.run(jobs, on: server, environment))
        }
    }

    /// Each peer as the limit of what was measured beside it.
    func beside(_ measured: Measurement) -> [Measurement] {
        rates.sorted { $0.key < $1.key }.map { name, rates in
            Measurement(
                scenario: "\(measured.scenario) beside \(name)", n: measured.n, unit: measured.unit,
                values: measured.values, limits: rates, settings: measured.settings, details: measured.details)
        }
    }
}
