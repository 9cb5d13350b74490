import Dunning
import Foundation
import Testing

@Suite struct `A zone` {
    static let places = [
        "America/New_York", "Europe/Berlin", "Australia/Sydney", "Asia/Kolkata", "Australia/Lord_Howe",
        "America/St_Johns",
        "Africa/Casablanca", "Pacific/Apia", "America/Sao_Paulo", "Europe/Dublin", "Asia/Kathmandu", "UTC",
    ]

    @Test func `shows the same day and time as Foundation's calendar`() {
        var generator = SplitMix(announcing: "zone against calendar")
        for identifier in Self.places {
            let zone = Zone(identifier)!
            var calendar = Foundation.Calendar(identifier: .gregorian)
            calendar.timeZone = TimeZone(identifier: identifier)!
            for _ in 0..<20_000 / Self.places.count + 1 {
                let seconds = Int64.random(in: -300_000_000...4_000_000_000, using: &generator)
                let instant = Instant(
                    microseconds: seconds * 1_000_000 + Int64.random(in: 0...999_999, using: &generator))
                let date = Date(timeIntervalSince1970: Double(seconds))
                let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
                let day = Day(year: parts.year!, month: parts.month!, day: parts.day!)
                let time = parts.hour! * 3_600 + parts.minute! * 60 + parts.second!
                if zone.day(of: instant) != day || zone.time(of: instant) != time {
                    Issue.record(
                        "\(instant) in \(identifier): \(zone.day(of: instant)) \(zone.time(of: instant)), not \(parts)")
                    return
                }
            }
        }
    }

    @Test func `finds the first instant that shows a time, or the first after a gap`() {
        var generator = SplitMix(announcing: "civil time to instant")
        for identifier in Self.places {
            let zone = Zone(identifier)!
            for _ in 0..<4_000 {
                let day = Day(number: Int32.random(in: 0...24_000, using: &generator))
                let time = TimeOfDay(minutes: Int.random(in: 0..<1_440, using: &generator))!
                check(zone, day, time)
            }
        }
    }

    @Test func `treats every minute around a change of clocks by that rule`() {
        let changes = [
            ("America/New_York", "2026-03-08"), ("America/New_York", "2026-11-01"), ("Europe/Berlin", "2026-03-29"),
            ("Europe/Berlin", "2026-10-25"), ("Australia/Sydney", "2026-10-04"), ("Australia/Sydney", "2026-04-05"),
            ("Australia/Lord_Howe", "2026-10-04"), ("Australia/Lord_Howe", "2026-04-05"),
            ("America/Sao_Paulo", "2018-11-04"),
            ("Pacific/Apia", "2011-12-30"), ("Asia/Kolkata", "2026-03-29"),
        ]
        for (identifier, text) in changes {
            let zone = Zone(identifier)!
            let day = Day(text)!
            for near in [day.adding(-1), day, day.adding(1)] {
                for minutes in 0..<1_440 { check(zone, near, TimeOfDay(minutes: minutes)!) }
            }
        }
    }

    /// The clock shows what was asked for and did not show it before; or the time was jumped over at exactly this
    /// instant.
    private func check(_ zone: Zone, _ day: Day, _ time: TimeOfDay) {
        let asked = Int64(day.number) * 86_400 + Int64(time.minutes) * 60
        func shown(_ instant: Instant) -> Int64 {
            Int64(zone.day(of: instant).number) * 86_400 + Int64(zone.time(of: instant))
        }
        let instant = zone.instant(on: day, at: time)
        if shown(instant) == asked {
            for minutes in [30, 60, 120, 180] where shown(instant.adding(minutes: -minutes)) == asked {
                Issue.record("\(day) \(time) in \(zone) was shown \(minutes) minutes before \(instant)")
            }
        } else if !(shown(instant) > asked && shown(instant.adding(seconds: -1)) < asked) {
            Issue.record("\(day) \(time) in \(zone) became \(instant), which shows \(shown(instant) - asked) s more")
        }
    }

    @Test(arguments: [
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-03-08", "03:00", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00Z"),
        ("America/New_York", "2026-11-24", "09:00", "2026-11-24T14:00:00Z"),
        ("Europe/Berlin", "2026-03-29", "02:15", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-10-25", "02:15", "2026-10-25T00:15:00Z"),
        ("Australia/Sydney", "2026-10-04", "02:59", "2026-10-03T16:00:00Z"),
        ("Australia/Sydney", "2026-04-05", "02:00", "2026-04-04T15:00:00Z"),
        ("Asia/Kolkata", "2026-07-01", "09:00", "2026-07-01T03:30:00Z"),
        ("Australia/Lord_Howe", "2026-10-04", "02:10", "2026-10-03T15:30:00Z"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45:00Z"),
        ("Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T10:00:00Z"),
    ])
    func `turns civil time into the instant of the rule`(
        identifier: String, day: String, time: String, expected: String
    ) {
        let instant = Zone(identifier)!.instant(on: Day(day)!, at: TimeOfDay(time)!)
        #expect(instant.description == expected)
    }

    @Test func `adds a spread on the clock's face`() {
        let zone = Zone("America/New_York")!
        let nine = TimeOfDay("09:00")!
        let instant = zone.instant(on: Day("2026-11-24")!, at: nine, plusSeconds: 5_025)
        #expect(instant.description == "2026-11-24T15:23:45Z")
        #expect(zone.time(of: instant) == 9 * 3_600 + 5_025)
    }

    @Test func `starts a day after midnight where midnight is skipped`() {
        let start = Zone("America/Sao_Paulo")!.startOfDay(Day("2018-11-04")!)
        #expect(start.description == "2018-11-04T03:00:00Z")
        #expect(Zone("America/Sao_Paulo")!.time(of: start) == 3_600)
        #expect(Zone("America/New_York")!.startOfDay(Day("2026-11-01")!).description == "2026-11-01T04:00:00Z")
    }

    @Test func `is named by the IANA database alone`() throws {
        for name in [
            "", "EST", "GMT+5", "+05:00", "Mars/Olympus", "america/new_york", "../etc/passwd", "posix/Europe/Berlin",
            "/",
        ] {
            #expect(Zone(name) == nil, "\(name)")
        }
        for name in ["UTC", "GMT", "Etc/UTC", "Asia/Calcutta", "US/Eastern", "America/Argentina/Buenos_Aires"] {
            #expect(Zone(name)?.identifier == name)
        }
        let json = try JSONEncoder().encode([Zone("UTC")!])
        #expect(try JSONDecoder().decode([Zone].self, from: json) == [Zone("UTC")!])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Zone].self, from: Data("[\"EST\"]".utf8)) }
    }
}
