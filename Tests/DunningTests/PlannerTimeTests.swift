import Dunning
import Testing

/// At what hour a step falls due (architecture 5.6).
@Suite struct `The hour of a step` {
    private typealias Make = CaseFixture

    private func due(_ facts: CaseFacts, _ now: String) -> Instant? { facts.plan(now).next?.dueAt }

    private func facts(
        _ zone: String, due: String, brand: String? = nil, window: SendWindow = .standard, days: Int = 3,
        customer: Int = 6
    ) -> CaseFacts {
        Make.facts(
            [Make.invoice(1, due: due)], Make.state(customer: customer),
            workflow: Make.workflow([Make.email("friendly", .afterDue(days))]),
            brand: Make.brand(zone: Zone(brand ?? zone)!, window: window),
            contacts: [Make.contact(1, "anna@acme.example", zone: Zone(zone)!)])
    }

    private func window(_ opens: String, _ closes: String) -> SendWindow {
        SendWindow(weekdays: Set(Weekday.allCases), opens: TimeOfDay(opens)!, closes: TimeOfDay(closes)!)!
    }

    // MARK: - Spread

    @Test func `is spread over the first two hours by customer, and always the same for one`() {
        var slots: Set<Instant> = []
        for customer in 0..<200 {
            let facts = facts("America/New_York", due: "2026-11-03", customer: customer)
            let first = due(facts, "2026-11-04 08:00")
            #expect(first == due(facts, "2026-11-05 23:00"))
            let offset = first?.microseconds(since: Make.at("2026-11-06 09:00")) ?? -1
            #expect((0..<7_200_000_000).contains(offset))
            if let first { slots.insert(first) }
        }
        #expect(slots.count > 150)
        let quarters = Dictionary(grouping: slots) {
            $0.microseconds(since: Make.at("2026-11-06 09:00")) / 1_800_000_000
        }
        #expect(quarters.count == 4 && quarters.values.allSatisfy { $0.count > 20 })
    }

    @Test func `is spread over the window when that is shorter`() {
        for customer in 0..<100 {
            let facts = facts(
                "America/New_York", due: "2026-11-03", window: window("09:00", "09:10"), customer: customer)
            let offset = due(facts, "2026-11-04 08:00")?.microseconds(since: Make.at("2026-11-06 09:00")) ?? -1
            #expect((0..<600_000_000).contains(offset))
        }
    }

    @Test func `is now when today's slot has gone by, and the next slot once the window has closed`() {
        let facts = facts("America/New_York", due: "2026-11-03")
        let slot = due(facts, "2026-11-04 08:00")
        #expect(due(facts, "2026-11-06 08:59") == slot)
        #expect(due(facts, "2026-11-06 15:00") == Make.at("2026-11-06 15:00"))
        #expect(facts.plan("2026-11-06 18:00").summary() == "friendly 1 2026-11-09")
        #expect(facts.plan("2026-11-09 00:00").next?.dueAt.local() ?? "" > "2026-11-09 09:00")
    }

    // MARK: - Zones

    @Test(arguments: [
        ("America/New_York", "2026-11-06T14:00:00Z"), ("Europe/Berlin", "2026-11-06T08:00:00Z"),
        ("Australia/Sydney", "2026-11-05T22:00:00Z"), ("Asia/Kolkata", "2026-11-06T03:30:00Z"),
    ]) func `follows the wall clock of the contact`(_ zone: String, _ opening: String) throws {
        let facts = facts(zone, due: "2026-11-03")
        let offset = try #require(due(facts, "2026-11-04 08:00")).microseconds(since: Instant(rfc3339: opening)!)
        #expect(offset == Int64(SendTime(facts).spreadSeconds) * 1_000_000)
    }

    @Test(arguments: [
        ("America/New_York", "2026-10-30", "2026-11-02"), ("Europe/Berlin", "2026-10-23", "2026-10-26"),
        ("Australia/Sydney", "2026-10-02", "2026-10-06"), ("America/New_York", "2026-03-06", "2026-03-09"),
    ]) func `stays the same over a change of the clocks`(_ zone: String, _ before: String, _ after: String) throws {
        let hours = try [before, after].map { day in
            let facts = facts(zone, due: Make.day(day).adding(-3).description)
            return try #require(due(facts, "\(Make.day(day).adding(-2)) 08:00")).local(Zone(zone)!).suffix(5)
        }
        #expect(hours[0] == hours[1])
    }

    @Test func `is the contact's, else the customer's, else the brand's`() {
        var facts = facts("Asia/Kolkata", due: "2026-11-03", brand: "Europe/Berlin")
        facts.customerZone = Make.newYork
        #expect(facts.zone.identifier == "Asia/Kolkata")
        facts.contacts = [Make.contact(2, nil, zone: Zone("Asia/Tokyo")), Make.anna]
        #expect(facts.zone == Make.newYork)
        facts.customerZone = nil
        #expect(facts.zone.identifier == "Europe/Berlin")
    }

    @Test func `keeps its slot and its spread though the contact's day begins before the brand's`() throws {
        // Friday at nine in Sydney is still Thursday in New York, but overdue since Tuesday's midnight there.
        let facts = facts("Australia/Sydney", due: "2026-11-03", brand: "America/New_York")
        let sydney = Zone("Australia/Sydney")!
        let moment = try #require(due(facts, "2026-11-04 08:00"))
        #expect(
            moment
                == sydney.instant(
                    on: Make.day("2026-11-06"), at: TimeOfDay("09:00")!, plusSeconds: SendTime(facts).spreadSeconds))
    }

    @Test func `never comes before the invoice is overdue in the brand's zone`() throws {
        // On the day after due, Sydney's morning is still the due day in New York.
        let facts = facts("Australia/Sydney", due: "2026-11-03", brand: "America/New_York", days: 1)
        let moment = try #require(due(facts, "2026-11-02 08:00"))
        #expect(moment >= Make.newYork.startOfDay(Make.day("2026-11-04")))
        #expect(facts.brand.window.isOpen(moment, zone: facts.zone, calendar: .none))
    }

    // MARK: - Clocks that jump

    @Test func `skips a day on which the clocks jump over its slot`() throws {
        // On 8 March 2026 New York goes from 02:00 to 03:00.
        for customer in 0..<20 {
            let facts = facts(
                "America/New_York", due: "2026-03-05", window: window("02:00", "03:00"), customer: customer)
            let moment = try #require(due(facts, "2026-03-06 08:00"))
            #expect(facts.brand.window.isOpen(moment, zone: facts.zone, calendar: .none))
            #expect(moment.local().hasPrefix("2026-03-09 02:"))
        }
    }

    @Test func `is the first valid instant after a missing time while the window is still open`() throws {
        for customer in 0..<40 {
            let facts = facts(
                "America/New_York", due: "2026-03-05", window: window("02:30", "12:00"), customer: customer)
            let moment = try #require(due(facts, "2026-03-06 08:00"))
            let shown = 2 * 3_600 + 1_800 + SendTime(facts).spreadSeconds
            let expected = shown < 3 * 3_600 ? "2026-03-08 03:00" : moment.local()
            #expect(moment.local() == expected && moment.local() >= "2026-03-08 03:00")
        }
    }

    @Test func `is the first of a doubled time, and comes once`() throws {
        // On 1 November 2026 New York shows 01:00 to 02:00 twice.
        let facts = facts("America/New_York", due: "2026-10-29", window: window("01:00", "02:00"))
        let moment = try #require(due(facts, "2026-10-30 08:00"))
        #expect(moment < Instant(rfc3339: "2026-11-01T06:00:00Z")!)
        #expect(moment.local().hasPrefix("2026-11-01 01:"))
        let after = facts.after(try #require(facts.plan("2026-10-30 08:00").next), on: "2026-11-01")
        #expect(Planner.plan(after, now: moment.adding(hours: 1)).becameExhausted)
    }
}
