/// Plays a tenant's cases forward as its workers would: plan, wait until due, gate, write, advance.
///
/// It calls the very planner, gate and rules of advance that the workers call, on the same facts, so what it shows is what
/// would happen if the world kept to the assumptions: money comes as supposed, every message is accepted unless `outcome` says
/// otherwise, and nobody touches a task before its deadline.
package struct Simulation: Sendable {
    /// Money that covers an invoice at an instant.
    package struct Payment: Hashable, Sendable {
        package let invoice: ID<Invoice>
        package let at: Instant

        package init(of invoice: ID<Invoice>, at instant: Instant) {
            self.invoice = invoice
            at = instant
        }
    }

    /// Whether a gateway takes a message to this address; for good it refuses otherwise.
    package typealias Outcome = @Sendable (_ address: String) -> Bool

    /// In the order in which they happen.
    package private(set) var events: [SimulatedEvent] = []
    private var cases: [SimulatedCase]
    private let ofCustomer: [ID<Customer>: [Int]]
    private let ofInvoice: [ID<Invoice>: [Int]]
    private let payments: [Payment]
    private let outcome: Outcome
    /// Days on which an address was written to, whoever's it is.
    private var book: [String: [Day]] = [:]
    /// Numbers below the count of cases are their steps, those above are payments.
    private var agenda = Agenda()
    private var scheduled: [Instant?]
    private var now: Instant

    package init(
        _ cases: [SimulatedCase], from start: Instant, payments: [Payment] = [],
        outcome: @escaping Outcome = { _ in true }
    ) {
        self.cases = cases
        ofCustomer = Dictionary(grouping: cases.indices) { cases[$0].truth.state.customer }
        var ofInvoice: [ID<Invoice>: [Int]] = [:]
        for index in cases.indices {
            for id in Set(cases[index].truth.invoices.map(\.id)) { ofInvoice[id, default: []].append(index) }
            for (key, days) in cases[index].truth.contactedDays { book[key] = days }
        }
        self.ofInvoice = ofInvoice
        self.payments = payments
        self.outcome = outcome
        scheduled = cases.map { _ in nil }
        now = start
        for (index, payment) in payments.enumerated() { agenda.add(max(payment.at, start), cases.count + index) }
    }

    /// Everything up to and including `end`.
    package mutating func run(until end: Instant) {
        for customer in ofCustomer.keys.sorted() { replan(customer) }
        while let entry = agenda.next, entry.at <= end {
            _ = agenda.popFirst()
            now = max(now, entry.at)
            if entry.number >= cases.count {
                receive(payments[entry.number - cases.count])
            } else if scheduled[entry.number] == entry.at, let step = cases[entry.number].open {
                scheduled[entry.number] = nil
                step.kind.isContact ? speak(entry.number, step) : act(entry.number, step)
            }
        }
        now = max(now, end)
    }

    private mutating func receive(_ payment: Payment) {
        for index in ofInvoice[payment.invoice] ?? [] {
            cases[index].pay(payment.invoice)
            replan(cases[index].truth.state.customer)
        }
    }

    private func facts(_ index: Int) -> CaseFacts {
        var facts = cases[index].facts(at: now)
        facts.contactedDays = Dictionary(
            facts.contacts.flatMap(\.keys).map { ($0, book[$0] ?? []) }, uniquingKeysWith: { first, _ in first })
        return facts
    }

    private mutating func put(_ step: PlannedStep?, of index: Int) {
        cases[index].open = step
        scheduled[index] = step.map { max($0.dueAt, now) }
        if let at = scheduled[index] { agenda.add(at, index) }
    }
}

// MARK: - Planning

extension Simulation {
    private mutating func replan(_ customer: ID<Customer>) {
        for index in ofCustomer[customer] ?? [] where cases[index].truth.state.status != .exited {
            let plan = Planner.plan(facts(index), now: now)
            let state = plan.state
            for key in plan.passedOver { skip(key, of: index, .beforeEnrolment) }
            for position in cases[index].truth.invoices.indices
            where plan.ignored.contains(cases[index].truth.invoices[position].id) {
                cases[index].truth.invoices[position] =
                    cases[index].truth.invoices[position].held(until: ActiveHold.forever)
            }
            cases[index].truth.state = state
            if let reason = plan.exit {
                cases[index].truth.awaitedUntil = nil
                events.append(.exit(at: now, state.id, reason))
            }
            if plan.becameExhausted { ask(index, step: nil, kind: "call") }
            place(plan.next, of: index, otherwise: plan.exit ?? plan.idle ?? .superseded)
        }
    }

    /// The open step stays where it is planned again, moves, or gives way with a reason.
    private mutating func place(_ next: PlannedStep?, of index: Int, otherwise reason: Reason) {
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

    private mutating func skip(_ key: String, of index: Int, _ reason: Reason) {
        let state = cases[index].truth.state
        events.append(
            .skip(
                SimulatedSkip(at: now, customer: state.customer, enrolment: state.id, step: key, reason: reason)))
    }

    private mutating func ask(_ index: Int, step: String?, kind: String) {
        let state = cases[index].truth.state
        events.append(
            .task(SimulatedTask(at: now, customer: state.customer, enrolment: state.id, step: step, kind: kind)))
    }
}

extension Simulation {
    /// What somebody would have to end is not looked at every hour: the step stands until something is planned anew, or until
    /// the hold ends by itself.
    private mutating func wait(
        _ index: Int, _ step: PlannedStep, until: Instant, for reason: Reason, in facts: CaseFacts
    ) {
        switch reason {
        case .held:
            let hold = facts.strongestHold(at: now)
            guard let end = hold?.until, end < ActiveHold.forever else { return scheduled[index] = nil }
            put(step.moved(to: max(end, now.adding(seconds: 1))), of: index)
        case .noGateway, .tenantSwitch, .brandSwitch, .workflowSwitch, .systemHold, .systemSwitch, .shadow, .disputed:
            scheduled[index] = nil
        default: put(step.moved(to: max(until, now.adding(seconds: 1))), of: index)
        }
    }
}

// MARK: - Contacts

extension Simulation {
    private mutating func speak(_ index: Int, _ step: PlannedStep) {
        let facts = facts(index)
        switch Gate.verdict(for: step, given: facts, now: now).verdict {
        case .wait(let until, let reason):
            wait(index, step, until: until, for: reason, in: facts)
        case .skip(let reason):
            pass(index, step, for: reason, in: facts)
        case .send(let way, let invoices):
            write(index, step, facts, way, invoices)
        }
    }

    private mutating func write(
        _ index: Int, _ step: PlannedStep, _ facts: CaseFacts, _ way: Way, _ invoices: [OpenInvoice]
    ) {
        let zone = way.contact.zone ?? facts.customerZone ?? facts.brand.zone
        let day = zone.day(of: now)
        var sections = [(index: index, step: step, invoices: invoices)]
        for other in ofCustomer[facts.state.customer] ?? []
        where other != index && cases[other].party == cases[index].party {
            if let section = companion(other, of: way) { sections.append(section) }
        }
        let isAccepted = outcome(way.address)
        events.append(
            .message(
                SimulatedMessage(
                    at: now, day: day, customer: facts.state.customer, brand: facts.state.brand,
                    contact: way.contact.id, channel: way.channel, stage: sections.map(\.step.stage).max() ?? 0,
                    sections: sections.map(shown), isAccepted: isAccepted)))
        guard isAccepted else { return refuse(sections.map { ($0.index, $0.step) }, way, day) }
        for key in way.contact.keys { book[key, default: []].append(day) }
        for section in sections { advance(section.index, section.step, on: day) }
        replan(facts.state.customer)
    }

    /// Another case of the same customer and brand comes along when it is due by tomorrow and may be sent this way.
    private func companion(_ index: Int, of way: Way) -> (index: Int, step: PlannedStep, invoices: [OpenInvoice])? {
        guard let step = cases[index].open, step.kind.isContact else { return nil }
        let facts = facts(index)
        guard facts.zone.day(of: step.dueAt) <= facts.zone.day(of: now).adding(1),
            case .send(let own, let invoices) = Gate.verdict(for: step, given: facts, now: now).verdict,
            own.contact.id == way.contact.id, own.channel == way.channel
        else { return nil }
        return (index, step, invoices)
    }

    private func shown(
        _ section: (index: Int, step: PlannedStep, invoices: [OpenInvoice])
    ) -> SimulatedMessage.Section {
        let state = cases[section.index].truth.state
        var seen: Set<ID<Invoice>> = []
        return SimulatedMessage.Section(
            enrolment: state.id, step: section.step.key, currency: state.currency,
            amount: section.invoices.reduce(0) { $0 + $1.collectable },
            invoices: section.invoices.map(\.id).filter { seen.insert($0).inserted },
            isFirst: state.lastContactDay == nil)
    }

    /// The address is useless: the steps go another way where they have one, and are passed over otherwise.
    private mutating func refuse(_ steps: [(index: Int, step: PlannedStep)], _ way: Way, _ day: Day) {
        guard let first = steps.first else { return }
        let customer = cases[first.index].truth.state.customer
        for index in ofCustomer[customer] ?? [] {
            cases[index].truth = cases[index].truth.suppressing(way.contact.id, for: way.channel)
        }
        let hasOtherWay = steps.contains { index, step in
            cases[index].truth.workflow.step(step.key)?.fallback != nil && cases[index].truth.way(for: step.key) != nil
        }
        for (index, step) in steps {
            if hasOtherWay {
                put(step.moved(to: now), of: index)
            } else {
                skip(step.key, of: index, .undeliverable)
                pass(index, step, on: day, for: .undeliverable)
            }
        }
        guard !hasOtherWay else { return }
        ask(first.index, step: first.step.key, kind: "address")
        replan(customer)
    }

    private mutating func pass(_ index: Int, _ step: PlannedStep, for reason: Reason, in facts: CaseFacts) {
        skip(step.key, of: index, reason)
        put(nil, of: index)
        if reason.passesOver {
            pass(index, step, on: facts.zone.day(of: now), for: reason)
            if reason == .noAddress || reason == .optedOut { ask(index, step: step.key, kind: "address") }
        }
        replan(facts.state.customer)
    }
}

// MARK: - What follows

extension Simulation {
    /// A step without a wire.
    private mutating func act(_ index: Int, _ step: PlannedStep) {
        let facts = facts(index)
        switch Gate.internalVerdict(for: step, given: facts, now: now).verdict {
        case .wait(let until, let reason):
            wait(index, step, until: until, for: reason, in: facts)
        case .skip(let reason):
            pass(index, step, for: reason, in: facts)
        case .send:
            let rule = facts.workflow.step(step.key)
            if step.kind.isTask {
                ask(index, step: step.key, kind: step.kind.task)
                if rule?.awaitsOutcome == true {
                    let deadline = Deadline.after(
                        businessDays: rule?.deadlineBusinessDays ?? 2, from: now, facts: facts)
                    cases[index].truth.awaitedUntil = max(deadline, facts.awaitedUntil ?? deadline)
                }
            }
            if case .hold(let days, let reason) = rule?.effect { rest(facts, days: days, reason: reason) }
            let decision = rule.map { facts.decision(of: $0, at: now) }
            if let share = decision?.share, case .split(let experiment, _) = rule?.arms {
                for other in ofCustomer[facts.state.customer] ?? [] { cases[other].truth.shares[experiment] = share }
            }
            advance(index, step, on: facts.zone.day(of: now), to: decision?.target)
            replan(facts.state.customer)
        }
    }

    /// The customer is left alone for some days, at all brands.
    private mutating func rest(_ facts: CaseFacts, days: Int, reason: String) {
        let zone = facts.brand.zone
        let hold = ActiveHold(
            id: ID(facts.state.id.uuid), scope: .customer, reason: reason,
            until: zone.startOfDay(zone.day(of: now).adding(days)))
        for index in ofCustomer[facts.state.customer] ?? [] { cases[index].truth.holds.append(hold) }
    }

    private mutating func advance(_ index: Int, _ step: PlannedStep, on day: Day, to target: Step.Target? = nil) {
        cases[index].truth.finish(step, on: day, target: target)
        put(nil, of: index)
    }

    private mutating func pass(_ index: Int, _ step: PlannedStep, on day: Day, for reason: Reason) {
        cases[index].truth.pass(step, on: day, for: reason)
        put(nil, of: index)
    }
}
