package import Dunning
package import Foundation
package import Postgres
package import Queue
package import Store

/// Due rows without a wire: steps that are no contact, the drain of dirty cases, messages whose outcome stayed unknown, and the
/// folding of rollups.
package struct InternalJobs: Sendable {
    /// Customers whose dirty cases are planned in one transaction.
    private static let drained = 200

    package let worker: UUID
    private let templates: TemplateCache

    package init(worker: UUID, templates: TemplateCache = TemplateCache()) {
        self.worker = worker
        self.templates = templates
    }

    /// One batch of dirty cases; the job ends when there are none left, and looks again after its row is gone.
    /// Returns the last of the batch while there may be more to do under the same lease.
    package func drain(_ lease: Lease, in tx: inout Transaction, _ context: Context) throws -> ID<Enrolment>? {
        if let last = try PlanCases.drain(limit: Self.drained, in: &tx, context).last { return last }
        guard try !tx.finish([lease], worker: worker).isEmpty else { return nil }
        // A bulk write that met our row before we deleted it has waited for us, or we see its marks now.
        if try tx.dirtyCustomers(limit: 1).last != nil { try PlanCases.queueDrain(in: &tx, context) }
        return nil
    }

    /// The same for one half of the customers after a place, while another transaction works at the other. It ends nothing: nil
    /// means that from there on this half has none left, and that ``drain(_:in:_:)`` is to look.
    package func drain(
        half: CustomerHalf, after place: ID<Enrolment>?, in tx: inout Transaction, _ context: Context
    ) throws -> ID<Enrolment>? {
        try PlanCases.drain(limit: Self.drained, half: half, after: place, in: &tx, context).last
    }

    /// A batch of dirty cases that cannot be planned together: each customer becomes a job of its own, so that the bad one
    /// sinks alone. Returns what the drain of the same half, or of all, does.
    package func scatter(
        half: CustomerHalf?, after place: ID<Enrolment>?, in tx: inout Transaction, _ context: Context
    ) throws -> ID<Enrolment>? {
        let (customers, last) = try tx.dirtyCustomers(limit: Self.drained, half: half, after: place)
        try tx.enqueue(
            customers.map { NewDue(kind: .plan, ref: $0.uuid, lane: tx.tenantID, runAt: context.now) })
        return last
    }

    /// The planning of one customer's cases.
    package func plan(_ lease: Lease, customer: ID<Customer>, in tx: inout Transaction, _ context: Context) throws {
        guard try !tx.finish([lease], worker: worker).isEmpty else { return }
        try PlanCases.lock(customers: [customer], in: &tx)
        try PlanCases.replan(customers: [customer], cause: "drain", in: &tx, context)
    }

    /// The same for the customer of a case whose task nobody has answered by its deadline.
    package func wake(
        _ lease: Lease, case id: ID<Enrolment>, in tx: inout Transaction, _ context: Context
    ) throws {
        guard let customer = try tx.customer(of: id) else {
            _ = try tx.finish([lease], worker: worker)
            return
        }
        try plan(lease, customer: customer, in: &tx, context)
    }

    /// One portion of a tenant's rollups; the job ends when nothing is left. What is booked meanwhile makes a new one.
    /// Returns true when there is more to do under the same lease.
    package func fold(_ lease: Lease, in tx: inout Transaction, _ context: Context) throws -> Bool {
        if try KeepRollups.step(in: &tx, context) { return true }
        _ = try tx.finish([lease], worker: worker)
        return false
    }

    /// One portion of what the passing of time brings, as ``fold(_:in:_:)`` does; then it waits for the next.
    package func watch(_ lease: Lease, in tx: inout Transaction, _ context: Context) throws -> Bool {
        if try Watch.step(in: &tx, context) { return true }
        guard try !tx.finish([lease], worker: worker).isEmpty else { return false }
        if let next = try Watch.next(in: &tx, context) { try Watch.queue(at: next, in: &tx) }
        return false
    }

    /// One portion of what is older than so many days, as ``fold(_:in:_:)`` does.
    package func prune(
        _ lease: Lease, keeping days: Int?, in tx: inout Transaction, _ context: Context
    ) throws -> Bool {
        if let days, try PruneFinished.step(keeping: days, in: &tx, context) { return true }
        _ = try tx.finish([lease], worker: worker)
        return false
    }

    /// One portion of a tenant's promises and instalments whose day has passed, as ``fold(_:in:_:)`` does.
    package func judge(_ lease: Lease, in tx: inout Transaction, _ context: Context) throws -> Bool {
        if try JudgeAgreements.step(in: &tx, context) { return true }
        _ = try tx.finish([lease], worker: worker)
        return false
    }

    /// One portion of a run that gives cases the workflow they should have, as ``fold(_:in:_:)`` does.
    package func reassign(
        _ lease: Lease, run: ID<Reassignment>, in tx: inout Transaction, _ context: Context
    ) throws -> Bool {
        switch try WorkReassignment(id: run).step(in: &tx, context) {
        case .more: return true
        case .later(let moment): _ = try tx.release([(lease, moment)], worker: worker)
        case .finished: _ = try tx.finish([lease], worker: worker)
        }
        return false
    }

    /// An unknown message after its waiting time: a reminder counts as sent; a final or legal notice, or what is known never to
    /// have left, goes to a person.
    package func settle(_ lease: Lease, message: ID<Message>, in tx: inout Transaction, _ context: Context) throws {
        guard try !tx.finish([lease], worker: worker).isEmpty, let unknown = try tx.unknownMessage(message) else {
            return
        }
        if unknown.tier == .reminder, !unknown.hasNeverLeft {
            try tx.assumeSent(message, at: context.now)
            try tx.audit(context, action: "message.assumed_sent", subject: message.uuid, customer: unknown.customer)
            try tx.emit(context, Emission(.messageAssumedSent, message, customer: unknown.customer))
        } else {
            try tx.ask(
                context,
                [
                    NewTask(
                        kind: .unknown, customer: unknown.customer, message: message,
                        title: Self.question(about: unknown),
                        script: unknown.hasNeverLeft
                            ? "No gateway has taken it over. Decide whether to reach the customer another way."
                            : "The gateway took all of it and never answered. Find out whether it was received.",
                        deadline: context.now.adding(days: 2))
                ])
        }
    }

    private static func question(about unknown: UnknownMessage) -> String {
        switch (unknown.channel, unknown.hasNeverLeft) {
        case (.sms, true): "This text message was never sent"
        case (.sms, false): "Did this text message arrive?"
        case (_, true): "This was never sent: \(unknown.subject)"
        case (_, false): "Did this notice arrive? \(unknown.subject)"
        }
    }

    /// A step without a wire that fell due.
    package func step(_ lease: Lease, in tx: inout Transaction, _ context: Context) throws {
        let id = ID<StepRun>(lease.due)
        guard let claimed = try tx.claimedSteps([id])[id], claimed.isPlanned else {
            _ = try tx.finish([lease], worker: worker)
            return
        }
        try tx.lockCases(customers: [claimed.customer])
        let cases = try tx.loadCases(customers: [claimed.customer], now: context.now)
        guard let loaded = cases.first(where: { $0.open?.id == id }), let open = loaded.open else {
            _ = try tx.finish([lease], worker: worker)
            return
        }
        let gated = Gate.internalVerdict(for: open.step, given: loaded.facts, now: context.now)
        try tx.traceSteps([(id, gated.trace)])
        switch gated.verdict {
        case .wait(let until, _):
            try tx.moveWaiting([(id, until)])
            _ = try tx.release([(lease, until)], worker: worker)
        case .skip(let reason):
            _ = try tx.finish([lease], worker: worker)
            try tx.skipSteps([(id, reason)], at: context.now)
            if reason.passesOver {
                var facts = loaded.facts
                try tx.skip(context, [Unapproved(facts, before: open.step, at: context.now)].compactMap(\.self))
                facts.pass(open.step, on: facts.zone.day(of: context.now), for: reason)
                try tx.updateCases([facts.state], at: context.now)
            }
            try tx.audit(
                context, action: "step.skipped", subject: id.uuid, customer: claimed.customer,
                detail: ["reason": reason.rawValue, "cause": "gate"])
            try PlanCases.replan(customers: [claimed.customer], cause: "gate", in: &tx, context)
        case .send(_, let listed):
            guard try !tx.finish([lease], worker: worker).isEmpty else { return }
            let work = CarryOut(open: open, loaded: loaded, listed: listed, trace: gated.trace, lease: lease)
            try work.run(in: &tx, templates: templates, context)
        }
    }
}
