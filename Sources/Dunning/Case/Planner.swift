/// Decides the one next step of a case. Pure and idempotent: planning twice is planning once.
///
/// Rules: architecture 5.1, 5.6, 5.7. Everything is computed from the anchor and the last contact, never from when the
/// planner happened to run, so no step drifts or is lost when planning is late.
package enum Planner {
    package static func plan(_ facts: CaseFacts, now: Instant) -> Plan {
        guarded(decide(facts, now: now), facts, now: now)
    }

    private static func decide(_ facts: CaseFacts, now: Instant) -> Plan {
        var plan = Plan(state: facts.state)
        guard plan.state.status != .exited else { return plan }
        // Somebody said that this customer is never to be reminded: that goes before all else, at once.
        if facts.profile.exclusion != nil { return close(plan, reason: .excluded) }
        let facts = holdIgnored(&plan, facts, now: now)
        var hasAsked = false
        var view = plan
        // Nobody plans again when a hold on an invoice ends or money under way fails to arrive: what can be asked for
        // from then on is looked at now, unless the next step comes before.
        for moment in [now] + facts.releases(after: now) {
            if let next = plan.next, next.dueAt < moment { break }
            let then = moment > now ? facts.projected(to: moment) : facts
            guard then.askedTotal(at: moment) > 0 else { continue }
            hasAsked = true
            (view.next, view.idle) = (nil, nil)
            view = step(view, then, at: moment)
            // The standing is that of the first moment with a step; later ones only bring another step forward.
            if plan.next == nil { plan = view } else { plan.next = view.next ?? plan.next }
            // Whoever has been asked answers, or the deadline looks again.
            guard view.state.status == .active, view.idle != .awaited else { break }
        }
        if hasAsked { return plan }
        return facts.blockedBy(at: now).map { idle(plan, $0) } ?? close(plan, reason: .paid)
    }

    private static func close(_ plan: Plan, reason: Reason) -> Plan {
        var plan = plan
        plan.state.status = .exited
        plan.exit = reason
        return plan
    }

    private static func idle(_ plan: Plan, _ reason: Reason) -> Plan {
        var plan = plan
        plan.idle = reason
        return plan
    }

    /// Where the case stands at `moment`, when something can be asked for.
    private static func step(_ plan: Plan, _ facts: CaseFacts, at moment: Instant) -> Plan {
        var earliest = moment
        if let hold = facts.customerHold(at: moment) {
            guard let until = hold.until else { return idle(plan, hold.blocks) }
            earliest = until
        }
        if let rested = facts.restsUntil(after: moment) { earliest = max(earliest, rested) }
        let asked = facts.asked(at: moment)
        return climb(enter(plan, facts: facts, asked: asked, at: moment), facts, asked, moment, earliest)
    }

    /// Debt older than the entry policy wants gets a hold, be it held or under way already; the rest enters at the
    /// first stage.
    private static func holdIgnored(_ plan: inout Plan, _ facts: CaseFacts, now: Instant) -> CaseFacts {
        guard case .ignoreOlderThan(let days) = plan.state.entry else { return facts }
        let today = facts.brand.zone.day(of: now)
        plan.state.status = .active
        plan.state.entry = .firstStage
        var facts = facts
        for index in facts.invoices.indices {
            let invoice = facts.invoices[index]
            guard invoice.isMissed, invoice.heldUntil != ActiveHold.forever,
                invoice.daysOverdue(on: today) > days
            else { continue }
            plan.ignored.append(invoice.id)
            facts.invoices[index] = invoice.held(until: ActiveHold.forever)
        }
        return facts
    }

    /// Applies the entry policy, once (architecture 5.1).
    private static func enter(_ plan: Plan, facts: CaseFacts, asked: [OpenInvoice], at moment: Instant) -> Plan {
        guard let entry = plan.state.entry else { return plan }
        var plan = plan
        let today = facts.brand.zone.day(of: moment)
        if entry == .review {
            plan.state.status = .pending
            return plan
        }
        plan.state.status = .active
        plan.state.entry = nil
        guard plan.state.position == nil, plan.state.stage == 0,
            let anchor = overdueAnchor(asked, facts: facts, today: today)
        else { return plan }
        let byAge = facts.workflow.stage(byAge: anchor.daysOverdue(on: today))
        var target = 1
        if case .byAgeCapped(let cap) = entry { target = min(byAge, cap) }
        // A later cycle resumes where the last one ended, as far as the debt's age allows.
        target = max(1, target, min(facts.state.priorStage, byAge))
        guard target > 1 else { return plan }
        let path = facts.path(at: moment)
        guard let place = facts.place(ofStage: target, on: path), place > 0 else { return plan }
        let workflow = facts.workflow
        plan.passedOver = path[..<place].map { workflow.ladder[$0].key }
        stand(&plan, before: path[place], after: path[place - 1], in: workflow)
        plan.state.positionDay = nil
        plan.state.stage = min(target, workflow.stages[path[place]]) - 1
        return plan
    }

    /// At one rung, on the way to another.
    private static func stand(_ plan: inout Plan, before next: Int, after rung: Int, in workflow: PublishedWorkflow) {
        let step = workflow.ladder[rung]
        plan.state.position = step.key
        let isFollower = workflow.follower(of: rung) == next && !step.awaitsOutcome
        plan.state.nextKey = isFollower ? nil : workflow.ladder[next].key
    }

    private static func climb(
        _ entered: Plan, _ facts: CaseFacts, _ asked: [OpenInvoice], _ moment: Instant, _ earliest: Instant
    ) -> Plan {
        var plan = entered
        let today = facts.brand.zone.day(of: moment)
        let invoices = asked.filter { $0.dueDate != nil }
        if plan.state.status == .pending { return idle(plan, .review) }
        if plan.state.status == .exhausted { return idle(plan, .exhausted) }
        if plan.state.status == .handedOver { return idle(plan, .handedOver) }
        if invoices.isEmpty { return idle(plan, .noDueDate) }
        if facts.isBelowMinimum(at: moment) { return idle(plan, .belowThreshold) }
        let overdue = overdueAnchor(invoices, facts: facts, today: today)
        let anchor = overdue ?? soonest(invoices, facts: facts)
        regress(&plan, to: overdue, facts: facts, invoices: invoices, at: moment)
        plan.state.anchor = anchor?.id
        if let due = anchor?.dueDate { passDone(&plan, facts, due: due) }
        let time = SendTime(facts)
        var candidates: [PlannedStep] = []
        if overdue == nil { candidates = Courtesy.steps(invoices, facts, time: time, earliest: earliest) }
        candidates += Reaction.steps(plan.state, facts, time: time, earliest: earliest)
        if let anchor {
            switch nextRung(plan.state, facts, anchor: anchor, time: time, earliest: earliest) {
            case .step(let step): candidates.append(step)
            case .end where candidates.isEmpty:
                // A person was asked how it goes on: until then it has not come to its end.
                if let until = facts.awaitedUntil, until > moment {
                    plan.lookAgainAt = until
                    return idle(plan, .awaited)
                }
                plan.state.status = .exhausted
                plan.becameExhausted = true
                return idle(plan, .exhausted)
            case .end, .never: break
            }
        }
        plan.next = candidates.min { $0.dueAt < $1.dueAt }
        if plan.next == nil { plan.idle = .window }
        return plan
    }

    /// The anchor was settled and others remain: back to the stage the new anchor's age calls for, never up (5.7).
    private static func regress(
        _ plan: inout Plan, to overdue: OpenInvoice?, facts: CaseFacts, invoices: [OpenInvoice], at moment: Instant
    ) {
        guard let old = plan.state.anchor, !invoices.contains(where: { $0.id == old }) else { return }
        let workflow = facts.workflow
        let today = facts.brand.zone.day(of: moment)
        let byAge = overdue.map { workflow.stage(byAge: $0.daysOverdue(on: today)) } ?? 0
        let stage = min(plan.state.stage, byAge)
        // Steps that were only passed over have moved the position, not the stage: they go with the old anchor.
        guard stage < max(plan.state.stage, plan.state.position.map(workflow.stage(of:)) ?? 0) else { return }
        plan.state.stage = stage
        let path = stage > 0 ? facts.path(at: moment) : []
        plan.state.position = facts.place(ofStage: stage, on: path).map { workflow.ladder[path[$0]].key }
        plan.state.nextKey = nil
    }

    /// Steps done for this due day before the case fell back are behind it: an anchor that returns (its hold has ended)
    /// is not told the same again.
    private static func passDone(_ plan: inout Plan, _ facts: CaseFacts, due: Day) {
        let workflow = facts.workflow
        for _ in workflow.ladder {
            guard let index = workflow.next(after: plan.state) else { return }
            let step = workflow.ladder[index]
            let occurrence = CaseFacts.Occurrence(key: step.key, number: Int(due.number), round: plan.state.round)
            guard facts.done.contains(occurrence) else { return }
            plan.state.position = step.key
            plan.state.nextKey = facts.jumps[occurrence]?.text
            let stage = plan.state.stage
            if step.kind.isContact { plan.state.stage = max(stage, min(workflow.stages[index], stage + 1)) }
        }
    }

    private enum Rung { case step(PlannedStep), end, never }

    private static func nextRung(
        _ state: CaseState, _ facts: CaseFacts, anchor: OpenInvoice, time: SendTime, earliest: Instant
    ) -> Rung {
        let workflow = facts.workflow
        guard let index = workflow.next(after: state), let due = anchor.dueDate else { return .end }
        let step = workflow.ladder[index]
        var day: Day
        switch step.timing {
        case .afterDue(let days): day = due.adding(days)
        case .afterPrevious(let days, let isBusiness):
            let start = state.positionDay ?? due
            day = isBusiness ? facts.brand.businessDay(days, after: start) : start.adding(days)
        case .onDate(let date): day = date
        case .beforeDue, .afterIssue, .onEvent, .manual: return .never
        }
        if let event = facts.heard(by: step, after: state) { day = min(day, facts.zone.day(of: event.at)) }
        let overdueDay = facts.overdueFrom(anchor) ?? due
        day = max(day, overdueDay)
        if let previous = state.positionDay { day = max(day, previous) }
        if step.kind.isContact, let contact = state.lastContactDay {
            day = max(day, contact.adding(workflow.escalationGapDays))
        }
        // A contact passed over for want of an address keeps the pace all the same: an address found meanwhile gets the
        // next step, and not a case that ran out of steps within a day.
        if step.kind.isContact, let before = workflow.rung(of: state.position).map({ workflow.ladder[$0] }),
            before.kind.isContact, before.condition == nil, let passed = state.positionDay
        {
            day = max(day, passed.adding(workflow.escalationGapDays))
        }
        // "From the next day on in the brand's zone" decides what is overdue; the contact's zone decides the hour.
        let overdueFrom = facts.brand.zone.startOfDay(overdueDay)
        let opens = max(earliest, facts.awaitedUntil ?? earliest, overdueFrom)
        guard let moment = time.moment(onOrAfter: day, notBefore: opens) else { return .never }
        return .step(
            PlannedStep(
                key: step.key, kind: step.kind, occurrence: Int(due.number), round: state.round,
                stage: workflow.stages[index], dueAt: moment))
    }

    /// Oldest collectable overdue invoice; tie: the largest, then the id.
    static func overdueAnchor(_ invoices: [OpenInvoice], facts: CaseFacts, today: Day) -> OpenInvoice? {
        oldest(facts.overdue(invoices, on: today))
    }

    /// While nothing is overdue: the one that will be first.
    private static func soonest(_ invoices: [OpenInvoice], facts: CaseFacts) -> OpenInvoice? {
        let first = invoices.compactMap(facts.overdueFrom).min()
        return oldest(invoices.filter { facts.overdueFrom($0) == first })
    }

    static func oldest(_ invoices: [OpenInvoice]) -> OpenInvoice? {
        invoices.filter { $0.dueDate != nil }.min { left, right in
            if left.dueDate != right.dueDate {
                return (left.dueDate ?? Day(number: 0)) < (right.dueDate ?? Day(number: 0))
            }
            if left.collectable != right.collectable { return left.collectable > right.collectable }
            return left.id < right.id
        }
    }
}

extension CaseFacts {
    /// The customer-wide hold that ends last; tenant and brand holds are the gate's alone.
    func customerHold(at now: Instant) -> ActiveHold? {
        holds.filter { $0.scope == .customer && ($0.until ?? ActiveHold.forever) > now }
            .max { ($0.until ?? ActiveHold.forever) < ($1.until ?? ActiveHold.forever) }
    }
}
