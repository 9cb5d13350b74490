import Dunning
import Postgres
import Store

/// The version that a simulation tries, put in force for some customers in a transaction that is not committed.
struct SimulationCandidate {
    let workflow: ID<Workflow>
    let proposal: WorkflowProposal
    let movesCases: Bool

    /// `nil` for a simulation of what is in force.
    init?(_ record: SimulationRecord) throws {
        guard let workflow = record.workflow, let document = record.document else { return nil }
        self.workflow = workflow
        proposal = try WorkflowProposal(json: document.text)
        movesCases = record.movesCases
    }

    func install(for customers: [ID<Customer>], in tx: inout Transaction, _ context: Context) throws {
        let published = try PublishWorkflow(
            .version(of: workflow), steps: proposal.steps, gapDays: proposal.gapDays, limits: proposal.limits
        ).run(in: &tx, context)
        guard movesCases else { return }
        _ = try MoveCases.move(customers, to: published.version, in: &tx, context)
    }
}
