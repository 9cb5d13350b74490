package import Dunning
package import Postgres
package import Store

/// Publishes a version of a workflow, and takes its open cases along where asked to. That is what can write to many people at
/// once, so beyond a few customers it wants a simulation that somebody has looked at.
package struct PublishVersion: Sendable {
    /// So many customers may be moved without a simulation.
    package static let few = 50

    let workflow: ID<Workflow>
    let proposal: WorkflowProposal
    let movesCases: Bool
    let confirmation: ID<SimulationRun>?

    package init(
        _ proposal: WorkflowProposal, of workflow: ID<Workflow>, movesCases: Bool = false,
        confirmation: ID<SimulationRun>? = nil
    ) {
        self.workflow = workflow
        self.proposal = proposal
        self.movesCases = movesCases
        self.confirmation = confirmation
    }

    /// Throws ``Rejection/forbiddenByState(code:detail:)`` with `simulation_needed` where many would be moved unseen.
    package func run(in tx: inout Transaction, _ context: Context) throws -> WorkflowRecord {
        if movesCases { try confirm(in: &tx, context) }
        let record = try PublishWorkflow(
            .version(of: workflow), steps: proposal.steps, gapDays: proposal.gapDays, limits: proposal.limits
        ).run(in: &tx, context)
        if movesCases { try MoveCases.queue(to: record.version, in: &tx, context) }
        return record
    }

    private func confirm(in tx: inout Transaction, _ context: Context) throws {
        let customers = try tx.customersFollowing(workflow)
        if let confirmation {
            guard let simulation = try tx.simulation(confirmation) else { throw Rejection.notFound("simulation") }
            try simulation.refuseUnlessUsable(for: .publish, at: context.now)
            guard simulation.workflow == workflow, simulation.movesCases,
                let tried = simulation.document, try WorkflowProposal(json: tried.text).json == proposal.json
            else {
                throw Rejection.forbiddenByState(
                    code: "other_simulation", detail: "this simulation tried other steps, or another workflow")
            }
            guard try tx.use(confirmation, at: context.now) else { throw SimulationRecord.used }
        } else if customers > Self.few {
            throw Rejection.forbiddenByState(
                code: "simulation_needed",
                detail:
                    "\(customers) customers would be moved to this version; simulate it first (POST /v1/simulations "
                    + "with workflow_id, steps and move_cases) and confirm with the simulation's id")
        }
    }
}
