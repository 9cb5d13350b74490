/// Decimal digits and floor division, written out because dates and amounts are read and printed millions of times.
enum Digits {
    /// The number written by `bytes`; `nil` when empty, too large, or anything but ASCII digits.
    static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard !bytes.isEmpty, bytes.count <= 18 else { return nil }
        var value = 0
        for byte in bytes {
            guard isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    /// Appends `value` with at least `width` digits.
    static func append(_ value: UInt64, width: Int, to text: inout [UInt8]) {
        let start = text.count
        var rest = value
        repeat {
            text.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0 || text.count - start < width
        text[start...].reverse()
    }

    /// Division that rounds towards minus infinity, so that remainders are never negative.
    static func floorDivide<T: SignedInteger>(_ value: T, _ divisor: T) -> (quotient: T, remainder: T) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
