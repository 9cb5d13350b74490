/// A case as a simulation moves it: its facts as they truly are, and its one next step.
package struct SimulatedCase: Sendable {
    /// Holds and money under way are kept beyond their end; ``facts(at:)`` leaves out what has ended.
    package var truth: CaseFacts
    package private(set) var open: PlannedStep?

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
        if let announced = facts.safety.announced, announced.at > now { facts.safety.announced = nil }
        if let awaited = facts.awaitedUntil, awaited <= now { facts.awaitedUntil = nil }
        return facts
    }

    /// Plans another step, or the same at another time. Where messages are announced this one is, as long ahead as the tenant
    /// wants, or at once; announced and put off for longer than that, it is announced anew.
    mutating func put(_ step: PlannedStep?, at now: Instant) {
        let old = open
        open = step
        let hours = truth.safety.vetoHours
        guard hours > 0, let step, step.kind.isContact else { return truth.safety.announced = nil }
        let at = step.dueAt.adding(hours: -hours)
        if let old, old.moved(to: step.dueAt) == step, let announced = truth.safety.announced, announced.at <= now,
            at <= now
        {
            return
        }
        truth.safety.announced = Announcement(of: step, at: max(now, at))
    }

    /// Covers what is open of an invoice, all of its instalments.
    mutating func pay(_ invoice: ID<Invoice>) {
        truth.invoices.removeAll { $0.id == invoice }
    }
}
