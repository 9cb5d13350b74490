import Dunning
import Foundation
import Testing

@Suite struct `A send window` {
    private let window = SendWindow.standard
    private let newYork = Zone("America/New_York")!

    private func at(_ text: String) -> Instant { Instant(rfc3339: text)! }

    private func window(_ opens: String, _ closes: String, _ weekdays: Set<Weekday> = Set(Weekday.allCases))
        -> SendWindow
    {
        SendWindow(weekdays: weekdays, opens: TimeOfDay(opens)!, closes: TimeOfDay(closes)!)!
    }

    private func next(
        _ text: String, _ window: SendWindow? = nil, zone: Zone? = nil, _ calendar: BusinessCalendar = .none
    ) -> String? {
        (window ?? self.window).nextOpening(atOrAfter: at(text), zone: zone ?? newYork, calendar: calendar)?.description
    }

    @Test func `is open from nine until just before six`() {
        #expect(!window.isOpen(at("2026-11-24T13:59:59.999999Z"), zone: newYork, calendar: .none))
        #expect(window.isOpen(at("2026-11-24T14:00:00Z"), zone: newYork, calendar: .none))
        #expect(window.isOpen(at("2026-11-24T22:59:59Z"), zone: newYork, calendar: .none))
        #expect(!window.isOpen(at("2026-11-24T23:00:00Z"), zone: newYork, calendar: .none))
        #expect(!window.isOpen(at("2026-11-22T16:00:00Z"), zone: newYork, calendar: .none))
    }

    @Test func `opens at the instant itself, later that day, or on the next send day`() {
        #expect(next("2026-11-24T15:00:00.5Z") == "2026-11-24T15:00:00.5Z")
        #expect(next("2026-11-24T10:00:00Z") == "2026-11-24T14:00:00Z")
        #expect(next("2026-11-24T23:00:00Z") == "2026-11-25T14:00:00Z")
        #expect(next("2026-11-20T23:00:00Z") == "2026-11-23T14:00:00Z")
        // Thanksgiving is a Thursday; Friday is not a holiday.
        #expect(next("2026-11-25T23:00:00Z", nil, zone: newYork, .usFederal) == "2026-11-27T14:00:00Z")
        // Over the end of summer time.
        #expect(next("2026-10-30T22:30:00Z") == "2026-11-02T14:00:00Z")
    }

    @Test func `skips a day whose window falls into the gap`() {
        #expect(next("2026-03-08T05:00:00Z", window("02:10", "02:50")) == "2026-03-09T06:10:00Z")
        #expect(next("2026-03-08T05:00:00Z", window("02:30", "04:00")) == "2026-03-08T07:00:00Z")
    }

    @Test func `waits on the clock's face in a doubled hour`() {
        // 01:15 for the second time: the window of 01:30 opened an hour ago, closed at two, and is about to open again.
        #expect(next("2026-11-01T06:15:00Z", window("01:30", "02:00")) == "2026-11-01T06:30:00Z")
        #expect(next("2026-11-01T05:15:00Z", window("01:30", "02:00")) == "2026-11-01T05:30:00Z")
        // Whoever asks within a second hears of the same moment as who asks at its beginning.
        #expect(next("2026-11-01T06:29:59.402024Z", window("01:30", "02:00")) == "2026-11-01T06:30:00Z")
    }

    @Test func `never opens when the calendar never ends`() {
        let days = (0...500).map { Day("2026-01-01")!.adding($0) }
        let closed = BusinessCalendar(holidays: Set(days))
        #expect(next("2026-01-01T12:00:00Z", nil, zone: newYork, closed) == nil)
        #expect(window.sendDay(onOrAfter: Day("2026-01-01")!, calendar: closed) == nil)
        #expect(window.sendDay(onOrBefore: Day("2027-05-01")!, calendar: closed) == nil)
    }

    @Test func `moves a day forward or backward to a send day`() {
        #expect(window.sendDay(onOrAfter: Day("2026-11-21")!, calendar: .none) == Day("2026-11-23"))
        #expect(window.sendDay(onOrBefore: Day("2026-11-22")!, calendar: .none) == Day("2026-11-20"))
        #expect(window.sendDay(onOrAfter: Day("2026-07-03")!, calendar: .usFederal) == Day("2026-07-06"))
        #expect(window.sendDay(onOrBefore: Day("2026-07-05")!, calendar: .usFederal) == Day("2026-07-02"))
        #expect(window.sendDay(onOrAfter: Day("2026-11-24")!, calendar: .usFederal) == Day("2026-11-24"))
    }

    @Test func `has an opening that is open, not before, and with nothing open between`() {
        var generator = SplitMix(announcing: "next opening")
        let zones = ["America/New_York", "Europe/Berlin", "Australia/Sydney", "Asia/Kolkata", "Australia/Lord_Howe"].map
        { Zone($0)! }
        for _ in 0..<5_000 {
            let zone = zones.randomElement(using: &generator)!
            let opens = Int.random(in: 0..<1_400, using: &generator)
            let window = SendWindow(
                weekdays: Set(Weekday.allCases.filter { _ in Bool.random(using: &generator) } + [.tuesday]),
                opens: TimeOfDay(minutes: opens)!,
                closes: TimeOfDay(minutes: Int.random(in: opens + 1...1_440, using: &generator))!)!
            let start = Instant(
                microseconds: Int64.random(in: 1_700_000_000...1_900_000_000, using: &generator) * 1_000_000)
            guard let opening = window.nextOpening(atOrAfter: start, zone: zone, calendar: .usFederal) else {
                Issue.record("no opening after \(start) in \(zone) for \(window)")
                return
            }
            #expect(opening >= start)
            #expect(window.isOpen(opening, zone: zone, calendar: .usFederal), "\(start) \(zone) \(window)")
            #expect(window.nextOpening(atOrAfter: opening, zone: zone, calendar: .usFederal) == opening)
            let between = opening.microseconds(since: start) / 1_000_000
            for _ in 0..<5 where between > 1 {
                let moment = start.adding(seconds: Int(Int64.random(in: 0..<between, using: &generator)))
                if window.isOpen(moment, zone: zone, calendar: .usFederal) {
                    Issue.record("open at \(moment), but \(start) was sent to \(opening) in \(zone) for \(window)")
                }
            }
        }
    }

    @Test func `needs a weekday and an end after its beginning`() throws {
        let nine = TimeOfDay("09:00")!
        #expect(SendWindow(weekdays: [], opens: nine, closes: TimeOfDay("18:00")!) == nil)
        #expect(SendWindow(weekdays: [.monday], opens: nine, closes: nine) == nil)
        #expect(SendWindow(weekdays: [.monday], opens: nine, closes: TimeOfDay("08:00")!) == nil)
        let round = window("00:00", "24:00")
        #expect(round.isOpen(at("2026-11-24T04:59:59Z"), zone: newYork, calendar: .none))
    }

    @Test func `is plain JSON`() throws {
        let json = String(decoding: try JSONEncoder().encode([window]), as: UTF8.self)
        #expect(json.contains("\"weekdays\":[1,2,3,4,5]"))
        #expect(json.contains("\"opens\":\"09:00\""))
        #expect(try JSONDecoder().decode([SendWindow].self, from: Data(json.utf8)) == [window])
        let wrong = json.replacingOccurrences(of: "18:00", with: "08:00")
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([SendWindow].self, from: Data(wrong.utf8)) }
    }

    @Test(arguments: ["", "9:00", "09:60", "24:01", "25:00", "09-00", "09:0", "0900", "ab:cd"])
    func `knows no other times than those of a clock`(text: String) {
        #expect(TimeOfDay(text) == nil)
        #expect(TimeOfDay("24:00")?.minutes == 1_440)
        #expect(TimeOfDay("09:05")?.description == "09:05")
    }
}
