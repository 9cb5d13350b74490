import Dunning

/// What is promised of every case, checked against the ledger without asking planner or gate; and how often a case came
/// near to breaking it.
struct PromiseBook {
    /// States in which a careless planner or gate would do harm.
    enum Danger: String, CaseIterable {
        case nothingOwed, held, closedWindow, capSpent, noteAfterOverdue, otherInvoices, withinGap, ageAhead, noteSent
        case conditionFails, atLimit, resting, belowMinimum, jumping, mayRepeat, answering, refused
        case archivedNamed, exclusion, otherBrand, unordered, twoPins, unfitRule
    }

    private(set) var broken: [String] = []
    private(set) var near: [Danger: Int] = [:]
    private(set) var sentCount = 0
    /// Steps after due that were passed over without a contact, in this cycle.
    var passed = 0
    private var contacts: [(day: Day, step: PlannedStep)] = []
    private var entryStage = 0
    private var fallbacks = 0
    private var repeats: [String: Int] = [:]

    mutating func broken(_ promise: String) { broken.append(promise) }

    mutating func newCycle() { (contacts, passed, entryStage, fallbacks, repeats) = ([], 0, 0, 0, [:]) }

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
        promise(plan.state.round == before.round, "repeats by planning")
        danger(.jumping, plan.state.nextKey != nil)
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
            !facts.done.contains(CaseFacts.occurrence(of: next)),
            "plans \(next.key) twice for one due day")
        let holds = facts.holds.filter { $0.scope == .customer }
        promise(holds.allSatisfy { $0.until.map { $0 <= next.dueAt } ?? false }, "plans \(next.key) within a hold")
        promise(
            facts.workflow.rung(of: next.key).map {
                $0 > rungs.1 || plan.state.nextKey == next.key && leadsBack(plan.state, facts.workflow)
            } ?? true, "plans \(next.key) again")
        // A step for the day on which a hold ends or money fails to come may be of another anchor than the one shown now.
        let anchor = facts.invoices.first { $0.id == plan.state.anchor }
        if facts.workflow.rung(of: next.key) != nil, anchor?.dueDate?.number == Int32(next.occurrence) {
            promise(
                plan.state.nextKey == nil || plan.state.nextKey == next.key,
                "plans \(next.key) though the case was led to \(plan.state.nextKey ?? "")")
            let stays = before.anchor == plan.state.anchor && before.position == plan.state.position
            promise(
                before.nextKey == nil || !stays || before.nextKey == next.key,
                "plans \(next.key) though the step before led to \(before.nextKey ?? "")")
        }
        danger(.answering, facts.workflow.step(next.key)?.isReaction == true)
        foreseen(plan, next, facts, now, planner)
    }

    /// The case stands at a repeat that has just led it back.
    private func leadsBack(_ state: CaseState, _ workflow: PublishedWorkflow) -> Bool {
        guard let key = state.position, case .again(let start, _) = workflow.step(key)?.arms else { return false }
        return state.nextKey == start
    }

    /// Whenever it is planned before its time, the next step is the same; unless an invoice returns whose ladder is
    /// done, and ends the case, or several return one after the other: where the case then stands depends on whether it was
    /// looked at between them.
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
        let returns = facts.releases(after: now).count { $0 <= next.dueAt }
        guard isUntimely || then.next != next && returns < 2, then.state.status != .exhausted,
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
        let subject = facts.subject(at: now)
        danger(.conditionFails, facts.workflow.step(step.key)?.condition?.judged(subject).holds == false)
        danger(.atLimit, !isNote && isAtLimit(facts, now))
        danger(.resting, isResting(facts, now))
        danger(.refused, facts.contacts.first.map { !$0.isUsable } ?? false)
        danger(.belowMinimum, facts.owed(at: now) < facts.workflow.limits.minimumAmount[facts.state.currency] ?? 0)
        let refusals = gated.trace.filter { !$0.passed }.count
        if case .send = gated.verdict {
            promise(refusals == 0, "sends against its own trace")
        } else {
            promise(refusals == 1 && gated.trace.last?.passed == false, "refuses without a check that failed")
        }
        if let until = gated.until { promise(until > now, "waits until now") }
    }

    /// By the book's own count of contacts.
    private func isAtLimit(_ facts: CaseFacts, _ now: Instant) -> Bool {
        let limits = facts.workflow.limits
        let made = contacts.count { facts.workflow.step($0.step.key)?.isBeforeDue == false }
        let isLate = limits.maxDays.map { days in
            facts.openedOn.map { $0.adding(days) < facts.brand.zone.day(of: now) } ?? false
        }
        return limits.maxContacts.map { made >= $0 } ?? false || isLate ?? false
    }

    /// Day by day from what happened, as a person would count.
    private func isResting(_ facts: CaseFacts, _ now: Instant) -> Bool {
        let today = facts.brand.zone.day(of: now)
        return facts.events.contains { event in
            var day = facts.brand.zone.day(of: event.at)
            switch event.kind {
            case .replied:
                guard var left = facts.workflow.limits.onReply else { return false }
                while left > 0 {
                    day = day.adding(1)
                    if facts.brand.window.weekdays.contains(day.weekday), !facts.brand.calendar.isHoliday(day) {
                        left -= 1
                    }
                }
            case .partPayment:
                guard let left = facts.workflow.limits.onPartPayment else { return false }
                day = day.adding(left)
            default: return false
            }
            return event.at <= now && today <= day
        }
    }

    mutating func sent(
        _ step: PlannedStep, to recipient: Reachable, listing listed: [OpenInvoice], _ facts: CaseFacts, _ now: Instant
    ) {
        sentCount += 1
        let today = facts.zone.day(of: now)
        let own = facts.workflow.step(step.key)
        promise(facts.owed(at: now) > 0, "sends \(step.key) while nothing is owed")
        promise(
            facts.owed(at: now) >= facts.workflow.limits.minimumAmount[facts.state.currency] ?? 0,
            "asks for less than the least")
        promise(!isResting(facts, now), "sends \(step.key) while the workflow rests")
        promise(
            own?.condition?.judged(facts.subject(at: now)).holds ?? true, "sends \(step.key) against its condition")
        promise(own?.isBeforeDue == true || !isAtLimit(facts, now), "sends \(step.key) over the limit")
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
            promise(
                own?.isReaction == true || previous.map { $0 <= today } ?? true, "sends \(step.key) within the gap")
            let (highest, isLadder) = (highestStage, facts.workflow.isLadder)
            promise(
                !isLadder || step.stage <= highest + passed + 1, "rises from \(highest) to \(step.stage) in one contact"
            )
        }
        promise(facts.isOpen(now), "sends \(step.key) outside the window, at \(now)")
        promise(!facts.isCapSpent(at: now), "sends \(step.key) over the cap")
        promise(recipient.isUsable && facts.contacts.contains(recipient), "sends to \(recipient)")
        let isRepeated = contacts.contains { CaseFacts.occurrence(of: $0.step) == CaseFacts.occurrence(of: step) }
        promise(!isRepeated, "sends \(step.key) twice for one due day")
        contacts.append((today, step))
    }

    /// The message did not arrive, for certain.
    mutating func unsent() { contacts.removeLast() }

    mutating func moved(
        from before: CaseState, to after: CaseState, by step: PlannedStep?, _ workflow: PublishedWorkflow
    ) {
        promise(
            (workflow.rung(of: after.position) ?? -1) >= (workflow.rung(of: before.position) ?? -1)
                && after.stage >= before.stage || leadsBack(before, workflow),
            "goes back by an outcome")
        promise(
            after.stage <= before.stage + (step?.kind.isContact == true ? 1 : 0),
            "rises from \(before.stage) to \(after.stage) by \(step?.key ?? "nothing")")
        promise(after.round <= before.round + 1, "repeats twice at once")
    }

    /// A repeat leads back at most as often as it says, counted here.
    mutating func decided(_ target: Step.Target?, at step: PlannedStep, _ facts: CaseFacts) {
        guard case .again(let start, let times) = facts.workflow.step(step.key)?.arms else { return }
        danger(.mayRepeat, true)
        guard target == .step(start) else { return }
        repeats[step.key, default: 0] += 1
        promise(repeats[step.key]! <= times, "repeats \(step.key) more than \(times) times")
    }

    // MARK: - Assignment

    mutating func assigned(_ asked: RandomAssignment, _ resolve: (RandomAssignment) -> Resolve.Assignment) {
        let answer = resolve(asked)
        danger(.archivedNamed, asked.named.contains(where: asked.archived.contains))
        danger(.exclusion, asked.pins.exclusion != nil)
        danger(.otherBrand, asked.rules.contains { $0.brand != nil && $0.brand != asked.brand && asked.fits($0) })
        danger(.unordered, asked.speaking.count > 1)
        danger(.twoPins, asked.pins.invoice != nil && asked.pins.customer != nil)
        danger(.unfitRule, asked.rules.contains { !asked.fits($0) })
        promise(answer.workflow.map { !asked.archived.contains($0) } ?? true, "follows what is archived")
        promise(asked.pins.exclusion == nil || answer.workflow == nil, "reminds who is excluded")
        promise(answer.outcome == asked.expected, "is assigned \(answer.outcome), not \(asked.expected)")
        promise(
            answer.trace.count { $0.won } == (answer.outcome == .none ? 0 : 1)
                && answer.winner?.workflow == answer.workflow, "says another place than the one that won")
        promise(
            asked.rules.allSatisfy { rule in answer.trace.contains { $0.name == rule.name } },
            "does not say of every rule what came of it")
        var turned = asked
        turned.rules.reverse()
        promise(resolve(turned) == answer, "goes by the order in which rules are read")
    }

    // MARK: - The end

    mutating func end(_ open: PlannedStep?, _ idle: Reason?, _ state: CaseState, _ facts: CaseFacts, _ now: Instant) {
        let isBlocked = facts.holds.contains { $0.until == nil }
        promise(open == nil || isBlocked, "does not come to an end: \(String(describing: open))")
        let waits: Set<Reason?> = [.review, .noDueDate, .held, .promised, .disputed, .underWay, .belowThreshold]
        promise(
            open != nil || state.status == .exited || state.status == .exhausted || waits.contains(idle),
            "ends \(state.status), idle \(String(describing: idle))")
        let reminders = contacts.filter { facts.workflow.step($0.step.key)?.isRung == true }.count
        let rungs = facts.workflow.ladder.count { $0.kind == .email }
        let times = 1 + fallbacks + repeats.values.reduce(0, +)
        promise(reminders <= rungs * times, "\(reminders) reminders on a ladder of \(rungs), climbed \(times) times")
    }
}

extension PublishedWorkflow {
    /// One way only, each contact a stage above the one before.
    fileprivate var isLadder: Bool { ladder.allSatisfy { $0.arms == .none && $0.stage == nil } }
}
