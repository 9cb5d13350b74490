/// Which workflow a case follows: the pin of its anchor invoice, else of the customer, else the first rule that fits, else
/// the brand's, else the tenant's. Says of every candidate why it won or did not. Pure: same facts, same answer.
package enum Resolve {
    package enum Source: String, Hashable, Sendable, CaseIterable, Codable {
        /// The customer itself is never reminded.
        case exclusion
        case invoice, customer, rule, brand, tenant
    }

    package enum Outcome: Hashable, Sendable {
        case workflow(ID<Workflow>)
        case excluded
        /// Nobody named a workflow.
        case none
    }

    /// One place that may name a workflow, and what came of it.
    package struct Candidate: Hashable, Sendable, Codable {
        package let source: Source
        /// Of the rule; nil for other places.
        package let name: String?
        package let workflow: ID<Workflow>?
        package let won: Bool
        package let words: String
    }

    /// What a case follows, with the candidates in the order in which they were asked.
    package struct Assignment: Hashable, Sendable {
        package let outcome: Outcome
        package let trace: [Candidate]
    }

    /// The workflows named for one customer and brand, apart from rules.
    package struct Pins: Hashable, Sendable {
        /// Of the anchor: the oldest open invoice.
        package var invoice: ID<Workflow>?
        package var customer: ID<Workflow>?
        package var brand: ID<Workflow>?
        package var tenant: ID<Workflow>?
        /// Why the customer is never reminded.
        package var exclusion: String?

        package init(
            invoice: ID<Workflow>? = nil, customer: ID<Workflow>? = nil, brand: ID<Workflow>? = nil,
            tenant: ID<Workflow>? = nil, exclusion: String? = nil
        ) {
            self.invoice = invoice
            self.customer = customer
            self.brand = brand
            self.tenant = tenant
            self.exclusion = exclusion
        }
    }

    /// - Parameters:
    ///   - rules: in any order; of equal priority the first by name goes first.
    ///   - archived: workflows that nothing may follow any more; whoever names one is passed over.
    ///   - subject: what their conditions look at.
    package static func workflow(
        _ pins: Pins, rules: [AssignmentRule] = [], brand: ID<Brand>, archived: Set<ID<Workflow>> = [],
        subject: ConditionSubject = ConditionSubject()
    ) -> Assignment {
        var trace: [Candidate] = []
        var outcome: Outcome?
        func ask(
            _ source: Source, name: String? = nil, workflow: ID<Workflow>? = nil, _ result: Outcome?, _ words: String
        ) {
            let wins = outcome == nil && result != nil
            let told = outcome != nil && result != nil ? "\(words), but an earlier one was found" : words
            trace.append(Candidate(source: source, name: name, workflow: workflow, won: wins, words: told))
            if wins { outcome = result }
        }
        func pin(_ source: Source, _ workflow: ID<Workflow>?, _ noun: String) {
            if let workflow, archived.contains(workflow) {
                return ask(source, workflow: workflow, nil, "\(noun) names it, but it is archived")
            }
            ask(
                source, workflow: workflow, workflow.map(Outcome.workflow),
                workflow == nil ? "\(noun) names none" : "\(noun) names it")
        }
        if let reason = pins.exclusion { ask(.exclusion, .excluded, "the customer is excluded: \(reason)") }
        pin(.invoice, pins.invoice, "the oldest open invoice")
        pin(.customer, pins.customer, "the customer")
        for rule in rules.sorted(by: { ($0.priority, $0.name) < ($1.priority, $1.name) }) {
            var workflow: ID<Workflow>?
            if case .workflow(let id) = rule.outcome { workflow = id }
            if let only = rule.brand, only != brand {
                ask(.rule, name: rule.name, workflow: workflow, nil, "it is for another brand")
                continue
            }
            if let workflow, archived.contains(workflow) {
                ask(.rule, name: rule.name, workflow: workflow, nil, "its workflow is archived")
                continue
            }
            let answer = rule.condition.judged(subject)
            let result = workflow.map(Outcome.workflow) ?? .excluded
            ask(.rule, name: rule.name, workflow: workflow, answer.holds ? result : nil, answer.words)
        }
        pin(.brand, pins.brand, "the brand")
        pin(.tenant, pins.tenant, "the tenant")
        return Assignment(outcome: outcome ?? .none, trace: trace)
    }
}

extension Resolve.Assignment {
    package var workflow: ID<Workflow>? {
        if case .workflow(let id) = outcome { id } else { nil }
    }

    package var winner: Resolve.Candidate? { trace.first { $0.won } }

    /// What decided, as a person would say it.
    package var words: String { Resolve.words(of: trace) }
}

extension Resolve {
    /// What decided, as a person would say it.
    package static func words(of trace: [Candidate]) -> String {
        guard let winner = trace.first(where: \.won) else {
            return "No workflow is named by invoice, customer, rule, brand or tenant."
        }
        let excludes = winner.workflow == nil
        switch winner.source {
        case .exclusion: return "Never reminded: \(winner.words)."
        case .rule:
            let name = winner.name ?? "?"
            return "\(excludes ? "Never reminded" : "Its workflow was chosen") by rule '\(name)': \(winner.words)."
        case .invoice: return "Its workflow is that of its oldest open invoice."
        case .customer: return "Its workflow is the customer's own."
        case .brand: return "Its workflow is that of its brand; nothing more particular fits."
        case .tenant: return "Its workflow is that of the tenant; nothing more particular fits."
        }
    }
}
