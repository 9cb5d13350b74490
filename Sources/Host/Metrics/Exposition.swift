extension Family {
    /// This family in Prometheus' text exposition format 0.0.4.
    var exposition: String {
        var text = "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
        for (values, series) in sorted {
            switch kind {
            case .counter, .gauge:
                text += "\(name)\(labelled(values)) \(Self.number(series.value))\n"
            case .histogram:
                text += histogram(values, series)
            }
        }
        return text
    }

    /// Buckets are cumulated here: each counts everything at or below its bound.
    private func histogram(_ values: [String], _ series: Series) -> String {
        var text = ""
        var total: UInt64 = 0
        for (bound, count) in zip(bounds + [.infinity], series.buckets) {
            total += count
            text += "\(name)_bucket\(labelled(values, bound: bound)) \(total)\n"
        }
        text += "\(name)_sum\(labelled(values)) \(Self.number(series.sum))\n"
        return text + "\(name)_count\(labelled(values)) \(total)\n"
    }

    private func labelled(_ values: [String], bound: Double? = nil) -> String {
        var pairs = zip(labels, values).map { "\($0)=\"\(Self.escaped($1, quotes: true))\"" }
        if let bound { pairs.append("le=\"\(Self.number(bound))\"") }
        return pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if let whole = Int64(exactly: value) { return "\(whole)" }
        return "\(value)"
    }
}
