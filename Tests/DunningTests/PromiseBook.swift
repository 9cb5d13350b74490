import Dunning

/// What is promised of every case, checked against the ledger without asking planner or gate; and how often a case came
/// near to breaking it.
struct PromiseBook {
    /// States in which a careless planner or gate would do harm.
    enum Danger: String, CaseIterable {
        case nothingOwed, held, closedWindow, capSpent, noteAfterOverdue, otherInvoices, withinGap, ageAhead, noteSent
    }

    private(set) var broken: [String] = []
    private(set) var near: [Danger: Int] = [:]
    private(set) var sentCount = 0
    /// Steps after due that were passed over without a contact, in this cycle.
    var passed = 0
    private var contacts: [(day: Day, step: PlannedStep)] = []
    private var entryStage = 0
    private var fallbacks = 0

    mutating func broken(_ promise: String) { broken.append(promise) }

    mutating func newCycle() { (contacts, passed, entryStage, fallbacks) = ([], 0, 0, 0) }

    private mutating func promise(_ holds: Bool, _ text: @autoclosure () -> String) {
        if !holds { broken.append(text()) }
    }

    private mutating func danger(_ danger: Danger, _ isNear: Bool) {
        if isNear { near[danger, default: 0] += 1 }
    }

    private var highestStage: Int { max(entryStage, contacts.map(\.step.stage).max() ?? 0) }

    // MARK: - Planning

    mutating func planned(_ plan: Plan, _ read: CaseFacts, _ now: Instant, again planner: CaseSimulation.Planning) {
        let before = read.state
        let facts = read.holding(plan.ignored)
        if before.entry != nil, plan.state.entry == nil { entryStage = max(entryStage, plan.state.stage) }
        twice(plan, facts, now, planner)
        promise(plan.exit == nil || facts.missing(at: now) <= 0, "exits while \(facts.missing(at: now)) is missing")
        promise(
            plan.next != nil || plan.exit != nil || plan.idle != nil || before.status == .exited,
            "is silent without a reason")
        let rungs = (facts.workflow.rung(of: before.position) ?? -1, facts.workflow.rung(of: plan.state.position) ?? -1)
        if rungs.1 < rungs.0 || plan.state.stage < before.stage {
            fallbacks += 1
            promise(
                !facts.asked(at: now).contains { $0.id == before.anchor }, "falls back though its anchor is not settled"
            )
        }
        promise(
            plan.state.stage <= max(before.stage, highestStage + passed),
            "rises to \(plan.state.stage) without a contact")
        danger(
            .withinGap,
            before.lastContactDay.map { facts.zone.day(of: now) < $0.adding(facts.workflow.escalationGapDays) } ?? false
        )
        danger(.ageAhead, facts.stageByAge(at: now) > before.stage + 1)
        guard let next = plan.next else { return }
        danger(
            .noteSent,
            facts.done.contains {
                facts.workflow.step($0.key)?.isBeforeDue == true && $0.number >= Int(facts.zone.day(of: now).number)
            })
        promise(next.dueAt >= now, "plans \(next.key) in the past")
        promise(facts.isOpen(next.dueAt), "plans \(next.key) outside the window, at \(next.dueAt)")
        promise(
            !facts.done.contains(.init(key: next.key, number: next.occurrence)),
            "plans \(next.key) twice for one due day")
        let holds = facts.holds.filter { $0.scope == .customer }
        promise(holds.allSatisfy { $0.until.map { $0 <= next.dueAt } ?? false }, "plans \(next.key) within a hold")
        promise(
            facts.workflow.step(next.key)?.isBeforeDue == true || facts.workflow.rung(of: next.key)! > rungs.1,
            "plans \(next.key) again")
        foreseen(plan, next, facts, now, planner)
    }

    /// Whenever it is planned before its time, the next step is the same; unless an invoice returns whose ladder is
    /// done, and ends the case.
    private mutating func foreseen(
        _ plan: Plan, _ next: PlannedStep, _ facts: CaseFacts, _ now: Instant, _ planner: CaseSimulation.Planning
    ) {
        func planned(at moment: Instant) -> Plan {
            var later = facts.loaded(at: moment)
            later.state = plan.state
            return planner(later, moment)
        }
        let wait = next.dueAt.microseconds(since: now)
        let between = now.adding(microseconds: wait / 97 * (next.dueAt.microseconds % 97))
        let isNote = facts.workflow.step(next.key)?.isBeforeDue == true
        let isUntimely = isNote && !facts.loaded(at: next.dueAt).overdue(at: next.dueAt).isEmpty
        let then = planned(at: between)
        guard isUntimely || then.next != next, then.state.status != .exhausted,
            planned(at: next.dueAt).state.status != .exhausted
        else { return }
        promise(!isUntimely, "plans a note for a day on which something is overdue")
        promise(then.next == next, "plans \(next) now and \(String(describing: then.next)) at \(between)")
    }

    private mutating func twice(_ plan: Plan, _ facts: CaseFacts, _ now: Instant, _ planner: CaseSimulation.Planning) {
        guard plan.exit == nil else { return }
        var again = facts
        again.state = plan.state
        let second = planner(again, now)
        promise(
            second.state == plan.state && second.next == plan.next && second.idle == plan.idle
                && second.passedOver.isEmpty && second.ignored.isEmpty && !second.becameExhausted,
            "plans otherwise the second time: \(second) after \(plan)")
    }

    // MARK: - Gating and sending

    mutating func gated(_ step: PlannedStep, _ gated: Gated, _ facts: CaseFacts, _ now: Instant) {
        let isNote = facts.workflow.step(step.key)?.isBeforeDue == true
        let asked = facts.asked(at: now).count
        danger(.nothingOwed, facts.owed(at: now) <= 0)
        danger(.held, !facts.holds.isEmpty || facts.invoices.contains { $0.isHeld(at: now) })
        danger(.closedWindow, !facts.isOpen(now))
        danger(.capSpent, facts.isCapSpent(at: now))
        danger(.noteAfterOverdue, isNote && !facts.overdue(at: now).isEmpty)
        danger(.otherInvoices, !isNote && facts.overdue(at: now).count < asked)
        let refusals = gated.trace.filter { !$0.passed }.count
        if case .send = gated.verdict {
            promise(refusals == 0, "sends against its own trace")
        } else {
            promise(refusals == 1 && gated.trace.last?.passed == false, "refuses without a check that failed")
        }
        if let until = gated.until { promise(until > now, "waits until now") }
    }

    mutating func sent(
        _ step: PlannedStep, to recipient: Reachable, listing listed: [OpenInvoice], _ facts: CaseFacts, _ now: Instant
    ) {
        sentCount += 1
        let today = facts.zone.day(of: now)
        promise(facts.owed(at: now) > 0, "sends \(step.key) while nothing is owed")
        promise(facts.holds.isEmpty, "sends \(step.key) within a hold")
        promise(
            !listed.isEmpty && listed.allSatisfy { $0.collectable > 0 && !$0.isHeld(at: now) },
            "lists what may not be asked for")
        if facts.workflow.step(step.key)?.isBeforeDue == true {
            promise(facts.overdue(at: now).isEmpty, "sends a note while something is overdue")
            promise(
                listed.allSatisfy { $0.dueDate?.number == Int32(step.occurrence) }, "lists other due days in a note")
        } else {
            promise(Set(listed) == Set(facts.overdue(at: now)), "lists other than what is overdue")
            let previous = contacts.last.map { $0.day.adding(facts.workflow.escalationGapDays) }
            promise(previous.map { $0 <= today } ?? true, "sends \(step.key) within the gap")
            let highest = highestStage
            promise(step.stage <= highest + passed + 1, "rises from \(highest) to \(step.stage) in one contact")
        }
        promise(facts.isOpen(now), "sends \(step.key) outside the window, at \(now)")
        promise(!facts.isCapSpent(at: now), "sends \(step.key) over the cap")
        promise(recipient.isUsable && facts.contacts.contains(recipient), "sends to \(recipient)")
        let isRepeated = contacts.contains { $0.step.key == step.key && $0.step.occurrence == step.occurrence }
        promise(!isRepeated, "sends \(step.key) twice for one due day")
        contacts.append((today, step))
    }

    /// The message did not arrive, for certain.
    mutating func unsent() { contacts.removeLast() }

    mutating func moved(from before: CaseState, to after: CaseState, _ workflow: PublishedWorkflow) {
        promise(
            (workflow.rung(of: after.position) ?? -1) >= (workflow.rung(of: before.position) ?? -1)
                && after.stage >= before.stage,
            "goes back by an outcome")
    }

    // MARK: - The end

    mutating func end(_ open: PlannedStep?, _ idle: Reason?, _ state: CaseState, _ facts: CaseFacts, _ now: Instant) {
        let isBlocked = facts.holds.contains { $0.until == nil }
        promise(open == nil || isBlocked, "does not come to an end: \(String(describing: open))")
        let waits: Set<Reason?> = [.review, .noDueDate, .held, .promised, .disputed, .underWay]
        promise(
            open != nil || state.status == .exited || state.status == .exhausted || waits.contains(idle),
            "ends \(state.status), idle \(String(describing: idle))")
        let reminders = contacts.filter { facts.workflow.step($0.step.key)?.isBeforeDue == false }.count
        let rungs = facts.workflow.ladder.count { $0.kind == .email }
        promise(reminders <= rungs * (1 + fallbacks), "\(reminders) reminders on a ladder of \(rungs)")
    }
}
