/// Reads the pieces of a date or time text from left to right; every step answers `nil` or `false` when the text is
/// otherwise.
struct DateReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    /// Takes one ASCII character when it is next.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let next = rest.first, UInt32(next) == character.value else { return false }
        rest.removeFirst()
        return true
    }

    /// Takes a number of `width` digits.
    mutating func number(_ width: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while count < width.upperBound, let byte = rest.first, (48...57).contains(byte) {
            value = value * 10 + Int(byte - 48)
            count += 1
            rest.removeFirst()
        }
        return count >= width.lowerBound ? value : nil
    }

    /// `2026-11-24`; the era follows only at the end of the text, see ``endsBeforeChrist()``.
    mutating func yearMonthDay() -> (year: Int, month: Int, day: Int)? {
        guard let year = number(4...6), take("-"), let month = number(2...2), take("-"), let day = number(2...2) else {
            return nil
        }
        return (year, month, day)
    }

    /// `14:00:00.123456` as microseconds since midnight.
    mutating func microsecondsOfDay() -> Int? {
        guard let hour = number(2...2), hour < 24, take(":"), let minute = number(2...2), minute < 60, take(":"),
            let second = number(2...2), second < 60
        else { return nil }
        var fraction = 0
        if take(".") {
            var digits = 0
            while digits < 6, let digit = number(1...1) {
                fraction = fraction * 10 + digit
                digits += 1
            }
            guard digits > 0 else { return nil }
            while digits < 6 {
                fraction *= 10
                digits += 1
            }
        }
        return ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
    }

    /// `+00`, `-08`, `+05:30`, or with seconds as local mean times had them: seconds east of Greenwich.
    mutating func offsetSeconds() -> Int? {
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(2...2) else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] where take(":") {
            guard let part = number(2...2), part < 60 else { return nil }
            seconds += part * unit
        }
        return isWest ? -seconds : seconds
    }

    /// Whether ` BC` is next, which is then taken.
    mutating func endsBeforeChrist() -> Bool {
        guard rest.elementsEqual(" BC".utf8) else { return false }
        rest.removeFirst(3)
        return true
    }
}

extension CivilDay {
    /// From the year as PostgreSQL writes it; `nil` for year 0 and for days that do not exist.
    init?(_ parts: (year: Int, month: Int, day: Int), beforeChrist: Bool) {
        guard parts.year > 0 else { return nil }
        self.init(year: beforeChrist ? 1 - parts.year : parts.year, month: parts.month, day: parts.day)
    }
}
