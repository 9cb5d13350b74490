import Dunning
import Testing

/// A workflow as a document, and the check of its graph.
@Suite struct `A workflow document` {
    typealias Value = DocumentValue

    struct Fault: Sendable, CustomStringConvertible {
        let description: String
        let members: [Value.Member]
        let problem: String

        init(_ name: String, _ members: [Value.Member], _ problem: String) {
            (description, self.members, self.problem) = (name, members, problem)
        }
    }

    private static func step(_ members: (String, Value)...) -> Value {
        .map(members.map { Value.Member($0.0, $0.1) })
    }

    private static let friendly = step(
        ("key", "friendly"), ("kind", "email"), ("template", "Friendly"), ("after_due", 3))

    private func document(_ steps: Value..., gap: Value = 7) -> Value {
        ["name": "Net 30", "gap": gap, "steps": .list(steps)]
    }

    private func problems(_ value: Value) -> [String] {
        do throws(Rejection) {
            _ = try WorkflowDocument(value)
            return []
        } catch {
            guard case .invalid(let problems) = error else { return ["\(error)"] }
            return problems.map { "\($0.pointer) \($0.code)" }
        }
    }

    @Test func `says the same when it is printed and read again, whatever is in it`() throws {
        var generator = SplitMix(announcing: "workflow documents")
        var kinds: Set<Step.Kind> = []
        for _ in 0..<500 {
            let workflow = RandomWorkflow.make(&generator)
            var limits = workflow.limits.maxContacts == nil ? WorkflowLimits(maxContacts: 5) : workflow.limits
            if Bool.random(using: &generator) { limits.minimumAge = .random(in: 1...365, using: &generator) }
            if Bool.random(using: &generator) { limits.onReversal = .random(in: 0...60, using: &generator) }
            let document = WorkflowDocument(
                name: "Random", gapDays: workflow.escalationGapDays, limits: limits,
                steps: workflow.steps.map { Step.Written(step: $0, template: $0.kind.isWritten ? "Text" : nil) })
            let read = try WorkflowDocument(document.value())
            #expect(read == document)
            #expect(WorkflowDiff.changes(from: document, to: read).isEmpty)
            kinds.formUnion(workflow.steps.map(\.kind))
        }
        #expect(kinds.isSuperset(of: [.branch, .split, .repeat, .approve, .wait, .callTask]))
    }

    @Test(arguments: Step.Kind.allCases.filter(\.isTask))
    func `branches by every word a person may end its task by, and by no other`(kind: Step.Kind) throws {
        let task = try #require(TaskKind(rawValue: kind.task))
        #expect(kind.outcomes == task.outcomes.map(\.rawValue) + ["timeout"])
        func problems(_ words: [String]) -> [String] {
            let ways = Dictionary(uniqueKeysWithValues: words.map { ($0, Step.Target.end) })
            let step = Step(key: "ask", kind: kind, timing: .afterDue(3), arms: .outcomes(ways))
            return WorkflowGraph.problems(of: [step]).map { "\($0.pointer) \($0.code)" }
        }
        #expect(problems(kind.outcomes) == [])
        #expect(problems(kind.outcomes + ["sunny"]) == ["/steps/0/outcomes/sunny unknown_outcome"])
        // Whoever speaks to the customer may hear that the money is on its way, or that there will be none.
        for talk in [TaskKind.call, .review, .reply] {
            #expect(talk.outcomes.contains(.saysPaid) && talk.outcomes.contains(.refused))
        }
    }

    @Test func `reads every kind of step`() throws {
        let value = document(
            Self.step(("key", "issued"), ("kind", "in_app"), ("template", "Notice"), ("after_issue", 1)), Self.friendly,
            Self.step(("key", "pause"), ("kind", "hold"), ("after_previous", 1), ("hold_days", 5), ("reason", "fair")),
            Self.step(("key", "late"), ("kind", "set_segment"), ("after_previous", 0), ("segment", "late payers")),
            Self.step(("key", "who"), ("kind", "assign_owner"), ("after_previous", 0), ("owner", "ada")),
            Self.step(("key", "team"), ("kind", "notify_team"), ("after_previous", 0), ("notice", "Look at this")),
            Self.step(("key", "hook"), ("kind", "webhook"), ("after_previous", 0), ("event", "stage_two")),
            Self.step(("key", "limit"), ("kind", "service_signal"), ("on_date", "2027-01-31"), ("signal", "limit")),
            Self.step(
                ("key", "ask"), ("kind", "approve"), ("business_days_after_previous", 2),
                ("outcomes", ["approved": "firm", "declined": "end", "timeout": "firm"])),
            Self.step(("key", "firm"), ("kind", "email"), ("template", "Firm"), ("after_due", 30), ("stage", 3)),
            Self.step(("key", "again"), ("kind", "repeat"), ("after_previous", 7), ("back_to", "firm"), ("times", 2)),
            Self.step(("key", "hand"), ("kind", "handover"), ("after_previous", 7), ("agency", "Collect & Co")),
            Self.step(("key", "give_up"), ("kind", "propose_write_off"), ("after_previous", 90)),
            Self.step(
                ("key", "broken"), ("kind", "sms"), ("template", "Promise"), ("on_event", "promise_broken"), ("days", 1)
            ),
            Self.step(("key", "visit"), ("kind", "review_task"), ("manual", true)))
        let read = try WorkflowDocument(value)
        #expect(read.steps.count == 15)
        #expect(read.limits.maxContacts == WorkflowLimits.standardContacts)
        #expect(try WorkflowDocument(read.value()) == read)
        #expect(read.steps[7].step.timing == .onDate(Day("2027-01-31")!))
        #expect(read.steps[13].step.timing == .onEvent(.promiseBroken, 1))
    }

    private static let faults: [Fault] = [
        Fault("a target nobody has", [.init("then", "gone")], "/steps/1/then unknown_step"),
        Fault("a way back that is no repeat", [.init("then", "friendly")], "/steps/1/then not_forward"),
        Fault("a circle of itself", [.init("then", "second")], "/steps/1/then not_forward"),
        Fault("a member of another kind", [.init("hold_days", 3), .init("reason", "x")], "/steps/1/kind no_effect"),
        Fault("a member nobody knows", [.init("colour", "red")], "/steps/1/colour unknown_key"),
        Fault("two times", [.init("before_due", 3)], "/steps/1/after_due one_of"),
        Fault(
            "a condition on nothing known", [.init("if", ["field": "shoe_size", "is": 44])],
            "/steps/1/if/field unknown_field"),
        Fault("an event nobody knows", [.init("until_event", "full_moon")], "/steps/1/until_event unknown_event"),
        Fault("a wait of a mail", [.init("until_event", "replied")], "/steps/1/until_event not_a_wait"),
        Fault("outcomes of a mail", [.init("outcomes", ["timeout": "end"])], "/steps/1/outcomes no_outcome"),
    ]

    @Test(arguments: faults) func `refuses`(_ fault: Fault) {
        let second: [Value.Member] = [
            .init("key", "second"), .init("kind", "email"), .init("template", "Firm"), .init("after_due", 14),
        ]
        #expect(problems(document(Self.friendly, .map(second + fault.members))).contains(fault.problem))
    }

    @Test func `refuses circles, ways that lead nowhere, and steps that nobody comes to`() {
        func again(_ members: (String, Value)...) -> Value {
            .map(
                ([("key", "again"), ("kind", "repeat")] + members).map { Value.Member($0.0, $0.1) })
        }
        #expect(
            problems(document(Self.friendly, again(("after_previous", 0), ("back_to", "friendly"), ("times", 2))))
                == ["/steps/1/after_previous no_delay"])
        #expect(
            problems(document(Self.friendly, again(("after_previous", 1), ("back_to", "again"), ("times", 2))))
                == ["/steps/1/back_to not_back"])
        #expect(
            problems(document(Self.friendly, again(("after_previous", 1), ("back_to", "friendly"))))
                == ["/steps/1/times missing"])
        #expect(
            problems(document(Self.friendly, again(("after_previous", 1), ("back_to", "friendly"), ("times", 25))))
                == ["/steps/1/times out_of_range"])
        let ending = Self.step(
            ("key", "friendly"), ("kind", "email"), ("template", "Friendly"), ("after_due", 3), ("then", "end"))
        let firm = Self.step(("key", "firm"), ("kind", "email"), ("template", "Firm"), ("after_due", 14))
        #expect(problems(document(ending, firm)) == ["/steps/1/key unreachable"])
        #expect(problems(["name": "x", "steps": []]) == ["/steps no_ladder"])
        #expect(
            problems(document(Self.step(("key", "end"), ("kind", "wait"), ("after_due", 1)))) == [
                "/steps/0/key reserved"
            ])
        let approve = Self.step(
            ("key", "ask"), ("kind", "approve"), ("after_due", 1), ("outcomes", ["approved": "end"]))
        #expect(problems(document(approve)) == ["/steps/0/outcomes missing"])
    }

    @Test func `says for how long a case rests after money went back`() throws {
        func limits(_ members: (String, Value)...) -> Value {
            [
                "name": "Net 30", "limits": .map(members.map { Value.Member($0.0, $0.1) }),
                "steps": .list([Self.friendly]),
            ]
        }
        let silent = try WorkflowDocument(limits())
        #expect(silent.limits.coolDownDays == 5)
        let said = try WorkflowDocument(limits(("on_reversal", 0)))
        #expect(said.limits.coolDownDays == 0)
        #expect(try WorkflowDocument(said.value()) == said)
        #expect(
            WorkflowDiff.changes(from: silent, to: said).map(\.words) == [
                "workflow: limits was {max_contacts: 12}, is {max_contacts: 12, on_reversal: 0}"
            ])
        #expect(
            problems(limits(("on_reversal", 61))) == ["/limits/on_reversal out_of_range"])
    }

    @Test func `tells what differs`() throws {
        let old = try WorkflowDocument(document(Self.friendly))
        let firm = Self.step(("key", "firm"), ("kind", "email"), ("template", "Firm"), ("after_due", 14))
        let later = Self.step(("key", "friendly"), ("kind", "email"), ("template", "Kind"), ("after_due", 5))
        let new = try WorkflowDocument(document(later, firm, gap: 5))
        #expect(
            WorkflowDiff.changes(from: old, to: new).map(\.words) == [
                "workflow: gap was 7, is 5", "friendly: after_due was 3, is 5",
                "friendly: template was \"Friendly\", is \"Kind\"", "step firm is new: email",
            ])
        #expect(WorkflowDiff.changes(from: new, to: old).map(\.kind).contains(.removed))
    }
}
