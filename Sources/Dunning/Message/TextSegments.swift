/// How a text message travels: in which alphabet, and in how many parts it is sent and paid for (3GPP TS 23.038, 23.040).
///
/// Both alphabets are walked unit by unit: a character of two units is never split over two parts, so the count can be
/// higher than a division says.
package struct TextSegments: Hashable, Sendable {
    package enum Encoding: String, Hashable, Sendable {
        /// 160 septets in one part, 153 in each of several.
        case gsm7
        /// 70 UTF-16 units in one part, 67 in each of several.
        case ucs2

        var single: Int { self == .gsm7 ? 160 : 70 }
        var part: Int { self == .gsm7 ? 153 : 67 }
    }

    package let encoding: Encoding
    /// Septets or UTF-16 units.
    package let units: Int
    /// Parts sent; an empty text is one.
    package let count: Int

    package init(_ text: String) {
        let widths = Self.septets(of: text)
        let encoding: Encoding = widths == nil ? .ucs2 : .gsm7
        let walk = widths ?? text.unicodeScalars.map { UTF16.width($0) }
        self.encoding = encoding
        units = walk.reduce(0, +)
        guard units > encoding.single else {
            count = 1
            return
        }
        var (parts, filled) = (1, 0)
        for width in walk {
            if filled + width > encoding.part {
                parts += 1
                filled = 0
            }
            filled += width
        }
        count = parts
    }

    /// The width of each character in septets; `nil` when one of them is not in the alphabet.
    private static func septets(of text: String) -> [Int]? {
        var widths: [Int] = []
        for scalar in text.unicodeScalars {
            if basic.contains(scalar) {
                widths.append(1)
            } else if extended.contains(scalar) {
                widths.append(2)
            } else {
                return nil
            }
        }
        return widths
    }

    private static let basic = Set(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)
    /// Reached through the escape character.
    private static let extended = Set("^{}\\[~]|€\u{0C}".unicodeScalars)
}
