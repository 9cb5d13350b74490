/// When a contact may be written to, on the wall clock of the contact's zone: some weekdays, from `opens` until just
/// before `closes`.
package struct SendWindow: Hashable, Sendable {
    package let weekdays: Set<Weekday>
    package let opens: TimeOfDay
    package let closes: TimeOfDay

    /// How far ahead an opening is looked for; a calendar that closes longer than that has none.
    private static let horizon = 400

    /// `nil` when there is no weekday, or the window does not close after it opens (it cannot span midnight).
    package init?(weekdays: Set<Weekday>, opens: TimeOfDay, closes: TimeOfDay) {
        guard !weekdays.isEmpty, opens < closes else { return nil }
        self.weekdays = weekdays
        self.opens = opens
        self.closes = closes
    }

    private init(standardFrom opens: TimeOfDay, until closes: TimeOfDay) {
        weekdays = [.monday, .tuesday, .wednesday, .thursday, .friday]
        self.opens = opens
        self.closes = closes
    }

    /// Monday to Friday, 09:00 to 18:00. Both times are literals within the range of ``TimeOfDay``.
    package static let standard = SendWindow(
        standardFrom: TimeOfDay(minutes: 9 * 60)!, until: TimeOfDay(minutes: 18 * 60)!)

    package func isOpen(_ instant: Instant, zone: Zone, calendar: BusinessCalendar) -> Bool {
        isSendDay(zone.day(of: instant), calendar: calendar) && isWithin(zone.time(of: instant))
    }

    /// The instant itself when the window is open, else the next opening; `nil` when there is none within 400 days.
    package func nextOpening(atOrAfter instant: Instant, zone: Zone, calendar: BusinessCalendar) -> Instant? {
        let today = zone.day(of: instant)
        if isSendDay(today, calendar: calendar) {
            let time = zone.time(of: instant)
            if isWithin(time) { return instant }
            if time < opens.minutes * 60, let opening = opening(on: today, zone: zone) {
                // In a doubled hour the opening may have passed already, while the clock says it is still to come.
                return opening >= instant ? opening : instant.startOfSecond.adding(seconds: opens.minutes * 60 - time)
            }
        }
        var day = today.adding(1)
        for _ in 0..<Self.horizon {
            guard let next = sendDay(onOrAfter: day, calendar: calendar), today.distance(to: next) <= Self.horizon
            else {
                return nil
            }
            if let opening = opening(on: next, zone: zone) { return opening }
            day = next.adding(1)
        }
        return nil
    }

    /// The first day from `day` on that is one of the weekdays and no holiday; `nil` when there is none within 400
    /// days.
    package func sendDay(onOrAfter day: Day, calendar: BusinessCalendar) -> Day? {
        sendDay(from: day, step: 1, calendar: calendar)
    }

    /// The last day up to `day` that is one of the weekdays and no holiday; `nil` when there is none within 400 days.
    package func sendDay(onOrBefore day: Day, calendar: BusinessCalendar) -> Day? {
        sendDay(from: day, step: -1, calendar: calendar)
    }

    private func sendDay(from day: Day, step: Int, calendar: BusinessCalendar) -> Day? {
        var candidate = day
        for _ in 0...Self.horizon {
            if isSendDay(candidate, calendar: calendar) { return candidate }
            candidate = candidate.adding(step)
        }
        return nil
    }

    private func isSendDay(_ day: Day, calendar: BusinessCalendar) -> Bool {
        weekdays.contains(day.weekday) && !calendar.isHoliday(day)
    }

    private func isWithin(_ seconds: Int) -> Bool {
        seconds >= opens.minutes * 60 && seconds < closes.minutes * 60
    }

    /// `nil` when the clocks jump over the whole window of that day.
    private func opening(on day: Day, zone: Zone) -> Instant? {
        let instant = zone.instant(on: day, at: opens)
        return zone.day(of: instant) == day && isWithin(zone.time(of: instant)) ? instant : nil
    }
}

extension SendWindow: Codable {
    private enum CodingKeys: CodingKey {
        case weekdays, opens, closes
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let window = SendWindow(
            weekdays: Set(try container.decode([Weekday].self, forKey: .weekdays)),
            opens: try container.decode(TimeOfDay.self, forKey: .opens),
            closes: try container.decode(TimeOfDay.self, forKey: .closes))
        guard let window else {
            throw DecodingError.dataCorruptedError(
                forKey: .closes, in: container,
                debugDescription: "a window needs a weekday and must close after it opens")
        }
        self = window
    }

    /// Weekdays are written in order, so that equal windows are equal text.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(weekdays.sorted(), forKey: .weekdays)
        try container.encode(opens, forKey: .opens)
        try container.encode(closes, forKey: .closes)
    }
}
