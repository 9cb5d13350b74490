import Dunning
import Foundation
import Postgres
import Queue
import Store

/// What planning changes, gathered over many cases and written set-based. A step already planned rightly is left alone, so
/// planning twice writes nothing the second time.
struct PlanChanges {
    let internalLane: UUID
    let now: Instant
    let cause: String
    private var states: [CaseState] = []
    private var exits: [ID<Enrolment>: Reason] = [:]
    private var inserted: [NewStepRun] = []
    private var skipped: [(ID<StepRun>, Reason)] = []
    private var moved: [(ID<StepRun>, Instant, UUID)] = []
    private var near: [NewDue] = []
    private var ignored: [(ID<Customer>, ID<Invoice>)] = []
    private var tasks: [NewTask] = []
    private var closed: [(ID<Enrolment>, Reason)] = []
    private var audit: [AuditEntry] = []
    private var told: [Emission] = []
    private var wishes: [(state: CaseState, from: Day, value: Int64)] = []
    private var unannounced: [ID<StepRun>] = []
    private var unapproved: [Unapproved] = []
    private var watchAt: Instant?

    init(internalLane: UUID, now: Instant, cause: String) {
        self.internalLane = internalLane
        self.now = now
        self.cause = cause
    }

    mutating func add(_ loaded: LoadedCase, plan: Plan) {
        let before = loaded.facts.state
        // On the wire: the step stands until its outcome is recorded, which plans again.
        if let open = loaded.open, open.isSending {
            var state = before
            state.isDirty = false
            if before.isDirty { states.append(state) }
            return
        }
        var state = plan.state
        state.isDirty = false
        if state != before || plan.exit != nil {
            states.append(state)
            exits[state.id] = plan.exit
            told += Emission.standing(from: before, to: state, exit: plan.exit)
        }
        for key in plan.passedOver { passOver(key, plan: plan, loaded) }
        ignored += plan.ignored.map { (state.customer, $0) }
        if let exit = plan.exit {
            closed.append((state.id, exit))
            audit.append(
                AuditEntry(
                    action: "case.exited", subject: state.id.uuid, customer: state.customer,
                    detail: ["reason": exit.rawValue, "cause": cause]))
        }
        // What a case had the product suspend or limit is given back when it ends.
        if let exit = plan.exit, loaded.facts.standingSignal != nil {
            told.append(
                Emission(
                    .serviceSignal, state.id, customer: state.customer,
                    ["signal": "restore", "reason": .text(exit.rawValue)]))
        }
        if plan.becameExhausted {
            if let missed = loaded.facts.notApproved(at: now) { unapproved.append(Unapproved(before, missed)) }
            askToCall(loaded)
        }
        if let at = plan.lookAgainAt {
            near.append(NewDue(kind: .wake, ref: state.id.uuid, lane: internalLane, runAt: at))
        }
        if let wish = plan.wish {
            wishes.append((state, wish.day, state.currency.thousandths(wish.value)))
            watchAt = now
        }
        place(plan.next, of: state, loaded, reason: plan.exit ?? plan.idle ?? .superseded)
    }

    private mutating func place(_ next: PlannedStep?, of state: CaseState, _ loaded: LoadedCase, reason: Reason) {
        let lane: UUID? = if let next { lane(of: next, loaded) } else { nil }
        let skip: Reason = next == nil ? reason : .superseded
        if let open = loaded.open {
            if let next, let lane, open.step.key == next.key, open.step.occurrence == next.occurrence,
                open.step.round == next.round
            {
                guard open.step.dueAt != next.dueAt || open.lane != lane else { return }
                // A slot in the past that merely slides with the clock is no change.
                if open.step.dueAt <= now, next.dueAt <= now, open.lane == lane { return }
                // A retry keeps its time: the planner does not know that the server asked to wait.
                if open.message != nil, open.lane == lane, open.step.dueAt >= next.dueAt { return }
                moved.append((open.id, next.dueAt, lane))
                watch(next, of: open, loaded)
                bringNear(open.id, at: next.dueAt, lane: lane, loaded)
                return
            }
            skipped.append((open.id, skip))
            if open.announcedAt != nil { told.append(.withdrawn(open, of: state, skip)) }
            audit.append(
                AuditEntry(
                    action: "step.skipped", subject: open.id.uuid, customer: state.customer,
                    detail: ["reason": skip.rawValue, "cause": cause]))
        }
        guard let next, let lane else { return }
        let id = ID<StepRun>.make(at: now)
        inserted.append(NewStepRun(id: id, state: state, step: next, lane: lane))
        watch(next, of: nil, loaded)
        bringNear(id, at: next.dueAt, lane: lane, loaded)
    }

    /// Where messages are announced, the watch has to be awake in time for this one.
    private mutating func watch(_ next: PlannedStep, of open: OpenStep?, _ loaded: LoadedCase) {
        let safety = loaded.facts.safety
        guard safety.vetoHours > 0, loaded.facts.switches.isLive, next.kind.isContact else { return }
        let at = max(now, next.dueAt.adding(hours: -safety.vetoHours))
        if let open, open.announcedAt != nil {
            // Announced, and put off for longer than the time to object: it is announced anew.
            guard at > now else { return }
            unannounced.append(open.id)
        }
        watchAt = min(watchAt ?? at, at)
    }

    private func lane(of step: PlannedStep, _ loaded: LoadedCase) -> UUID {
        guard let own = step.kind.channel else { return internalLane }
        let channel = loaded.facts.way(for: step.key)?.channel ?? own
        return loaded.facts.brand.gateway(for: channel)?.uuid ?? internalLane
    }

    private mutating func bringNear(_ id: ID<StepRun>, at due: Instant, lane: UUID, _ loaded: LoadedCase) {
        guard loaded.facts.switches.isLive, due < now.adding(minutes: PlanCases.horizonMinutes) else { return }
        // Not in the past: nobody looks left of what was claimed already.
        near.append(NewDue(kind: .step, ref: id.uuid, lane: lane, runAt: max(due, now)))
    }

    private mutating func passOver(_ key: String, plan: Plan, _ loaded: LoadedCase) {
        guard let step = loaded.facts.workflow.step(key) else { return }
        let passed = PlannedStep(
            key: key, kind: step.kind, occurrence: plan.next?.occurrence ?? 0,
            stage: loaded.facts.workflow.stage(of: key), dueAt: now)
        inserted.append(
            NewStepRun(
                id: .make(at: now), state: plan.state, step: passed, lane: lane(of: passed, loaded),
                skipped: .beforeEnrolment))
    }

    private mutating func askToCall(_ loaded: LoadedCase) {
        let deadline = Deadline.after(businessDays: 2, from: now, facts: loaded.facts)
        tasks.append(
            NewTask(
                kind: .call, customer: loaded.facts.state.customer, enrolment: loaded.id,
                title: "Call \(loaded.customer.name): every reminder was sent and the debt is still open",
                script: "Ask when the overdue invoices will be paid, and note what was agreed.", deadline: deadline))
        audit.append(
            AuditEntry(action: "case.exhausted", subject: loaded.id.uuid, customer: loaded.facts.state.customer))
    }

    mutating func write(in tx: inout Transaction, _ context: Context) throws {
        try tx.skipSteps(skipped, at: now)
        try tx.withdrawMessages(of: skipped.map(\.0), at: now)
        try tx.updateCases(states, exits: exits, at: now)
        try tx.insertSteps(inserted, at: now)
        try tx.skip(context, unapproved)
        try tx.moveSteps(moved)
        try tx.forgetAnnouncement(of: unannounced)
        try tx.wishFirstContacts(wishes)
        try tx.dropFirstContacts(closed.map(\.0))
        if let watchAt { try Watch.queue(at: watchAt, in: &tx) }
        try tx.enqueue(near)
        let holds = try tx.holdInvoices(ignored, at: now)
        told += zip(holds, ignored).map { Emission.leftAlone($0, $1.0) }
        try tx.callOff(context, closed)
        for handover in try tx.closeHandovers(of: closed, at: now) {
            told.append(
                Emission(
                    .handoverClosed, handover.id, customer: handover.customer, ["reason": .text(handover.reason)]))
            audit.append(
                AuditEntry(
                    action: "handover.closed", subject: handover.id.uuid, customer: handover.customer,
                    detail: ["reason": handover.reason]))
        }
        try tx.ask(context, tasks)
        try tx.audit(context, audit)
        try tx.emit(context, told)
    }
}
