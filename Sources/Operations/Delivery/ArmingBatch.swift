import Dunning
import Foundation
import Postgres
import Queue
import Store

/// The verdicts of one arming transaction, gathered and then written set-based.
struct ArmingBatch {
    let worker: UUID
    let gate: ArmBatch.Gatekeeper
    let now: Instant
    private let byStep: [ID<StepRun>: LoadedCase]
    private let byParty: [Party: [LoadedCase]]
    private var drafts: [Draft] = []
    private var spoken: Set<Party> = []
    private var dropped: [Lease] = []
    private var returned: [(Lease, Instant)] = []
    private var skips: [(LoadedCase, ID<StepRun>, Reason)] = []
    private var moves: [(OpenStep, UUID, Lease)] = []
    private var waits: [(LoadedCase, OpenStep, Instant, Lease)] = []
    private var traces: [(ID<StepRun>, [Gated.Check])] = []
    /// Whose first contact has lost its day: planning finds another.
    private var displaced: [ID<Customer>] = []

    /// Cases that share a message: one customer at one brand.
    struct Party: Hashable {
        let customer: ID<Customer>
        let brand: ID<Brand>
    }

    init(worker: UUID, gate: @escaping ArmBatch.Gatekeeper, now: Instant, cases: [LoadedCase]) {
        self.worker = worker
        self.gate = gate
        self.now = now
        byStep = Dictionary(cases.compactMap { loaded in loaded.open.map { ($0.id, loaded) } }) { first, _ in first }
        byParty = Dictionary(grouping: cases) {
            Party(customer: $0.facts.state.customer, brand: $0.facts.state.brand)
        }
    }

    mutating func drop(_ lease: Lease) { dropped.append(lease) }

    mutating func giveBack(_ lease: Lease, at instant: Instant) { returned.append((lease, instant)) }

    /// Gates a claimed step; when it may go, the other cases of customer and brand due by tomorrow come along, each gated
    /// by itself (architecture 5.2).
    mutating func judge(_ step: ID<StepRun>, under lease: Lease) {
        guard let loaded = byStep[step], let open = loaded.open, !open.isSending else { return drop(lease) }
        let party = Party(customer: loaded.facts.state.customer, brand: loaded.facts.state.brand)
        guard !spoken.contains(party) else { return giveBack(lease, at: now.adding(seconds: 1)) }
        let gated = gate(open.step, loaded.facts, now)
        traces.append((open.id, gated.trace))
        switch gated.verdict {
        case .skip(let reason):
            skips.append((loaded, open.id, reason))
            dropped.append(lease)
        case .wait(let until, let reason):
            waits.append((loaded, open, until, lease))
            if reason == .quota { displaced.append(loaded.facts.state.customer) }
        case .send(let way, let invoices):
            // Planned for another gateway than the one it goes through now: its lane is where it is counted and paced.
            if let gateway = loaded.facts.brand.gateway(for: way.channel), gateway.uuid != open.lane {
                return moves.append((open, gateway.uuid, lease))
            }
            spoken.insert(party)
            var sections = [Draft.Section(loaded: loaded, open: open, invoices: invoices)]
            for other in byParty[party] ?? [] where other.id != loaded.id {
                if let section = companion(other, of: way) { sections.append(section) }
            }
            drafts.append(Draft(lease: lease, way: way, sections: sections, now: now))
        }
    }

    private mutating func companion(_ other: LoadedCase, of way: Way) -> Draft.Section? {
        guard let open = other.open, !open.isSending, open.step.kind.isContact,
            other.facts.zone.day(of: open.step.dueAt) <= other.facts.zone.day(of: now).adding(1)
        else { return nil }
        let gated = gate(open.step, other.facts, now)
        guard case .send(let own, let invoices) = gated.verdict, own.contact.id == way.contact.id,
            own.channel == way.channel
        else { return nil }
        traces.append((open.id, gated.trace))
        return Draft.Section(loaded: other, open: open, invoices: invoices)
    }

    mutating func write(
        in tx: inout Transaction, templates: TemplateCache, _ context: Context
    ) throws -> ArmBatch.Result {
        var result = ArmBatch.Result()
        result.strays = try keepStrays(in: &tx)
        let ready = try render(in: &tx, templates: templates)
        // The lease first: what is no longer ours must not be written as sent.
        let armed = try tx.arm(ready.map(\.draft.lease), worker: worker)
        let mine = ready.filter { armed.contains($0.draft.lease.due) }
        let taken = try tx.takeBudget(mine.map { ($0.message.keys, $0.message.day, $0.message.id) })
        for letter in mine where !taken.contains(letter.message.id) {
            // Somebody else spoke to this address today, between our reading and our writing.
            returned.append((letter.draft.lease, now.adding(minutes: 1)))
        }
        let going = mine.filter { taken.contains($0.message.id) }
        try tx.insertMessages(going.map { (message: $0.message, isRetry: $0.isRetry) }, at: now)
        let counts = try tx.armedCounts(of: going.filter(\.isRetry).map(\.message.id))
        try tx.insertAttempts(
            going.map { ($0.attempt, $0.message.id, counts[$0.message.id] ?? 1, $0.draft.lease.number) },
            worker: worker, at: now)
        let companions = going.flatMap { $0.draft.sections.dropFirst().map(\.open.id) }
        try tx.withdrawMessages(of: companions, at: now)
        var traces = Dictionary(traces) { first, _ in first }
        try tx.sendSteps(
            going.flatMap { letter in
                letter.draft.sections.map {
                    (id: $0.open.id, message: letter.message.id, trace: traces.removeValue(forKey: $0.open.id) ?? [])
                }
            })
        // Companions leave the queue: the primary's row stands for the whole message.
        try tx.removeDue(companions)
        try tx.traceSteps(traces.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        try settleOthers(in: &tx, context)
        try tx.audit(
            context,
            going.map {
                AuditEntry(
                    action: "message.armed", subject: $0.message.id.uuid, customer: $0.message.customer,
                    detail: ["attempt": $0.attempt.description, "stage": String($0.message.stage)])
            })
        result.armed = going.map(\.armed)
        result.skipped = skips.count
        result.waiting = waits.count
        result.returned = returned.count + moves.count
        return result
    }

    /// What cannot be judged may be armed already, by a commit of ours whose answer was lost: such a row stays as it is, for to
    /// end or to free it would leave its message on the wire for ever.
    private mutating func keepStrays(in tx: inout Transaction) throws -> [Lease] {
        let doubtful = dropped + returned.map(\.0)
        let armed = try tx.armed(among: doubtful, worker: worker)
        dropped.removeAll(where: armed.contains)
        returned.removeAll { armed.contains($0.0) }
        return doubtful.filter(armed.contains)
    }

    private mutating func render(in tx: inout Transaction, templates: TemplateCache) throws -> [Letter] {
        guard !drafts.isEmpty else { return [] }
        let texts = try templates.load(drafts.map(\.wish), in: &tx)
        let gateways = try tx.gatewayAccess(
            Array(Set(drafts.compactMap { $0.primary.loaded.facts.brand.gateway(for: $0.way.channel) })))
        var letters: [Letter] = []
        for (draft, text) in zip(drafts, texts) {
            do throws(LetterFault) {
                letters.append(try Letter(draft, text: text, gateways: gateways, now: now))
            } catch {
                // The step waits an hour for somebody to mend what cannot be written; its trace says what it is.
                let step = draft.primary.open.id
                if let index = traces.firstIndex(where: { $0.0 == step }) { traces[index].1.append(error.check) }
                waits.append((draft.primary.loaded, draft.primary.open, now.adding(hours: 1), draft.lease))
            }
        }
        return letters
    }

    private mutating func settleOthers(in tx: inout Transaction, _ context: Context) throws {
        _ = try tx.release(returned, worker: worker)
        _ = try tx.finish(dropped + moves.map(\.2), worker: worker)
        try tx.moveSteps(moves.map { ($0.0.id, $0.0.step.dueAt, $0.1) })
        try tx.enqueue(moves.map { NewDue(kind: .step, ref: $0.0.id.uuid, lane: $0.1, runAt: now) })
        try tx.moveWaiting(waits.map { ($0.1.id, $0.2) })
        // Far away: back to the cold table, the stager brings it near again.
        let horizon = now.adding(minutes: PlanCases.horizonMinutes)
        _ = try tx.finish(waits.filter { $0.2 >= horizon }.map(\.3), worker: worker)
        _ = try tx.release(waits.filter { $0.2 < horizon }.map { ($0.3, $0.2) }, worker: worker)
        try tx.skipSteps(skips.map { ($0.1, $0.2) }, at: now)
        try tx.withdrawMessages(of: skips.map(\.1), at: now)
        let passed = skips.filter(\.2.passesOver)
        try tx.skip(
            context,
            passed.compactMap { loaded, _, _ in
                loaded.open.flatMap { Unapproved(loaded.facts, before: $0.step, at: now) }
            })
        try tx.updateCases(
            passed.compactMap { loaded, _, reason in
                loaded.open.map { Self.passed($0, of: loaded.facts, reason, now: now) }
            }, at: now)
        try tx.ask(context, passed.compactMap { Self.addressTask($0.0, reason: $0.2, now: now) })
        try tx.audit(
            context,
            skips.map {
                AuditEntry(
                    action: "step.skipped", subject: $0.1.uuid, customer: $0.0.facts.state.customer,
                    detail: ["reason": $0.2.rawValue, "cause": "gate"])
            })
        let customers = Array(Set(skips.map(\.0.facts.state.customer) + displaced))
        if !customers.isEmpty {
            try PlanCases.replan(customers: customers, cause: "gate", in: &tx, context)
        }
    }

    private static func passed(_ open: OpenStep, of facts: CaseFacts, _ reason: Reason, now: Instant) -> CaseState {
        var facts = facts
        facts.pass(open.step, on: facts.zone.day(of: now), for: reason)
        return facts.state
    }

    private static func addressTask(_ loaded: LoadedCase, reason: Reason, now: Instant) -> NewTask? {
        guard reason == .noAddress || reason == .optedOut else { return nil }
        return NewTask(
            kind: .address, customer: loaded.facts.state.customer, enrolment: loaded.id, step: loaded.open?.id,
            title: "Find a way to reach \(loaded.customer.name)", script: "A reminder was not sent: \(reason.words).",
            deadline: Deadline.after(businessDays: 2, from: now, facts: loaded.facts))
    }
}
