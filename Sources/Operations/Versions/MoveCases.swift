package import Dunning
package import Postgres
import Queue
import Store

/// Takes the open cases of a workflow over to its current version, some customers at a time: a job that may be interrupted
/// anywhere, since what is moved is not found again.
package struct MoveCases: Sendable {
    /// Customers moved in one transaction; their locks are held for well under a second.
    static let portion = 200
    let workflow: ID<Workflow>

    package init(_ workflow: ID<Workflow>) { self.workflow = workflow }

    /// Queues the job; one already there stays one.
    static func queue(_ workflow: ID<Workflow>, in tx: inout Transaction, _ context: Context) throws {
        try tx.enqueue([
            NewDue(kind: .move, ref: workflow.uuid, lane: try tx.lane(.bulk), runAt: context.now)
        ])
    }

    package enum Progress: Sendable, Hashable {
        /// How many customers were moved; there may be more.
        case moved(Int)
        /// What is left is on the wire.
        case waiting
        case done
    }

    /// One portion, planned anew.
    package func step(in tx: inout Transaction, _ context: Context) throws -> Progress {
        guard let record = try tx.workflow(workflow) else { return .done }
        let customers = try tx.customersToMove(workflow, to: record.version, count: Self.portion)
        guard !customers.isEmpty else {
            let isWaited = try tx.hasCasesToMove(workflow, to: record.version)
            return isWaited ? .waiting : .done
        }
        try PlanCases.lock(customers: customers, in: &tx)
        let moved = try Self.move(customers, to: record.version, of: workflow, in: &tx, context)
        try tx.audit(
            context,
            moved.map {
                AuditEntry(
                    action: "case.moved", subject: $0.id.uuid, customer: $0.customer,
                    detail: ["version": "\(record.number)", "position": $0.position ?? "", "stage": "\($0.stage)"])
            })
        try PlanCases.replan(customers: customers, cause: "version", in: &tx, context)
        return .moved(customers.count)
    }

    /// Without planning anew: the standings under the new version.
    static func move(
        _ customers: [ID<Customer>], to version: ID<WorkflowVersion>, of workflow: ID<Workflow>,
        in tx: inout Transaction, _ context: Context
    ) throws -> [CaseState] {
        guard let new = try tx.publishedWorkflows([version])[version] else { return [] }
        let cases = try tx.loadCases(customers: customers, now: context.now).filter {
            $0.facts.workflow.workflow == workflow && $0.facts.workflow.id != version && $0.open?.isSending != true
        }
        let states = cases.map { VersionChange.moved($0.facts.state, from: $0.facts.workflow, to: new) }
        try tx.updateCases(states, at: context.now)
        try tx.follow(version, states.map(\.id))
        return states
    }
}
