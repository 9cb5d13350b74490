import Foundation

/// When a step falls due: the first moment on or after a civil day that lies in the window, spread over customers.
package struct SendTime: Sendable {
    package let zone: Zone
    package let window: SendWindow
    package let calendar: BusinessCalendar
    /// Seconds after opening, stable per customer, so that a burst at nine becomes a stream until eleven.
    package let spreadSeconds: Int

    package init(_ facts: CaseFacts) {
        zone = facts.zone
        window = facts.brand.window
        calendar = facts.brand.calendar
        let length = (window.closes.minutes - window.opens.minutes) * 60
        spreadSeconds = Self.spread(facts.state.customer, over: min(120 * 60, length))
    }

    /// The first moment from `day` on, not before `now`. Today's slot gone by: now, while the window is open.
    package func moment(onOrAfter day: Day, notBefore now: Instant) -> Instant? {
        var from = max(day, zone.day(of: now))
        for _ in 0..<400 {
            guard let sendDay = window.sendDay(onOrAfter: from, calendar: calendar) else { return nil }
            let slot = zone.instant(on: sendDay, at: window.opens, plusSeconds: spreadSeconds)
            if slot >= now, window.isOpen(slot, zone: zone, calendar: calendar) { return slot }
            // The slot has gone by, or the clocks jump over it or show it twice: what is left of the window on that day.
            let left = max(now, zone.startOfDay(sendDay))
            if let opening = window.nextOpening(atOrAfter: left, zone: zone, calendar: calendar),
                zone.day(of: opening) == sendDay
            {
                return opening
            }
            from = sendDay.adding(1)
        }
        return nil
    }

    /// The slot on the last sending day on or before `day` (pre-due reminders move backward); nil when it has gone by.
    package func moment(onOrBefore day: Day, notBefore now: Instant) -> Instant? {
        guard let sendDay = window.sendDay(onOrBefore: day, calendar: calendar), sendDay >= zone.day(of: now) else {
            return nil
        }
        guard let moment = moment(onOrAfter: sendDay, notBefore: now), zone.day(of: moment) == sendDay else {
            return nil
        }
        return moment
    }

    /// The slot on the first sending day on or after `day`; nil when that day has gone by.
    package func moment(onFirstFrom day: Day, notBefore now: Instant) -> Instant? {
        guard let sendDay = window.sendDay(onOrAfter: day, calendar: calendar), sendDay >= zone.day(of: now),
            let moment = moment(onOrAfter: sendDay, notBefore: now), zone.day(of: moment) == sendDay
        else { return nil }
        return moment
    }

    /// FNV-1a over the id: the same customer has the same slot on every machine, and so has any other thing.
    static func spread<Kind>(_ id: ID<Kind>, over seconds: Int) -> Int {
        guard seconds > 0 else { return 0 }
        return Int(hash(id) % UInt64(seconds))
    }

    static func hash<Kind>(_ id: ID<Kind>) -> UInt64 {
        let u = id.uuid.uuid
        let bytes = [
            u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7, u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15,
        ]
        return bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
