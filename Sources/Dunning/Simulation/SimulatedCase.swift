/// A case as a simulation moves it: its facts as they truly are, and its one next step.
package struct SimulatedCase: Sendable {
    /// Holds and money under way are kept beyond their end; ``facts(at:)`` leaves out what has ended.
    package var truth: CaseFacts
    package var open: PlannedStep?

    package init(_ facts: CaseFacts, open: PlannedStep? = nil) {
        truth = facts
        self.open = open
    }

    /// Which other cases a message takes along: those of the same customer and brand.
    struct Party: Hashable {
        let customer: ID<Customer>
        let brand: ID<Brand>
    }

    var party: Party { Party(customer: truth.state.customer, brand: truth.state.brand) }

    /// As they would be read at `now`: what has ended is not there.
    func facts(at now: Instant) -> CaseFacts {
        var facts = truth
        facts.invoices = truth.invoices.map { $0.projected(to: now) }
        facts.holds = truth.holds.filter { ($0.until ?? ActiveHold.forever) > now }
        if let awaited = facts.awaitedUntil, awaited <= now { facts.awaitedUntil = nil }
        return facts
    }

    /// Covers what is open of an invoice, all of its instalments.
    mutating func pay(_ invoice: ID<Invoice>) {
        truth.invoices.removeAll { $0.id == invoice }
    }
}
