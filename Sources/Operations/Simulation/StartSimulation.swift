package import Dunning
package import Postgres
import Queue
package import Store

/// Asks what would be sent to a tenant's real customers in the next days, under what is in force or under a version that is
/// not published yet.
package struct StartSimulation: Sendable {
    package static let usualDays = 90

    let new: NewSimulation
    let isQueued: Bool

    /// - Parameters:
    ///   - proposal: a version of a workflow that is tried; what is in force when not given.
    ///   - movesCases: whether the workflow's open cases go over to it; otherwise only new ones follow it.
    ///   - days: how far it looks, 1...366.
    ///   - entry: how cases that are opened in it enter; `first_stage` when not given.
    ///   - isQueued: whether a worker takes it up; otherwise whoever asked does.
    package init(
        of proposal: (workflow: ID<Workflow>, version: WorkflowProposal)? = nil, movesCases: Bool = false,
        days: Int = usualDays, payments: PaymentAssumption = .nobody, entry: EntryPolicy? = nil, isQueued: Bool,
        at now: Instant
    ) throws(Rejection) {
        guard (1...366).contains(days) else { throw .invalid("/days", "out_of_range", "must be from 1 to 366") }
        new = NewSimulation(
            id: .make(at: now), purpose: proposal == nil ? .preview : .publish, workflow: proposal?.workflow,
            document: proposal?.version.json, movesCases: movesCases, entry: entry, days: days, payments: payments)
        self.isQueued = isQueued
    }

    init(_ new: NewSimulation, isQueued: Bool) {
        self.new = new
        self.isQueued = isQueued
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> SimulationRecord {
        if let workflow = new.workflow, let document = new.document {
            guard try tx.workflow(workflow) != nil else { throw Rejection.notFound("workflow") }
            let tried = try WorkflowProposal(json: document.text)
            try PublishWorkflow(
                .version(of: workflow), steps: tried.steps, gapDays: tried.gapDays, limits: tried.limits
            ).refuseUnknownTemplates(in: &tx)
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
}
