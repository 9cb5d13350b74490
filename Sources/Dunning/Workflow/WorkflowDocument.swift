/// A workflow as one readable document, with its templates by name, so that it can go from one tenant to another.
///
/// `{"name": …, "gap": 7, "limits": {…}, "steps": [{"key": "friendly", "kind": "email", …}]}`; JSON and YAML alike.
package struct WorkflowDocument: Hashable, Sendable {
    /// Civil days between two contacts where the document does not say.
    package static let standardGap = 7
    package static let mostSteps = 50

    package var name: String
    package var gapDays: Int
    package var limits: WorkflowLimits
    package var steps: [Step.Written]

    package init(name: String, gapDays: Int, limits: WorkflowLimits, steps: [Step.Written]) {
        self.name = name
        self.gapDays = gapDays
        self.limits = limits
        self.steps = steps
    }

    /// Throws ``Rejection/invalid(_:)`` with everything that is wrong with the words, their fit and the graph of the steps.
    package init(_ value: DocumentValue) throws(Rejection) {
        var fields = DocumentFields(value)
        name = fields.text("name") ?? ""
        gapDays = fields.int(optional: "gap", in: 0...365) ?? Self.standardGap
        limits =
            fields.given("limits").map { WorkflowLimits.read($0, at: fields.pointer(to: "limits"), &fields) }
            ?? WorkflowLimits(maxContacts: WorkflowLimits.standardContacts)
        steps = Step.list(&fields)
        try fields.finish()
        let problems = WorkflowGraph.problems(of: steps)
        guard problems.isEmpty else { throw .invalid(problems) }
    }

    /// The same as ``init(_:)`` reads.
    package func value() -> DocumentValue {
        [
            "name": .text(name), "gap": .int(Int64(gapDays)), "limits": limits.document,
            "steps": .list(steps.map { $0.step.document(template: $0.template) }),
        ]
    }
}

extension Step {
    /// The steps of a document, each with its faults where it stands.
    package static func list(_ fields: inout DocumentFields) -> [Written] {
        var steps: [Written] = []
        _ = fields.required("steps")
        for (value, pointer) in fields.list("steps", upTo: WorkflowDocument.mostSteps) {
            var members = DocumentFields(value, at: pointer)
            steps.append(read(&members))
            fields.refuse(members.finished())
        }
        return steps
    }
}

extension WorkflowLimits {
    package static func read(
        _ value: DocumentValue, at pointer: String, _ outer: inout DocumentFields
    ) -> WorkflowLimits {
        var fields = DocumentFields(value, at: pointer)
        var limits = WorkflowLimits()
        limits.maxContacts = fields.int(optional: "max_contacts", in: 1...1_000) ?? standardContacts
        limits.maxDays = fields.int(optional: "max_days", in: 1...3_650)
        limits.onReply = fields.int(optional: "on_reply", in: 1...60)
        limits.onPartPayment = fields.int(optional: "on_part_payment", in: 1...60)
        limits.onReversal = fields.int(optional: "on_reversal", in: 0...60)
        limits.minimumAge = fields.int(optional: "min_age", in: 1...365)
        if let value = fields.given("minimum_amount") {
            var amounts = DocumentFields(value, at: fields.pointer(to: "minimum_amount"))
            for code in amounts.names {
                guard let text = amounts.text(code) else { continue }
                if let currency = Currency(code), let money = try? Money.parse(decimal: text, currency), money.minor > 0
                {
                    limits.minimumAmount[currency] = money.minor
                } else {
                    amounts.refuse(
                        code, "bad_amount", "must be a currency of ISO 4217 and an amount, such as USD: \"25.00\"")
                }
            }
            fields.refuse(amounts.finished())
        }
        outer.refuse(fields.finished())
        return limits
    }

    package var document: DocumentValue {
        var members: [DocumentValue.Member] = []
        func say(_ name: String, _ value: Int?) {
            if let value { members.append(.init(name, .int(Int64(value)))) }
        }
        say("max_contacts", maxContacts)
        say("max_days", maxDays)
        say("on_reply", onReply)
        say("on_part_payment", onPartPayment)
        say("on_reversal", onReversal)
        say("min_age", minimumAge)
        if !minimumAmount.isEmpty {
            let amounts = minimumAmount.sorted { $0.key.code < $1.key.code }
            members.append(
                .init(
                    "minimum_amount",
                    .map(
                        amounts.map {
                            .init($0.key.code, .text(Money(minor: $0.value, currency: $0.key).decimal))
                        })))
        }
        return .map(members)
    }
}
