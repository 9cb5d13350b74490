import Foundation

/// One figure beside its limit, measured in the same run by turns.
struct Measurement: Encodable {
    let scenario: String
    /// Things done in one round.
    let n: Int
    let unit: String
    /// Each round's, per second.
    let values: [Double]
    let limits: [Double]
    /// Of the database, where there is one.
    let settings: Settings?
    /// What else must be known to repeat it.
    var details: [String: Double] = [:]

    struct Settings: Encodable {
        let fsync: String
        let synchronousCommit: String
        let postgres: String

        init(of server: ThrowawayServer) throws {
            let words = try server.psql("settings").split(separator: "|").map(String.init)
            guard words.count == 3 else { throw Complaint("PostgreSQL does not tell its settings") }
            (fsync, synchronousCommit, postgres) = (words[0], words[1], words[2])
            guard fsync == "on" else {
                throw Complaint("fsync is off: nobody's figures without the disk are worth anything")
            }
        }
    }

    private enum Key: String, CodingKey {
        case scenario, n, value, unit, limit, ratio, values, limits, fsync, synchronousCommit, postgres, details
    }

    var value: Double { Self.median(values) }
    var limit: Double { Self.median(limits) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(scenario, forKey: .scenario)
        try container.encode(n, forKey: .n)
        try container.encode(value, forKey: .value)
        try container.encode(unit, forKey: .unit)
        try container.encode(limit, forKey: .limit)
        try container.encode(value / limit, forKey: .ratio)
        try container.encode(values, forKey: .values)
        try container.encode(limits, forKey: .limits)
        try container.encodeIfPresent(settings?.fsync, forKey: .fsync)
        try container.encodeIfPresent(settings?.synchronousCommit, forKey: .synchronousCommit)
        try container.encodeIfPresent(settings?.postgres, forKey: .postgres)
        try container.encode(details, forKey: .details)
    }

    /// On one line.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// Prints it at once: what a benchmark has found stays said, should it be ended early.
    func show(asJSON: Bool) throws {
        FileHandle.standardOutput.write(Data("\(asJSON ? try json : line)\n".utf8))
    }

    var line: String {
        let shown = [value, limit, value / limit].map { "\(($0 * 100).rounded() / 100)" }
        return "\(scenario): \(shown[0]) \(unit), limit \(shown[1]), ratio \(shown[2])"
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        return sorted.count % 2 == 1
            ? sorted[sorted.count / 2] : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
