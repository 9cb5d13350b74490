import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Edge cases of zones, clocks and calendars (`reference/dunning.md` 3.6), each told to its end.
@Suite(.database) struct `Edge cases of the calendar` {
    private static let now = TestTenant.now
    private static let today = TestTenant.today

    private static func everyDay(_ opens: String, _ closes: String) throws -> SendWindow {
        let (first, last) = (try #require(TimeOfDay(opens)), try #require(TimeOfDay(closes)))
        return try #require(SendWindow(weekdays: Set(Weekday.allCases), opens: first, closes: last))
    }

    @Test func `row zone and clocks: a missing hour, a doubled hour, and each has one letter`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        // On 14 March 2027 clocks in New York go from two to three; day 3 after the 11th is that day.
        let missing = try Self.everyDay("02:30", "12:00")
        try await tenant.changeBrand { $0.window = .to(missing) }
        let spring = try await tenant.customer("Spring")
        try await tenant.invoice(of: spring, due: Day("2027-03-11"), at: Self.now)
        let first = try await tenant.nextDue(of: spring)
        #expect(TestTenant.zone.day(of: first) == Day("2027-03-14"))
        #expect(TestTenant.zone.time(of: first) >= 3 * 3_600)
        #expect(try await courier.deliver(at: first).count == 1)
        try await tenant.pay(spring, 100_00, at: first.adding(hours: 2))
        // On 7 November 2027 they show the hour from one to two twice.
        let doubled = try Self.everyDay("01:00", "02:00")
        try await tenant.changeBrand(at: first.adding(hours: 3)) { $0.window = .to(doubled) }
        let autumn = try await tenant.customer("Autumn")
        try await tenant.invoice(of: autumn, due: Day("2027-11-04"), at: first.adding(hours: 4))
        let second = try await tenant.nextDue(of: autumn)
        #expect(TestTenant.zone.day(of: second) == Day("2027-11-07"))
        let again = try #require(Instant(rfc3339: "2027-11-07T06:00:00Z"))
        #expect(second < again)
        #expect(try await courier.deliver(at: second).count == 1)
        #expect(try await courier.deliver(at: second.adding(hours: 1)).isEmpty)
        #expect(try await tenant.letters(to: autumn).count == 1)
    }

    @Test func `row zone and clocks: who moves from Sydney to New York has one day twice and one letter in it`()
        async throws
    {
        // Two letters on the same day of the ladder, and no distance but the contact cap's.
        let story = try await WorkflowStory(
            """
            name: Quick
            gap: 0
            limits: {max_contacts: 5}
            steps:
              - {key: one, kind: email, template: Friendly reminder, after_due: 3}
              - {key: two, kind: email, template: Friendly reminder, after_due: 3}
            """)
        let (tenant, courier) = (story.tenant, story.courier)
        let customer = try await tenant.customer(zone: Zone("Australia/Sydney"))
        try await tenant.invoice(of: customer, overdueBy: 10)
        // Wednesday morning in Sydney; in New York it is still Tuesday evening.
        let morning = try await tenant.nextDue(of: customer)
        #expect(try await courier.deliver(at: morning).count == 1)
        #expect(TestTenant.zone.day(of: morning) == Self.today)
        let move = try UpdateCustomer(customer, zone: .to(TestTenant.zone))
        try await tenant.write(at: morning.adding(minutes: 1)) { tx, context in _ = try move.run(in: &tx, context) }
        // There it is Tuesday still; Wednesday comes once more, and Thursday is Thanksgiving.
        #expect(try await courier.deliver(at: morning.adding(minutes: 2)).isEmpty)
        #expect(try await courier.live(from: 1, through: 5) == [3])
        #expect(try await tenant.letters(to: customer).count == 2)
    }

    @Test func `row month ends: days are counted from the due day over any end of a month, never from one another`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        // Sunday, 31 January 2027. Day 14 is a Sunday before Presidents' Day, so the second letter is two days late.
        let (plain, _) = try await tenant.debtor("Plain", overdueBy: 0, at: Self.now.adding(days: 68))
        try await courier.live(from: 69, through: 110)
        let days = try await tenant.letters(to: plain).map { TestTenant.zone.day(of: $0.record.armedAt).description }
        #expect(days == ["2027-02-03", "2027-02-16", "2027-03-02"])
        // The same in a year with a day more.
        let (leap, _) = try await tenant.debtor("Leap", overdueBy: 0, at: Self.now.adding(days: 433))
        try await courier.live(from: 434, through: 470)
        let more = try await tenant.letters(to: leap).map { TestTenant.zone.day(of: $0.record.armedAt).description }
        #expect(more == ["2028-02-03", "2028-02-14", "2028-03-01"])
    }

    @Test func `row weekend and holiday: a reminder moves on, a courtesy note back, and the distance is kept`()
        async throws
    {
        let story = try await WorkflowStory(
            """
            name: Around Thanksgiving
            gap: 3
            limits: {max_contacts: 5}
            steps:
              - {key: courtesy, kind: email, template: Friendly reminder, before_due: 3}
              - {key: friendly, kind: email, template: Friendly reminder, after_due: 3}
              - {key: firm, kind: email, template: Firm reminder, after_due: 4}
            """)
        let (tenant, courier) = (story.tenant, story.courier)
        // Three days before Sunday and three days after Monday are Thanksgiving, the 26th.
        let (punctual, _) = try await tenant.debtor("Punctual", overdueBy: -5)
        let (late, _) = try await tenant.debtor("Late", overdueBy: 1)
        try await courier.live(through: 16)
        #expect(try await tenant.days(ofLettersTo: punctual) == [1, 8, 13])
        // The second would have gone on Friday as well, had the first not moved there: three days on is Monday.
        #expect(try await tenant.days(ofLettersTo: late) == [3, 6])
        #expect(
            try await story.steps(of: punctual) == ["courtesy done", "friendly done", "firm done"])
    }
}
