import Foundation

/// What a benchmark of imports found.
struct ImportFigures: Encodable {
    let rows: Int
    /// Seconds of each round.
    var product: [Double] = []
    var limit: [Double] = []
    var workerPeak = 0
    var apiPeak = 0
    /// Seconds that another tenant's requests took before and during the imports.
    var calm: [Double]
    var busy: [Double] = []

    init(rows: Int, calm: [Double]) {
        self.rows = rows
        self.calm = calm
    }

    private enum Key: String, CodingKey {
        case rows, product, limit, rate, limitRate, ratio, workerPeak, apiPeak, p95Calm, p95Busy, p95Ratio
    }

    var ratio: Double { Self.quantile(limit, 0.5) / Self.quantile(product, 0.5) }
    private var rate: Double { Double(rows) / Self.quantile(product, 0.5) }
    private var limitRate: Double { Double(rows) / Self.quantile(limit, 0.5) }
    private var p95: (calm: Double, busy: Double) { (Self.quantile(calm, 0.95), Self.quantile(busy, 0.95)) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(rows, forKey: .rows)
        try container.encode(product, forKey: .product)
        try container.encode(limit, forKey: .limit)
        try container.encode(rate, forKey: .rate)
        try container.encode(limitRate, forKey: .limitRate)
        try container.encode(ratio, forKey: .ratio)
        try container.encode(workerPeak, forKey: .workerPeak)
        try container.encode(apiPeak, forKey: .apiPeak)
        try container.encode(p95.calm, forKey: .p95Calm)
        try container.encode(p95.busy, forKey: .p95Busy)
        try container.encode(p95.busy / p95.calm, forKey: .p95Ratio)
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    var table: String {
        Terminal.table([
            ["rows", "\(rows)"], ["import", "\(Int(rate)) rows/s"], ["limit", "\(Int(limitRate)) rows/s"],
            ["ratio", Self.shown(ratio)], ["worker at most", "\(workerPeak >> 20) MB"],
            ["API at most", "\(apiPeak >> 20) MB"],
            ["others' p95", "\(Self.shown(p95.calm * 1_000)) ms, during imports \(Self.shown(p95.busy * 1_000)) ms"],
        ])
    }

    private static func shown(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }

    private static func quantile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}
