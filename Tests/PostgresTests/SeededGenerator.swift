/// SplitMix64: the same numbers for the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension SeededGenerator {
    /// Text with everything that quoting has to survive.
    mutating func text() -> String {
        let pieces = [
            "", "a", "NULL", "null", "{", "}", ",", "\"", "\\", "'", " ", "\t", "\n", "\r\n", "$1", "ß", "日本", "👩‍👧",
            "e\u{301}",
            "--", ";", "[0:1]=", "\u{1}", "x y", "%s",
        ]
        return (0..<Int.random(in: 0...6, using: &self)).map { _ in pieces.randomElement(using: &self) ?? "" }.joined()
    }

    mutating func list<Element>(_ element: (inout SeededGenerator) -> Element) -> [Element] {
        (0..<Int.random(in: 0...5, using: &self)).map { _ in element(&self) }
    }

    /// A number of any size: as many small ones as large ones.
    mutating func integer<T: FixedWidthInteger & SignedInteger>(_ type: T.Type) -> T {
        T.random(in: .min ... .max, using: &self) >> T(Int.random(in: 0..<T.bitWidth, using: &self))
    }
}
