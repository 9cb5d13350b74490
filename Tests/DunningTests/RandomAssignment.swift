import Dunning

/// Which workflow a case follows, asked of pins and rules nobody would write.
struct RandomAssignment {
    var pins: Resolve.Pins
    /// As they are read: in any order.
    var rules: [AssignmentRule]
    var archived: Set<ID<Workflow>>
    let brand: ID<Brand>
    let stage: Int64
    /// From which stage on each rule fits, by its name.
    let thresholds: [String: Int64]

    init(using generator: inout SplitMix) {
        func workflow(_ percent: Int, _ generator: inout SplitMix) -> ID<Workflow>? {
            RandomCase.chance(percent, &generator)
                ? ID(CaseFixture.uuid(.random(in: 1...6, using: &generator))) : nil
        }
        let brands = [ID<Brand>(CaseFixture.uuid(3)), ID<Brand>(CaseFixture.uuid(99))]
        brand = brands[0]
        pins = Resolve.Pins(
            invoice: workflow(25, &generator), customer: workflow(25, &generator), brand: workflow(50, &generator),
            tenant: workflow(70, &generator), exclusion: RandomCase.chance(10, &generator) ? "insolvent" : nil)
        stage = .random(in: 0...8, using: &generator)
        var thresholds: [String: Int64] = [:]
        rules = (0..<Int.random(in: 0...4, using: &generator)).map { number in
            let name = "rule \(number)"
            let threshold = Int64.random(in: 0...8, using: &generator)
            thresholds[name] = threshold
            return AssignmentRule(
                id: ID(CaseFixture.uuid(200 + number)), name: name, priority: .random(in: 1...3, using: &generator),
                brand: RandomCase.chance(40, &generator) ? brands.randomElement(using: &generator) : nil,
                condition: .test(.stage, .atLeast, .one(.number(threshold))),
                outcome: workflow(85, &generator).map { .workflow($0) } ?? .exclude)
        }
        rules.shuffle(using: &generator)
        self.thresholds = thresholds
        archived = Set((1...6).filter { _ in RandomCase.chance(20, &generator) }.map { ID(CaseFixture.uuid($0)) })
    }

    /// What the program makes of it.
    func resolved() -> Resolve.Assignment {
        var subject = ConditionSubject()
        subject.stage = Int(stage)
        return Resolve.workflow(pins, rules: rules, brand: brand, archived: archived, subject: subject)
    }

    func fits(_ rule: AssignmentRule) -> Bool { stage >= thresholds[rule.name] ?? 0 }

    /// Rules that have a say here, the first before the others.
    var speaking: [AssignmentRule] {
        rules.filter { rule in
            guard rule.brand == nil || rule.brand == brand, fits(rule) else { return false }
            guard case .workflow(let workflow) = rule.outcome else { return true }
            return !archived.contains(workflow)
        }.sorted { ($0.priority, $0.name) < ($1.priority, $1.name) }
    }

    /// The answer, worked out the plain way.
    var expected: Resolve.Outcome {
        if pins.exclusion != nil { return .excluded }
        func named(_ pin: ID<Workflow>?) -> Resolve.Outcome? {
            pin.flatMap { archived.contains($0) ? nil : .workflow($0) }
        }
        if let own = named(pins.invoice) ?? named(pins.customer) { return own }
        if let rule = speaking.first {
            if case .workflow(let workflow) = rule.outcome { return .workflow(workflow) }
            return .excluded
        }
        return named(pins.brand) ?? named(pins.tenant) ?? .none
    }

    var named: [ID<Workflow>] {
        [pins.invoice, pins.customer, pins.brand, pins.tenant].compactMap(\.self)
            + rules.compactMap { rule in
                if case .workflow(let workflow) = rule.outcome { workflow } else { nil }
            }
    }
}

extension AssignmentRule {
    /// The same with another of its parts.
    func with(priority: Int? = nil, isForAll: Bool = false, condition: Condition? = nil) -> AssignmentRule {
        AssignmentRule(
            id: id, name: name, priority: priority ?? self.priority, brand: isForAll ? nil : brand,
            condition: condition ?? self.condition, outcome: outcome)
    }
}
