/// A `timestamptz`: an instant with PostgreSQL's own precision.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01T00:00Z, leap seconds not counted; negative before.
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }
}

extension Timestamp: PostgresValue {
    /// Reads `2026-11-24 14:00:00.123456+00` with any offset, since the session's zone is the server's affair.
    ///
    /// `infinity` and instants after the year 294246 are refused; they do not fit.
    package init(postgresText text: String) throws(PostgresError) {
        var reader = DateReader(text)
        guard let parts = reader.yearMonthDay(), reader.take(" "), let time = reader.microsecondsOfDay(),
            let offset = reader.offsetSeconds()
        else { throw .undecodable("timestamptz") }
        let beforeChrist = reader.endsBeforeChrist()
        guard reader.isAtEnd, let day = CivilDay(parts, beforeChrist: beforeChrist) else {
            throw .undecodable("timestamptz")
        }
        let midnight = Int64(day.daysSince1970).multipliedReportingOverflow(by: Self.perDay)
        let instant = midnight.partialValue.addingReportingOverflow(Int64(time - offset * 1_000_000))
        guard !midnight.overflow, !instant.overflow else { throw .undecodable("timestamptz") }
        self.init(microseconds: instant.partialValue)
    }

    /// Written in UTC.
    package var postgresText: String {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: Self.perDay)
        let days = remainder < 0 ? quotient - 1 : quotient
        let time = Int(remainder < 0 ? remainder + Self.perDay : remainder)
        let day = CivilDay(daysSince1970: Int(days))
        let (seconds, fraction) = time.quotientAndRemainder(dividingBy: 1_000_000)
        let clock =
            "\(padded(seconds / 3600, to: 2)):\(padded(seconds / 60 % 60, to: 2)):\(padded(seconds % 60, to: 2))"
        let decimals = fraction == 0 ? "" : ".\(padded(fraction, to: 6))"
        return "\(day.digits) \(clock)\(decimals)+00\(day.eraSuffix)"
    }

    private static let perDay: Int64 = 86_400_000_000
}
