package import Dunning
package import Postgres
package import Store

/// Makes a rule by which cases get their workflow, or puts another in its place.
///
/// It is for cases opened from now on; those that are open change when they are reassigned.
package struct SaveRule: Sendable {
    /// Rules of one tenant.
    package static let most = 200

    let id: ID<Rule>?
    let name: String
    let priority: Int
    let brand: ID<Brand>?
    let condition: Condition
    let outcome: AssignmentRule.Outcome

    /// - Parameter id: the rule to change; nil for a new one.
    package init(
        _ id: ID<Rule>? = nil, name: String, priority: Int, brand: ID<Brand>? = nil, condition: Condition,
        outcome: AssignmentRule.Outcome
    ) throws(Rejection) {
        try TextRule.line(upTo: 64).check(name, at: "/name")
        self.id = id
        self.name = name
        self.priority = priority
        self.brand = brand
        self.condition = condition
        self.outcome = outcome
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> AssignmentRuleRecord {
        if let brand, try tx.brand(brand) == nil {
            throw Rejection.invalid("/brand_id", "unknown_brand", "there is no such brand")
        }
        if case .workflow(let workflow) = outcome {
            try tx.checkExists(workflow)
            try tx.checkInUse(workflow)
        }
        try ConditionNames.check(condition, in: &tx)
        let rule = AssignmentRule(
            id: id ?? .make(at: context.now), name: name, priority: priority, brand: brand, condition: condition,
            outcome: outcome)
        if let id {
            guard try tx.lockedRule(id) != nil else { throw Rejection.notFound("assignment rule") }
            let others = try tx.assignmentRules().filter { $0.id != id }
            guard !others.contains(where: { $0.name == name }) else {
                throw Rejection.conflict(noun: "assignment rule", identifier: name)
            }
            try tx.update(rule, at: context.now)
        } else {
            guard try tx.assignmentRules().count < Self.most else {
                throw Rejection.forbiddenByState(
                    code: "too_many_rules", detail: "A tenant has at most \(Self.most) rules.")
            }
            guard try tx.insert(rule, at: context.now) else {
                throw Rejection.conflict(noun: "assignment rule", identifier: name)
            }
        }
        try tx.audit(
            context, action: id == nil ? "assignment_rule.created" : "assignment_rule.changed",
            subject: rule.id.uuid,
            detail: ["priority": "\(priority)", "workflow": rule.workflow?.description ?? "exclude"])
        guard let record = try tx.assignmentRule(rule.id) else { preconditionFailure("the rule is locked") }
        return record
    }
}

/// Takes a rule away. Cases keep the workflow it gave them until they are reassigned.
package struct DropRule: Sendable {
    let id: ID<Rule>

    package init(_ id: ID<Rule>) { self.id = id }

    /// The rule as it was.
    package func run(in tx: inout Transaction, _ context: Context) throws -> AssignmentRuleRecord {
        guard let record = try tx.lockedRule(id), try tx.deleteRule(id) else {
            throw Rejection.notFound("assignment rule")
        }
        try tx.audit(context, action: "assignment_rule.dropped", subject: id.uuid, detail: ["name": record.rule.name])
        return record
    }
}
