/// A number that only grows while the process lives. Its name ends in `_total`.
package struct Counter: Sendable {
    let family: Family

    /// - Parameters:
    ///   - amount: not negative.
    ///   - labels: values in the order in which the label names were declared.
    package func add(_ amount: Double = 1, _ labels: String...) {
        precondition(amount >= 0, "\(family.name) cannot go down")
        family.update(labels) { $0.value += amount }
    }

    /// Takes over a total that is counted elsewhere, by the kernel for one.
    package func follow(_ total: Double, _ labels: String...) {
        family.update(labels) { $0.value = max($0.value, total) }
    }
}

/// A number that goes up and down.
package struct Gauge: Sendable {
    let family: Family

    package func set(_ value: Double, _ labels: String...) {
        family.update(labels) { $0.value = value }
    }

    package func add(_ amount: Double, _ labels: String...) {
        family.update(labels) { $0.value += amount }
    }

    /// Sets all series at once; one that is not named any more disappears instead of standing still for ever.
    package func replace(with values: [(labels: [String], value: Double)]) {
        family.replace(with: values)
    }
}

/// How often a measured value fell below each of a few bounds.
package struct Histogram: Sendable {
    let family: Family

    /// Bounds for durations in seconds, from a millisecond to a minute.
    package static let seconds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    package func record(_ value: Double, _ labels: String...) {
        put(value, labels)
    }

    /// Records a duration in seconds.
    package func record(_ duration: Duration, _ labels: String...) {
        put(duration / .seconds(1), labels)
    }

    private func put(_ value: Double, _ labels: [String]) {
        let bucket = family.bounds.firstIndex { value <= $0 } ?? family.bounds.count
        family.update(labels) {
            $0.buckets[bucket] += 1
            $0.sum += value
        }
    }
}
