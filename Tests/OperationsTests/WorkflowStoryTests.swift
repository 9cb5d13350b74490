import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Workflows that branch, wait, repeat and ask, from the document to the mail.
@Suite(.database) struct `A workflow` {
    private static let friendly = "{key: friendly, kind: email, template: Friendly reminder, after_due: 3}"
    private static let firm = "{key: firm, kind: email, template: Firm reminder, after_due: 14}"
    private static let final = "{key: final, kind: email, template: Final reminder, after_due: 30, tier: final}"

    private func workflow(_ steps: String..., gap: Int = 3, limits: String = "{}") -> String {
        """
        name: Story
        gap: \(gap)
        limits: \(limits)
        steps:
        \(steps.map { "  - \($0)" }.joined(separator: "\n"))
        """
    }

    @Test func `leads large debts to a call and small ones to a letter`() async throws {
        let story = try await WorkflowStory(
            workflow(
                Self.friendly,
                """
                {key: size, kind: branch, after_due: 10, else: firm,
                     branches: [{if: {field: collectable, at_least: "500.00", currency: USD}, then: call}]}
                """,
                "{key: call, kind: call_task, after_previous: 1, then: end}", Self.firm))
        let (large, _) = try await story.tenant.debtor("Large", overdueBy: 4, 900_00)
        let (small, _) = try await story.tenant.debtor("Small", overdueBy: 4, 90_00)
        try await story.play()
        #expect(try await story.steps(of: large) == ["friendly done", "size done", "call done"])
        #expect(try await story.steps(of: small) == ["friendly done", "size done", "firm done"])
        let trace = try await story.tenant.value(
            "select trace::text from step_run where tenant_id = $t and customer_id = '\(large.uuid)' and step_key = 'size'"
        )
        #expect(trace?.contains("to call: collectable is at least 500.00 USD") == true, "\(trace ?? "")")
    }

    @Test func `waits for an approval, and goes on by its time-out`() async throws {
        let story = try await WorkflowStory(
            workflow(
                Self.friendly,
                """
                {key: ask, kind: approve, after_due: 10, deadline_business_days: 2,
                     outcomes: {approved: firm, declined: end, timeout: gentle}}
                """,
                "{key: gentle, kind: email, template: Friendly reminder, after_previous: 0, then: end}", Self.firm))
        let (patient, _) = try await story.tenant.debtor("Patient", overdueBy: 4)
        let (asked, _) = try await story.tenant.debtor("Asked", overdueBy: 4)
        let when = try await story.play(until: TestTenant.now.adding(days: 8))
        try await story.answer("approved", for: asked, at: when)
        try await story.play(from: when)
        #expect(
            try await story.steps(of: patient) == [
                "friendly done", "ask done", "gentle done", "firm skipped not_approved",
            ])
        let approved = try await story.steps(of: asked)
        // What was planned for silence gave way to the answer.
        #expect(approved == ["friendly done", "ask done", "gentle skipped superseded", "firm done"])
        let trace = try await story.tenant.value(
            "select trace::text from step_run where tenant_id = $t and customer_id = '\(patient.uuid)' and step_key = 'gentle'"
        )
        #expect(trace?.contains("timeout: nobody answered ask in time") == true, "\(trace ?? "")")
    }

    @Test func `stops where nobody approves in time, and says what was not done`() async throws {
        let story = try await WorkflowStory(
            workflow(
                Self.friendly,
                """
                {key: ask, kind: approve, after_due: 10, deadline_business_days: 2,
                     outcomes: {approved: firm, declined: end, timeout: end}}
                """, Self.firm))
        let tenant = story.tenant
        let (silent, _) = try await tenant.debtor("Silent", overdueBy: 4)
        let (asked, _) = try await tenant.debtor("Asked", overdueBy: 4)
        let (declined, _) = try await tenant.debtor("Declined", overdueBy: 4)
        let when = try await story.play(until: TestTenant.now.adding(days: 8))
        // Until somebody answers nothing is at its end.
        for customer in [silent, asked, declined] {
            #expect(try await tenant.onlyCase(of: customer).status == .active)
            #expect(try await story.why(customer, at: when).next.first?.reason == .awaited)
        }
        try await story.answer("approved", for: asked, at: when)
        try await story.answer("declined", for: declined, at: when)
        #expect(try await tenant.onlyCase(of: declined).status == .exhausted)
        #expect(try await story.steps(of: declined) == ["friendly done", "ask done", "firm skipped not_approved"])
        let deadline = try #require(try await tenant.tasks(of: silent).first?.deadline)
        try await story.courier.workInternalLane(at: deadline.adding(seconds: -1))
        #expect(try await tenant.onlyCase(of: silent).status == .active)
        try await story.courier.workInternalLane(at: deadline)
        #expect(try await tenant.onlyCase(of: silent).status == .exhausted)
        #expect(try await story.steps(of: silent) == ["friendly done", "ask done", "firm skipped not_approved"])
        let why = try await story.why(silent, at: deadline)
        #expect(why.history.contains { $0.reason == .notApproved })
        try await story.play(from: deadline)
        #expect(try await story.steps(of: asked) == ["friendly done", "ask done", "firm done"])
    }

    @Test func `repeats a letter as often as it says, a week apart, and asks a person at the end`() async throws {
        let story = try await WorkflowStory(
            workflow(
                Self.friendly, Self.firm,
                "{key: again, kind: repeat, after_previous: 7, back_to: firm, times: 3}"))
        let (customer, _) = try await story.tenant.debtor(overdueBy: 4)
        try await story.play()
        #expect(
            try await story.steps(of: customer) == [
                "friendly done", "firm done", "again done", "firm done", "again done", "firm done", "again done",
                "firm done", "again done",
            ])
        let days = try await story.days(of: "firm", customer)
        #expect(zip(days, days.dropFirst()).allSatisfy { $1 - $0 >= 7 }, "\(days)")
        #expect(try await story.tenant.count("enrolment where tenant_id = $t and status = 'exhausted'") == 1)
        #expect(try await story.tenant.count("task where tenant_id = $t and kind = 'call' and state = 'open'") == 1)
    }

    @Test func `ends at the most contacts it allows, and says so`() async throws {
        let story = try await WorkflowStory(
            workflow(
                Self.friendly, Self.firm, "{key: again, kind: repeat, after_previous: 7, back_to: firm, times: 5}",
                limits: "{max_contacts: 3}"))
        let (customer, _) = try await story.tenant.debtor(overdueBy: 4)
        try await story.play()
        let steps = try await story.steps(of: customer)
        #expect(steps.filter { $0.hasSuffix("done") && !$0.hasPrefix("again") }.count == 3)
        #expect(steps.contains("firm skipped max_contacts"))
    }

    @Test func `skips a step whose condition does not hold, without losing a day over it`() async throws {
        let story = try await WorkflowStory(
            workflow(
                "{key: friendly, kind: email, template: Friendly reminder, after_due: 3, if: {field: invoice_count, more_than: 3}}",
                "{key: formal, kind: email, template: Firm reminder, after_due: 3}"))
        let (customer, _) = try await story.tenant.debtor(overdueBy: 4)
        try await story.play()
        #expect(try await story.steps(of: customer) == ["friendly skipped condition_false", "formal done"])
        #expect(try await story.days(of: "formal", customer) == [0])
        let why = try await story.why(customer, at: WorkflowStory.end)
        #expect(
            why.history.contains {
                $0.words
                    == "Step friendly was not sent: the condition of the step does not hold (invoice_count is more than 3: no, it is 1)."
            })
    }

    @Test func `waits until something happens, at the longest so many days`() async throws {
        let story = try await WorkflowStory(
            workflow(
                Self.friendly,
                """
                {key: listen, kind: wait, after_previous: 20, until_event: "api:visited",
                     outcomes: {event: thanks, timeout: firm}}
                """,
                "{key: thanks, kind: review_task, after_previous: 0, then: end}", Self.firm))
        let (seen, _) = try await story.tenant.debtor("Seen", overdueBy: 4)
        let (silent, _) = try await story.tenant.debtor("Silent", overdueBy: 4)
        let when = try await story.play(until: TestTenant.now.adding(days: 5))
        try await story.tenant.write(at: when) { tx, context in
            try TellCases(seen, name: "visited").run(in: &tx, context)
        }
        try await story.play(from: when)
        #expect(try await story.steps(of: seen) == ["friendly done", "listen done", "thanks done"])
        #expect(try await story.days(of: "listen", seen).allSatisfy { $0 <= 8 })
        #expect(try await story.steps(of: silent) == ["friendly done", "listen done", "firm done"])
        #expect(try await story.days(of: "listen", silent).allSatisfy { $0 >= 20 })
    }

    @Test func `answers an event once, beside the ladder`() async throws {
        let story = try await WorkflowStory(
            workflow(
                Self.friendly, Self.final,
                "{key: answer, kind: call_task, on_event: \"api:complained\", days: 1}"))
        let (customer, _) = try await story.tenant.debtor(overdueBy: 4)
        let when = try await story.play(until: TestTenant.now.adding(days: 5))
        for _ in 0..<2 {
            try await story.tenant.write(at: when) { tx, context in
                try TellCases(customer, name: "complained").run(in: &tx, context)
                try PlanCases.replan(customers: [customer], cause: "again", in: &tx, context)
            }
        }
        try await story.play(from: when)
        let steps = try await story.steps(of: customer).sorted()
        #expect(
            steps == ["answer done", "answer done", "final done", "final skipped superseded", "friendly done"])
        #expect(try await story.tenant.value("select position from enrolment where tenant_id = $t") == "final")
    }

    @Test func `starts a manual step when a person asks for it, and only then`() async throws {
        let story = try await WorkflowStory(
            workflow(Self.friendly, "{key: visit, kind: review_task, manual: true}"))
        let (customer, _) = try await story.tenant.debtor(overdueBy: 4)
        let when = try await story.play(until: TestTenant.now.adding(days: 3))
        #expect(try await story.steps(of: customer) == ["friendly done"])
        let text = try #require(
            try await story.tenant.value("select enrolment_id::text from enrolment where tenant_id = $t"))
        let enrolment = ID<Enrolment>(try #require(UUID(uuidString: text)))
        // Before its end the case has no further step of its own: it is exhausted, and nothing is started any more.
        await #expect(throws: Rejection.self) {
            try await story.tenant.write(at: when) { tx, context in
                try StartStep(enrolment, key: "friendly").run(in: &tx, context)
            }
        }
    }

    @Test func `shows a message in the tenant's own product, at night too`() async throws {
        let story = try await WorkflowStory(
            workflow("{key: notice, kind: in_app, template: Friendly reminder, after_due: 3}", Self.firm))
        let (customer, _) = try await story.tenant.debtor(overdueBy: 4)
        try await story.play()
        let shown = try await story.tenant.read { tx, _ in try tx.inApp(Page(count: 10), of: customer) }
        #expect(shown.count == 1)
        #expect(shown.first?.text.contains("100") == true, "\(shown)")
        #expect(try await story.steps(of: customer) == ["notice done", "firm done"])
        #expect(try await story.tenant.count("contact_budget where tenant_id = $t") == 1)
    }

    @Test func `holds a customer for some days, and splits them by a share that stays`() async throws {
        let story = try await WorkflowStory(
            workflow(
                Self.friendly, "{key: fair, kind: hold, after_previous: 1, hold_days: 30, reason: trade fair}",
                """
                {key: tone, kind: split, after_previous: 0, experiment: tone,
                     shares: [{name: a, weight: 1, then: firm}, {name: b, weight: 1, then: call}]}
                """,
                "{key: firm, kind: email, template: Firm reminder, after_previous: 0, then: end}",
                "{key: call, kind: call_task, after_previous: 0}"))
        var customers: [ID<Customer>] = []
        for number in 0..<8 { customers.append(try await story.tenant.debtor("Firm \(number)", overdueBy: 4).customer) }
        try await story.play()
        var shares: Set<String> = []
        for customer in customers {
            let steps = try await story.steps(of: customer)
            let share = try #require(
                try await story.tenant.value(
                    "select share from split_choice where tenant_id = $t and customer_id = '\(customer.uuid)'"))
            #expect(steps == ["friendly done", "fair done", "tone done", share == "a" ? "firm done" : "call done"])
            #expect(try await story.days(of: "tone", customer).allSatisfy { $0 >= 31 })
            shares.insert(share)
        }
        #expect(!shares.isEmpty)
    }

    @Test func `rests after a part was paid, and below the least amount`() async throws {
        let story = try await WorkflowStory(
            workflow(Self.friendly, Self.firm, limits: "{on_part_payment: 20, minimum_amount: {USD: \"50.00\"}}"))
        let (customer, invoice) = try await story.tenant.debtor(overdueBy: 4, 100_00)
        let (small, _) = try await story.tenant.debtor("Small", overdueBy: 4, 40_00)
        let when = try await story.play(until: TestTenant.now.adding(days: 2))
        try await story.tenant.pay(customer, 20_00, for: [(invoice, 20_00)], at: when)
        try await story.play(from: when)
        #expect(try await story.steps(of: customer) == ["friendly done", "firm done"])
        #expect(try await story.days(of: "firm", customer).allSatisfy { $0 >= 22 })
        #expect(try await story.steps(of: small) == [])
        #expect(try await story.why(small).words.joined().contains("below the least amount"))
    }

    @Test func `goes round as a document: exported, put again, compared`() async throws {
        let text = workflow(Self.friendly, Self.firm, Self.final, limits: "{max_contacts: 9, max_days: 100}")
        let story = try await WorkflowStory(text)
        let document = try await story.tenant.read { tx, _ in try ReadWorkflow.document(.name("Story"), in: &tx) }
        let exported = YAMLDocument.text(of: try #require(document).value())
        #expect(try WorkflowDocument(try YAMLDocument.read(exported)) == document)
        #expect(exported.contains("template: Friendly reminder"))
        let again = PutWorkflow(try WorkflowDocument(try YAMLDocument.read(exported)))
        #expect(try await story.tenant.write { tx, context in try again.run(in: &tx, context).changes } == [])
        let changed = PutWorkflow(
            try WorkflowDocument(
                try YAMLDocument.read(exported.replacingOccurrences(of: "after_due: 14", with: "after_due: 15"))))
        let result = try await story.tenant.write { tx, context in try changed.run(in: &tx, context) }
        #expect(result.changes.map(\.words) == ["firm: after_due was 14, is 15"])
        #expect(result.record.number == 2)
        let unknown = PutWorkflow(
            try WorkflowDocument(
                try YAMLDocument.read(exported.replacingOccurrences(of: "Firm reminder", with: "Nothing"))))
        await #expect(throws: Rejection.self) {
            try await story.tenant.write { tx, context in try unknown.run(in: &tx, context).isNew }
        }
    }
}

extension WorkflowStory {
    /// A person answers the open task of a customer.
    func answer(_ outcome: String, for customer: ID<Customer>, at now: Instant) async throws {
        let word = try #require(TaskOutcome(rawValue: outcome))
        try await tenant.write(at: now) { tx, context in
            guard let task = try tx.tasks(Page(count: 1), TaskFilter(state: .open, customer: customer)).first else {
                throw TestServer.Unusable("nothing is asked")
            }
            _ = try CloseTask(task.id, .done(word)).run(in: &tx, context)
        }
    }
}
