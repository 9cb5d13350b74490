import Foundation

/// A chart over a row of months: lines, or bars stacked on each other, with axes and labels.
struct Chart {
    struct Series {
        let name: String
        let colour: String
        let values: [Double?]
        /// Where the true value lies, drawn as a bracket.
        var intervals: [ClosedRange<Double>?] = []
        var isDashed = false
    }

    enum Kind { case lines, bars }

    let title: String
    let subtitle: String
    let kind: Kind
    /// Below the horizontal axis, one for each value.
    let labels: [String]
    let series: [Series]
    /// How a value of the vertical axis is written.
    let axis: (Double) -> String

    /// Colours that people with any sight tell apart (Okabe and Ito).
    static let colours = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"]

    private static let size = (width: 920.0, height: 440.0)
    private static let plot = (left: 78.0, top: 76.0, right: 730.0, bottom: 388.0)
    private static let ink = "#222222"
    private static let pale = "#d9d9d9"

    var svg: String {
        let scale = Scale(values: extremes)
        var parts = [
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.number(Self.size.width)) \
            \(Self.number(Self.size.height))" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="12" \
            fill="\(Self.ink)" role="img">
            """,
            "<title>\(Self.escaped(title))</title>",
            #"<rect width="100%" height="100%" fill="white"/>"#,
            #"<text x="20" y="30" font-size="18" font-weight="600">\#(Self.escaped(title))</text>"#,
            #"<text x="20" y="50" fill="dimgray">\#(Self.escaped(subtitle))</text>"#,
        ]
        for tick in scale.ticks {
            let y = height(tick, scale)
            parts.append(line(Self.plot.left, y, Self.plot.right, y, tick == 0 ? Self.ink : Self.pale))
            parts.append(text(axis(tick), Self.plot.left - 8, y + 4, "end"))
        }
        // A dozen labels have room; of more, every second or third is written, the last one always.
        let stride = (labels.count + 11) / 12
        for (index, label) in labels.enumerated() where (labels.count - 1 - index) % stride == 0 {
            parts.append(text(label, place(index), Self.plot.bottom + 20, "middle"))
        }
        parts += kind == .lines ? lines(scale) : bars(scale)
        parts += legend()
        return (parts + ["</svg>\n"]).joined(separator: "\n")
    }

    /// The least and the greatest height anything is drawn at.
    private var extremes: ClosedRange<Double> {
        var low = 0.0, high = 0.0
        for index in labels.indices {
            let values = series.map { $0.values[index] ?? 0 }
            let up = kind == .bars ? values.filter { $0 > 0 }.reduce(0, +) : values.max() ?? 0
            let down = kind == .bars ? values.filter { $0 < 0 }.reduce(0, +) : values.min() ?? 0
            let brackets = series.compactMap { $0.intervals.isEmpty ? nil : $0.intervals[index] }
            high = max(high, up, brackets.map(\.upperBound).max() ?? 0)
            low = min(low, down, brackets.map(\.lowerBound).min() ?? 0)
        }
        return low...high
    }

    private func lines(_ scale: Scale) -> [String] {
        series.flatMap { series -> [String] in
            var parts: [String] = []
            var run: [String] = []
            func draw() {
                if run.count > 1 {
                    let dash = series.isDashed ? #" stroke-dasharray="6 4""# : ""
                    parts.append(
                        """
                        <polyline points="\(run.joined(separator: " "))" fill="none" stroke="\(series.colour)" \
                        stroke-width="2.5" stroke-linejoin="round"\(dash)/>
                        """)
                }
                run = []
            }
            for (index, value) in series.values.enumerated() {
                // What is undefined is a gap, never a zero.
                guard let value else {
                    draw()
                    continue
                }
                let (x, y) = (place(index), height(value, scale))
                run.append("\(Self.number(x)),\(Self.number(y))")
                if !series.intervals.isEmpty, let bracket = series.intervals[index] {
                    let (top, bottom) = (height(bracket.upperBound, scale), height(bracket.lowerBound, scale))
                    parts.append(line(x, top, x, bottom, series.colour))
                    parts += [top, bottom].map { line(x - 5, $0, x + 5, $0, series.colour) }
                }
                parts.append(
                    #"<circle cx="\#(Self.number(x))" cy="\#(Self.number(y))" r="3.5" fill="\#(series.colour)"/>"#)
            }
            draw()
            return parts
        }
    }

    private func bars(_ scale: Scale) -> [String] {
        let width = (Self.plot.right - Self.plot.left) / Double(max(1, labels.count)) * 0.62
        return labels.indices.flatMap { index -> [String] in
            var (up, down) = (0.0, 0.0)
            return series.compactMap { series in
                guard let value = series.values[index], value != 0 else { return nil }
                let base = value > 0 ? up : down
                if value > 0 { up += value } else { down += value }
                let (from, to) = (height(base, scale), height(base + value, scale))
                return """
                    <rect x="\(Self.number(place(index) - width / 2))" y="\(Self.number(min(from, to)))" \
                    width="\(Self.number(width))" height="\(Self.number(abs(to - from)))" fill="\(series.colour)"/>
                    """
            }
        }
    }

    private func legend() -> [String] {
        series.enumerated().flatMap { index, series in
            let y = Self.plot.top + 10 + Double(index) * 24
            return [
                """
                <rect x="\(Self.number(Self.plot.right + 22))" y="\(Self.number(y - 10))" width="14" height="14" rx="2" \
                fill="\(series.colour)"/>
                """,
                text(series.name, Self.plot.right + 44, y + 2, "start"),
            ]
        }
    }

    private func place(_ index: Int) -> Double {
        let step = (Self.plot.right - Self.plot.left) / Double(max(1, labels.count))
        return Self.plot.left + (Double(index) + 0.5) * step
    }

    private func height(_ value: Double, _ scale: Scale) -> Double {
        let share = (value - scale.low) / (scale.high - scale.low)
        return Self.plot.bottom - share * (Self.plot.bottom - Self.plot.top)
    }

    private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String) -> String {
        """
        <line x1="\(Self.number(x1))" y1="\(Self.number(y1))" x2="\(Self.number(x2))" y2="\(Self.number(y2))" \
        stroke="\(colour)"/>
        """
    }

    private func text(_ text: String, _ x: Double, _ y: Double, _ anchor: String) -> String {
        #"<text x="\#(Self.number(x))" y="\#(Self.number(y))" text-anchor="\#(anchor)">\#(Self.escaped(text))</text>"#
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}

/// A vertical axis with round numbers on it.
struct Scale {
    let low: Double
    let high: Double
    let ticks: [Double]

    init(values: ClosedRange<Double>) {
        let span = max(values.upperBound - values.lowerBound, 1e-9)
        let rough = span / 6
        let power = pow(10, floor(log10(rough)))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
        let first = (values.lowerBound / step).rounded(.down)
        let last = max((values.upperBound / step).rounded(.up), first + 1)
        low = first * step
        high = last * step
        ticks = (Int(first)...Int(last)).map { Double($0) * step }
    }
}
