import Dunning
import Testing

/// Whether a case goes on, waits or ends (architecture 5.4, 5.7, 5.8).
@Suite struct `A case is planned to` {
    private typealias Make = CaseFixture

    private let climbed = CaseFixture.state(
        stage: 3, position: "final", on: "2026-12-03", anchor: 1, contacted: "2026-12-03")

    // MARK: - The end

    @Test func `be exhausted after its last step, with one call task`() {
        let facts = Make.facts([Make.invoice(1, due: "2026-11-03")], climbed)
        let plan = facts.plan("2026-12-03 12:00")
        #expect(plan.state.status == .exhausted && plan.becameExhausted && plan.idle == .exhausted && plan.next == nil)
        var later = facts
        later.state = plan.state
        #expect(!later.plan("2026-12-04 12:00").becameExhausted)
    }

    @Test func `stay silent when exhausted, though more falls overdue or the anchor is paid`() {
        var state = climbed
        state.status = .exhausted
        let more = Make.facts([Make.invoice(1, due: "2026-11-03"), Make.invoice(2, due: "2026-12-04")], state)
        #expect(more.plan("2027-01-20 12:00").summary() == "idle exhausted")
        #expect(more.with([more.invoices[1]]).plan("2027-01-20 12:00").summary() == "idle exhausted")
        #expect(more.with([Make.invoice(3, due: nil)]).plan("2027-01-20 12:00").summary() == "idle exhausted")
    }

    @Test(arguments: [CaseState.Status.pending, .active, .exhausted])
    func `exit when nothing is collectable`(_ status: CaseState.Status) {
        let facts = Make.facts([], Make.state(status: status))
        for invoices in [[], [Make.invoice(1, due: "2026-11-03", allocated: 10_000)]] {
            let plan = facts.with(invoices).plan("2026-11-09 10:00")
            #expect(plan.state.status == .exited && plan.exit == .paid && plan.next == nil)
        }
        var exited = facts.with([Make.invoice(1, due: "2026-11-03")])
        exited.state.status = .exited
        #expect(exited.plan("2026-11-09 10:00").next == nil)
    }

    @Test func `exit when unapplied credit covers all of it, even in part payments`() {
        let invoices = [Make.invoice(1, due: "2026-11-03", allocated: 4_000), Make.invoice(2, due: nil, total: 500)]
        #expect(Make.facts(invoices, credit: 6_500).plan("2026-11-09 10:00").summary() == "exit paid")
        #expect(Make.facts(invoices, credit: 6_499).plan("2026-11-09 10:00").summary() == "friendly 1 2026-11-09")
    }

    @Test func `be idle while no invoice has a due date`() {
        #expect(Make.facts([Make.invoice(1, due: nil)]).plan("2026-11-09 10:00").summary() == "idle no_due_date")
    }

    // MARK: - Holds

    @Test func `wait for the end of a dated hold on the customer`() {
        let facts = Make.facts(
            [Make.invoice(1, due: "2026-11-03")], holds: [Make.hold(until: Make.at("2026-11-10 13:30"))])
        #expect(facts.plan("2026-11-05 10:00").next?.dueAt == Make.at("2026-11-10 13:30"))
        var two = facts
        two.holds.append(Make.hold(until: Make.at("2026-11-14 13:30")))
        #expect(two.plan("2026-11-05 10:00").summary() == "friendly 1 2026-11-16")
    }

    @Test func `be idle under a hold without an end, and leave it at once when paid`() {
        let facts = Make.facts([Make.invoice(1, due: "2026-11-03")], holds: [Make.hold(until: nil)])
        #expect(facts.plan("2026-11-09 10:00").summary() == "idle held")
        #expect(facts.with([]).plan("2026-11-09 10:00").summary() == "exit paid")
    }

    @Test func `plan past holds on tenant and brand, which are the gate's alone`() {
        let holds = [Make.hold(.tenant, until: nil), Make.hold(.brand, until: nil)]
        let facts = Make.facts([Make.invoice(1, due: "2026-11-03")], holds: holds)
        #expect(facts.plan("2026-11-05 10:00").summary() == "friendly 1 2026-11-06")
    }

    @Test func `go on with the other invoices while one is held`() {
        let held = Make.invoice(1, due: "2026-10-01", heldUntil: ActiveHold.forever)
        let facts = Make.facts([held, Make.invoice(2, due: "2026-11-03")])
        let plan = facts.plan("2026-11-05 10:00")
        #expect(plan.summary() == "friendly 1 2026-11-06")
        #expect(plan.state.anchor == facts.invoices[1].id)
    }

    @Test func `come back to a held invoice when its hold ends, not when the next one falls due`() {
        let facts = Make.facts([
            Make.invoice(1, due: "2026-10-05", heldUntil: Make.at("2026-11-10 00:00")),
            Make.invoice(2, due: "2027-01-20"),
        ])
        let plan = facts.plan("2026-11-05 10:00")
        #expect(plan.summary() == "friendly 1 2026-11-10")
        #expect(plan.next?.occurrence == Int(Make.day("2026-10-05").number))
    }

    @Test func `wait for the hold on its only invoice, and be idle when that has no end`() {
        func plan(_ until: Instant) -> String {
            Make.facts([Make.invoice(1, due: "2026-11-03", heldUntil: until)]).plan("2026-11-05 10:00").summary()
        }
        #expect(plan(Make.at("2026-11-12 00:00")) == "friendly 1 2026-11-12")
        #expect(plan(ActiveHold.forever) == "idle held")
    }

    // MARK: - Money under way

    @Test func `wait for money under way to arrive or to expire`() {
        let expiry = Make.at("2026-11-10 08:00")
        let covered = Make.invoice(1, due: "2026-11-03", inFlight: 10_000, inFlightUntil: expiry)
        #expect(Make.facts([covered]).plan("2026-11-05 10:00").summary() == "friendly 1 2026-11-10")
        let beside = Make.facts([covered, Make.invoice(2, due: "2027-01-20")])
        #expect(beside.plan("2026-11-05 10:00").summary() == "friendly 1 2026-11-10")
        let half = Make.invoice(1, due: "2026-11-03", inFlight: 5_000, inFlightUntil: expiry)
        #expect(Make.facts([half]).plan("2026-11-05 10:00").summary() == "friendly 1 2026-11-06")
        // Credit covers the other half: money that has not arrived is no reason to close the case.
        #expect(Make.facts([half], credit: 5_000).plan("2026-11-05 10:00").summary() == "friendly 1 2026-11-10")
    }

    @Test func `respect a hold on the customer when money under way expires`() {
        let covered = Make.invoice(1, due: "2026-11-03", inFlight: 10_000, inFlightUntil: Make.at("2026-11-10 08:00"))
        var facts = Make.facts([covered], holds: [Make.hold(until: Make.at("2026-11-18 00:00"))])
        #expect(facts.plan("2026-11-05 10:00").summary() == "friendly 1 2026-11-18")
        facts.holds = [Make.hold(until: nil)]
        #expect(facts.plan("2026-11-05 10:00").summary() == "idle held")
    }

    @Test func `count from the oldest invoice that is free by then`() {
        // Credit covers the older one today; with the younger one free again there is something to ask for.
        let facts = Make.facts(
            [
                Make.invoice(1, due: "2026-10-05", total: 100),
                Make.invoice(2, due: "2026-11-03", heldUntil: Make.at("2026-11-10 00:00")),
            ], credit: 100)
        let plan = facts.plan("2026-11-05 10:00")
        #expect(plan.summary() == "friendly 1 2026-11-10")
        #expect(plan.next?.occurrence == Int(Make.day("2026-10-05").number))
    }

    // MARK: - Calls and waits

    @Test func `wait for the outcome of a call, or its deadline`() throws {
        var facts = Make.facts([Make.invoice(1, due: "2026-11-03")], workflow: Make.withCall)
        let first = try #require(facts.plan("2026-11-06 08:00").next)
        facts = facts.after(first, on: "2026-11-06")
        let call = facts.plan("2026-11-06 12:00")
        #expect(call.summary() == "call 1 2026-11-13")
        #expect(call.next?.kind == .callTask)
        facts = facts.after(try #require(call.next), on: "2026-11-13")
        #expect(facts.state.lastContactDay == Make.day("2026-11-06"))
        facts.awaitedUntil = Make.at("2026-11-17 18:00")
        #expect(facts.plan("2026-11-13 12:00").summary() == "firm 2 2026-11-18")
        facts.awaitedUntil = nil
        #expect(facts.plan("2026-11-13 12:00").summary() == "firm 2 2026-11-17")
    }

    @Test func `is not at its end while somebody is asked how it goes on`() throws {
        let ask = Step(
            key: "ask", kind: .approve, timing: .afterPrevious(1), arms: .outcomes([Step.Arms.timeout: .end]))
        var facts = Make.facts(
            [Make.invoice(1, due: "2026-11-03")], workflow: Make.workflow([Make.ladder[0], ask, Make.ladder[1]]))
        facts = facts.after(try #require(facts.plan("2026-11-06 08:00").next), on: "2026-11-06")
        facts = facts.after(try #require(facts.plan("2026-11-09 12:00").next), on: "2026-11-09")
        #expect(facts.state.position == "ask")
        let deadline = Make.at("2026-11-11 18:00")
        facts.awaitedUntil = deadline
        let waiting = facts.plan("2026-11-09 12:00")
        #expect(waiting.state.status == .active && waiting.idle == .awaited && waiting.lookAgainAt == deadline)
        let ended = facts.plan("2026-11-11 18:00")
        #expect(ended.becameExhausted && ended.lookAgainAt == nil)
        // What an approval would have sent, unless it was approved.
        #expect(facts.notApproved(at: deadline)?.key == "firm")
        #expect(facts.notApproved(Step.Arms.declined, at: deadline)?.key == "firm")
        #expect(facts.notApproved(Step.Arms.approved, at: deadline) == nil)
    }

    @Test func `count a wait from the day the step before was done`() throws {
        let workflow = Make.workflow([
            Make.ladder[0], Step(key: "pause", kind: .wait, timing: .afterPrevious(10)),
            Make.email("firm", .afterPrevious(2)),
        ])
        var facts = Make.facts([Make.invoice(1, due: "2026-11-03")], workflow: workflow)
        facts = facts.after(try #require(facts.plan("2026-11-09 08:00").next), on: "2026-11-09")
        let pause = facts.plan("2026-11-09 12:00")
        #expect(pause.summary() == "pause 1 2026-11-19")
        facts = facts.after(try #require(pause.next), on: "2026-11-19")
        #expect(facts.state.stage == 1)
        #expect(facts.plan("2026-11-19 12:00").summary() == "firm 2 2026-11-23")
    }
}
