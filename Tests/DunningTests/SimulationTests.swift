import Dunning
import Foundation
import Testing

@Suite struct `A simulation` {
    private let start = Instant(rfc3339: "2026-03-02T08:00:00Z")!

    private func messages(_ simulation: Simulation) -> [SimulatedMessage] {
        simulation.events.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }

    private func random(_ count: Int, seed: UInt64) -> [SimulatedCase] {
        var generator = SplitMix(seed: seed)
        return (0..<count).map { _ in
            var facts = RandomCase(using: &generator).facts
            facts.state = CaseState(
                id: .make(at: start, using: &generator), customer: .make(at: start, using: &generator),
                brand: facts.state.brand, currency: facts.state.currency, entry: .firstStage)
            // Nobody shares an address or an invoice with another.
            facts.contacts = facts.contacts.map { contact in
                let own = ID<Contact>.make(at: start, using: &generator)
                return Reachable(
                    id: own, name: contact.name, email: contact.email.map { _ in "\(own)@acme.example" },
                    key: contact.key.map { _ in "\(own)@acme.example" }, zone: contact.zone,
                    hasOptedOut: contact.hasOptedOut, isSuppressed: contact.isSuppressed)
            }
            facts.invoices = facts.invoices.map { invoice in
                OpenInvoice(
                    id: .make(at: start, using: &generator), number: invoice.number, issueDate: invoice.issueDate,
                    dueDate: invoice.dueDate, currency: invoice.currency, total: invoice.total,
                    allocated: invoice.allocated, inFlight: invoice.inFlight, inFlightUntil: invoice.inFlightUntil,
                    disputed: invoice.disputed, tolerance: invoice.tolerance, heldUntil: invoice.heldUntil,
                    isPromised: invoice.isPromised)
            }
            return SimulatedCase(facts)
        }
    }

    @Test func `is the same each time, and the same for all together as for each alone`() {
        let cases = random(200, seed: 11)
        var together = Simulation(cases, from: start)
        together.run(until: start.adding(days: 120))
        var again = Simulation(cases, from: start)
        again.run(until: start.adding(days: 120))
        #expect(together.events == again.events)
        #expect(together.events.count > 200)

        var alone: Set<SimulatedEvent> = []
        for one in cases {
            var simulation = Simulation([one], from: start)
            simulation.run(until: start.adding(days: 120))
            alone.formUnion(simulation.events)
        }
        #expect(alone == Set(together.events))
    }

    @Test func `an invoice that is paid is in no message from then on`() {
        let cases = random(300, seed: 12)
        let payments = cases.flatMap(\.truth.invoices).enumerated().compactMap { index, invoice in
            index.isMultiple(of: 2) ? Simulation.Payment(of: invoice.id, at: start.adding(days: index % 40)) : nil
        }
        var simulation = Simulation(cases, from: start, payments: payments)
        simulation.run(until: start.adding(days: 90))
        var without = Simulation(cases, from: start)
        without.run(until: start.adding(days: 90))
        let paid = Dictionary(payments.map { ($0.invoice, $0.at) }, uniquingKeysWith: min)
        let late = { (simulation: Simulation) in
            self.messages(simulation).filter { message in
                message.sections.contains { $0.invoices.contains { paid[$0].map { $0 < message.at } ?? false } }
            }
        }
        #expect(late(simulation).isEmpty)
        #expect(!late(without).isEmpty, "the twin without payments must be noticed")
    }

    @Test func `an address refused for good gets nothing more, and a person is asked to find another`() {
        let cases = random(200, seed: 13)
        var simulation = Simulation(cases, from: start) { _ in false }
        simulation.run(until: start.adding(days: 60))
        let sent = messages(simulation)
        #expect(!sent.isEmpty)
        for (_, tries) in Dictionary(grouping: sent, by: \.contact) {
            #expect(Set(tries.map(\.channel)).count == tries.count)
        }
        #expect(simulation.events.contains { if case .task(let task) = $0 { task.kind == "address" } else { false } })
    }

    private typealias Make = CaseFixture

    /// Customers of one brand, each with an address and an old invoice of its own; the later ones owe more.
    private func debtors(_ count: Int, safety: Dunning.Safety) -> [SimulatedCase] {
        (0..<count).map { number in
            let state = CaseState(
                id: ID(Make.uuid(2_000 + number)), customer: ID(Make.uuid(1_000 + number)), brand: ID(Make.uuid(3)),
                currency: Make.usd)
            var facts = Make.facts(
                [Make.invoice(number, due: "2026-01-02", total: Int64(1_000 * (number + 1)))], state,
                contacts: [Make.contact(number, "c\(number)@acme.example")])
            facts.safety = safety
            return SimulatedCase(facts)
        }
    }

    @Test func `writes to so many for the first time on one day, to the largest debts first`() {
        let cases = debtors(30, safety: Dunning.Safety(firstContactsPerDay: 4))
        let brand = cases[0].truth.brand
        let places = FirstContacts(perDay: 4, taken: [:]) { _, day in
            brand.window.sendDay(onOrAfter: day, calendar: brand.calendar)
        }
        func first(_ simulation: Simulation) -> [ID<Customer>: Day] {
            messages(simulation).reduce(into: [:]) { $0[$1.customer] = min($0[$1.customer] ?? $1.day, $1.day) }
        }
        var simulation = Simulation(cases, from: start, firstContacts: places)
        simulation.run(until: start.adding(days: 60))
        let days = first(simulation)
        #expect(days.count == 30, "nobody is forgotten")
        #expect(Dictionary(grouping: days.values) { $0 }.values.allSatisfy { $0.count <= 4 })
        let order = cases.compactMap { days[$0.truth.state.customer] }
        #expect(order == order.sorted(by: >), "who owes more is written to no later")
        var unlimited = Simulation(debtors(30, safety: Dunning.Safety()), from: start)
        unlimited.run(until: start.adding(days: 60))
        #expect(Dictionary(grouping: first(unlimited).values) { $0 }.values.contains { $0.count > 4 })
        // Without days to give nobody is written to at all.
        var shut = Simulation(cases, from: start)
        shut.run(until: start.adding(days: 60))
        #expect(messages(shut).isEmpty)
    }

    @Test func `sends nothing before there was time to object, and all of it after`() {
        var swift = Simulation(debtors(20, safety: Dunning.Safety()), from: start)
        swift.run(until: start.adding(days: 60))
        var patient = Simulation(debtors(20, safety: Dunning.Safety(vetoHours: 48)), from: start)
        patient.run(until: start.adding(days: 60))
        #expect(messages(patient).allSatisfy { $0.at >= start.adding(hours: 48) })
        #expect(messages(swift).contains { $0.at < start.adding(hours: 48) })
        #expect(messages(patient).count == messages(swift).count)
        // What is known long ahead is announced in time, and leaves when it would have left.
        let late = { (simulation: Simulation) in
            self.messages(simulation).filter { $0.stage == 3 }.map { [$0.customer.description, "\($0.stage)"] }
        }
        #expect(Set(late(patient)) == Set(late(swift)) && !late(swift).isEmpty)
    }

    @Test func `sums of portions add up to the sums of all`() {
        let cases = random(100, seed: 14)
        var simulation = Simulation(cases, from: start)
        simulation.run(until: start.adding(days: 60))
        var whole = SimulationSums()
        whole.add(simulation.events)
        var parts = SimulationSums()
        for half in [simulation.events.filter { Self.isLow($0) }, simulation.events.filter { !Self.isLow($0) }] {
            var sums = SimulationSums()
            sums.add(half)
            parts.add(sums)
        }
        #expect(parts == whole)
        #expect(whole.messages == messages(simulation).count)
    }

    private static func isLow(_ event: SimulatedEvent) -> Bool {
        let byte =
            switch event {
            case .message(let message): message.customer.uuid.uuid.15
            case .inApp(let notice): notice.customer.uuid.uuid.15
            case .skip(let skip): skip.customer.uuid.uuid.15
            case .task(let task): task.customer.uuid.uuid.15
            case .exit(_, let id, _): id.uuid.uuid.15
            }
        return byte < 128
    }
}
