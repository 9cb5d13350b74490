package import Dunning
package import Postgres
import Queue
package import Store

/// Asks what would be sent to a tenant's real customers in the next days, under what is in force or under a version that is
/// not published yet.
package struct StartSimulation: Sendable {
    package static let usualDays = 90

    /// A version that is not published yet.
    package enum Tried: Sendable {
        case version(WorkflowProposal, of: ID<Workflow>)
        /// Its templates by name; the workflow is that of its name, which may be said beside it.
        case document(WorkflowDocument, of: ID<Workflow>? = nil)
    }

    let new: NewSimulation
    let tried: Tried?
    let isQueued: Bool

    /// - Parameters:
    ///   - tried: a version of a workflow; what is in force when not given.
    ///   - movesCases: whether the workflow's open cases go over to it; otherwise only new ones follow it.
    ///   - days: how far it looks, 1...366.
    ///   - entry: how cases that are opened in it enter; `first_stage` when not given.
    ///   - isQueued: whether a worker takes it up; otherwise whoever asked does.
    package init(
        of tried: Tried? = nil, movesCases: Bool = false, days: Int = usualDays, payments: PaymentAssumption = .nobody,
        entry: EntryPolicy? = nil, isQueued: Bool, at now: Instant
    ) throws(Rejection) {
        guard (1...366).contains(days) else { throw .invalid("/days", "out_of_range", "must be from 1 to 366") }
        new = NewSimulation(
            id: .make(at: now), purpose: tried == nil ? .preview : .publish, movesCases: movesCases, entry: entry,
            days: days, payments: payments)
        self.tried = tried
        self.isQueued = isQueued
    }

    init(_ new: NewSimulation, isQueued: Bool) {
        self.new = new
        tried = nil
        self.isQueued = isQueued
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> SimulationRecord {
        var new = new
        if let (record, proposal) = try candidate(in: &tx) {
            try record.refuseArchived()
            try PublishWorkflow(
                .version(of: record.id), steps: proposal.steps, gapDays: proposal.gapDays, limits: proposal.limits
            ).refuseUnknownTemplates(in: &tx)
            (new.workflow, new.document) = (record.id, proposal.json)
        }
        let sums = try RunSimulation.json(SimulationSums())
        try tx.insert(new, sums: sums, by: context.actor, at: context.now)
        try tx.audit(
            context, action: "simulation.asked", subject: new.id.uuid,
            detail: ["purpose": new.purpose.rawValue, "days": "\(new.days)", "payments": new.payments.text])
        if isQueued {
            try tx.enqueue([
                NewDue(kind: .simulate, ref: new.id.uuid, lane: try tx.lane(.bulk), runAt: context.now)
            ])
        }
        guard let record = try tx.simulation(new.id) else { preconditionFailure("it was stored above") }
        return record
    }

    private func candidate(in tx: inout Transaction) throws -> (WorkflowRecord, WorkflowProposal)? {
        switch tried {
        case nil: return nil
        case .version(let proposal, let workflow):
            guard let record = try tx.workflow(workflow) else { throw Rejection.notFound("workflow") }
            return (record, proposal)
        case .document(let document, let workflow):
            do {
                guard let record = try document.target(as: workflow.map(WorkflowName.id), in: &tx) else {
                    throw Rejection.invalid(
                        "/name", "unknown_workflow", "there is no workflow of this name; publish a first version of it")
                }
                return (record, try WorkflowProposal(document, in: &tx))
            } catch let rejection as Rejection {
                throw rejection.within("/document")
            }
        }
    }
}
