import Dunning
import Testing

/// How a case moves (architecture 5.7).
@Suite struct `A case advances` {
    private typealias Make = CaseFixture

    private func step(_ key: String, _ stage: Int, _ kind: Step.Kind = .email) -> PlannedStep {
        PlannedStep(
            key: key, kind: kind, occurrence: Int(Make.day("2026-11-03").number), stage: stage,
            dueAt: Make.at("2026-11-06 09:30"))
    }

    private func after(_ step: PlannedStep, _ state: CaseState, workflow: PublishedWorkflow = Make.standard)
        -> CaseState
    {
        Advance.after(step, state: state, workflow: workflow, day: Make.day("2026-11-06"))
    }

    @Test func `by a contact after due: position, stage and day of contact`() {
        let state = after(step("friendly", 1), Make.state(anchor: 1))
        #expect(
            state == Make.state(stage: 1, position: "friendly", on: "2026-11-06", anchor: 1, contacted: "2026-11-06"))
    }

    @Test func `by a contact before due: the day of contact only`() {
        #expect(after(step("courtesy", 0), Make.state()) == Make.state(contacted: "2026-11-06"))
    }

    @Test func `by a call or a wait: position without a contact, keeping the stage`() {
        let before = Make.state(stage: 1, position: "friendly", on: "2026-11-03", contacted: "2026-11-03")
        let state = after(step("call", 1, .callTask), before, workflow: Make.withCall)
        #expect(state == Make.state(stage: 1, position: "call", on: "2026-11-06", contacted: "2026-11-03"))
    }

    @Test func `never down: a late outcome of a lower step leaves the stage`() {
        #expect(after(step("friendly", 1), Make.state(stage: 3, position: "final")).stage == 3)
    }

    @Test func `past a skipped step without a contact and without a rise`() {
        let before = Make.state(stage: 1, position: "friendly", on: "2026-11-03", contacted: "2026-11-03")
        let state = Advance.passing(
            step("firm", 2), state: before, workflow: Make.standard, day: Make.day("2026-11-17"))
        #expect(state == Make.state(stage: 1, position: "firm", on: "2026-11-17", contacted: "2026-11-03"))
    }

    @Test func `past a skipped courtesy note without any trace`() {
        let before = Make.state(contacted: "2026-10-01")
        let state = Advance.passing(
            step("courtesy", 0), state: before, workflow: Make.standard, day: Make.day("2026-11-17"))
        #expect(state == before)
    }
}

@Suite struct `A published workflow` {
    private typealias Make = CaseFixture

    @Test func `counts contacts after due as stages, and keeps them through calls and waits`() {
        let pause = Step(key: "pause", kind: .wait, timing: .afterPrevious(2))
        let workflow = Make.workflow([Make.email("courtesy", .beforeDue(3)), pause] + Make.withCall.steps)
        #expect(workflow.ladder.map(\.key) == ["pause", "friendly", "call", "firm"])
        #expect(workflow.stages == [0, 1, 1, 2])
        #expect(
            ["courtesy", "pause", "friendly", "call", "firm", "gone"].map(workflow.stage(of:)) == [0, 0, 1, 1, 2, 0])
        #expect(workflow.rung(of: "call") == 2 && workflow.rung(of: "courtesy") == nil && workflow.rung(of: nil) == nil)
        #expect([0, 1, 2, 3].map(workflow.rung(ofStage:)) == [nil, 1, 3, nil])
    }

    @Test func `knows the stage a debt of some age would have reached`() {
        let expected = [-5: 0, 0: 0, 2: 0, 3: 1, 13: 1, 14: 2, 29: 2, 30: 3, 400: 3]
        for (age, stage) in expected { #expect(Make.standard.stage(byAge: age) == stage) }
        // A call is no contact, and a step that counts from the one before has no age of its own.
        let open = Make.workflow([Make.ladder[0], Make.email("nudge", .afterPrevious(5))])
        #expect(open.stage(byAge: 400) == 1)
        #expect(Make.withCall.stage(byAge: 12) == 1)
    }

    @Test func `reads timings by name, and no signed days`() {
        for timing in [Step.Timing.beforeDue(3), .afterDue(0), .afterPrevious(12)] {
            #expect(Step.Timing(name: timing.name, days: timing.days) == timing)
        }
        #expect(Step.Timing(name: "due", days: 1) == nil)
    }
}
