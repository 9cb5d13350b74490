/// A row of values as a row of blocks; a dot where there is none.
enum Sparkline {
    private static let blocks = Array("▁▂▃▄▅▆▇█")

    static func text(_ values: [Double?]) -> String {
        let known = values.compactMap { $0 }
        guard let low = known.min(), let high = known.max() else { return String(values.map { _ in "·" }) }
        return String(
            values.map { value -> Character in
                guard let value else { return "·" }
                guard high > low else { return blocks[blocks.count / 2] }
                let share = (value - low) / (high - low)
                return blocks[min(blocks.count - 1, Int(share * Double(blocks.count)))]
            })
    }
}
