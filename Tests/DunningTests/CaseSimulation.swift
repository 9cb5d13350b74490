import Dunning

/// Plays one case forward as a worker would: plan, wait until due, gate, send, advance. Keeps the ledger as it truly
/// is, and a book of its own in which every broken promise is written down, whoever plans and gates.
struct CaseSimulation {
    typealias Planning = (CaseFacts, Instant) -> Plan
    typealias Gating = (PlannedStep, CaseFacts, Instant) -> Gated

    /// What happens to a case from outside.
    enum Event {
        case payment(invoice: Int, Int64), promised(invoice: Int, Int64, until: Instant), credit(Int64)
        case invoice(OpenInvoice), holdInvoice(Int, until: Instant?), hold(ActiveHold), release
        case toldElsewhere, optOut, newAddress, callReturned, planning
        case happened(CaseEvent.Kind), answered(String)
    }

    var truth: CaseFacts
    var now: Instant
    var events: [(at: Instant, event: Event, isPlanned: Bool)] = []
    var planner: Planning = { Planner.plan($0, now: $1) }
    var gate: Gating = { Gate.verdict(for: $0, given: $1, now: $2) }
    /// Whether anything may happen from outside.
    var isEventful = true
    var generator: SplitMix
    private(set) var open: PlannedStep?
    private(set) var idle: Reason?
    var book = PromiseBook()

    init(_ random: RandomCase, using generator: SplitMix) {
        truth = random.facts
        now = random.start
        self.generator = generator
    }

    /// What a loader would read now: holds in force, money under way that has not expired.
    var facts: CaseFacts { truth.loaded(at: now) }

    mutating func run() {
        replan()
        for _ in 0..<900 {
            guard let next = [open?.dueAt, events.first?.at].compactMap(\.self).min() else { break }
            now = max(now, next)
            if let event = events.first, event.at <= now {
                events.removeFirst()
                apply(event.event)
                if event.isPlanned { replan() }
            } else if let step = open {
                // Workers come seconds late, or days after an outage.
                let late = RandomCase.chance(10, &generator) ? 5_000 : 3
                let woken = now.adding(minutes: .random(in: 0...late, using: &generator))
                now = min(woken, events.first?.at ?? woken)
                if RandomCase.chance(isEventful ? 15 : 0, &generator) { race() }
                step.kind == .email ? speak(step) : act(step)
            }
        }
        book.end(open, idle, truth.state, facts, now)
    }

    /// Something happens after the step was claimed and before it is gated; planning comes later.
    private mutating func race() {
        let today = facts.brand.zone.day(of: now)
        let isNote = truth.workflow.step(open?.key ?? "")?.isBeforeDue == true
        switch isNote ? 4 : Int.random(in: 0..<5, using: &generator) {
        case 0, 1:
            for index in truth.invoices.indices { apply(.payment(invoice: index, 1_000)) }
        case 2: apply(.hold(CaseFixture.hold(until: now.adding(days: 9))))
        case 3: apply(.happened(Bool.random(using: &generator) ? .replied : .partPayment))
        default:
            let due = today.adding(-9 - truth.brand.graceDays)
            apply(.invoice(CaseFixture.invoice(50 + truth.invoices.count, due: due.description, total: 70)))
        }
        events.insert((now.adding(minutes: 30), .planning, true), at: 0)
        events.sort { $0.at < $1.at }
    }

    private mutating func replan() {
        let facts = facts
        let plan = planner(facts, now)
        book.planned(plan, facts, now, again: planner)
        truth = truth.holding(plan.ignored)
        truth.state = plan.state
        (open, idle) = (plan.next, plan.idle)
        guard let at = plan.lookAgainAt, !events.contains(where: { $0.at == at && $0.isPlanned }) else { return }
        events.append((at, .planning, true))
        events.sort { $0.at < $1.at }
    }

    private mutating func speak(_ step: PlannedStep) {
        let facts = facts
        let gated = gate(step, facts, now)
        book.gated(step, gated, facts, now)
        switch gated.verdict {
        case .wait(let until, let reason):
            // A hold is looked at every hour; here less often, to be done in time.
            let nap =
                [.held, .promised, .disputed, .underWay].contains(reason)
                ? Int.random(in: 0...2_000, using: &generator) : 0
            open = step.moved(to: until.adding(minutes: nap))
        case .skip(let reason):
            if reason.passesOver { pass(step, on: facts.zone.day(of: now), for: reason) }
            let before = step
            replan()
            if !reason.passesOver, let next = open, next.key == before.key, next.dueAt <= now {
                book.broken("skips \(step.key) for \(reason) and plans it again at once")
            }
        case .send(let way, let listed):
            book.sent(step, to: way.contact, listing: listed, facts, now)
            hear(step, way.contact)
        }
    }

    /// The outcome of the wire: accepted or unknown, refused for now, refused for good.
    private mutating func hear(_ step: PlannedStep, _ recipient: Reachable) {
        let day = facts.zone.day(of: now)
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<88:
            truth.contactedDays[recipient.key ?? "", default: []].append(day)
            advance(step, on: day)
            replan()
        case 88..<94:
            open = step.moved(to: now.adding(minutes: .random(in: 5...300, using: &generator)))
            book.unsent()
        default:
            book.unsent()
            pass(step, on: day, for: .undeliverable)
            replan()
        }
    }

    private mutating func act(_ step: PlannedStep) {
        let facts = facts
        let gated = Gate.internalVerdict(for: step, given: facts, now: now)
        switch gated.verdict {
        case .wait(let until, _): open = step.moved(to: until.adding(hours: .random(in: 0...40, using: &generator)))
        case .skip(let reason):
            if reason.passesOver { pass(step, on: facts.zone.day(of: now), for: reason) }
            replan()
        case .send:
            let rule = truth.workflow.step(step.key)
            if rule?.awaitsOutcome == true { truth.awaitedUntil = now.adding(days: 3) }
            let decision = rule.map { facts.decision(of: $0, at: now) }
            book.decided(decision?.target, at: step, facts)
            advance(step, on: facts.zone.day(of: now), to: decision?.target)
            replan()
        }
    }

    private mutating func advance(_ step: PlannedStep, on day: Day, to target: Step.Target? = nil) {
        let before = truth.state
        truth.finish(step, on: day, target: target)
        book.moved(from: before, to: truth.state, by: step, truth.workflow)
    }

    private mutating func pass(_ step: PlannedStep, on day: Day, for reason: Reason) {
        let before = truth.state
        truth.pass(step, on: day, for: reason)
        book.moved(from: before, to: truth.state, by: nil, truth.workflow)
        book.passed += step.stage > 0 ? 1 : 0
    }
}

extension CaseSimulation {
    private mutating func apply(_ event: Event) {
        func change(_ index: Int, _ make: (OpenInvoice) -> OpenInvoice) {
            guard !truth.invoices.isEmpty else { return }
            let place = index % truth.invoices.count
            truth.invoices[place] = make(truth.invoices[place])
        }
        switch event {
        case .payment(let index, let amount):
            change(index) { $0.changed(allocated: min($0.total, $0.allocated + amount)) }
        case .promised(let index, let amount, let until): change(index) { $0.changed(inFlight: amount, until: until) }
        case .credit(let amount): truth.credit += amount
        case .invoice(let invoice): reopen(with: invoice)
        case .holdInvoice(let index, let until): change(index) { $0.held(until: until ?? ActiveHold.forever) }
        case .hold(let hold): truth.holds.append(hold)
        case .release:
            truth.holds = []
            truth.invoices = truth.invoices.map { $0.heldUntil == nil ? $0 : $0.held(until: now) }
        case .toldElsewhere:
            if let key = truth.recipient?.key { truth.contactedDays[key, default: []].append(facts.zone.day(of: now)) }
        case .optOut: truth.contacts = truth.contacts.dropLast()
        case .newAddress: truth.contacts.append(CaseFixture.contact(9, "new@acme.example"))
        case .callReturned: truth.awaitedUntil = nil
        case .happened(let kind):
            truth.events.append(CaseEvent(number: truth.lastEvent + 1, kind: kind, at: now))
        case .answered(let word):
            guard let key = truth.state.position,
                let state = Advance.answered(word, of: key, state: truth.state, workflow: truth.workflow)
            else { break }
            (truth.state, truth.awaitedUntil) = (state, nil)
        case .planning: break
        }
    }

    /// New debt after a case has exited opens another cycle.
    private mutating func reopen(with invoice: OpenInvoice) {
        truth.invoices.append(invoice)
        let old = truth.state
        guard old.status == .exited else { return }
        truth.state = CaseState(
            id: old.id, customer: old.customer, brand: old.brand, currency: old.currency, cycle: old.cycle + 1,
            priorStage: old.stage, entry: .firstStage)
        (truth.done, truth.jumps, truth.events, truth.contactsMade) = ([], [:], [], 0)
        truth.openedOn = truth.brand.zone.day(of: now)
        book.newCycle()
    }
}

extension CaseFacts {
    /// As they are read at an instant: what has ended is not there.
    func loaded(at now: Instant) -> CaseFacts {
        var facts = self
        facts.invoices = invoices.map { invoice in
            invoice.inFlightUntil.map { $0 <= now } ?? false ? invoice.changed(inFlight: 0, until: nil) : invoice
        }
        facts.holds = holds.filter { ($0.until ?? ActiveHold.forever) > now }
        return facts
    }
}

extension OpenInvoice {
    func changed(allocated: Int64) -> OpenInvoice {
        OpenInvoice(
            id: id, number: number, issueDate: issueDate, dueDate: dueDate, currency: currency, total: total,
            allocated: allocated, inFlight: inFlight, inFlightUntil: inFlightUntil, heldUntil: heldUntil)
    }

    func changed(inFlight: Int64, until: Instant?) -> OpenInvoice {
        OpenInvoice(
            id: id, number: number, issueDate: issueDate, dueDate: dueDate, currency: currency, total: total,
            allocated: allocated, inFlight: inFlight, inFlightUntil: until, heldUntil: heldUntil)
    }
}
