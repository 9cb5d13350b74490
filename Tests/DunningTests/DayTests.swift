import Dunning
import Foundation
import Testing

@Suite struct `A day` {
    @Test func `counts on from 1970 through every day of the calendar`() {
        var expected: Int32 = Day(year: 1, month: 1, day: 1)!.number
        #expect(expected == -719_162)
        for year in 1...2_500 {
            for month in 1...12 {
                for day in 1...31 {
                    guard let value = Day(year: year, month: month, day: day) else { continue }
                    if value.number != expected || value.parts != (year, month, day) {
                        Issue.record(
                            "\(year)-\(month)-\(day) became \(value) with number \(value.number), expected \(expected)")
                        return
                    }
                    expected += 1
                }
            }
        }
        #expect(Day("1970-01-01")?.number == 0)
        #expect(Day("2026-11-24")?.number == 20_781)
        #expect(Day("9999-12-31")?.number == 2_932_896)
    }

    @Test func `knows leap years`() {
        #expect(Day("2000-02-29") != nil)
        #expect(Day("2024-02-29") != nil)
        #expect(Day("1900-02-29") == nil)
        #expect(Day("2026-02-29") == nil)
        #expect(Day("2024-02-28")?.adding(2) == Day("2024-03-01"))
    }

    @Test(arguments: [
        "", "2026-1-01", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00", "0000-01-01", "20260101", "2026/01/01",
        "2026-01-01 ", "+026-01-01", "2026-01-0x", "２026-01-01", "10000-01-01",
    ])
    func `refuses what is no day`(text: String) {
        #expect(Day(text) == nil)
    }

    @Test func `falls on the right weekday`() {
        #expect(Day("1970-01-01")?.weekday == .thursday)
        #expect(Day("1969-12-31")?.weekday == .wednesday)
        #expect(Day("2026-11-24")?.weekday == .tuesday)
        #expect(Day("2024-02-29")?.weekday == .thursday)
        #expect(Day("0001-01-01")?.weekday == .monday)
    }

    @Test func `moves and measures alike`() {
        var generator = SplitMix(announcing: "day arithmetic")
        for _ in 0..<5_000 {
            let day = Day(number: Int32.random(in: -700_000...2_900_000, using: &generator))
            let count = Int.random(in: -10_000...10_000, using: &generator)
            #expect(day.distance(to: day.adding(count)) == count)
            #expect((day < day.adding(count)) == (count > 0))
            #expect(Day(day.description) == day)
        }
        #expect(Day(number: .max).adding(1) == Day(number: .max))
        #expect(Day(number: 0).adding(.min) == Day(number: .min))
    }

    @Test func `is written in JSON as ISO 8601 has it`() throws {
        let day = Day("2026-11-04")!
        #expect(String(decoding: try JSONEncoder().encode([day]), as: UTF8.self) == "[\"2026-11-04\"]")
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Day].self, from: Data("[\"2026-02-30\"]".utf8))
        }
    }
}

@Suite struct `An instant` {
    @Test func `reads RFC 3339 with any offset and precision`() {
        let moment = Instant(rfc3339: "2026-11-24T14:00:00Z")
        #expect(moment?.microseconds == 1_795_528_800_000_000)
        #expect(Instant(rfc3339: "2026-11-24t09:00:00-05:00") == moment)
        #expect(Instant(rfc3339: "2026-11-24T19:30:00.000+05:30") == moment)
        #expect(Instant(rfc3339: "2026-11-25T00:00:00+10:00") == moment)
        #expect(Instant(rfc3339: "1970-01-01T00:00:00.1234569Z")?.microseconds == 123_456)
        #expect(Instant(rfc3339: "1969-12-31T23:59:59.9z")?.microseconds == -100_000)
        #expect(Instant(rfc3339: "2016-12-31T23:59:60Z") == Instant(rfc3339: "2017-01-01T00:00:00Z"))
        #expect(Instant(rfc3339: "2016-12-31T18:59:60-05:00") == Instant(rfc3339: "2017-01-01T00:00:00Z"))
    }

    @Test(arguments: [
        "", "2026-11-24", "2026-11-24 14:00:00Z", "2026-11-24T14:00:00", "2026-11-24T24:00:00Z", "2026-11-24T14:60:00Z",
        "2026-11-24T14:00:60Z", "2026-11-24T14:00:61Z", "2026-11-24T14:00:00.Z", "2026-11-24T14:00:00+0500",
        "2026-11-24T14:00:00+24:00", "2026-11-24T14:00:00+05:60", "2026-11-24T14:00:00Z ", "2026-11-31T14:00:00Z",
        "2026-11-24T14:00:00ZZ", "2026-11-24T14:00Z", "2026-11-24T1４:00:00Z",
    ])
    func `refuses anything else`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func `is written with as many decimals as it needs`() {
        #expect(Instant(rfc3339: "2026-11-24T14:00:00Z")?.description == "2026-11-24T14:00:00Z")
        #expect(Instant(microseconds: 100_000).description == "1970-01-01T00:00:00.1Z")
        #expect(Instant(microseconds: -1).description == "1969-12-31T23:59:59.999999Z")
        #expect(Instant(microseconds: 1_000_001).description == "1970-01-01T00:00:01.000001Z")
        var generator = SplitMix(announcing: "instant round trip")
        for _ in 0..<5_000 {
            let instant = Instant(
                microseconds: Int64.random(in: -60_000_000_000_000_000...250_000_000_000_000_000, using: &generator))
            #expect(Instant(rfc3339: instant.description) == instant)
        }
        #expect(!Instant(microseconds: .min).description.isEmpty)
        #expect(!Instant(microseconds: .max).description.isEmpty)
    }

    @Test func `moves by whole units`() {
        let start = Instant(microseconds: 0)
        #expect(start.adding(days: 1).microseconds(since: start) == 86_400_000_000)
        #expect(start.adding(hours: -2) == start.adding(minutes: -120))
        #expect(start.adding(minutes: 3) == start.adding(seconds: 180))
    }
}
