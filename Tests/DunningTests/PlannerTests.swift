import Dunning
import Testing

/// What comes next on the ladder, and for which invoice (architecture 5.7).
@Suite struct `The planner` {
    private typealias Make = CaseFixture

    // Due on a Tuesday: day 3 is Friday the 6th, day 14 Tuesday the 17th, day 30 Thursday 3 December.
    private let tuesday = CaseFixture.facts([CaseFixture.invoice(1, due: "2026-11-03")])

    // MARK: - Before due

    @Test func `sends a courtesy note once per due day`() throws {
        let facts = Make.facts([
            Make.invoice(1, due: "2026-11-13"), Make.invoice(2, due: "2026-11-13"), Make.invoice(3, due: "2026-11-20"),
        ])
        let first = facts.plan("2026-11-02 10:00")
        #expect(first.summary() == "courtesy 0 2026-11-10")
        #expect(first.next?.occurrence == Int(Make.day("2026-11-13").number))
        let second = facts.after(try #require(first.next), on: "2026-11-10").plan("2026-11-10 12:00")
        #expect(second.state.stage == 0 && second.state.position == nil)
        // The ladder of the first comes before the note of the second: nothing courteous once something is overdue.
        #expect(second.next?.key == "friendly" && second.next?.stage == 1)
        let paid = facts.with([facts.invoices[2]]).after(try #require(first.next), on: "2026-11-10")
        #expect(paid.plan("2026-11-12 10:00").summary() == "courtesy 0 2026-11-17")
    }

    @Test func `moves a courtesy note backward off weekends and holidays`() {
        #expect(tuesday.plan("2026-10-20 10:00").summary() == "courtesy 0 2026-10-30")
        let thanksgiving = Make.facts(
            [Make.invoice(1, due: "2026-11-29")], brand: Make.brand(calendar: .usFederal))
        #expect(thanksgiving.plan("2026-11-02 10:00").summary() == "courtesy 0 2026-11-25")
    }

    @Test func `does not make up for a courtesy note whose day has passed`() {
        #expect(tuesday.plan("2026-10-30 17:59").summary() == "courtesy 0 2026-10-30")
        #expect(tuesday.plan("2026-10-30 18:00").summary() == "friendly 1 2026-11-06")
        #expect(tuesday.plan("2026-11-02 10:00").summary() == "friendly 1 2026-11-06")
    }

    @Test func `plans nothing before due once anything is overdue`() {
        let facts = Make.facts([Make.invoice(1, due: "2026-11-03"), Make.invoice(2, due: "2026-11-20")])
        #expect(facts.plan("2026-11-04 00:00").summary() == "friendly 1 2026-11-06")
        #expect(facts.with([facts.invoices[1]]).plan("2026-11-04 00:00").summary() == "courtesy 0 2026-11-17")
    }

    @Test func `plans no courtesy note for a day on which something else will be overdue`() {
        // The note for the second invoice would go on the 6th, three days after the first fell due.
        let facts = Make.facts(
            [Make.invoice(1, due: "2026-11-03"), Make.invoice(2, due: "2026-11-09")],
            workflow: Make.workflow([Make.email("courtesy", .beforeDue(3)), Make.email("friendly", .afterDue(7))]))
        #expect(facts.plan("2026-11-02 10:00").summary() == "friendly 1 2026-11-10")
        #expect(facts.with([facts.invoices[1]]).plan("2026-11-02 10:00").summary() == "courtesy 0 2026-11-06")
    }

    @Test(arguments: 0..<20) func `puts the earlier due day first when two notes share a slot`(_ week: Int) {
        // Notes on Saturday and on Sunday both move back to Friday.
        let sunday = Make.day("2026-11-08").adding(7 * week)
        let due = [sunday.adding(3), sunday.adding(2)]
        let facts = Make.facts(due.enumerated().map { Make.invoice($0.offset, due: $0.element.description) })
        let next = Planner.plan(facts, now: Make.newYork.startOfDay(sunday.adding(-5))).next
        #expect(next?.occurrence == Int(due[1].number))
    }

    // MARK: - The ladder

    @Test func `climbs the ladder on days 3, 14 and 30`() throws {
        var facts = tuesday
        for (now, step, day) in [
            ("2026-11-04 08:00", "friendly 1 2026-11-06", "2026-11-06"),
            ("2026-11-06 12:00", "firm 2 2026-11-17", "2026-11-17"),
            ("2026-11-17 12:00", "final 3 2026-12-03", "2026-12-03"),
        ] {
            let plan = facts.plan(now)
            #expect(plan.summary() == step)
            #expect(plan.state.anchor == facts.invoices[0].id && plan.idle == nil && plan.passedOver.isEmpty)
            facts.state = plan.state
            facts = facts.after(try #require(plan.next), on: day)
        }
        #expect(facts.state.stage == 3 && facts.state.position == "final")
    }

    @Test func `moves a reminder forward off weekends and holidays`() {
        let facts = Make.facts([Make.invoice(1, due: "2026-11-23")], brand: Make.brand(calendar: .usFederal))
        // Day 3 is Thanksgiving.
        #expect(facts.plan("2026-11-24 10:00").summary() == "friendly 1 2026-11-27")
        // Day 3 is a Saturday.
        #expect(
            facts.with([Make.invoice(1, due: "2026-11-18")]).plan("2026-11-19 10:00").summary()
                == "friendly 1 2026-11-23")
    }

    @Test func `counts grace before anything is overdue`() {
        let early = Make.workflow([Make.email("friendly", .afterDue(0)), Make.email("firm", .afterDue(14))])
        func planned(grace: Int, _ now: String) -> String {
            Make.facts([Make.invoice(1, due: "2026-11-03")], workflow: early, brand: Make.brand(grace: grace)).plan(now)
                .summary()
        }
        #expect(planned(grace: 0, "2026-11-02 10:00") == "friendly 1 2026-11-04")
        #expect(planned(grace: 5, "2026-11-02 10:00") == "friendly 1 2026-11-09")
        #expect(planned(grace: 9, "2026-11-02 10:00") == "friendly 1 2026-11-13")
    }

    @Test func `asks for an invoice when it has its age, and leaves a younger one out until then`() throws {
        // Both were issued thirty days before they were due.
        var facts = Make.facts([Make.invoice(1, due: "2026-11-03"), Make.invoice(2, due: "2026-11-09")])
        facts.workflow = Make.workflow(Make.ladder, limits: WorkflowLimits(minimumAge: 40))
        let plan = facts.plan("2026-11-10 10:00")
        #expect(plan.summary() == "friendly 1 2026-11-13")
        let next = try #require(plan.next)
        #expect(facts.gate(next, "2026-11-12 12:00").summary == "skip not_overdue")
        #expect(facts.gate(next, "2026-11-13 12:00").summary == "send INV-1")
        #expect(facts.gate(next, "2026-11-19 12:00").summary == "send INV-1 INV-2")
    }

    @Test func `sends one late reminder, then keeps the escalation gap`() throws {
        // Forty days overdue after an outage: everything is late, yet nothing comes in a burst.
        var facts = tuesday
        var sent: [String] = []
        for day in ["2026-12-14", "2026-12-21", "2026-12-28"] {
            let plan = facts.plan("\(day) 12:00")
            sent.append(plan.summary())
            facts.state = plan.state
            facts = facts.after(try #require(plan.next), on: day)
        }
        #expect(sent == ["friendly 1 2026-12-14", "firm 2 2026-12-21", "final 3 2026-12-28"])
    }

    @Test func `keeps the gap after a reminder that a cap or a hold delayed`() {
        let delayed = Make.facts(
            [Make.invoice(1, due: "2026-11-03")],
            Make.state(stage: 1, position: "friendly", on: "2026-11-13", anchor: 1, contacted: "2026-11-13"))
        #expect(delayed.plan("2026-11-13 12:00").summary() == "firm 2 2026-11-20")
        var patient = delayed
        patient.workflow = Make.workflow(Make.ladder, gap: 21)
        #expect(patient.plan("2026-11-13 12:00").summary() == "firm 2 2026-12-04")
    }

    // MARK: - The anchor

    @Test func `takes the oldest overdue invoice for anchor, of two the larger, of equals the first`() {
        let facts = Make.facts([
            Make.invoice(1, due: "2026-11-05", total: 90_000), Make.invoice(2, due: "2026-11-03", total: 100),
            Make.invoice(3, due: "2026-11-03", total: 500), Make.invoice(4, due: "2026-11-03", total: 500),
            Make.invoice(5, due: nil, total: 99_000),
        ])
        #expect(facts.plan("2026-11-09 10:00").state.anchor == facts.invoices[2].id)
        #expect(facts.with(facts.invoices.reversed()).plan("2026-11-09 10:00").state.anchor == facts.invoices[2].id)
    }

    @Test func `falls back to the stage of the new anchor's age when the old one is paid`() {
        let state = Make.state(stage: 3, position: "final", on: "2026-12-03", anchor: 1, contacted: "2026-12-03")
        func plan(_ due: String...) -> Plan {
            var facts = Make.facts(due.enumerated().map { Make.invoice($0.offset + 2, due: $0.element) }, state)
            facts.workflow = Make.workflow(Make.ladder + [Make.email("last", .afterDue(60))])
            return facts.plan("2026-12-03 12:00")
        }
        // 20, 5 and 1 days overdue, and not due yet.
        #expect(plan("2026-11-13", "2026-11-28").state.stage == 2)
        #expect(plan("2026-11-13").summary() == "final 3 2026-12-14")
        #expect(plan("2026-11-28").state.stage == 1)
        #expect(plan("2026-11-28").summary() == "firm 2 2026-12-14")
        #expect(plan("2026-12-02").state.stage == 0)
        #expect(plan("2026-12-02").summary() == "friendly 1 2026-12-10")
        #expect(plan("2026-12-20").summary() == "friendly 1 2026-12-23")
        // Older than the stage says: it stays, and never rises.
        #expect(plan("2026-09-01").state.stage == 3)
    }

    @Test(arguments: [
        ("2026-11-20", "2026-11-21", "friendly 1 2026-11-23"), ("2026-11-10", "2026-11-21", "friendly 1 2026-11-23"),
        ("2026-11-04", "2026-11-24", "friendly 1 2026-11-24"),
    ]) func `starts anew for the next invoice when the steps of the paid one were only passed over`(
        _ due: String, _ today: String, _ summary: String
    ) {
        // Nobody could be written to on days 3 and 14; then the old invoice is paid and an address is found.
        let state = Make.state(position: "firm", on: "2026-11-17", anchor: 1)
        let plan = Make.facts([Make.invoice(2, due: due)], state).plan("\(today) 00:00")
        #expect(plan.summary() == summary && plan.state.stage == 0)
    }

    @Test func `does not raise the stage when an older invoice comes in`() {
        let state = Make.state(stage: 1, position: "friendly", on: "2026-11-06", anchor: 1, contacted: "2026-11-06")
        let facts = Make.facts([Make.invoice(2, due: "2026-08-03"), Make.invoice(1, due: "2026-11-03")], state)
        let plan = facts.plan("2026-11-07 10:00")
        #expect(plan.state.stage == 1 && plan.state.anchor == facts.invoices[0].id)
        #expect(plan.summary() == "firm 2 2026-11-13")
    }

    @Test func `does not repeat the steps of an anchor that comes back`() throws {
        // In dispute for a while, with a younger invoice beside it; its own three steps had gone out before.
        let state = Make.state(stage: 1, position: "friendly", on: "2026-12-10", anchor: 2, contacted: "2026-12-10")
        var facts = Make.facts([Make.invoice(1, due: "2026-11-03"), Make.invoice(2, due: "2026-12-07")], state)
        facts.workflow = Make.workflow(Make.ladder + [Make.email("last", .afterDue(60))])
        for key in ["friendly", "firm", "final"] {
            facts.done.insert(.init(key: key, number: Int(Make.day("2026-11-03").number)))
        }
        facts.done.insert(.init(key: "friendly", number: Int(Make.day("2026-12-07").number)))
        let plan = facts.plan("2026-12-11 10:00")
        let next = try #require(plan.next)
        #expect(!facts.done.contains(.init(key: next.key, number: next.occurrence)))
        #expect(plan.summary() == "last 4 2027-01-04")
        #expect(plan.state.stage == 3)
    }
}
