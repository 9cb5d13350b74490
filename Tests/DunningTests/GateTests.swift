import Dunning
import Testing

/// The last word before a message is armed (architecture 4.8, 5.2, 5.3, 5.4, 5.7).
@Suite struct `The gate` {
    private typealias Make = CaseFixture

    private let reminder = step("friendly", stage: 1, due: "2026-11-03")
    private let courtesy = step("courtesy", stage: 0, due: "2026-11-13")
    /// Nothing speaks against this one at noon of Friday the 6th.
    private let facts = CaseFixture.facts([CaseFixture.invoice(1, due: "2026-11-03")])
    private let noon = "2026-11-06 12:00"

    private static func step(_ key: String, stage: Int, due: String, kind: Step.Kind = .email) -> PlannedStep {
        PlannedStep(
            key: key, kind: kind, occurrence: Int(CaseFixture.day(due).number), stage: stage,
            dueAt: CaseFixture.at("2026-11-06 12:00"))
    }

    private func changed(_ change: (inout CaseFacts) -> Void) -> CaseFacts {
        var facts = facts
        change(&facts)
        return facts
    }

    @Test func `lets a reminder pass, to the first usable contact, with a trace of every check`() {
        let gated = facts.gate(reminder, noon)
        #expect(gated.verdict == .send(Way(Make.anna, by: .email), facts.invoices))
        #expect(
            gated.trace.map(\.check) == [
                "switches", "case", "collectable", "due", "holds", "address", "window", "caps",
            ])
        #expect(gated.trace.allSatisfy(\.passed) && gated.trace[2].detail == "10000 USD minor units")
    }

    @Test func `refuses for one reason at a time, from the outermost in`() {
        // Everything speaks against it; each fix uncovers the next reason.
        var facts = Make.facts(
            [Make.invoice(1, due: "2026-11-03", allocated: 10_000)], Make.state(status: .exhausted, isDirty: true),
            brand: Make.brand(isSwitchedOff: true, hasGateway: false), contacts: [],
            holds: [Make.hold(until: nil)])
        facts.switches = Switches(
            systemHold: "clone", isSystemOff: true, isTenantOff: true, isLive: false, isWorkflowOff: true)
        var now = "2026-11-07 12:00"
        let fixes: [(String, String, (inout CaseFacts) -> Void)] = [
            ("wait system_hold", "switches", { $0.switches.systemHold = nil }),
            ("wait system_switch", "switches", { $0.switches.isSystemOff = false }),
            ("wait shadow", "switches", { $0.switches.isLive = true }),
            ("wait tenant_switch", "switches", { $0.switches.isTenantOff = false }),
            ("wait brand_switch", "switches", { $0.brand = Make.brand(hasGateway: false) }),
            ("wait workflow_switch", "switches", { $0.switches.isWorkflowOff = false }),
            ("wait dirty", "planned", { $0.state.isDirty = false }),
            ("skip superseded", "case", { $0.state.status = .active }),
            ("skip paid", "collectable", { $0.invoices = [Make.invoice(1, due: "2026-11-20")] }),
            ("skip not_overdue", "due", { $0.invoices = [Make.invoice(1, due: "2026-11-03")] }),
            ("wait held", "holds", { $0.holds = [] }),
            ("skip no_address", "address", { $0.contacts = [Make.anna] }),
            ("wait no_gateway", "gateway", { $0.brand = Make.brand() }),
            ("wait window", "window", { $0.contactedDays["anna@acme.example"] = [Make.day("2026-11-06")] }),
        ]
        for (reason, check, fix) in fixes {
            let gated = facts.gate(reminder, now)
            #expect(gated.summary == reason)
            #expect(gated.failed == check && gated.trace.filter { !$0.passed }.count == 1)
            if let until = gated.until { #expect(until > Make.at(now)) }
            fix(&facts)
        }
        now = noon
        #expect(facts.gate(reminder, now).summary == "wait cap")
        facts.contactedDays = [:]
        #expect(facts.gate(reminder, now).summary == "send INV-1")
    }

    @Test(arguments: [CaseState.Status.pending, .exhausted, .exited])
    func `skips a step of a case that is not active`(_ status: CaseState.Status) {
        #expect(changed { $0.state.status = status }.gate(reminder, noon).summary == "skip superseded")
    }

    // MARK: - Money

    @Test func `skips what is paid, to the cent, net of unapplied credit`() {
        func verdict(allocated: Int64, credit: Int64 = 0) -> String {
            changed {
                $0.invoices = [Make.invoice(1, due: "2026-11-03", allocated: allocated)]
                $0.credit = credit
            }.gate(reminder, noon).summary
        }
        #expect(verdict(allocated: 10_000) == "skip paid" && verdict(allocated: 12_000) == "skip paid")
        #expect(verdict(allocated: 9_999) == "send INV-1" && verdict(allocated: 9_999, credit: 1) == "skip paid")
        #expect(changed { $0.invoices = [] }.gate(reminder, noon).summary == "skip paid")
    }

    @Test func `waits for money under way and for held invoices, and asks for the others meanwhile`() {
        let later = Make.at("2026-11-10 00:00")
        for (blocked, reason) in [
            (Make.invoice(1, due: "2026-11-03", inFlight: 10_000, inFlightUntil: later), "under_way"),
            (Make.invoice(1, due: "2026-11-03", heldUntil: later), "held"),
            (Make.invoice(1, due: "2026-11-03", heldUntil: ActiveHold.forever), "held"),
        ] {
            let alone = facts.with([blocked]).gate(reminder, noon)
            #expect(alone.summary == "wait \(reason)" && alone.until == Make.at("2026-11-06 13:00"))
            let beside = facts.with([blocked, Make.invoice(2, due: "2026-11-04")])
            #expect(beside.gate(reminder, noon).summary == "send INV-2")
        }
        let over = facts.with([Make.invoice(1, due: "2026-11-03", heldUntil: Make.at(noon))])
        #expect(over.gate(reminder, noon).summary == "send INV-1")
    }

    // MARK: - What is listed

    @Test func `lists all that is overdue and nothing else after due`() {
        let invoices = [
            Make.invoice(1, due: "2026-09-01"), Make.invoice(2, due: "2026-11-05"), Make.invoice(3, due: "2026-11-06"),
            Make.invoice(4, due: "2026-12-01"), Make.invoice(5, due: nil),
            Make.invoice(6, due: "2026-11-01", allocated: 10_000),
        ]
        #expect(facts.with(invoices).gate(reminder, noon).summary == "send INV-1 INV-2")
        let grace = changed { ($0.invoices, $0.brand) = (invoices, Make.brand(grace: 1)) }
        #expect(grace.gate(reminder, noon).summary == "send INV-1")
        #expect(facts.with(Array(invoices[2...4])).gate(reminder, noon).summary == "skip not_overdue")
    }

    @Test func `lists before due only what is due that day, and skips once anything is overdue`() {
        let invoices = [
            Make.invoice(1, due: "2026-11-13"), Make.invoice(2, due: "2026-11-14"), Make.invoice(3, due: "2026-11-13"),
        ]
        #expect(facts.with(invoices).gate(courtesy, noon).summary == "send INV-1 INV-3")
        #expect(facts.with(invoices + facts.invoices).gate(courtesy, noon).summary == "skip late")
        #expect(facts.with([invoices[1]]).gate(courtesy, noon).summary == "skip late")
        // Still in grace, but the due day is over.
        let grace = changed { ($0.invoices, $0.brand) = (invoices, Make.brand(grace: 9)) }
        #expect(grace.gate(courtesy, "2026-11-13 12:00").summary == "send INV-1 INV-3")
        #expect(grace.gate(courtesy, "2026-11-16 12:00").summary == "skip late")
    }

    @Test func `counts overdue from the start of the day after due in the brand's zone`() {
        let early = changed {
            $0.brand = Make.brand(
                window: SendWindow(
                    weekdays: Set(Weekday.allCases), opens: TimeOfDay("00:00")!, closes: TimeOfDay("24:00")!)!)
        }
        #expect(early.gate(reminder, "2026-11-03 23:59").summary == "skip not_overdue")
        #expect(early.gate(reminder, "2026-11-04 00:00").summary == "send INV-1")
    }

    // MARK: - Holds

    @Test(arguments: [ActiveHold.Scope.tenant, .brand, .customer])
    func `waits for a hold, an hour at most at a time, and gives its reason`(_ scope: ActiveHold.Scope) {
        for (until, expected) in [
            (nil, "2026-11-06 13:00"), (Make.at("2026-11-09 00:00"), "2026-11-06 13:00"),
            (Make.at("2026-11-06 12:20"), "2026-11-06 12:20"),
        ] {
            let gated = changed { $0.holds = [Make.hold(scope, until: until)] }.gate(reminder, noon)
            #expect(gated.summary == "wait held" && gated.until == Make.at(expected))
            #expect(gated.trace.last?.detail == "dispute")
        }
        #expect(
            changed { $0.holds = [Make.hold(scope, until: Make.at(noon))] }.gate(reminder, noon).summary == "send INV-1"
        )
    }

    // MARK: - Contacts

    @Test func `takes the first contact that can be used`() {
        let usable = Make.contact(4, "legal@acme.example")
        let contacts = [
            Make.contact(1, nil), Make.contact(2, "a@acme.example", hasOptedOut: true),
            Make.contact(3, "b@acme.example", isSuppressed: true), usable, Make.anna,
        ]
        let gated = changed { $0.contacts = contacts }.gate(reminder, noon)
        #expect(gated.verdict == .send(Way(usable, by: .email), facts.invoices))
        #expect(changed { $0.contacts = Array(contacts[..<3]) }.gate(reminder, noon).summary == "skip no_address")
        #expect(changed { $0.contacts = [contacts[1], contacts[1]] }.gate(reminder, noon).summary == "skip opted_out")
    }
}
