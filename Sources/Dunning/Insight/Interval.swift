/// An interval that holds the true share in 95 of 100 cases.
package struct Interval: Hashable, Sendable {
    package let lower: Double
    package let upper: Double

    package init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    /// The 97.5 % point of the normal distribution.
    static let z = 1.959964

    /// Wilson's interval of a share, within 0 and 1; `nil` of nothing.
    package static func wilson(_ hits: Int, of count: Int) -> Interval? {
        guard count > 0, (0...count).contains(hits) else { return nil }
        let n = Double(count)
        let p = Double(hits) / n
        let scale = 1 + z * z / n
        let centre = (p + z * z / (2 * n)) / scale
        let half = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot() / scale
        return Interval(lower: max(0, centre - half), upper: min(1, centre + half))
    }

    /// Newcombe's interval of the difference of two shares (his method 10, from two of Wilson's).
    package static func newcombe(_ hits: Int, of count: Int, minus otherHits: Int, of otherCount: Int) -> Interval? {
        guard let one = wilson(hits, of: count), let other = wilson(otherHits, of: otherCount) else { return nil }
        let p = Double(hits) / Double(count)
        let q = Double(otherHits) / Double(otherCount)
        func root(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
        return Interval(
            lower: p - q - root(p - one.lower, other.upper - q), upper: p - q + root(one.upper - p, q - other.lower))
    }

    package func scaled(by factor: Double) -> Interval { Interval(lower: lower * factor, upper: upper * factor) }
}
