import Foundation

/// A time zone of the IANA database, and the rule that turns civil time into instants.
///
/// Where clocks go forward, a missing local time is the first valid instant after it; where they go back, a doubled
/// local time is the first of the two. Foundation is asked for offsets only: its calendar is ten times slower.
package struct Zone: Sendable {
    package let identifier: String
    private let zone: TimeZone

    /// `nil` for anything but `Area/Place` (links included), `UTC` or `GMT`; abbreviations and bare offsets name no
    /// place.
    package init?(_ identifier: String) {
        guard identifier == "UTC" || identifier == "GMT" || identifier.utf8.contains(UInt8(ascii: "/")),
            let zone = TimeZone(identifier: identifier)
        else { return nil }
        self.identifier = identifier
        self.zone = zone
    }

    /// The civil day on which `instant` falls here.
    package func day(of instant: Instant) -> Day {
        Day(number: Int32(clamping: local(instant).quotient))
    }

    /// What the wall clock shows at `instant`, in seconds since local midnight, 0 to 86,399.
    package func time(of instant: Instant) -> Int {
        Int(local(instant).remainder)
    }

    /// When the wall clock of `day` shows `time`, plus `plusSeconds` on the clock's face (a stable spread, for
    /// example).
    package func instant(on day: Day, at time: TimeOfDay, plusSeconds: Int = 0) -> Instant {
        let seconds = instant(showing: Int64(day.number) * 86_400 + Int64(time.minutes * 60 + plusSeconds))
        return Instant(microseconds: seconds * 1_000_000)
    }

    /// The first instant of `day`; not always midnight, since some zones move their clocks then.
    package func startOfDay(_ day: Day) -> Instant {
        Instant(microseconds: instant(showing: Int64(day.number) * 86_400) * 1_000_000)
    }

    /// `shown` and the result are seconds since 1970, one on the wall clock, the other in UTC.
    private func instant(showing shown: Int64) -> Int64 {
        // No zone was ever more than 15 hours 14 minutes from Greenwich, so the answer lies between these two.
        let reach: Int64 = 55_800
        let before = offset(at: shown - reach)
        let after = offset(at: shown + reach)
        let earlier = shown - before
        if before == after || offset(at: earlier) == before { return earlier }
        let later = shown - after
        if offset(at: later) == after { return later }
        // In the gap: search the moment at which the clocks were moved.
        var (old, new) = (later, earlier)
        while new - old > 1 {
            let middle = old + (new - old) / 2
            if offset(at: middle) == before { old = middle } else { new = middle }
        }
        return new
    }

    private func local(_ instant: Instant) -> (quotient: Int64, remainder: Int64) {
        let seconds = Digits.floorDivide(instant.microseconds, 1_000_000).quotient
        return Digits.floorDivide(seconds + offset(at: seconds), 86_400)
    }

    /// Seconds east of Greenwich.
    private func offset(at seconds: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }
}

extension Zone: Hashable {
    package static func == (left: Zone, right: Zone) -> Bool {
        left.identifier == right.identifier
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(identifier)
    }
}

extension Zone: CustomStringConvertible, Codable {
    package var description: String { identifier }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let zone = Zone(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a time zone of the IANA database")
        }
        self = zone
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(identifier)
    }
}
