import Synchronization

/// All series of one metric: same name, same label names, one value for each combination of label values.
final class Family: Sendable {
    enum Kind: String, Sendable { case counter, gauge, histogram }

    /// One series. A histogram counts per bucket, not cumulated; the last bucket takes what is above every bound.
    struct Series: Sendable {
        var value = 0.0
        var buckets: [UInt64]
        var sum = 0.0
    }

    /// A label whose values come from outside could grow without end; past this many, series share one named `other`.
    static let limit = 1_000
    let limit: Int

    let name: String
    let help: String
    let kind: Kind
    let labels: [String]
    /// Upper bounds of the buckets, ascending, without infinity.
    let bounds: [Double]
    private let series: Mutex<[[String]: Series]>

    init(name: String, help: String, kind: Kind, labels: [String], bounds: [Double] = [], limit: Int = Family.limit) {
        precondition(Self.isName(name, colons: true), "not a metric name: \(name)")
        precondition(
            labels.allSatisfy { Self.isName($0, colons: false) && !$0.hasPrefix("__") && $0 != "le" },
            "bad label in \(name)")
        precondition(
            zip(bounds, bounds.dropFirst()).allSatisfy(<) && bounds.allSatisfy(\.isFinite), "bad buckets in \(name)")
        self.name = name
        self.help = help
        self.kind = kind
        self.labels = labels
        self.bounds = bounds
        self.limit = limit
        // Without labels the one series exists from the start, so that a rate over it begins at a known zero.
        let first = Series(buckets: Array(repeating: 0, count: bounds.count + 1))
        series = Mutex(labels.isEmpty ? [[]: first] : [:])
    }

    func update(_ values: [String], _ change: (inout Series) -> Void) {
        precondition(values.count == labels.count, "\(name) takes the labels \(labels)")
        series.withLock { series in
            let key = series[values] == nil && series.count >= limit ? labels.map { _ in "other" } : values
            change(&series[key, default: Series(buckets: Array(repeating: 0, count: bounds.count + 1))])
        }
    }

    /// Replaces every series; what is not named is gone.
    func replace(with values: [(labels: [String], value: Double)]) {
        series.withLock { $0 = [:] }
        for entry in values { update(entry.labels) { $0.value = entry.value } }
    }

    /// The series in the order of their label values.
    var sorted: [(labels: [String], series: Series)] {
        series.withLock { series in
            series.map { ($0.key, $0.value) }.sorted { $0.0.lexicographicallyPrecedes($1.0) }
        }
    }

    private static func isName(_ text: String, colons: Bool) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
        return text.utf8.allSatisfy {
            (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
                || (colons && $0 == UInt8(ascii: ":"))
        }
    }
}
