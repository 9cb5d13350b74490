package import Dunning
package import Postgres
import Queue
import Store

/// Takes the open cases of a workflow over from older versions to one of its versions, some customers at a time: a job that may
/// be interrupted anywhere, since what is moved is not found again. It is the version that somebody confirmed, not whatever is
/// current by then; cases of a later one stay there.
package struct MoveCases: Sendable {
    let version: ID<WorkflowVersion>
    let portion: Int

    /// So many customers are moved in one transaction; their locks are held for well under a second.
    package init(to version: ID<WorkflowVersion>, portion: Int = 200) {
        self.version = version
        self.portion = portion
    }

    /// Queues the job; one already there stays one.
    static func queue(to version: ID<WorkflowVersion>, in tx: inout Transaction, _ context: Context) throws {
        try tx.enqueue([
            NewDue(kind: .move, ref: version.uuid, lane: try tx.lane(.bulk), runAt: context.now)
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
        guard let number = try tx.versions(upTo: version)[version] else { return .done }
        let customers = try tx.customersToMove(to: version, count: portion)
        guard !customers.isEmpty else { return try tx.hasCasesToMove(to: version) ? .waiting : .done }
        try PlanCases.lock(customers: customers, in: &tx)
        let moved = try Self.move(customers, to: version, in: &tx, context)
        try tx.audit(
            context,
            moved.map {
                AuditEntry(
                    action: "case.moved", subject: $0.id.uuid, customer: $0.customer,
                    detail: ["version": "\(number)", "position": $0.position ?? "", "stage": "\($0.stage)"])
            })
        try PlanCases.replan(customers: customers, cause: "version", in: &tx, context)
        return .moved(customers.count)
    }

    /// Without planning anew: the standings under the new version.
    static func move(
        _ customers: [ID<Customer>], to version: ID<WorkflowVersion>, in tx: inout Transaction, _ context: Context
    ) throws -> [CaseState] {
        guard let new = try tx.publishedWorkflows([version])[version] else { return [] }
        // Only now that the customers are locked: another job may have taken them further.
        let versions = try tx.versions(upTo: version)
        let cases = try tx.loadCases(customers: customers, now: context.now).filter {
            let followed = $0.facts.workflow.id
            return followed != version && versions[followed] != nil && $0.open?.isSending != true
        }
        let states = cases.map { VersionChange.moved($0.facts.state, from: $0.facts.workflow, to: new) }
        try tx.updateCases(states, at: context.now)
        try tx.follow(version, states.map(\.id))
        return states
    }
}
