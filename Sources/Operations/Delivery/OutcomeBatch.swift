import Dunning
import Foundation
import Postgres
import Queue
import Store

/// The outcomes of one recording transaction, decided first and written set-based for those whose lease still holds.
struct OutcomeBatch {
    private struct Item {
        let report: DeliveryReport
        let message: TravellingMessage
        let steps: [TravellingStep]
        let attempt: ID<Attempt>?
        /// When it is tried again; nil when it is over.
        let retryAt: Instant?
        let burns: Bool
        /// Refused for its address, and the step has another way: it goes on by that one, with a message of its own.
        let isRerouted: Bool

        var isContact: Bool { report.result == .accepted || report.result == .unknown }
    }

    let now: Instant
    let lane: UUID
    /// Open ones. A case that ended while its message was on the wire was merged into another, for which it has counted already.
    private let cases: [ID<Enrolment>: LoadedCase]
    private var items: [Item] = []

    init(now: Instant, lane: UUID, cases: [LoadedCase]) {
        self.now = now
        self.lane = lane
        self.cases = Dictionary(cases.map { ($0.id, $0) }) { first, _ in first }
    }

    mutating func add(
        _ report: DeliveryReport, message: TravellingMessage, steps: [TravellingStep], attempt: ID<Attempt>?,
        using generator: inout some RandomNumberGenerator
    ) {
        var retryAt: Instant?
        var burns = false
        let isRerouted = report.result == .permanent(suppresses: true) && hasOtherWay(message, steps)
        switch report.result {
        case .permanent where isRerouted: retryAt = now
        case .accepted, .permanent, .unknown: break
        case .transient(let asked):
            burns = true
            if message.attempts < Backoff.attempts {
                retryAt = Backoff.next(afterAttempt: message.attempts, asked: asked, now: now, using: &generator)
            }
        case .gatewayRefused: retryAt = now.adding(minutes: 5)
        case .notBegun: retryAt = now
        }
        // Nobody sends a second time for a case that goes on in another.
        if !steps.isEmpty, steps.allSatisfy(hasEnded) { retryAt = nil }
        items.append(
            Item(
                report: report, message: message, steps: steps, attempt: attempt, retryAt: retryAt, burns: burns,
                isRerouted: isRerouted))
    }

    /// Ends or returns the leases; what comes back is still ours.
    func fence(worker: UUID, in tx: inout Transaction) throws -> Set<UUID> {
        var mine = try tx.finish(items.filter { $0.retryAt == nil }.map(\.report.lease), worker: worker)
        for burns in [true, false] {
            let again = items.compactMap { item in
                item.burns == burns ? item.retryAt.map { (item.report.lease, $0) } : nil
            }
            mine.formUnion(try tx.release(again, worker: worker, burning: burns))
        }
        return mine
    }

    func write(_ mine: Set<UUID>, in tx: inout Transaction, _ context: Context) throws {
        let items = items.filter { mine.contains($0.report.lease.due) }
        guard !items.isEmpty else { return }
        let contacts = items.filter(\.isContact)
        let again = items.filter { $0.retryAt != nil }
        let refused = items.filter { $0.retryAt == nil && !$0.isContact }
        try tx.finishAttempts(
            items.compactMap { item in
                item.attempt.map {
                    ($0, item.report.name, item.report.code, item.report.reply, item.report.providerID ?? "")
                }
            }, at: now)
        try tx.settleMessages(
            items.map { item in
                (item.message.id, Self.state(item), item.report.reply)
            }, at: now)
        try tx.finishSteps(contacts.flatMap { $0.steps.map(\.id) }, at: now)
        try tx.returnSteps(of: again.map { ($0.message.id, $0.retryAt ?? now) })
        try tx.skipSteps(again.flatMap(\.steps).filter(hasEnded).map { ($0.id, .merged) }, at: now)
        try tx.enqueue(again.flatMap(companions))
        try tx.failSteps(refused.flatMap { $0.steps.map(\.id) }, at: now)
        try tx.returnBudget(of: (again + refused).map(\.message.id))
        try tx.skip(
            context,
            (contacts + refused).flatMap(\.steps).compactMap { step in
                cases[step.enrolment].flatMap { Unapproved($0.facts, before: step.step, at: now) }
            })
        let states = advanced(contacts: contacts, refused: refused)
        try tx.updateCases(states, at: now)
        try tx.enqueue(
            contacts.filter { $0.report.result == .unknown }.map {
                NewDue(
                    kind: .settle, ref: $0.message.id.uuid, lane: tx.tenantID,
                    runAt: now.adding(hours: RecordOutcomes.settleHours))
            })
        let bounced = items.filter { $0.report.result == .permanent(suppresses: true) }
        try tx.suppress(
            bounced.filter { $0.message.channel == .email }.map(\.message.contact), reason: "hard_bounce", at: now)
        try tx.suppress(
            bounced.filter { $0.message.channel == .sms }.map(\.message.addressKey), for: .sms, reason: .hardBounce,
            at: now)
        try tx.record(bounced.map { (customer: $0.message.customer, kind: .messageBounced) }, at: now)
        try tx.ask(context, refused.compactMap(addressTask))
        if items.contains(where: { $0.report.result == .gatewayRefused }) {
            let reply = items.first { $0.report.result == .gatewayRefused }?.report.reply ?? ""
            try tx.pauseLane(lane, until: now.adding(minutes: 5), reason: reply)
        }
        try settleByReceipts(items.filter { $0.message.channel == .sms }.map(\.message.id), in: &tx, context)
        try tx.audit(
            context,
            items.map {
                AuditEntry(
                    action: "message.\($0.report.name)", subject: $0.message.id.uuid, customer: $0.message.customer,
                    detail: ["code": String($0.report.code), "attempts": String($0.message.attempts)])
            })
        try tx.emit(
            context,
            (contacts + refused).map(told)
                + states.flatMap { state in
                    cases[state.id].map { Emission.standing(from: $0.facts.state, to: state) } ?? []
                })
    }

    /// What is known of the cases once ``write(_:in:_:)`` has been: as reading them again would find them, and the customers of
    /// whom only the database can say.
    ///
    /// A contact that was made moves its case, ends its step, and makes a day of its own one of contact; the step has been
    /// among those done since it was armed. What was refused or put off touches addresses, tasks and events as well.
    func aftermath(_ mine: Set<UUID>) -> (known: [LoadedCase], unsure: Set<ID<Customer>>) {
        var (after, unsure, numbers) = (cases, Set<ID<Customer>>(), Set<String>())
        var reserved: [ID<Message>: [String: [Day]]] = [:]
        for item in items where mine.contains(item.report.lease.due) {
            let moved = item.steps.compactMap { step in cases[step.enrolment].map { (loaded: $0, step: step) } }
            if item.report.result == .permanent(suppresses: true), item.message.channel == .sms {
                numbers.insert(item.message.addressKey)
            }
            let isPlain = moved.allSatisfy { loaded, step in
                loaded.open?.id == step.id && Unapproved(loaded.facts, before: step.step, at: now) == nil
            }
            guard item.isContact, isPlain else {
                unsure.insert(item.message.customer)
                continue
            }
            for (loaded, step) in moved {
                after[loaded.id] = Self.contacted(loaded, by: step.step, on: item.message.day)
                reserved[item.message.id] = loaded.reserved
            }
        }
        // A number gets nothing any more, whoever has it.
        for loaded in cases.values where loaded.facts.contacts.contains(where: { numbers.contains($0.phone ?? "") }) {
            unsure.insert(loaded.facts.state.customer)
        }
        // One book of days for all.
        var days = cases.first?.value.facts.contactedDays ?? [:]
        for taken in reserved.values { days.merge(taken) { ($0 + $1).sorted() } }
        return (after.values.map { Self.within($0, days) }, unsure)
    }

    private static func contacted(_ loaded: LoadedCase, by step: PlannedStep, on day: Day) -> LoadedCase {
        var loaded = loaded
        var facts = loaded.facts
        facts.finish(step, on: day)
        loaded.facts.state = facts.state
        loaded.facts.state.isDirty = false
        loaded.facts.safety.announced = nil
        (loaded.open, loaded.reserved) = (nil, [:])
        return loaded
    }

    private static func within(_ loaded: LoadedCase, _ days: [String: [Day]]) -> LoadedCase {
        var loaded = loaded
        loaded.facts.contactedDays = days
        return loaded
    }

    private func told(_ item: Item) -> Emission {
        let kind: Emission.Kind =
            switch item.report.result {
            case .accepted: .messageAccepted
            case .unknown: .messageUnknown
            default: .messageRefused
            }
        return Emission(
            kind, item.message.id, customer: item.message.customer,
            [
                "channel": .text(item.message.channel.rawValue), "attempts": .number(item.message.attempts),
                "case_id": item.steps.first.map { .text($0.enrolment.description) } ?? .none,
                "step": item.steps.first.map { .text($0.step.key) } ?? .none,
                "stage": item.steps.map(\.step.stage).max().map { .number($0) } ?? .none,
            ])
    }

    /// A gateway may report before we have written down what it answered. A statement of its own, after the messages were
    /// written: whoever brings a report meanwhile waits for them.
    private func settleByReceipts(_ texts: [ID<Message>], in tx: inout Transaction, _ context: Context) throws {
        try tx.takeEarlyReceipts(of: texts)
        let settled = try tx.settleByReceipts(texts, at: now)
        try tx.audit(
            context,
            settled.map {
                AuditEntry(
                    action: "message.settled", subject: $0.id.uuid, customer: $0.customer, detail: ["by": "receipt"])
            })
        try tx.emit(
            context, settled.map { Emission(.messageSettled, $0.id, customer: $0.customer, ["state": "accepted"]) })
    }

    /// Whether the fallback of the step that travelled first reaches somebody once this address is known to be useless.
    private func hasOtherWay(_ message: TravellingMessage, _ steps: [TravellingStep]) -> Bool {
        steps.contains { step in
            guard let facts = cases[step.enrolment]?.facts, facts.workflow.step(step.step.key)?.fallback != nil else {
                return false
            }
            return facts.suppressing(message.contact, for: message.channel).way(for: step.step.key) != nil
        }
    }

    private func hasEnded(_ step: TravellingStep) -> Bool { cases[step.enrolment] == nil }

    /// Steps that came along left the queue when they were armed; each must find its own way now, should the first be skipped.
    private func companions(_ item: Item) -> [NewDue] {
        item.steps.filter { $0.id.uuid != item.report.lease.due && !hasEnded($0) }.map {
            NewDue(kind: .step, ref: $0.id.uuid, lane: lane, runAt: item.retryAt ?? now)
        }
    }

    private static func state(_ item: Item) -> String {
        switch item.report.result {
        case .accepted: "accepted"
        case .unknown: "unknown"
        default: item.retryAt == nil || item.isRerouted ? "refused" : "retrying"
        }
    }

    private func advanced(contacts: [Item], refused: [Item]) -> [CaseState] {
        var states: [CaseState] = []
        for item in contacts {
            for step in item.steps {
                guard var facts = cases[step.enrolment]?.facts else { continue }
                facts.finish(step.step, on: item.message.day)
                states.append(facts.state)
            }
        }
        for item in refused {
            for step in item.steps {
                guard var facts = cases[step.enrolment]?.facts else { continue }
                facts.pass(step.step, on: item.message.day, for: .undeliverable)
                states.append(facts.state)
            }
        }
        return states
    }

    private func addressTask(_ item: Item) -> NewTask? {
        guard let step = item.steps.first, let loaded = cases[step.enrolment] else { return nil }
        return NewTask(
            kind: .address, customer: item.message.customer, enrolment: step.enrolment, step: step.id,
            message: item.message.id, title: "A message to \(loaded.customer.name) could not be delivered",
            script: "The gateway answered: \(item.report.reply)",
            deadline: Deadline.after(businessDays: 2, from: now, facts: loaded.facts))
    }
}
