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
            case .skip(let skip): skip.customer.uuid.uuid.15
            case .task(let task): task.customer.uuid.uuid.15
            case .exit(_, let id, _): id.uuid.uuid.15
            }
        return byte < 128
    }
}
