/// What a simulation makes of steps without a wire, and where they leave the case.
extension Simulation {
    /// A step without a wire.
    mutating func act(_ index: Int, _ step: PlannedStep) {
        let facts = facts(index)
        switch Gate.internalVerdict(for: step, given: facts, now: now).verdict {
        case .wait(let until, let reason):
            wait(index, step, until: until, for: reason, in: facts)
        case .skip(let reason):
            pass(index, step, for: reason, in: facts)
        case .send(_, let listed):
            let rule = facts.workflow.step(step.key)
            if step.kind.isTask {
                ask(index, step: step.key, kind: step.kind.task)
                if rule?.awaitsOutcome == true {
                    let deadline = Deadline.after(
                        businessDays: rule?.deadlineBusinessDays ?? 2, from: now, facts: facts)
                    cases[index].truth.awaitedUntil = max(deadline, facts.awaitedUntil ?? deadline)
                }
            }
            if step.kind == .inApp { show(index, step, listed) }
            if case .hold(let days, let reason) = rule?.effect { rest(facts, days: days, reason: reason) }
            let decision = rule.map { facts.decision(of: $0, at: now) }
            if let share = decision?.share, case .split(let experiment, _) = rule?.arms {
                for other in ofCustomer[facts.state.customer] ?? [] { cases[other].truth.shares[experiment] = share }
            }
            noteUnapproved(index, before: step)
            advance(index, step, on: facts.zone.day(of: now), to: decision?.target)
            replan(facts.state.customer)
        }
    }

    /// The tenant's own product shows it; nobody is contacted.
    private mutating func show(_ index: Int, _ step: PlannedStep, _ listed: [OpenInvoice]) {
        let section = shown((index: index, step: step, invoices: listed))
        events.append(
            .inApp(
                SimulatedNotice(
                    at: now, customer: cases[index].truth.state.customer, stage: step.stage, section: section)))
    }

    /// Nobody has approved what another step is done instead of.
    mutating func noteUnapproved(_ index: Int, before step: PlannedStep) {
        guard let missed = facts(index).notApproved(before: step, at: now) else { return }
        skip(missed.key, of: index, .notApproved)
    }

    /// The customer is left alone for some days, at all brands.
    private mutating func rest(_ facts: CaseFacts, days: Int, reason: String) {
        let zone = facts.brand.zone
        let hold = ActiveHold(
            id: ID(facts.state.id.uuid), scope: .customer, reason: reason,
            until: zone.startOfDay(zone.day(of: now).adding(days)))
        for index in ofCustomer[facts.state.customer] ?? [] { cases[index].truth.holds.append(hold) }
    }

    mutating func advance(_ index: Int, _ step: PlannedStep, on day: Day, to target: Step.Target? = nil) {
        cases[index].truth.finish(step, on: day, target: target)
        put(nil, of: index)
    }

    mutating func pass(_ index: Int, _ step: PlannedStep, on day: Day, for reason: Reason) {
        cases[index].truth.pass(step, on: day, for: reason)
        put(nil, of: index)
    }
}
