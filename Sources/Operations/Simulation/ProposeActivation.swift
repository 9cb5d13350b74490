package import Dunning
package import Postgres
package import Store

/// Shows what going live would do: the numbers at once, and what would be sent as a simulation, which confirms them.
package struct ProposeActivation: Sendable {
    let policy: EntryPolicy?
    let isQueued: Bool

    /// - Parameter isQueued: whether a worker plays the simulation; otherwise whoever asked does.
    package init(policy: EntryPolicy? = nil, isQueued: Bool) {
        self.policy = policy
        self.isQueued = isQueued
    }

    package struct Proposal: Sendable {
        package let preview: ActivationPreview
        package let simulation: SimulationRecord

        package init(preview: ActivationPreview, simulation: SimulationRecord) {
            self.preview = preview
            self.simulation = simulation
        }
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> Proposal {
        guard case .preview(let preview) = try Activate(policy: policy).run(in: &tx, context) else {
            preconditionFailure("without a confirmation there is only a preview")
        }
        return try Self.simulate(preview, isQueued: isQueued, in: &tx, context)
    }

    static func simulate(
        _ preview: ActivationPreview, isQueued: Bool, in tx: inout Transaction, _ context: Context
    ) throws -> Proposal {
        let new = NewSimulation(
            id: .make(at: context.now), purpose: .activate, entry: preview.policy, days: StartSimulation.usualDays,
            payments: .nobody, shown: preview.confirmation)
        return Proposal(
            preview: preview,
            simulation: try StartSimulation(new, isQueued: isQueued).run(in: &tx, context))
    }
}

/// Does what a simulation showed: goes live, or lets in the cases that wait for review.
package struct ConfirmActivation: Sendable {
    /// How long after it was asked for a simulation may confirm.
    package static let freshHours = 24

    let simulation: ID<SimulationRun>

    package init(_ simulation: ID<SimulationRun>) {
        self.simulation = simulation
    }

    package enum Outcome: Sendable {
        /// The numbers are not those that were simulated; nothing was changed.
        case changed(ActivationPreview)
        case activated(ActivationPreview)
    }

    /// Throws ``Rejection/forbiddenByState(code:detail:)`` when the simulation has not ended, is too old, confirmed something
    /// already, or was made for something else.
    package func run(in tx: inout Transaction, _ context: Context) throws -> Outcome {
        guard let record = try tx.simulation(simulation) else { throw Rejection.notFound("simulation") }
        try record.refuseUnlessUsable(for: .activate, at: context.now)
        let activate = Activate(policy: record.entry, confirmation: record.shown)
        switch try activate.run(in: &tx, context) {
        case .changed(let preview), .preview(let preview): return .changed(preview)
        case .activated(let preview):
            guard try tx.use(simulation, at: context.now) else { throw SimulationRecord.used }
            return .activated(preview)
        }
    }
}

extension SimulationRecord {
    static let used = Rejection.forbiddenByState(
        code: "simulation_used", detail: "this simulation has confirmed something already; make a new one")

    /// Throws unless it may confirm such a thing now.
    func refuseUnlessUsable(for purpose: Purpose, at now: Instant) throws(Rejection) {
        guard self.purpose == purpose else {
            throw .forbiddenByState(
                code: "other_simulation", detail: "this simulation was made for another purpose: \(self.purpose)")
        }
        switch state {
        case .queued, .running:
            throw .forbiddenByState(
                code: "simulation_running", detail: "the simulation has not ended yet; look at it before you confirm it"
            )
        case .failed:
            throw .forbiddenByState(code: "simulation_failed", detail: "the simulation failed: \(problem ?? "")")
        case .done: break
        }
        guard usedAt == nil else { throw Self.used }
        guard now <= createdAt.adding(hours: ConfirmActivation.freshHours) else {
            throw .forbiddenByState(
                code: "simulation_old",
                detail: "the simulation is older than \(ConfirmActivation.freshHours) hours; make a new one")
        }
    }
}
