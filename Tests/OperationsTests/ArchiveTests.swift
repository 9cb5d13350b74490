import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// A workflow that is taken out of use: nothing new follows it, and what follows it goes on, or is moved.
@Suite(.database) struct ArchiveTests {
    /// The brand's ladder is archived and the brand follows another; the customer's case has had its first letter.
    private struct Archived {
        let tenant: TestTenant
        let courier: Courier
        let customer: ID<Customer>
        let invoice: ID<Invoice>
        let other: ID<Workflow>
    }

    private static func made() async throws -> Archived {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor()
        #expect(try await courier.deliver().count == 1)
        let other = try await tenant.ladder("Firm", day: 1)
        try await tenant.brand(follows: other)
        let record = try await tenant.write { tx, context in
            try ArchiveWorkflow(tenant.workflow).run(in: &tx, context)
        }
        #expect(record.state == .draining && record.archivedAt == TestTenant.now)
        return Archived(tenant: tenant, courier: courier, customer: customer, invoice: invoice, other: other)
    }

    private static func state(_ workflow: ID<Workflow>, of tenant: TestTenant) async throws -> WorkflowRecord.State? {
        try await tenant.read { tx, _ in try tx.workflow(workflow)?.state }
    }

    @Test func `what brand, tenant or rule names is not archived, and the answer says where`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        try await tenant.rule("The old", #"{"field": "oldest_age", "at_least": 90}"#, tenant.workflow, priority: 1)
        func refusal() async throws -> String {
            do {
                try await tenant.write { tx, context in
                    _ = try ArchiveWorkflow(tenant.workflow).run(in: &tx, context)
                }
                return ""
            } catch Rejection.forbiddenByState("workflow_in_use", let detail) {
                return detail
            }
        }
        #expect(try await refusal().contains("the brand Acme, the rule The old"))
        try await tenant.brand(follows: try await tenant.ladder("Firm", day: 1))
        #expect(try await refusal().contains("what the rule The old says"))
        let rule = try await tenant.read { tx, _ in try tx.assignmentRules(Page(count: 1))[0].id }
        try await tenant.write { tx, context in _ = try DropRule(rule).run(in: &tx, context) }
        #expect(try await refusal() == "")
        #expect(try await Self.state(tenant.workflow, of: tenant) == .archived)
    }

    @Test
    func
        `row workflow archived or rule changed: it drains, open cases go on to their end, new ones follow what is named now`()
        async throws
    {
        let archived = try await Self.made()
        let (tenant, courier) = (archived.tenant, archived.courier)
        // The open case gets the next letter of its own workflow, in its time.
        let next = try #require(try await tenant.cases(of: archived.customer).first?.open?.step)
        #expect(next.key == "firm")
        #expect(try await courier.deliver(at: next.dueAt.adding(minutes: 1)).count == 1)
        // A customer that a pin gives to it, and one that the brand gives to the other.
        let pinned = try await tenant.customer("Pinned")
        try await tenant.change(pinned, workflow: .to(tenant.workflow))
        try await tenant.invoice(of: pinned, overdueBy: 10)
        let (plain, _) = try await tenant.debtor("Plain")
        for customer in [pinned, plain] {
            #expect(try await tenant.cases(of: customer).first?.facts.workflow.workflow == archived.other)
        }
        let trace = try await tenant.read { tx, _ in try tx.assignedWorkflows(of: pinned).values.first?.trace ?? [] }
        #expect(trace.contains { $0.source == .customer && !$0.won && $0.words.contains("archived") }, "\(trace)")
        // When the last case is paid, nothing is left of it.
        #expect(try await Self.state(tenant.workflow, of: tenant) == .draining)
        try await tenant.pay(archived.customer, 100_00, for: [(archived.invoice, 100_00)])
        #expect(try await Self.state(tenant.workflow, of: tenant) == .archived)
        // The next debt of the same customer opens a case under the other.
        try await tenant.invoice(of: archived.customer, overdueBy: 3)
        #expect(try await tenant.cases(of: archived.customer).first?.facts.workflow.workflow == archived.other)
    }

    @Test func `its cases are moved by a run over them that was seen before, and by nothing else`() async throws {
        let archived = try await Self.made()
        let (tenant, other) = (archived.tenant, archived.other)
        // Somebody else's case would move as well if all were looked at.
        let third = try await tenant.ladder("Third", day: 2)
        let (bystander, _) = try await tenant.debtor("Bystander")
        try await tenant.change(bystander, workflow: .to(third))
        let dry = try await tenant.reassign(confirming: nil, from: tenant.workflow)
        #expect(dry.from == tenant.workflow)
        #expect(dry.counts == ReassignmentCounts(customers: 1, moved: 1))
        let whole = try await tenant.reassign(confirming: nil)
        #expect(whole.counts.moved == 2)
        let run = try await tenant.reassign(confirming: dry.id)
        #expect(run.from == tenant.workflow && run.counts == dry.counts)
        let moved = try #require(try await tenant.cases(of: archived.customer).first?.facts)
        #expect(moved.workflow.workflow == other && moved.state.stage == 1)
        #expect(moved.state.lastContactDay == TestTenant.today)
        #expect(try await tenant.cases(of: bystander).first?.facts.workflow.workflow == other)
        #expect(try await Self.state(tenant.workflow, of: tenant) == .archived)
    }

    @Test func `a dry run from before it was archived confirms nothing`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        _ = try await tenant.debtor()
        try await tenant.brand(follows: try await tenant.ladder("Firm", day: 1))
        let dry = try await tenant.reassign(confirming: nil)
        try await tenant.write(at: TestTenant.now.adding(minutes: 1)) { tx, context in
            _ = try ArchiveWorkflow(tenant.workflow).run(in: &tx, context)
        }
        await #expect(throws: Rejection.self) { try await tenant.reassign(confirming: dry.id) }
    }

    @Test func `restored, it is named and followed as before; archived, it is neither named nor published`()
        async throws
    {
        let archived = try await Self.made()
        let tenant = archived.tenant
        func code(_ body: @escaping @Sendable (inout Transaction, Context) throws -> Void) async throws -> String {
            do {
                try await tenant.write { tx, context in try body(&tx, context) }
                return "accepted"
            } catch Rejection.invalid(let problems) {
                return problems[0].code
            } catch Rejection.forbiddenByState(let code, _) {
                return code
            }
        }
        let name: @Sendable (inout Transaction, Context) throws -> Void = { tx, context in
            var change = BrandChange()
            change.workflow = .to(tenant.workflow)
            _ = try ChangeBrand(tenant.brand, change).run(in: &tx, context)
        }
        let publish: @Sendable (inout Transaction, Context) throws -> Void = { tx, context in
            let steps = try WorkflowSteps([Step(key: "pause", kind: .wait, timing: .afterDue(1))])
            _ = try PublishWorkflow(.version(of: tenant.workflow), steps: steps).run(in: &tx, context)
        }
        let rule: @Sendable (inout Transaction, Context) throws -> Void = { tx, context in
            let all = try TestTenant.condition(#"{"field": "stage", "at_least": 0}"#)
            _ = try SaveRule(name: "R", priority: 1, condition: all, outcome: .workflow(tenant.workflow))
                .run(in: &tx, context)
        }
        #expect(try await code(name) == "workflow_archived")
        #expect(try await code(publish) == "workflow_archived")
        #expect(try await code(rule) == "workflow_archived")
        let restored = try await tenant.write { tx, context in
            try RestoreWorkflow(tenant.workflow).run(in: &tx, context)
        }
        #expect(restored.state == .active && restored.archivedAt == nil)
        #expect(try await code(name) == "accepted")
        let (new, _) = try await tenant.debtor("New")
        #expect(try await tenant.cases(of: new).first?.facts.workflow.workflow == tenant.workflow)
        #expect(try await code(publish) == "accepted")
    }
}

extension TestTenant {
    fileprivate func brand(follows workflow: ID<Workflow>) async throws {
        let brand = brand
        try await write { tx, context in
            var change = BrandChange()
            change.workflow = .to(workflow)
            _ = try ChangeBrand(brand, change).run(in: &tx, context)
        }
    }
}
