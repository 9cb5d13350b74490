import Dunning
import Testing

/// Windows and caps as the gate applies them (architecture 5.3, 5.6), and steps without a wire (5.8).
@Suite struct `At the gate` {
    private typealias Make = CaseFixture

    private let reminder = step(.email)
    private let facts = CaseFixture.facts([CaseFixture.invoice(1, due: "2026-11-03")])

    private static func step(_ kind: Step.Kind) -> PlannedStep {
        PlannedStep(
            key: "friendly", kind: kind, occurrence: Int(CaseFixture.day("2026-11-03").number), stage: 1,
            dueAt: CaseFixture.at("2026-11-06 12:00"))
    }

    private func contacted(_ days: String...) -> CaseFacts {
        var facts = facts
        facts.contactedDays = ["anna@acme.example": days.map(Make.day), "bob@acme.example": [Make.day("2026-11-10")]]
        return facts
    }

    // MARK: - Windows

    @Test(arguments: [
        ("2026-11-06 08:59", "2026-11-06 09:00"), ("2026-11-06 18:00", "2026-11-09 09:00"),
        ("2026-11-07 12:00", "2026-11-09 09:00"), ("2026-11-25 18:00", "2026-11-27 09:00"),
        ("2026-11-26 12:00", "2026-11-27 09:00"),
    ]) func `a closed window is waited for, over weekends and holidays`(_ now: String, _ opening: String) {
        var facts = facts
        facts.brand = Make.brand(calendar: .usFederal)
        let gated = facts.gate(reminder, now)
        #expect(gated.summary == "wait window" && gated.until == Make.at(opening))
        #expect(facts.gate(reminder, "2026-11-06 17:59").summary == "send INV-1")
    }

    @Test(arguments: [
        ("Asia/Kolkata", "2026-11-06T03:30:00Z", "2026-11-06T12:29:59Z", "2026-11-06T12:30:00Z"),
        ("Australia/Sydney", "2026-11-05T22:00:00Z", "2026-11-06T06:59:59Z", "2026-11-06T07:00:00Z"),
        ("Europe/Berlin", "2026-11-06T08:00:00Z", "2026-11-06T16:59:59Z", "2026-11-06T17:00:00Z"),
    ]) func `the window is that of the contact's zone`(_ zone: String, _ first: String, _ last: String, _ after: String)
    {
        var facts = facts
        facts.contacts = [Make.contact(1, "anna@acme.example", zone: Zone(zone))]
        func verdict(_ time: String) -> String {
            Gate.verdict(for: reminder, given: facts, now: Instant(rfc3339: time)!).summary
        }
        #expect(verdict(first) == "send INV-1" && verdict(last) == "send INV-1" && verdict(after) == "wait window")
    }

    @Test func `a calendar without an end is asked again a day later`() {
        var facts = facts
        let days = (0...500).map { Make.day("2026-11-01").adding($0) }
        facts.brand = Make.brand(calendar: BusinessCalendar(holidays: Set(days)))
        #expect(facts.gate(reminder, "2026-11-06 12:00").until == Make.at("2026-11-07 12:00"))
    }

    // MARK: - Caps

    @Test func `a second message on one day waits until two days after the first, in its own slot`() {
        let gated = contacted("2026-11-10").gate(reminder, "2026-11-10 15:00")
        #expect(gated.summary == "wait cap" && gated.trace.last?.detail == "until 2026-11-12")
        let slot = SendTime(facts).moment(onOrAfter: Make.day("2026-11-12"), notBefore: Make.at("2026-11-10 15:00"))
        #expect(slot != nil && gated.until == slot)
        #expect(contacted("2026-11-10").gate(reminder, "2026-11-11 15:00").summary == "wait cap")
        #expect(contacted("2026-11-10").gate(reminder, "2026-11-12 09:00").summary == "send INV-1")
    }

    @Test func `a fourth message in seven days waits for the first to leave them`() {
        let three = contacted("2026-11-09", "2026-11-11", "2026-11-13")
        #expect(three.gate(reminder, "2026-11-15 12:00").summary == "wait window")
        var sunday = three
        sunday.brand = Make.brand(
            window: SendWindow(
                weekdays: Set(Weekday.allCases), opens: TimeOfDay("09:00")!, closes: TimeOfDay("18:00")!)!)
        let gated = sunday.gate(reminder, "2026-11-15 12:00")
        #expect(gated.summary == "wait cap" && gated.trace.last?.detail == "until 2026-11-16")
        #expect(sunday.gate(reminder, "2026-11-16 12:00").summary == "send INV-1")
    }

    @Test func `a cap that ends on a weekend is waited for until Monday`() {
        #expect(
            contacted("2026-11-12").gate(reminder, "2026-11-13 12:00").until?.local().hasPrefix("2026-11-16") == true)
    }

    @Test func `caps count by address and by the contact's own days`() {
        #expect(contacted().gate(reminder, "2026-11-10 15:00").summary == "send INV-1")
        var sydney = contacted("2026-11-10")
        sydney.contacts = [Make.contact(1, "anna@acme.example", zone: Zone("Australia/Sydney"))]
        // Wednesday the 11th in New York is Thursday the 12th in Sydney from eight in the morning on.
        #expect(sydney.gate(reminder, "2026-11-11 17:30").summary == "send INV-1")
        #expect(contacted("2026-11-10").gate(reminder, "2026-11-11 17:30").summary == "wait cap")
    }

    // MARK: - Steps without a wire

    @Test func `a call or a wait needs neither address, window nor cap`() {
        var facts = contacted("2026-11-07")
        facts.contacts = []
        for kind in [Step.Kind.callTask, .wait] {
            guard case .send(_, let invoices) = internalGate(kind, facts).verdict else {
                Issue.record("refused")
                continue
            }
            #expect(invoices.isEmpty)
        }
    }

    @Test func `a call or a wait stops for switches, changes under way, closed cases and payment`() {
        func verdict(_ change: (inout CaseFacts) -> Void) -> String {
            var facts = facts
            change(&facts)
            let gated = internalGate(.callTask, facts)
            #expect(gated.trace.count == 1 && gated.failed != nil)
            return gated.summary
        }
        #expect(verdict { $0.switches.isLive = false } == "wait shadow")
        #expect(verdict { $0.switches.isWorkflowOff = true } == "wait workflow_switch")
        #expect(verdict { $0.state.isDirty = true } == "wait dirty")
        #expect(verdict { $0.state.status = .exhausted } == "skip superseded")
        #expect(verdict { $0.invoices = [] } == "skip paid")
        #expect(verdict { $0.credit = 10_000 } == "skip paid")
    }

    @Test func `a call waits for a hold, time alone goes on`() {
        var facts = facts
        facts.holds = [Make.hold(until: nil)]
        #expect(internalGate(.callTask, facts).summary == "wait held")
        #expect(internalGate(.wait, facts).summary == "send")
    }

    @Test func `a call about money under way is not called paid`() {
        let until = Make.at("2026-11-10 00:00")
        for (invoice, reason) in [
            (Make.invoice(1, due: "2026-11-03", inFlight: 10_000, inFlightUntil: until), "under_way"),
            (Make.invoice(1, due: "2026-11-03", heldUntil: until), "held"),
        ] {
            #expect(internalGate(.callTask, facts.with([invoice])).summary == "wait \(reason)")
        }
    }

    private func internalGate(_ kind: Step.Kind, _ facts: CaseFacts) -> Gated {
        Gate.internalVerdict(for: Self.step(kind), given: facts, now: Make.at("2026-11-07 12:00"))
    }
}

@Suite struct `A reason` {
    @Test func `has words of its own, and a name that is stored`() {
        #expect(Set(Reason.allCases.map(\.words)).count == Reason.allCases.count)
        for reason in Reason.allCases {
            #expect(!reason.words.isEmpty && reason.rawValue.allSatisfy { $0 == "_" || $0.isLowercase })
        }
    }
}
