/// Bootstring with the parameters of RFC 3492 section 5: how a label of Unicode letters is written in ASCII.
enum Punycode {
    private static let base: UInt32 = 36
    private static let smallest: UInt32 = 1
    private static let largest: UInt32 = 26

    /// The label without its `xn--`; `nil` when it is too long to be one (the work is quadratic in its length).
    static func encode(_ label: String.UnicodeScalarView) -> String? {
        let points = label.map(\.value)
        guard points.count <= 63 else { return nil }
        var output = points.filter { $0 < 0x80 }.map { UInt8($0) }
        let basic = output.count
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var (code, delta, bias, handled): (UInt32, UInt32, UInt32, Int) = (0x80, 0, 72, basic)
        while handled < points.count {
            // Some point is left, since fewer are handled than there are.
            let next = points.filter { $0 >= code }.min()!
            // 63 points below 0x110000 keep delta under 2^27: it cannot overflow.
            delta += (next - code) * UInt32(handled + 1)
            code = next
            for point in points {
                if point < code { delta += 1 }
                guard point == code else { continue }
                append(delta, bias: bias, to: &output)
                bias = adapt(delta, count: UInt32(handled + 1), isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            code += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Writes one delta as a generalised variable-length integer (section 3.3).
    private static func append(_ delta: UInt32, bias: UInt32, to output: inout [UInt8]) {
        var rest = delta
        var position = base
        while true {
            let threshold = position <= bias ? smallest : min(position - bias, largest)
            guard rest >= threshold else { break }
            output.append(letter(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            position += base
        }
        output.append(letter(rest))
    }

    /// Section 6.1.
    private static func adapt(_ delta: UInt32, count: UInt32, isFirst: Bool) -> UInt32 {
        var rest = isFirst ? delta / 700 : delta / 2
        rest += rest / count
        var steps: UInt32 = 0
        while rest > (base - smallest) * largest / 2 {
            rest /= base - smallest
            steps += base
        }
        return steps + (base - smallest + 1) * rest / (rest + 38)
    }

    private static func letter(_ digit: UInt32) -> UInt8 {
        digit < 26 ? UInt8(ascii: "a") + UInt8(digit) : UInt8(ascii: "0") + UInt8(digit - 26)
    }
}
