/// The written form of a step, one for JSON, YAML and the store:
/// `{"key": "firm", "kind": "email", "template": "Firm reminder", "after_due": 14}`.
///
/// What is not said is not written. Whether the members fit the kind is for ``WorkflowGraph`` to say.
extension Step {
    /// A step as read, with its template by the name or the id that was written.
    package struct Written: Hashable, Sendable {
        package var step: Step
        package var template: String?

        package init(step: Step, template: String?) {
            self.step = step
            self.template = template
        }
    }

    /// Gathers what is wrong in `fields`; a stand-in then.
    package static func read(_ fields: inout DocumentFields) -> Written {
        let template = fields.text(optional: "template")
        let id = fields.text(optional: "template_id")
        let written = id.flatMap { ID<Template>($0) }
        if id != nil, written == nil { fields.refuse("template_id", "bad_id", "must be an id such as tpl_…") }
        if id != nil, template != nil { fields.refuse("template", "one_of", "is given by name or by id, not both") }
        let fallback = fields.text(optional: "fallback").flatMap { name -> Fallback? in
            let known = Fallback(name: name)
            if known == nil { fields.refuse("fallback", "not_in_list", "must be email, sms or next_contact") }
            return known
        }
        let step = Step(
            key: fields.text("key") ?? "", kind: kind(&fields), timing: timing(&fields),
            template: written, tier: fields.word(optional: "tier", Tier.self) ?? .reminder,
            waitsForOutcome: fields.bool(optional: "wait_for_outcome") ?? false,
            deadlineBusinessDays: fields.int(optional: "deadline_business_days", in: 0...60) ?? 2,
            script: fields.text(optional: "script"), fallback: fallback, condition: fields.condition("if"),
            stage: fields.int(optional: "stage", in: 1...99), follower: fields.text(optional: "then").map(Target.init),
            arms: arms(&fields), effect: effect(&fields), awaitedEvent: fields.event("until_event"))
        return Written(step: step, template: template)
    }

    private static func kind(_ fields: inout DocumentFields) -> Kind {
        guard let word = fields.text("kind") else { return .wait }
        if let kind = Kind(rawValue: word) { return kind }
        fields.refuse("kind", "not_in_list", "must be one of " + Kind.allCases.map(\.rawValue).joined(separator: ", "))
        return .wait
    }

    /// Timings, of which a step has one, by the name of their member.
    private static func timing(_ fields: inout DocumentFields) -> Timing {
        var found: [Timing] = []
        var names: [String] = []
        func add(_ name: String, _ timing: Timing?) {
            guard let timing else { return }
            found.append(timing)
            names.append(name)
        }
        let isPair = fields.has("timing")
        let days = isPair || fields.has("on_event") ? fields.int(optional: "days", in: 0...3_650) : nil
        if isPair, let name = fields.text("timing") {
            let pair = Timing(name: name, days: days ?? 0)
            if pair == nil {
                fields.refuse(
                    "timing", "not_in_list",
                    "must be before_due, after_issue, after_due, after_previous, business_days_after_previous or manual"
                )
            } else if days == nil, pair != .manual {
                fields.refuse("days", "missing", "must be given")
            }
            add("timing", pair ?? .manual)
        }
        for name in ["before_due", "after_issue", "after_due", "after_previous", "business_days_after_previous"] {
            add(name, fields.int(optional: name, in: 0...3_650).flatMap { Timing(name: name, days: $0) })
        }
        if let text = fields.text(optional: "on_date") {
            let day = Day(text)
            if day == nil { fields.refuse("on_date", "bad_date", "must be a day such as 2027-01-31") }
            add("on_date", day.map(Timing.onDate) ?? .manual)
        }
        add("on_event", fields.event("on_event").map { .onEvent($0, days ?? 0) })
        if fields.bool(optional: "manual") == true { add("manual", .manual) }
        if found.isEmpty, fields.problems.isEmpty {
            fields.refuse(
                "timing", "missing",
                "must say when: one of before_due, after_issue, after_due, after_previous, "
                    + "business_days_after_previous (days), on_date, on_event, manual")
        }
        if found.count > 1 { fields.refuse(names[1], "one_of", "a step has one time, and \(names[0]) is given too") }
        return found.first ?? .manual
    }

    private static func arms(_ fields: inout DocumentFields) -> Arms {
        var found: [Arms] = []
        if fields.has("branches") {
            var branches: [Branch] = []
            for (value, pointer) in fields.list("branches", upTo: 20) {
                var branch = DocumentFields(value, at: pointer)
                if branch.required("if") != nil, let condition = branch.condition("if"),
                    let target = branch.text("then")
                {
                    branches.append(Branch(if: condition, then: Target(target)))
                }
                fields.refuse(branch.finished())
            }
            found.append(.branch(branches, otherwise: fields.text(optional: "else").map(Target.init)))
        }
        if fields.has("shares") || fields.has("experiment") {
            var shares: [Share] = []
            for (value, pointer) in fields.list("shares", upTo: 10) {
                var share = DocumentFields(value, at: pointer)
                if let name = share.text("name"), let weight = share.int("weight", in: 1...1_000),
                    let target = share.text("then")
                {
                    shares.append(Share(name: name, weight: weight, target: Target(target)))
                }
                fields.refuse(share.finished())
            }
            found.append(.split(experiment: fields.text("experiment") ?? "", shares))
        }
        if let value = fields.given("outcomes") {
            var outcomes: [String: Target] = [:]
            var words = DocumentFields(value, at: fields.pointer(to: "outcomes"))
            for word in words.names { outcomes[word] = words.text(word).map(Target.init) }
            fields.refuse(words.finished())
            found.append(.outcomes(outcomes))
        }
        if fields.has("back_to") || fields.has("times") {
            found.append(.again(from: fields.text("back_to") ?? "", times: fields.int("times", in: 1...24) ?? 1))
        }
        if found.count > 1 {
            fields.refuse("kind", "one_of", "a step has one of branches, shares, outcomes and back_to")
        }
        return found.first ?? .none
    }

    private static func effect(_ fields: inout DocumentFields) -> Effect {
        var found: [Effect] = []
        if let days = fields.int(optional: "hold_days", in: 1...3_650) {
            found.append(.hold(days: days, reason: fields.text("reason") ?? ""))
        }
        if let name = fields.text(optional: "segment") {
            found.append(.segment(name, isRemoved: fields.bool(optional: "remove") ?? false))
        }
        if let owner = fields.text(optional: "owner") { found.append(.owner(owner)) }
        if let notice = fields.text(optional: "notice") { found.append(.notice(notice)) }
        if let name = fields.text(optional: "event") { found.append(.event(name)) }
        if let signal = fields.word(optional: "signal", Signal.self) { found.append(.signal(signal)) }
        if let agency = fields.text(optional: "agency") { found.append(.agency(agency)) }
        if found.count > 1 {
            fields.refuse(
                "kind", "one_of", "a step has one of hold_days, segment, owner, notice, event, signal and agency")
        }
        return found.first ?? .none
    }
}

extension DocumentFields {
    mutating func condition(_ name: String) -> Condition? {
        guard let value = given(name) else { return nil }
        do throws(Rejection) {
            return try Condition(value, at: pointer(to: name))
        } catch {
            if case .invalid(let problems) = error { refuse(problems) }
            return nil
        }
    }

    mutating func event(_ name: String) -> CaseEvent.Kind? {
        guard let text = text(optional: name) else { return nil }
        if let kind = CaseEvent.Kind(text) { return kind }
        refuse(
            name, "unknown_event",
            "must be promise_made, promise_broken, dispute_opened, dispute_resolved, part_payment, message_bounced, "
                + "replied, instalment_missed, contact_changed, segment_joined[:NAME], task_outcome[:WORD] or api:NAME")
        return nil
    }
}
