import Dunning
import Operations
import Postgres
import Store
import Support
import Testing

/// What people and customers agree on is told to the outside as well: once, with the fact itself.
@Suite(.database) struct ToldTests {
    private static let now = TestTenant.now

    /// What was told, sorted: calls within one transaction have no order among themselves.
    private static func told(_ tenant: TestTenant, about prefixes: String...) async throws -> [String] {
        try await tenant.told().map(\.type).filter { type in prefixes.contains { type.hasPrefix($0) } }.sorted()
    }

    private static func last(_ type: String, of tenant: TestTenant) async throws -> [String: EventValue] {
        try #require(try await tenant.told().last { $0.type == type }).data
    }

    @Test func `promises - made, replaced, kept, broken`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (payer, paid) = try await tenant.debtor("Payer")
        let (late, open) = try await tenant.debtor("Late")
        try await tenant.promise([paid], dueIn: 2)
        try await tenant.promise([paid], dueIn: 3)
        let broken = try await tenant.promise([open], dueIn: 3)
        try await tenant.pay(payer, 100_00, for: [(paid, 100_00)], at: Self.now.adding(days: 1))
        #expect(try await Self.told(tenant, about: "promise.") == ["promise.cancelled"] + ["promise.made"] * 3)
        try await courier.workInternalLane(at: Self.now.adding(days: 6))
        try await courier.workInternalLane(at: Self.now.adding(days: 7))
        #expect(
            try await Self.told(tenant, about: "promise.") == [
                "promise.broken", "promise.cancelled", "promise.kept", "promise.made", "promise.made", "promise.made",
            ])
        let event = try #require(try await tenant.told().first { $0.type == "promise.broken" })
        #expect(event.subject == broken.id.description && event.customer == late)
        #expect(event.data["standing"] == "broken" && event.data["amount"] == "100.00")
    }

    @Test func `a promise of which a credit note has left nothing`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, invoice) = try await tenant.debtor()
        try await tenant.promise([invoice], dueIn: 3)
        try await tenant.credit(customer, 100_00, for: [(invoice, 100_00)])
        #expect(try await Self.last("promise.cancelled", of: tenant) == ["reason": "credit"])
    }

    @Test func `plans - made, kept to the end, broken, taken back`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (payer, paid) = try await tenant.debtor("Payer")
        let (_, missed) = try await tenant.debtor("Misses")
        let (_, dropped) = try await tenant.debtor("Drops")
        try await tenant.promise([dropped], dueIn: 3)
        try await tenant.plan([paid], [(inDays: 1, amount: 50_00), (inDays: 8, amount: 50_00)])
        let broken = try await tenant.plan([missed], [(inDays: 1, amount: 100_00)])
        let ended = try await tenant.plan([dropped], [(inDays: 5, amount: 100_00)])
        #expect(try await Self.told(tenant, about: "plan.") == ["plan.made"] * 3)
        #expect(try await Self.last("promise.cancelled", of: tenant) == ["reason": "replaced"])
        for _ in 0..<2 {
            try await tenant.write { tx, context in _ = try CancelPlan(ended.id).run(in: &tx, context) }
        }
        try await tenant.pay(payer, 100_00, for: [(paid, 100_00)], at: Self.now.adding(days: 1))
        for day in [4, 11] { try await courier.workInternalLane(at: Self.now.adding(days: day)) }
        #expect(
            try await Self.told(tenant, about: "plan.")
                == ["plan.broken", "plan.ended", "plan.ended"] + ["plan.made"] * 3)
        let event = try #require(try await tenant.told().first { $0.type == "plan.broken" })
        #expect(event.subject == broken.id.description)
        #expect(event.data["instalment"] == 1 && event.data["state"] == "missed")
    }

    @Test func `tasks - opened, done with their outcome, called off by a payment`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (first, _) = try await tenant.debtor("First")
        let (second, invoice) = try await tenant.debtor("Second")
        // Somebody writes back: work for a person, and days of rest.
        for customer in [first, second] {
            let reply = try RecordReply(from: customer, by: .email, "We will look into it.")
            try await tenant.write { tx, context in try reply.run(in: &tx, context) }
        }
        #expect(
            try await Self.told(tenant, about: "task.", "hold.")
                == ["hold.placed", "hold.placed", "task.opened", "task.opened"])
        #expect(try await Self.last("hold.placed", of: tenant)["reason"] == "reply")
        let task = try #require(try await tenant.tasks(of: first).first)
        let opened = try #require(try await tenant.told().first { $0.subject == task.id.description })
        #expect(opened.type == "task.opened" && opened.data["kind"] == "reply")
        #expect(opened.data["case_id"] == task.enrolment.map { .text($0.description) })
        try await tenant.close(task.id, .saysPaid)
        #expect(try await Self.last("task.closed", of: tenant)["outcome"] == "says_paid")
        #expect(try await Self.last("hold.placed", of: tenant)["reason"] == "says_paid")
        try await tenant.pay(second, 100_00, for: [(invoice, 100_00)])
        #expect(
            try await Self.last("task.closed", of: tenant)
                == ["kind": "reply", "state": "cancelled", "outcome": "paid"])
        #expect(try await Self.told(tenant, about: "task.closed").count == 2)
    }

    @Test func `invoices that an entry policy leaves alone`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let customer = try await tenant.customer()
        let invoice = try RecordInvoice(
            externalID: "Old", customer: customer, brand: tenant.brand, dueDate: TestTenant.today.adding(-200),
            total: Money(minor: 100_00, currency: TestTenant.dollar))
        try await tenant.write { tx, context in _ = try invoice.run(in: &tx, context) }
        try await tenant.write { tx, context in
            try PlanCases.lock(customers: [customer], in: &tx)
            try tx.enterCases(of: [customer], in: [.pending, .active, .exhausted], by: .ignoreOlderThan(90))
            try PlanCases.replan(customers: [customer], cause: "test", in: &tx, context)
        }
        #expect(
            try await Self.last("hold.placed", of: tenant)
                == ["scope": "invoice", "reason": "before_enrolment", "until": .none])
    }

    @Test func `a case that goes on under another workflow ends and is opened`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, _) = try await tenant.debtor()
        try await tenant.change(customer, workflow: .to(try await tenant.ladder("Firm", day: 1)))
        try await tenant.write { tx, context in _ = try ReassignCustomer(customer).run(in: &tx, context) }
        #expect(try await Self.told(tenant, about: "case.") == ["case.exited", "case.opened", "case.opened"])
        #expect(try await Self.last("case.exited", of: tenant)["reason"] == "reassigned")
        let new = try #require(try await tenant.cases(of: customer).first).id
        #expect(try await tenant.told().contains { $0.subject == new.description && $0.data["cycle"] == 2 })
    }

    @Test func `an announced message that somebody skips is taken back`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let change = try ChangeTenant(vetoHours: .to(4))
        try await tenant.write { tx, context in _ = try change.run(in: &tx, context) }
        let (customer, _) = try await tenant.debtor()
        try await Courier(of: tenant).workInternalLane()
        let open = try #require(try await tenant.cases(of: customer).first?.open)
        try await tenant.write { tx, context in _ = try SkipStep(open.id).run(in: &tx, context) }
        #expect(try await Self.told(tenant, about: "message.") == ["message.planned", "message.withdrawn"])
        #expect(try await Self.last("message.withdrawn", of: tenant)["reason"] == "skipped_by_hand")
    }
}

private func * (word: [String], count: Int) -> [String] { (0..<count).flatMap { _ in word } }
