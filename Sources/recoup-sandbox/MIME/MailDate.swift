import Foundation

/// Dates in mails, `Tue, 24 Nov 2026 14:00:00 +0000` (RFC 5322, 3.3), and how pages show them. Always UTC.
enum MailDate {
    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    private static var utc: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }

    /// `nil` when the text is no such date.
    static func parse(_ text: String) -> Date? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "\t" }.drop { Int($0) == nil }
        guard words.count >= 4, let day = Int(words[words.startIndex]), let year = Int(words[words.startIndex + 2]),
            let month = months.firstIndex(of: words[words.startIndex + 1].capitalized)
        else { return nil }
        let clock = words[words.startIndex + 3].split(separator: ":").compactMap { Int($0) }
        guard clock.count >= 2 else { return nil }
        let parts = DateComponents(
            year: year, month: month + 1, day: day, hour: clock[0], minute: clock[1],
            second: clock.count > 2 ? clock[2] : 0)
        let zone = words.count > 4 ? offset(words[words.startIndex + 4]) : 0
        return utc.date(from: parts)?.addingTimeInterval(Double(-zone))
    }

    /// Seconds east of UTC; unknown zone names count as UTC.
    private static func offset(_ zone: Substring) -> Int {
        guard zone.count == 5, let number = Int(zone) else { return 0 }
        return (number / 100) * 3_600 + (number % 100) * 60
    }

    /// `Tue 24 Nov 2026, 14:00`
    static func display(_ date: Date) -> String {
        let parts = utc.dateComponents([.weekday, .day, .month, .year, .hour, .minute], from: date)
        guard let weekday = parts.weekday, let day = parts.day, let month = parts.month, let year = parts.year else {
            return stamp(date)
        }
        return "\(weekdays[weekday - 1]) \(day) \(months[month - 1]) \(year), \(time(parts))"
    }

    private static func time(_ parts: DateComponents) -> String {
        [parts.hour, parts.minute].map { part in
            let digits = String(part ?? 0)
            return digits.count == 1 ? "0" + digits : digits
        }.joined(separator: ":")
    }

    /// RFC 3339 with milliseconds, for machines.
    static func stamp(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
