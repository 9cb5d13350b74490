import Dunning
import Testing

/// How cases enter: at go-live, with an import, and when debt comes back (architecture 5.1, 5.7).
@Suite struct `A case enters` {
    private typealias Make = CaseFixture

    /// One invoice, overdue since 3 November 2026; the first steps are due on the 6th, the 17th and 3 December.
    private func facts(_ entry: EntryPolicy?, priorStage: Int = 0, _ invoices: [OpenInvoice]? = nil) -> CaseFacts {
        Make.facts(
            invoices ?? [Make.invoice(1, due: "2026-11-03")], Make.state(priorStage: priorStage, entry: entry))
    }

    @Test func `by review only when a person confirms it`() {
        var facts = facts(.review)
        let plan = facts.plan("2026-12-14 12:00")
        #expect(plan.summary() == "idle review")
        #expect(plan.state.status == .pending && plan.state.entry == .review && plan.passedOver.isEmpty)
        facts.state = plan.state
        #expect(facts.plan("2026-12-14 12:00") == plan)
        #expect(facts.with([]).plan("2026-12-14 12:00").summary() == "exit paid")
        facts.state.entry = .firstStage
        let confirmed = facts.plan("2026-12-14 12:00")
        #expect(confirmed.state.status == .active && confirmed.state.entry == nil)
        #expect(confirmed.summary() == "friendly 1 2026-12-14")
    }

    @Test func `at the first stage with a single message, however old its debt`() throws {
        let invoices = (1...40).map { Make.invoice($0, due: Make.day("2024-01-01").adding($0).description) }
        var facts = facts(.firstStage, invoices)
        let plan = facts.plan("2026-12-14 12:00")
        #expect(plan.summary() == "friendly 1 2026-12-14")
        #expect(plan.passedOver.isEmpty && plan.state.stage == 0 && plan.state.entry == nil)
        facts.state = plan.state
        let next = try #require(plan.next)
        #expect(facts.gate(next, "2026-12-14 12:00").summary.split(separator: " ").count == 41)
        #expect(facts.after(next, on: "2026-12-14").plan("2026-12-14 13:00").summary() == "firm 2 2026-12-21")
    }

    @Test func `in the next window`() {
        #expect(facts(.firstStage).plan("2026-12-12 12:00").summary() == "friendly 1 2026-12-14")
        #expect(facts(.byAgeCapped(3)).plan("2026-12-11 18:00").summary() == "final 3 2026-12-14")
    }

    @Test(
        arguments: [
            (1, "2026-12-14", "friendly 1 2026-12-14", 0, []), (2, "2026-12-14", "firm 2 2026-12-14", 1, ["friendly"]),
            (3, "2026-12-14", "final 3 2026-12-14", 2, ["friendly", "firm"]),
            (99, "2026-12-14", "final 3 2026-12-14", 2, ["friendly", "firm"]),
            (3, "2026-11-16", "friendly 1 2026-11-16", 0, []), (3, "2026-11-17", "firm 2 2026-11-17", 1, ["friendly"]),
            (3, "2026-11-05", "friendly 1 2026-11-06", 0, []),
        ] as [(Int, String, String, Int, [String])])
    func `by age at the stage its age calls for, up to the cap, passing over only what lies below`(
        _ cap: Int, _ today: String, _ summary: String, _ stage: Int, _ passedOver: [String]
    ) {
        var facts = facts(.byAgeCapped(cap))
        let plan = facts.plan("\(today) 09:00")
        #expect(plan.summary() == summary)
        #expect(plan.state.stage == stage && plan.passedOver == passedOver && plan.state.entry == nil)
        facts.state = plan.state
        let again = facts.plan("\(today) 09:00")
        #expect(again.passedOver.isEmpty && again.next == plan.next && again.state == plan.state)
    }

    @Test func `by age past the calls and waits below its stage`() {
        var facts = facts(.byAgeCapped(2))
        facts.workflow = Make.withCall
        let plan = facts.plan("2026-12-14 09:00")
        #expect(plan.summary() == "firm 2 2026-12-14")
        #expect(plan.passedOver == ["friendly", "call"])
    }

    @Test func `and keeps the gap after a capped entry`() throws {
        var facts = facts(.byAgeCapped(2))
        let plan = facts.plan("2026-12-14 09:00")
        facts.state = plan.state
        #expect(
            facts.after(try #require(plan.next), on: "2026-12-14").plan("2026-12-14 12:00").summary()
                == "final 3 2026-12-21")
    }

    @Test func `with a courtesy note while nothing is overdue, under any policy but review`() {
        for entry in [EntryPolicy.firstStage, .byAgeCapped(3), .ignoreOlderThan(0)] {
            let plan = facts(entry, priorStage: 3).plan("2026-10-20 09:00")
            #expect(plan.summary() == "courtesy 0 2026-10-30")
            #expect(plan.state.entry == nil && plan.passedOver.isEmpty)
        }
        #expect(facts(.review).plan("2026-10-20 09:00").summary() == "idle review")
    }

    // MARK: - Ignoring old debt

    @Test func `ignoring old debt, which gets a hold, and asks for the rest from the first stage`() {
        // 104, 91, 90 and 10 days overdue on 14 December.
        let invoices = ["2026-09-01", "2026-09-14", "2026-09-15", "2026-12-04"].enumerated().map {
            Make.invoice($0.offset, due: $0.element)
        }
        var facts = facts(.ignoreOlderThan(90), invoices)
        let plan = facts.plan("2026-12-14 12:00")
        #expect(plan.ignored == [invoices[0].id, invoices[1].id])
        #expect(plan.state.anchor == invoices[2].id)
        #expect(plan.summary() == "friendly 1 2026-12-14")
        facts.state = plan.state
        facts.invoices = invoices.map { plan.ignored.contains($0.id) ? $0.held(until: ActiveHold.forever) : $0 }
        let again = facts.plan("2026-12-14 12:00")
        #expect(again.ignored.isEmpty && again.next == plan.next && again.state == plan.state)
    }

    @Test func `ignoring all it has, and is silent`() {
        let plan = facts(.ignoreOlderThan(30)).plan("2026-12-14 12:00")
        #expect(plan.summary() == "idle held")
        #expect(plan.ignored.count == 1 && plan.state.status == .active)
    }

    @Test func `ignoring old debt that is held or under way just now`() {
        let soon = Make.at("2026-12-18 00:00")
        let invoices = [
            Make.invoice(1, due: "2026-08-03", heldUntil: soon),
            Make.invoice(2, due: "2026-08-04", inFlight: 10_000, inFlightUntil: soon),
            Make.invoice(3, due: "2026-08-05", heldUntil: ActiveHold.forever),
            Make.invoice(4, due: "2026-08-06", allocated: 10_000),
            Make.invoice(5, due: "2026-12-14"),
        ]
        let plan = facts(.ignoreOlderThan(90), invoices).plan("2026-12-14 12:00")
        #expect(plan.ignored == [invoices[0].id, invoices[1].id])
        #expect(plan.summary() == "friendly 1 2026-12-17")
    }

    @Test func `only when a hold on the customer has an end`() {
        var facts = facts(.byAgeCapped(3))
        facts.holds = [Make.hold(until: nil)]
        let plan = facts.plan("2026-12-14 09:00")
        #expect(plan.summary() == "idle held" && plan.state.entry == .byAgeCapped(3) && plan.passedOver.isEmpty)
        facts.holds = [Make.hold(until: Make.at("2026-12-16 00:00"))]
        #expect(facts.plan("2026-12-14 09:00").summary() == "final 3 2026-12-16")
    }

    // MARK: - Another cycle

    @Test(arguments: [
        (3, "2026-12-14", "final 3 2026-12-14"), (2, "2026-12-14", "firm 2 2026-12-14"),
        (3, "2026-11-20", "firm 2 2026-11-20"), (3, "2026-11-09", "friendly 1 2026-11-09"),
        (3, "2026-11-04", "friendly 1 2026-11-06"), (0, "2026-12-14", "friendly 1 2026-12-14"),
        (7, "2026-12-14", "final 3 2026-12-14"),
    ]) func `a later cycle at the lower of its old stage and that of its age, at least 1`(
        _ priorStage: Int, _ today: String, _ summary: String
    ) {
        #expect(facts(.firstStage, priorStage: priorStage).plan("\(today) 09:00").summary() == summary)
    }

    @Test func `a case under way only once`() {
        var facts = facts(.byAgeCapped(3))
        facts.state.position = "friendly"
        facts.state.stage = 1
        facts.state.lastContactDay = Make.day("2026-12-14")
        let plan = facts.plan("2026-12-14 12:00")
        #expect(plan.summary() == "firm 2 2026-12-21" && plan.passedOver.isEmpty && plan.state.entry == nil)
    }
}

@Suite struct `An entry policy` {
    @Test(arguments: ["review", "first_stage", "by_age_capped(2)", "by_age_capped(99)", "ignore_older_than(0)"])
    func `is read as it is written`(_ text: String) {
        #expect(EntryPolicy(text)?.text == text)
    }

    @Test(arguments: [
        "", "Review", "by_age_capped", "by_age_capped()", "by_age_capped(0)", "by_age_capped(100)", "by_age_capped(-1)",
        "by_age_capped(2", "by_age_capped(2))", "by_age_capped(x)", "ignore_older_than(-1)", "ignore_older_than(36501)",
        "ignore_older_than(9999999999999999999)",
    ]) func `is refused otherwise`(_ text: String) {
        #expect(EntryPolicy(text) == nil)
    }

    @Test func `asks a person first over fifty customers or ninety days`() {
        #expect(EntryPolicy.standard(customers: 50, oldestDaysOverdue: 90) == .firstStage)
        #expect(EntryPolicy.standard(customers: 51, oldestDaysOverdue: 0) == .review)
        #expect(EntryPolicy.standard(customers: 1, oldestDaysOverdue: 91) == .review)
    }
}
