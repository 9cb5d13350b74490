import Dunning
import Testing

@Suite struct `The workflow of a case` {
    private let brand = ID<Brand>(CaseFixture.uuid(3))
    private func workflow(_ number: Int) -> ID<Workflow> { ID(CaseFixture.uuid(number)) }

    private func rule(
        _ name: String, _ priority: Int, stage: Int64, brand: ID<Brand>? = nil, _ outcome: AssignmentRule.Outcome
    ) -> AssignmentRule {
        AssignmentRule(
            id: ID(CaseFixture.uuid(priority)), name: name, priority: priority, brand: brand,
            condition: .test(.stage, .atLeast, .one(.number(stage))), outcome: outcome)
    }

    private var subject: ConditionSubject {
        var subject = ConditionSubject()
        subject.stage = 5
        return subject
    }

    @Test func `is that of the invoice, the customer, the first rule that fits, the brand, the tenant`() {
        let full = Resolve.Pins(
            invoice: workflow(11), customer: workflow(12), brand: workflow(14), tenant: workflow(15))
        let fits = rule("fits", 2, stage: 5, .workflow(workflow(13)))
        func winner(_ remove: (inout Resolve.Pins) -> Void, rules: [AssignmentRule]) -> Resolve.Source? {
            var pins = full
            remove(&pins)
            let answer = Resolve.workflow(pins, rules: rules, brand: brand, subject: subject)
            #expect(answer.trace.count { $0.won } <= 1)
            #expect(answer.winner?.workflow == answer.workflow)
            return answer.winner?.source
        }
        #expect(winner({ _ in }, rules: [fits]) == .invoice)
        #expect(winner({ $0.invoice = nil }, rules: [fits]) == .customer)
        #expect(winner({ ($0.invoice, $0.customer) = (nil, nil) }, rules: [fits]) == .rule)
        #expect(winner({ ($0.invoice, $0.customer) = (nil, nil) }, rules: []) == .brand)
        #expect(winner({ $0 = .init(tenant: workflow(15)) }, rules: []) == .tenant)
        #expect(winner({ $0 = .init() }, rules: []) == nil)
        #expect(Resolve.workflow(.init(), brand: brand).outcome == .none)
    }

    @Test func `comes from the rule with the lowest priority that fits its condition and brand`() {
        let other = ID<Brand>(CaseFixture.uuid(99))
        let rules = [
            rule("later", 40, stage: 1, .workflow(workflow(4))), rule("too high", 10, stage: 6, .workflow(workflow(1))),
            rule("elsewhere", 20, stage: 1, brand: other, .workflow(workflow(2))),
            rule("here", 30, stage: 1, brand: brand, .workflow(workflow(3))),
        ]
        let answer = Resolve.workflow(.init(brand: workflow(9)), rules: rules, brand: brand, subject: subject)
        #expect(answer.workflow == workflow(3))
        #expect(
            answer.trace.map { "\($0.source) \($0.name ?? "-") \($0.won): \($0.words)" } == [
                "invoice - false: the oldest open invoice names none", "customer - false: the customer names none",
                "rule too high false: stage is at least 6: no, it is 5",
                "rule elsewhere false: it is for another brand", "rule here true: stage is at least 1: yes, it is 5",
                "rule later false: stage is at least 1: yes, it is 5, but an earlier one was found",
                "brand - false: the brand names it, but an earlier one was found",
                "tenant - false: the tenant names none",
            ])
        // Whatever the order in which they are read.
        #expect(
            Resolve.workflow(.init(brand: workflow(9)), rules: rules.reversed(), brand: brand, subject: subject)
                == answer)
    }

    @Test func `is none for who is excluded, by themselves or by a rule`() {
        let pins = Resolve.Pins(invoice: workflow(1), exclusion: "insolvent")
        let own = Resolve.workflow(pins, brand: brand)
        #expect(own.outcome == .excluded && own.workflow == nil)
        #expect(own.words == "Never reminded: the customer is excluded: insolvent.")
        let ruled = Resolve.workflow(
            .init(tenant: workflow(1)), rules: [rule("state debtors", 1, stage: 1, .exclude)], brand: brand,
            subject: subject)
        #expect(ruled.outcome == .excluded)
        #expect(ruled.words == "Never reminded by rule 'state debtors': stage is at least 1: yes, it is 5.")
        // The pin of an invoice goes before a rule: somebody chose it for this very debt.
        let pinned = Resolve.workflow(
            .init(invoice: workflow(2)), rules: [rule("state debtors", 1, stage: 1, .exclude)], brand: brand,
            subject: subject)
        #expect(pinned.workflow == workflow(2))
    }
}

@Suite struct `A case that goes on under another workflow` {
    private let short = CaseFixture.workflow([
        CaseFixture.email("only", .afterDue(5)), Step(key: "call", kind: .callTask, timing: .afterDue(20)),
    ])

    private func standing(stage: Int, due: String, _ workflow: PublishedWorkflow) -> Reassign.Standing {
        let facts = CaseFixture.facts(
            [CaseFixture.invoice(1, due: due)], CaseFixture.state(stage: stage, contacted: "2026-11-20"))
        return Reassign.standing(of: facts, in: workflow, now: CaseFixture.at("2026-11-24 10:00"))
    }

    @Test func `keeps its stage, at most the one its age calls for there`() {
        #expect(standing(stage: 2, due: "2026-10-01", CaseFixture.standard) == .init(stage: 2, position: "firm"))
        #expect(standing(stage: 3, due: "2026-11-10", CaseFixture.standard) == .init(stage: 2, position: "firm"))
        #expect(standing(stage: 1, due: "2026-01-01", CaseFixture.standard) == .init(stage: 1, position: "friendly"))
        #expect(standing(stage: 2, due: "2026-11-23", CaseFixture.standard) == .init(stage: 0, position: nil))
        #expect(standing(stage: 0, due: "2026-01-01", CaseFixture.standard) == .init(stage: 0, position: nil))
    }

    @Test func `has at most the stages that the workflow knows`() {
        #expect(standing(stage: 3, due: "2026-01-01", short) == .init(stage: 1, position: "only"))
    }

    @Test func `is asked nothing sooner, and nothing graver than one stage more`() {
        // Told "friendly" four days ago; the other ladder's next is a week after that.
        let facts = CaseFixture.facts([CaseFixture.invoice(1, due: "2026-10-01")], CaseFixture.state())
        var moved = facts
        let now = CaseFixture.at("2026-11-24 10:00")
        moved.state = CaseFixture.state(stage: 1, contacted: "2026-11-20")
        let standing = Reassign.standing(of: moved, in: CaseFixture.standard, now: now)
        moved.state = CaseFixture.state(
            stage: standing.stage, position: standing.position, contacted: "2026-11-20")
        #expect(Planner.plan(moved, now: now).summary() == "firm 2 2026-11-27")
        // Without what is kept it would be told again at once: the twin that this test must catch.
        #expect(Planner.plan(facts, now: now).summary() == "friendly 1 2026-11-24")
    }
}

@Suite struct `A customer that is excluded` {
    @Test func `is planned out of dunning at once and passes no gate`() {
        var facts = CaseFixture.facts([CaseFixture.invoice(1, due: "2026-10-01")])
        let step = facts.plan("2026-11-24 10:00").next!
        #expect(facts.gate(step, "2026-11-24 12:00").summary == "send INV-1")
        facts.profile.exclusion = "insolvent"
        #expect(facts.plan("2026-11-24 10:00").summary() == "exit excluded")
        #expect(facts.gate(step, "2026-11-24 12:00").summary == "skip excluded")
        #expect(
            Gate.internalVerdict(
                for: PlannedStep(key: "call", kind: .callTask, occurrence: 1, stage: 1, dueAt: step.dueAt),
                given: facts, now: step.dueAt
            ).summary == "skip excluded")
    }
}
