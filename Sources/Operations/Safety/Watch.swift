import Dunning
import Postgres
import Queue
import Store

/// What becomes true by the passing of time alone: a source falls silent, a message is to be announced, first contacts get
/// their days. One job per tenant, due when the next of them comes; whoever changes what it depends on draws it nearer.
enum Watch {
    /// Cases looked at in one transaction.
    private static let portion = 200

    /// Queues the tenant's watch, or draws it nearer.
    static func queue(at instant: Instant, in tx: inout Transaction) throws {
        try tx.enqueue([
            NewDue(kind: .watch, ref: TenantJob.watch.ref(of: tx.tenantID), lane: tx.tenantID, runAt: instant)
        ])
    }

    /// A source has spoken. Among the last acts of a transaction: others wait for its row.
    static func hear(_ source: String, in tx: inout Transaction, _ context: Context) throws {
        if try tx.noteHeard(source, at: context.now) { try queue(at: context.now, in: &tx) }
    }

    /// One portion; true when there is more to do at once.
    static func step(in tx: inout Transaction, _ context: Context) throws -> Bool {
        try tellSources(in: &tx, context)
        guard let tenant = try tx.tenantRecord(), tenant.mode == .live else { return false }
        if tenant.sendsCorrections { try ArmCorrections.queue(in: &tx, context) }
        if tenant.vetoHours > 0, try announce(tenant.vetoHours, in: &tx, context) { return true }
        guard let perDay = tenant.firstContactsPerDay else { return false }
        return try place(perDay, in: &tx, context)
    }

    /// When it is to be looked at again.
    static func next(in tx: inout Transaction, _ context: Context) throws -> Instant? {
        guard let tenant = try tx.tenantRecord() else { return nil }
        let turn = try tx.nextTurn(after: context.now, vetoHours: tenant.mode == .live ? tenant.vetoHours : 0)
        let isWaiting =
            try tenant.mode == .live && tenant.firstContactsPerDay != nil && tx.isPlanningFirstContacts()
            && !tx.waitingCases().isEmpty
        let again = isWaiting ? context.now.adding(seconds: 1) : nil
        let look = tenant.mode == .live && tenant.sendsCorrections ? context.now.adding(hours: 1) : nil
        return [turn, again, look].compactMap(\.self).min().map { max($0, context.now) }
    }

    private static func tellSources(in tx: inout Transaction, _ context: Context) throws {
        let turns = try tx.turnSources(at: context.now)
        try tx.audit(
            context,
            turns.map {
                AuditEntry(
                    action: $0.isStale ? "source.stale" : "source.fresh", subject: context.tenant.uuid,
                    detail: ["source": $0.name])
            })
        try tx.emit(
            context,
            turns.map {
                Emission(
                    $0.isStale ? .sourceStale : .sourceFresh, named: $0.name,
                    [
                        "last_success_at": $0.lastSuccess.map { .text($0.description) } ?? .none,
                        "max_age_hours": $0.maxAgeHours.map { .number($0) } ?? .none,
                    ])
            })
    }

    /// Says what will be sent, hours ahead.
    private static func announce(_ hours: Int, in tx: inout Transaction, _ context: Context) throws -> Bool {
        let found = try tx.stepsToAnnounce(until: context.now.adding(hours: hours), limit: portion)
        guard !found.isEmpty else { return false }
        let (steps, customers) = (Set(found.map(\.step)), Array(Set(found.map(\.customer))))
        try PlanCases.lock(customers: customers, in: &tx)
        let told = try tx.loadCases(customers: customers, now: context.now).compactMap { loaded -> Emission? in
            guard let open = loaded.open, steps.contains(open.id), !open.isSending else { return nil }
            return Emission.planned(open, of: loaded, vetoHours: hours, now: context.now)
        }
        try tx.announce(Array(steps), at: context.now)
        try tx.emit(context, told)
        return true
    }

    /// Gives days for first contacts, once all who want one are there, and has the steps planned for them.
    private static func place(_ perDay: Int, in tx: inout Transaction, _ context: Context) throws -> Bool {
        let placed = try tx.customersToPlace(limit: portion)
        if !placed.isEmpty {
            try PlanCases.lock(customers: placed, in: &tx)
            try tx.notePlaced(placed)
            try PlanCases.replan(customers: placed, cause: "first_contact", in: &tx, context)
            return true
        }
        guard try !tx.isPlanningFirstContacts() else { return false }
        let waiting = try tx.waitingCases()
        guard let first = waiting.map(\.waiting.from).min() else { return false }
        var contacts = FirstContacts(
            perDay: perDay, taken: try tx.firstContactsTaken(since: first), sendDay: try tx.sendDays(now: context.now))
        let places = contacts.places(for: FirstContacts.joined(waiting.filter { $0.shared == nil }.map(\.waiting)))
        let given = waiting.compactMap { one in
            (one.shared ?? places[one.waiting.customer]).map { (one.enrolment, $0) }
        }
        try tx.give(given)
        return !given.isEmpty
    }
}

extension Emission {
    /// What is about to be sent: which step, when, and how much it asks for.
    static func planned(_ open: OpenStep, of loaded: LoadedCase, vetoHours: Int, now: Instant) -> Emission {
        let facts = loaded.facts
        let leaves = max(open.step.dueAt, now.adding(hours: vetoHours))
        return Emission(
            .messagePlanned, open.id, customer: facts.state.customer,
            [
                "case_id": .text(facts.state.id.description), "step": .text(open.step.key),
                "channel": .text(open.step.kind.rawValue), "stage": .number(open.step.stage),
                "due_at": .text(leaves.description),
                "amount": .text(Money(minor: facts.askedTotal(at: now), currency: facts.state.currency).decimal),
                "currency": .text(facts.state.currency.code),
            ])
    }
}
