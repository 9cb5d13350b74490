import Dunning
import Foundation
import Postgres
import Store

/// Some customers of a simulation: their cases as they are, or as they would be under what is tried, played to the end.
struct SimulationPortion: Sendable {
    /// Customers in one portion: their cases and all their events are in memory at once.
    static let size = 500

    let record: SimulationRecord
    let customers: [ID<Customer>]
    let side: SimulationSide
    let outcome: Dunning.Simulation.Outcome

    struct Outcome: Sendable {
        let events: [SimulatedEvent]
        let customers: [ID<Enrolment>: ID<Customer>]
        /// With the days that were given in the play.
        let firstContacts: FirstContacts?
    }

    /// Carries the cases out of a transaction that changes nothing.
    private struct Undone: Error {
        let cases: [LoadedCase]
        let delays: [ID<Customer>: Int]
    }

    func run(on database: Database, _ context: Context) async throws -> Outcome {
        let undone = try await load(on: database, context)
        return play(undone.cases, undone.delays)
    }

    /// Who waits for a day of a first contact when the play begins.
    func wanted(on database: Database, _ context: Context) async throws -> [FirstContacts.Waiting] {
        var simulation = Dunning.Simulation(
            try await load(on: database, context).cases.map(begun), from: record.beginsAt)
        return simulation.wanted()
    }

    /// Loads the cases as they would be, and leaves nothing behind.
    ///
    /// What would be changed is changed, by the operations that change it in earnest, looked at, and rolled back: opening
    /// what is missing, entering by a policy, publishing and moving to a version.
    private func load(on database: Database, _ context: Context) async throws -> Undone {
        do {
            try await database.write(as: .tenant(context.tenant.uuid)) { [self] tx in
                try prepare(in: &tx, context)
                let delays = record.payments == .asUsual ? try tx.usualDelays(of: customers) : [:]
                throw Undone(cases: try tx.loadCases(customers: customers, now: record.beginsAt), delays: delays)
            }
            preconditionFailure("what is tried is never committed")
        } catch let undone as Undone {
            return undone
        }
    }

    private func prepare(in tx: inout Transaction, _ context: Context) throws {
        try side.candidate?.install(for: customers, in: &tx, context)
        try PlanCases.open(
            customers: customers, entry: record.entry ?? .firstStage, in: &tx, context)
        if let entry = record.entry, record.purpose == .activate {
            let tenant = try tx.tenantRecord()
            try tx.enterCases(
                of: customers, in: tenant?.mode == .shadow ? [.pending, .active, .exhausted] : [.pending], by: entry)
        }
    }

    /// A case as the play begins. Everything is switched on, and every source is heard of as often as it should be: it shows
    /// what would be sent, not that nothing is.
    private func begun(_ loaded: LoadedCase) -> SimulatedCase {
        var facts = loaded.facts
        facts.switches = Switches()
        facts.state.isDirty = false
        facts.safety.watched = []
        // A day that was given while a later one was wanted is of no use to whoever waits now.
        if let day = side.places[facts.state.customer],
            facts.safety.place == nil || Planner.plan(facts, now: record.beginsAt).wish != nil
        {
            (facts.safety.place, facts.safety.wantedFrom) = (day, nil)
        }
        return SimulatedCase(facts, open: loaded.open.flatMap { $0.isSending ? nil : $0.step })
    }

    private func play(_ loaded: [LoadedCase], _ delays: [ID<Customer>: Int]) -> Outcome {
        let cases = loaded.map(begun)
        var simulation = Dunning.Simulation(
            cases, from: record.beginsAt, payments: cases.flatMap { payments(of: $0.truth, delays) },
            firstContacts: side.firstContacts, outcome: outcome)
        simulation.run(until: record.beginsAt.adding(days: record.days))
        return Outcome(
            events: simulation.events,
            customers: Dictionary(uniqueKeysWithValues: loaded.map { ($0.id, $0.facts.state.customer) }),
            firstContacts: simulation.firstContacts)
    }

    private func payments(of facts: CaseFacts, _ delays: [ID<Customer>: Int]) -> [Dunning.Simulation.Payment] {
        facts.invoices.compactMap { invoice -> Dunning.Simulation.Payment? in
            guard let day = record.payments.day(of: invoice, usualDelay: delays[facts.state.customer]) else {
                return nil
            }
            let at = facts.brand.zone.instant(on: day, at: facts.brand.window.opens)
            // What should have been paid by now was not: it is not supposed to come at once.
            return at > record.beginsAt ? Dunning.Simulation.Payment(of: invoice.id, at: at) : nil
        }
    }
}
