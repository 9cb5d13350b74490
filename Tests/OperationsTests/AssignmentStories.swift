import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Complaints of users of today's systems about who is reminded how (`reference/dunning.md` 2), each told to its end.
@Suite(.database) struct `Complaints about who is reminded, and how` {
    private static let now = TestTenant.now

    @Test
    func
        `complaint 6: a reminder turned on later reaches the invoices that are there, and until then no date is shown`()
        async throws
    {
        // A tenant that has named no workflow for anything.
        let tenant = try await TestTenant.make(in: .current())
        try await tenant.admin("update brand set workflow_id = null where tenant_id = $t")
        try await tenant.admin("update tenant set workflow_id = null where tenant_id = $t")
        let (customer, _) = try await tenant.debtor()
        let before = try await tenant.why(customer)
        #expect(before.next.isEmpty)
        #expect(
            before.words == [
                "No USD case is open. No workflow is named by invoice, customer, rule, brand or tenant."
            ])
        // It makes a rule, and is told first what that means.
        let rule = try await tenant.rule("Old debts", #"{"field": "oldest_age", "at_least": 5}"#, tenant.workflow)
        let dry = try await tenant.reassign(confirming: nil)
        #expect(dry.state == .done && dry.isDryRun && dry.counts == ReassignmentCounts(customers: 1, opened: 1))
        #expect(try await tenant.cases(of: customer).isEmpty)
        let run = try await tenant.reassign(confirming: dry.id, entry: .firstStage)
        #expect(run.counts == dry.counts)
        let after = try await tenant.why(customer)
        #expect(after.next.first?.step == "friendly")
        #expect(
            after.words.last
                == "It follows 'Ladder', version 1. Its workflow was chosen by rule 'Old debts': oldest_age is at least 5: yes, it is 10."
        )
        #expect(after.next.first?.assignment.first { $0.won }?.name == rule.rule.name)
        #expect(try await Courier(of: tenant).deliver().count == 1)
        // What was confirmed is confirmed once.
        await #expect(throws: Rejection.self) { _ = try await tenant.reassign(confirming: dry.id) }
    }

    @Test func `complaint 14: one client, or one invoice, is not reminded from that moment on`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, first) = try await tenant.debtor()
        let courier = try Courier(of: tenant)
        let claimed = try await courier.claim()
        #expect(claimed.count == 1)
        // Said while a worker holds the step already: it arms nothing.
        let excluded = try await tenant.change(customer, exclusion: .to("our_lawyer_writes"))
        #expect(excluded.traits.exclusion == "our_lawyer_writes")
        #expect(try await courier.arm(claimed).armed.isEmpty)
        #expect(try await tenant.cases(of: customer).isEmpty)
        #expect(
            try await tenant.value("select string_agg(reason, ',') from step_run where tenant_id = $t") == "excluded")
        try await tenant.invoice(of: customer, overdueBy: 40)
        let why = try await tenant.why(customer)
        #expect(why.words == ["No USD case is open. Never reminded: the customer is excluded: our_lawyer_writes."])
        #expect(why.history.contains { $0.reason == .excluded })

        // One invoice alone: the rest is asked for.
        try await tenant.change(customer, exclusion: .to(nil))
        try await tenant.write { tx, context in
            _ = try PlaceHold(on: .invoice(first), reason: "wrong_delivery").run(in: &tx, context)
        }
        let armed = try await courier.arm().armed
        #expect(armed.count == 1)
        #expect(try await tenant.count("message_line where tenant_id = $t") == 1)
        #expect(try await tenant.count("message_line where tenant_id = $t and invoice_id = '\(first.uuid)'") == 0)
    }

    @Test func `complaint 16: a customer, a segment, an invoice have their own cadence, and it says which won`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let (gentle, firm, own) = (
            try await tenant.ladder("Gentle", day: 20), try await tenant.ladder("Firm", day: 1),
            try await tenant.ladder("Own", day: 5)
        )
        let vip = try await tenant.write { tx, context in
            try SaveSegment(.new(name: "vip", condition: nil)).run(in: &tx, context)
        }
        let large = try condition(#"{"field": "collectable", "at_least": "1000.00", "currency": "USD"}"#)
        try await tenant.write { tx, context in
            _ = try SaveSegment(.new(name: "large", condition: large)).run(in: &tx, context)
        }
        try await tenant.rule("VIPs", #"{"field": "segment", "is": "vip"}"#, gentle, priority: 10)
        try await tenant.rule("Large debts", #"{"field": "segment", "is": "large"}"#, firm, priority: 20)

        func winner(_ customer: ID<Customer>) async throws -> String {
            let next = try await tenant.why(customer).next.first
            return "\(next?.workflow ?? "none") by \(next?.assignment.first { $0.won }?.source.rawValue ?? "nothing")"
        }
        let plain = try await tenant.debtor().customer
        #expect(try await winner(plain) == "Ladder by brand")
        let big = try await tenant.debtor("Big", overdueBy: 10, 2_000_00).customer
        #expect(try await winner(big) == "Firm by rule")
        // A segment that somebody puts a customer into goes before.
        let dear = try await tenant.customer("Dear")
        try await tenant.write { tx, context in
            _ = try ChangeMembers(vip.id, add: [dear]).run(in: &tx, context)
        }
        try await tenant.invoice(of: dear, overdueBy: 10, 2_000_00)
        #expect(try await winner(dear) == "Gentle by rule")
        // The customer's own goes before rules, its invoice's before that.
        let special = try await tenant.customer("Special")
        try await tenant.change(special, workflow: .to(own))
        let pinned = try await tenant.invoice(of: special, overdueBy: 10, 2_000_00)
        #expect(try await winner(special) == "Own by customer")
        try await tenant.write { tx, context in _ = try PinInvoice(pinned, to: gentle).run(in: &tx, context) }
        #expect(
            try await winner(special) == "Own by customer", "an open case keeps its workflow until it is reassigned")
        let moved = try await tenant.write { tx, context in try ReassignCustomer(special).run(in: &tx, context) }
        #expect(moved == ReassignmentCounts(customers: 1, moved: 1))
        #expect(try await winner(special) == "Gentle by invoice")
    }

    private func condition(_ json: String) throws -> Condition { try TestTenant.condition(json) }
}

extension TestTenant {
    static func condition(_ json: String) throws -> Condition { try Condition(JSONText(json).document()) }

    func why(_ customer: ID<Customer>, at now: Instant = TestTenant.now) async throws -> Explanation {
        try await read(at: now) { tx, context in try Explain.customer(customer, in: &tx, context) }
    }

    @discardableResult
    func rule(
        _ name: String, _ json: String, _ workflow: ID<Workflow>?, priority: Int = 100, brand: ID<Brand>? = nil
    ) async throws -> AssignmentRuleRecord {
        let save = try SaveRule(
            name: name, priority: priority, brand: brand, condition: try Self.condition(json),
            outcome: workflow.map(AssignmentRule.Outcome.workflow) ?? .exclude)
        return try await write { tx, context in try save.run(in: &tx, context) }
    }

    @discardableResult
    func change(
        _ customer: ID<Customer>, exclusion: Change<String?> = .keep, workflow: Change<ID<Workflow>?> = .keep,
        at now: Instant = TestTenant.now
    ) async throws -> CustomerRecord {
        let update = try UpdateCustomer(customer, workflow: workflow, traits: TraitChanges(exclusion: exclusion))
        return try await write(at: now) { tx, context in try update.run(in: &tx, context) }
    }

    /// A workflow of one letter on this day, and another two weeks later.
    func ladder(_ name: String, day: Int) async throws -> ID<Workflow> {
        try await write { tx, context in
            let letter = DefaultTemplate.friendly
            let template = try SaveTemplate(.new(name: "Letters of \(name)"), source: letter.source)
                .run(in: &tx, context).record
            let steps = [
                Step(key: "one", kind: .email, timing: .afterDue(day), template: template.id),
                Step(key: "two", kind: .email, timing: .afterDue(day + 14), template: template.id),
            ]
            return try PublishWorkflow(.new(name: name), steps: try WorkflowSteps(steps)).run(in: &tx, context).id
        }
    }

    /// Starts a run, and does with it what a worker does.
    @discardableResult
    func reassign(
        confirming dry: ID<Reassignment>?, from workflow: ID<Workflow>? = nil, entry: EntryPolicy = .review,
        at now: Instant = TestTenant.now
    ) async throws -> ReassignmentRecord {
        let run = try await write(at: now) { tx, context in
            try StartReassignment(confirming: dry, from: workflow, entry: entry).run(in: &tx, context)
        }
        try await Courier(of: self).workInternalLane(at: now)
        return try await read(at: now) { tx, _ in try #require(try tx.reassignment(run.id)) }
    }
}
