/// The Date header (RFC 5322 section 3.3), always in UTC.
enum MailDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    /// 0001-01-01 and 10000-01-01.
    private static let seconds: Range<Int64> = -62_135_596_800..<253_402_300_800

    /// - Parameter microseconds: since 1970-01-01T00:00Z.
    static func text(_ microseconds: Int64) throws(MIMEError) -> String {
        let time = Self.floor(microseconds, 1_000_000)
        guard seconds.contains(time) else { throw .date }
        let day = Self.floor(time, 86_400), second = Int(time - day * 86_400)
        let (year, month, date) = civil(Int(day))
        let weekday = days[Int(day - Self.floor(day, 7) * 7)]
        let clock = [second / 3_600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(weekday), \(padded(date, 2)) \(months[month - 1]) \(padded(year, 4)) \(clock) +0000"
    }

    private static func floor(_ number: Int64, _ by: Int64) -> Int64 {
        number / by - (number % by < 0 ? 1 : 0)
    }

    /// Counts years from March, so that the leap day is the last of its year and months follow one formula.
    private static func civil(_ day: Int) -> (year: Int, month: Int, date: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let inEra = shifted - era * 146_097
        let year = (inEra - inEra / 1_460 + inEra / 36_524 - inEra / 146_096) / 365
        let inYear = inEra - (365 * year + year / 4 - year / 100)
        let fromMarch = (5 * inYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (year + era * 400 + (month <= 2 ? 1 : 0), month, inYear - (153 * fromMarch + 2) / 5 + 1)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
