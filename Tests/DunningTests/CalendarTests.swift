import Dunning
import Testing

@Suite struct `A business calendar` {
    /// The days off that the Office of Personnel Management published for each year (observed days, not the holidays
    /// themselves); New Year's Day of 2022 and of 2028 are observed in the year before.
    static let published: [Int: String] = [
        2020: "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25",
        2021: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
        2022: "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26",
        2023: "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
        2024: "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
        2025: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
        2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
        2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    ]

    @Test(arguments: 2020...2027)
    func `takes the weekdays off that the federal government takes off`(year: Int) {
        let january = Day(year: year, month: 1, day: 1)!
        let next = Day(year: year + 1, month: 1, day: 1)!
        let off = (january..<next).filter { BusinessCalendar.usFederal.isHoliday($0) && $0.weekday < .saturday }
        #expect(off.map { String($0.description.dropFirst(5)) }.joined(separator: " ") == Self.published[year])
    }

    @Test func `keeps the holiday itself when it is observed on another day`() {
        #expect(BusinessCalendar.usFederal.isHoliday(Day("2026-07-04")!))
        #expect(BusinessCalendar.usFederal.isHoliday(Day("2026-07-03")!))
        #expect(!BusinessCalendar.usFederal.isHoliday(Day("2026-07-06")!))
        #expect(!BusinessCalendar.usFederal.isHoliday(Day("2020-06-19")!))
    }

    @Test func `adds the days of its own to those of the rule`() {
        let day = Day("2026-11-27")!
        let calendar = BusinessCalendar(rule: .usFederal, holidays: [day])
        #expect(calendar.isHoliday(day))
        #expect(calendar.isHoliday(Day("2026-11-26")!))
        #expect(!BusinessCalendar.usFederal.isHoliday(day))
        #expect(!BusinessCalendar.none.isHoliday(Day("2026-12-25")!))
        #expect(BusinessCalendar(holidays: [day]).isHoliday(day))
    }
}
