import Dunning
import Operations
import Postgres
import Store
import Support
import Testing

/// What a person answers decides where a case goes; no answer by the deadline is one, too.
@Suite(.database) struct OutcomeBranchTests {
    private static let now = TestTenant.now

    /// The brand calls on day 3 and goes on by what is said; a broken promise gets a letter of its own.
    private static func made() async throws -> (TestTenant, Courier, ID<Customer>) {
        let tenant = try await TestTenant.make(in: .current())
        try await tenant.write { tx, context in
            let letter = DefaultTemplate.firm
            let template = try SaveTemplate(.new(name: "Letter"), source: letter.source).run(in: &tx, context).record.id
            let steps = try WorkflowSteps([
                Step(
                    key: "call", kind: .callTask, timing: .afterDue(3), waitsForOutcome: true, deadlineBusinessDays: 2,
                    arms: .outcomes(["refused": .step("last"), "will_pay": .end, Step.Arms.timeout: .step("letter")])),
                Step(key: "letter", kind: .email, timing: .afterPrevious(0, business: false), template: template),
                Step(key: "last", kind: .email, timing: .afterPrevious(0, business: false), template: template),
                Step(key: "broken", kind: .email, timing: .onEvent(.promiseBroken, 0), template: template),
            ])
            let workflow = try PublishWorkflow(.new(name: "By telephone"), steps: steps).run(in: &tx, context).id
            var change = BrandChange()
            change.workflow = .to(workflow)
            _ = try ChangeBrand(tenant.brand, change).run(in: &tx, context)
        }
        let customer = try await tenant.debtor().customer
        let courier = try Courier(of: tenant)
        try await courier.workInternalLane()
        return (tenant, courier, customer)
    }

    @Test func `an answer takes the case the way the workflow names for it`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        let task = try #require(try await tenant.tasks(of: customer).first)
        #expect(task.kind == .call)
        // Until somebody answers, the case stands still.
        #expect(try await courier.arm().armed.isEmpty)
        try await tenant.close(task.id, .refused)
        #expect(try await tenant.onlyCase(of: customer).nextStep == "last")
        #expect(try await courier.deliver().count == 1)
    }

    @Test func `an answer without a way of its own goes on with what follows, one that ends it ends it`() async throws {
        let (tenant, _, customer) = try await Self.made()
        try await tenant.close(try #require(try await tenant.tasks(of: customer).first).id, .noAnswer)
        #expect(try await tenant.onlyCase(of: customer).nextStep == "letter")
        let (other, _, debtor) = try await Self.made()
        try await other.close(try #require(try await other.tasks(of: debtor).first).id, .willPay)
        #expect(try await other.onlyCase(of: debtor).status == .exhausted)
    }

    @Test func `decision 5.8: nobody answers, and after two business days it goes on, and the trace says so`()
        async throws
    {
        let (tenant, courier, customer) = try await Self.made()
        let task = try #require(try await tenant.tasks(of: customer).first)
        // Tuesday before Thanksgiving: Wednesday and Friday.
        #expect(task.deadline.map { TestTenant.zone.day(of: $0) } == Day("2026-11-27"))
        let due = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        let deadline = try #require(task.deadline)
        #expect(due >= deadline)
        #expect(try await courier.deliver(at: due).count == 1)
        let history = try await tenant.read { tx, _ in try tx.stepHistory(of: customer, limit: 5) }
        let letter = try #require(history.first { $0.key == "letter" })
        #expect(letter.trace.contains { $0.detail.contains("timeout") })
        // An answer that comes after all is kept, and moves nothing any more.
        try await tenant.close(task.id, .refused, at: due)
        #expect(try await tenant.onlyCase(of: customer).nextStep == "last")
    }

    @Test func `a broken promise is answered once`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        let task = try #require(try await tenant.tasks(of: customer).first)
        try await tenant.close(
            task.id, .promised,
            agreement: .promise(dueOn: TestTenant.today.adding(1), amount: nil, invoices: nil))
        var sent: [Int] = []
        for day in 0...21 {
            let noon = Self.now.adding(days: day)
            try await courier.workInternalLane(at: noon)
            if try await !courier.deliver(at: noon).isEmpty { sent.append(day) }
        }
        let history = try await tenant.read { tx, _ in try tx.stepHistory(of: customer, limit: 20) }
        #expect(history.count { $0.key == "broken" && $0.state == "done" } == 1, "\(history.map(\.key)) \(sent)")
        #expect(try await tenant.audited("promise.broken", of: customer) == 1)
    }
}
