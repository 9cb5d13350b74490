/// How a simulation writes to somebody: the gate is asked, and what it lets go is a message.
extension Simulation {
    mutating func speak(_ index: Int, _ step: PlannedStep) {
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
        for section in sections {
            noteUnapproved(section.index, before: section.step)
            advance(section.index, section.step, on: day)
        }
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

    func shown(
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
                noteUnapproved(index, before: step)
                skip(step.key, of: index, .undeliverable)
                pass(index, step, on: day, for: .undeliverable)
            }
        }
        guard !hasOtherWay else { return }
        ask(first.index, step: first.step.key, kind: "address")
        replan(customer)
    }

    mutating func pass(_ index: Int, _ step: PlannedStep, for reason: Reason, in facts: CaseFacts) {
        skip(step.key, of: index, reason)
        put(nil, of: index)
        if reason.passesOver {
            noteUnapproved(index, before: step)
            pass(index, step, on: facts.zone.day(of: now), for: reason)
            if reason == .noAddress || reason == .optedOut { ask(index, step: step.key, kind: "address") }
        }
        replan(facts.state.customer)
    }
}
