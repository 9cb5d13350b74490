/// A wall-clock time in whole minutes, `00:00` to `24:00`; the last is the end of the day, for windows that never close
/// early.
package struct TimeOfDay: Hashable, Comparable, Sendable {
    /// Minutes since local midnight, 0 to 1,440.
    package let minutes: Int

    package var hour: Int { minutes / 60 }
    package var minute: Int { minutes % 60 }

    /// `nil` outside 0 to 1,440.
    package init?(minutes: Int) {
        guard (0...1_440).contains(minutes) else { return nil }
        self.minutes = minutes
    }

    /// Reads `HH:MM` with exactly two digits each.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let hour = Digits.number(bytes[0..<2]),
            let minute = Digits.number(bytes[3..<5]), minute < 60
        else { return nil }
        self.init(minutes: hour * 60 + minute)
    }

    package static func < (left: TimeOfDay, right: TimeOfDay) -> Bool {
        left.minutes < right.minutes
    }
}

extension TimeOfDay: CustomStringConvertible, Codable {
    package var description: String {
        var text = [UInt8]()
        Digits.append(UInt64(hour), width: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Digits.append(UInt64(minute), width: 2, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = TimeOfDay(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time written HH:MM")
        }
        self = time
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
