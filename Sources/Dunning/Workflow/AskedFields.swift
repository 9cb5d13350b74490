extension PublishedWorkflow {
    /// Every field that a condition of its steps looks at: what has to be known of its cases.
    package var asks: Set<ConditionField> {
        steps.reduce(into: []) { fields, step in
            if let condition = step.condition { fields.formUnion(condition.fields) }
            if case .branch(let branches, _) = step.arms {
                for branch in branches { fields.formUnion(branch.condition.fields) }
            }
        }
    }
}
