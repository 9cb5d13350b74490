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
    /// Put in force first; `nil` plays what is in force.
    let candidate: SimulationCandidate?
    let outcome: Dunning.Simulation.Outcome

    struct Outcome: Sendable {
        let events: [SimulatedEvent]
        let customers: [ID<Enrolment>: ID<Customer>]
    }

    /// Carries the cases out of a transaction that changes nothing.
    private struct Undone: Error {
        let cases: [LoadedCase]
        let delays: [ID<Customer>: Int]
    }

    /// Loads the cases as they would be, and leaves nothing behind.
    ///
    /// What would be changed is changed, by the operations that change it in earnest, looked at, and rolled back: opening
    /// what is missing, entering by a policy, publishing and moving to a version.
    func run(on database: Database, _ context: Context) async throws -> Outcome {
        do {
            try await database.write(as: .tenant(context.tenant.uuid)) { [self] tx in
                try prepare(in: &tx, context)
                let delays = record.payments == .asUsual ? try tx.usualDelays(of: customers) : [:]
                throw Undone(cases: try tx.loadCases(customers: customers, now: record.beginsAt), delays: delays)
            }
            preconditionFailure("what is tried is never committed")
        } catch let undone as Undone {
            return play(undone.cases, undone.delays)
        }
    }

    private func prepare(in tx: inout Transaction, _ context: Context) throws {
        try candidate?.install(for: customers, in: &tx, context)
        try PlanCases.open(
            customers: customers, entry: record.entry ?? .firstStage, in: &tx, context)
        if let entry = record.entry, record.purpose == .activate {
            let tenant = try tx.tenantRecord()
            try tx.enterCases(
                of: customers, in: tenant?.mode == .shadow ? [.pending, .active, .exhausted] : [.pending], by: entry)
        }
    }

    private func play(_ loaded: [LoadedCase], _ delays: [ID<Customer>: Int]) -> Outcome {
        var payments: [Dunning.Simulation.Payment] = []
        let cases = loaded.map { loaded in
            var facts = loaded.facts
            // Played as if everything were switched on: it shows what would be sent, not that nothing is.
            facts.switches = Switches()
            facts.state.isDirty = false
            for invoice in facts.invoices {
                guard let day = record.payments.day(of: invoice, usualDelay: delays[facts.state.customer]) else {
                    continue
                }
                let at = facts.brand.zone.instant(on: day, at: facts.brand.window.opens)
                // What should have been paid by now was not: it is not supposed to come at once.
                if at > record.beginsAt { payments.append(.init(of: invoice.id, at: at)) }
            }
            return SimulatedCase(facts, open: loaded.open.flatMap { $0.isSending ? nil : $0.step })
        }
        var simulation = Dunning.Simulation(cases, from: record.beginsAt, payments: payments, outcome: outcome)
        simulation.run(until: record.beginsAt.adding(days: record.days))
        return Outcome(
            events: simulation.events,
            customers: Dictionary(uniqueKeysWithValues: loaded.map { ($0.id, $0.facts.state.customer) }))
    }
}
