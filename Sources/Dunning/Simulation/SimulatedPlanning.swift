/// How a simulation plans: as after every change of a case, and as the gate puts a step off.
extension Simulation {
    mutating func replan(_ customer: ID<Customer>) {
        for index in ofCustomer[customer] ?? [] where cases[index].truth.state.status != .exited {
            let facts = facts(index)
            let plan = Planner.plan(facts, now: now)
            let (state, missed) = (plan.state, facts.notApproved(at: now))
            for key in plan.passedOver { skip(key, of: index, .beforeEnrolment) }
            for position in cases[index].truth.invoices.indices
            where plan.ignored.contains(cases[index].truth.invoices[position].id) {
                cases[index].truth.invoices[position] =
                    cases[index].truth.invoices[position].held(until: ActiveHold.forever)
            }
            cases[index].truth.state = state
            wishes[index] = plan.wish
            if let reason = plan.exit {
                cases[index].truth.awaitedUntil = nil
                events.append(.exit(at: now, state.id, reason))
            }
            if plan.becameExhausted {
                if let missed { skip(missed.key, of: index, .notApproved) }
                ask(index, step: nil, kind: "call")
            }
            if let at = plan.lookAgainAt { lookAgain(at: at, index) }
            place(plan.next, of: index, otherwise: plan.exit ?? plan.idle ?? .superseded)
        }
    }

    /// The open step stays where it is planned again, moves, or gives way with a reason.
    mutating func place(_ next: PlannedStep?, of index: Int, otherwise reason: Reason) {
        if let open = cases[index].open {
            if let next, open.key == next.key, open.occurrence == next.occurrence, open.round == next.round {
                if open.dueAt != next.dueAt, open.dueAt > now || next.dueAt > now { put(next, of: index) }
                if scheduled[index] == nil { put(cases[index].open, of: index) }
                return
            }
            skip(open.key, of: index, next == nil ? reason : .superseded)
        }
        put(next, of: index)
    }

    mutating func skip(_ key: String, of index: Int, _ reason: Reason) {
        let state = cases[index].truth.state
        events.append(
            .skip(
                SimulatedSkip(at: now, customer: state.customer, enrolment: state.id, step: key, reason: reason)))
    }

    mutating func ask(_ index: Int, step: String?, kind: String) {
        let state = cases[index].truth.state
        events.append(
            .task(SimulatedTask(at: now, customer: state.customer, enrolment: state.id, step: step, kind: kind)))
    }
}

extension Simulation {
    /// What somebody would have to end is not looked at every hour: the step stands until something is planned anew, or until
    /// the hold ends by itself.
    mutating func wait(
        _ index: Int, _ step: PlannedStep, until: Instant, for reason: Reason, in facts: CaseFacts
    ) {
        switch reason {
        case .held, .snoozed, .coolDown:
            let hold = facts.strongestHold(at: now)
            guard let end = hold?.until, end < ActiveHold.forever else { return scheduled[index] = nil }
            put(step.moved(to: max(end, now.adding(seconds: 1))), of: index)
        case .noGateway, .tenantSwitch, .brandSwitch, .workflowSwitch, .systemHold, .systemSwitch, .shadow, .disputed:
            scheduled[index] = nil
        default: put(step.moved(to: max(until, now.adding(seconds: 1))), of: index)
        }
    }
}
