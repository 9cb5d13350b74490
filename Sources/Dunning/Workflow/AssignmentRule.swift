/// Says which workflow the cases follow that fulfil a condition, or that they are never opened.
package struct AssignmentRule: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        case workflow(ID<Workflow>)
        /// Nothing is sent to those it meets.
        case exclude
    }

    package let id: ID<Rule>
    package let name: String
    /// The lowest goes first.
    package let priority: Int
    /// Only cases of this brand, where one is named.
    package let brand: ID<Brand>?
    package let condition: Condition
    package let outcome: Outcome

    package init(
        id: ID<Rule>, name: String, priority: Int, brand: ID<Brand>? = nil, condition: Condition, outcome: Outcome
    ) {
        self.id = id
        self.name = name
        self.priority = priority
        self.brand = brand
        self.condition = condition
        self.outcome = outcome
    }
}
