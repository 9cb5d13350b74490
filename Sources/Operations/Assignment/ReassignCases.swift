import Dunning
import Postgres
import Store

/// Gives open cases the workflow they should have by now, and opens those that should be open.
///
/// A case that changes ends as `reassigned` and goes on as a new one: its stage does not rise by it, its last contact is
/// kept (``Reassign``). One whose message is on the wire is left for a moment later.
struct ReassignCases {
    struct Result {
        var counts = ReassignmentCounts()
        /// All before it are done; its message is on the wire.
        var busy: ID<Customer>?
    }

    private struct Decision {
        let loaded: LoadedCase
        let assignment: Resolve.Assignment
        /// Nil: never reminded any more.
        let version: ID<WorkflowVersion>?
    }

    let entry: EntryPolicy
    /// Only cases that follow this one; nil for all.
    var from: ID<Workflow>?
    let isDryRun: Bool
    let cause: String

    /// - Parameter customers: in the order of their ids.
    func run(_ customers: [ID<Customer>], in tx: inout Transaction, _ context: Context) throws -> Result {
        if !isDryRun { try PlanCases.lock(customers: customers, in: &tx) }
        let rules = try tx.assignmentRules()
        let asking = rules.reduce(into: Set<ConditionField>()) { $0.formUnion($1.condition.fields) }
        let archived = Set(try tx.archivedWorkflows().keys)
        let cases = try tx.loadCases(customers: customers, asking: asking, now: context.now).filter { loaded in
            from.map { $0 == loaded.facts.workflow.workflow } ?? true
        }
        let pins = try tx.pins(of: cases.map(\.id))
        var decided: [(loaded: LoadedCase, assignment: Resolve.Assignment)] = []
        // What an agency has stays with it, under the workflow it came from.
        for loaded in cases where loaded.facts.state.status != .handedOver {
            decided.append(
                (
                    loaded,
                    Resolve.workflow(
                        pins[loaded.id] ?? Resolve.Pins(), rules: rules, brand: loaded.facts.state.brand,
                        archived: archived, subject: loaded.facts.subject(at: context.now))
                ))
        }
        let current = try tx.currentVersions(of: Array(Set(decided.compactMap(\.assignment.workflow))))
        var changes: [Decision] = []
        var result = Result()
        for (loaded, assignment) in decided {
            switch assignment.outcome {
            case .excluded: changes.append(Decision(loaded: loaded, assignment: assignment, version: nil))
            case .workflow(let id) where id != loaded.facts.workflow.workflow:
                guard let version = current[id] else { continue }
                changes.append(Decision(loaded: loaded, assignment: assignment, version: version))
            // Where nobody names one any more, a case goes on with the one it has.
            case .workflow, .none: continue
            }
        }
        result.busy =
            isDryRun
            ? nil
            : changes.filter { $0.loaded.open?.isSending == true }
                .map(\.loaded.facts.state.customer).min()
        let ready = customers.prefix { customer in result.busy.map { customer < $0 } ?? true }
        let done = Set(ready)
        changes.removeAll { !done.contains($0.loaded.facts.state.customer) }
        let considered = cases.count { done.contains($0.facts.state.customer) }
        result.counts.customers = ready.count
        result.counts.moved = changes.count { $0.version != nil }
        result.counts.excluded = changes.count - result.counts.moved
        result.counts.kept = considered - changes.count
        let wanted = try tx.wantedCases(customers: Array(ready))
        if !wanted.isEmpty { result.counts.opened = try AssignCases.versions(wanted, in: &tx, context).count }
        guard !isDryRun else { return result }
        try write(changes, in: &tx, context)
        if !changes.isEmpty || result.counts.opened > 0 {
            try PlanCases.replan(customers: Array(ready), cause: cause, entry: entry, in: &tx, context)
        }
        return result
    }

    private func write(_ changes: [Decision], in tx: inout Transaction, _ context: Context) throws {
        guard !changes.isEmpty else { return }
        let versions = try tx.publishedWorkflows(Array(Set(changes.compactMap(\.version))))
        var (states, exits): ([CaseState], [ID<Enrolment>: Reason]) = ([], [:])
        var (skipped, moved): ([(ID<StepRun>, Reason)], [MovedCase]) = ([], [])
        var audit: [AuditEntry] = []
        var told: [Emission] = []
        for change in changes {
            var state = change.loaded.facts.state
            let reason: Reason = change.version == nil ? .excluded : .reassigned
            state.status = .exited
            states.append(state)
            exits[state.id] = reason
            told += Emission.standing(from: change.loaded.facts.state, to: state, exit: reason)
            if let open = change.loaded.open {
                skipped.append((open.id, reason))
                if open.announcedAt != nil { told.append(.withdrawn(open, of: state, reason)) }
            }
            if let version = change.version, let workflow = versions[version] {
                moved.append(
                    MovedCase(
                        old: state.id, version: version,
                        standing: Reassign.standing(of: change.loaded.facts, in: workflow, now: context.now),
                        assignment: change.assignment))
            }
            audit.append(
                AuditEntry(
                    action: "case.exited", subject: state.id.uuid, customer: state.customer,
                    detail: [
                        "reason": reason.rawValue, "cause": cause,
                        "workflow": change.assignment.workflow?.description ?? "",
                    ]))
        }
        try tx.skipSteps(skipped, at: context.now)
        try tx.withdrawMessages(of: skipped.map(\.0), at: context.now)
        try tx.updateCases(states, exits: exits, at: context.now)
        try tx.callOff(context, states.map { ($0.id, exits[$0.id] ?? .reassigned) })
        let opened = try tx.reopen(moved, at: context.now)
        told += states.compactMap { old in opened[old.id].map { Emission.opened($0.new, like: old, cycle: $0.cycle) } }
        try tx.audit(context, audit)
        try tx.emit(context, told)
    }
}
