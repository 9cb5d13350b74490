import Dunning
import Postgres
import Store

/// Which workflow cases follow: reads what names one, asks ``Resolve``, and says so.
enum AssignCases {
    struct Assigned {
        let new: NewCase
        let assignment: Resolve.Assignment
    }

    /// For cases that should be open and are not. Their facts are read only where the tenant has rules that look at them.
    static func choose(
        _ wanted: [NewCase], in tx: inout Transaction, _ context: Context
    ) throws -> [Assigned] {
        let rules = try tx.assignmentRules()
        let asking = rules.reduce(into: Set<ConditionField>()) { $0.formUnion($1.condition.fields) }
        let facts = rules.isEmpty ? [:] : try tx.prospects(wanted, asking: asking, now: context.now)
        let archived = Set(try tx.archivedWorkflows().keys)
        return wanted.map { new in
            let key = LedgerKey(customer: new.customer, brand: new.brand, currency: new.currency)
            return Assigned(
                new: new,
                assignment: Resolve.workflow(
                    new.pins, rules: rules, brand: new.brand, archived: archived,
                    subject: facts[key]?.subject(at: context.now) ?? ConditionSubject()))
        }
    }

    /// The same with the versions that new cases follow; those for which nothing is named, or which are excluded, are left
    /// out.
    static func versions(
        _ wanted: [NewCase], in tx: inout Transaction, _ context: Context
    ) throws -> [(NewCase, ID<WorkflowVersion>, Resolve.Assignment)] {
        let assigned = try choose(wanted, in: &tx, context)
        let workflows = Set(assigned.compactMap(\.assignment.workflow))
        guard !workflows.isEmpty else { return [] }
        let versions = try tx.currentVersions(of: Array(workflows))
        return assigned.compactMap { assigned in
            assigned.assignment.workflow.flatMap { versions[$0] }.map { (assigned.new, $0, assigned.assignment) }
        }
    }
}
