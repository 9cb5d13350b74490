import Dunning
import Foundation
import Postgres
import Store
import Support
import Testing

@testable import Operations

/// What a wait can wait for is noted with the case, by whichever way it comes in, and once.
@Suite(.database) struct AwaitedEventTests {
    private static let now = TestTenant.now

    /// A brand whose workflow listens.
    private static func story(for event: String) async throws -> WorkflowStory {
        try await WorkflowStory(
            """
            name: Listens
            gap: 3
            steps:
              - {key: friendly, kind: email, template: Friendly reminder, after_due: 3}
              - {key: listen, kind: wait, after_previous: 60, until_event: \(event), outcomes: {event: call, timeout: end}}
              - {key: call, kind: call_task, after_previous: 0}
            """)
    }

    private static func heard(_ tenant: TestTenant, by customer: ID<Customer>? = nil) async throws -> [String] {
        let only = customer.map { "and e.customer_id = '\($0.uuid)'" } ?? ""
        return try await tenant.admin(
            """
            select o.kind from case_event o join enrolment e using (tenant_id, enrolment_id)
            where o.tenant_id = $t \(only) order by e.customer_id, o.number
            """
        ).compactMap { $0[0] }
    }

    @Test func `money for a part - recorded, arrived after it was under way, said anew without coming again`()
        async throws
    {
        let tenant = try await Self.story(for: "part_payment").tenant
        let (direct, first) = try await tenant.debtor("Direct")
        try await tenant.pay(direct, 20_00, for: [(first, 20_00)])
        #expect(try await Self.heard(tenant, by: direct) == ["part_payment"])
        let (debit, second) = try await tenant.debtor("Debit")
        let coming = try await tenant.pay(debit, 20_00, for: [(second, 20_00)], status: .pending).payment.id
        #expect(try await Self.heard(tenant, by: debit) == [])
        try await tenant.finish(coming, .succeeded(on: nil))
        #expect(try await Self.heard(tenant, by: debit) == ["part_payment"])
        // A source that says its payment twice, the second time for another invoice.
        let (stated, third) = try await tenant.debtor("Stated")
        let fourth = try await tenant.invoice(of: stated, overdueBy: 5)
        for (version, invoice) in [(Int64(1), third), (2, fourth)] {
            let share = PaymentShare(.id(invoice), 20_00)
            let record = try RecordPayment(
                SourceName("P-1", source: "bank"), version: version, customer: .id(stated),
                amount: Money(minor: 20_00, currency: TestTenant.dollar), valueDate: TestTenant.today, shares: [share])
            try await tenant.write { tx, context in
                _ = try PutPayment(record, status: .succeeded).run(in: &tx, context)
            }
        }
        #expect(try await Self.heard(tenant, by: stated) == ["part_payment"])
        #expect(try await tenant.shown(third).open.minor == 100_00)
    }

    @Test func `money for a part - in a file of payments, and in a list that says what is open`() async throws {
        let story = try await Self.story(for: "part_payment")
        let tenant = story.tenant
        let file = try ImportFixture(
            tenant,
            try ImportMapping(sources: [
                .customerExternalID: .column("cust"), .contactEmail: .pattern(ImportMapping.Pattern("{cust}@a.test")!),
                .invoiceExternalID: .column("inv"), .invoiceDueDate: .column("due"), .invoiceAmount: .column("amount"),
                .invoiceCurrency: .constant("USD"), .invoiceOpenAmount: .column("open"),
            ]))
        let money = try ImportFixture(
            tenant,
            try ImportMapping(sources: [
                .paymentExternalID: .column("pay"), .paymentInvoice: .column("inv"), .paymentValueDate: .column("paid"),
                .paymentAmount: .column("received"), .paymentCurrency: .constant("USD"),
            ]))
        func take(_ rows: String) async throws {
            let taken = try await file.take(rows, header: "cust,inv,due,amount,open\n")
            #expect(taken.errors.isEmpty, "\(taken.faults)")
            try await story.courier.workInternalLane()
        }
        // Two are there with their cases; a third comes with half of it paid, which nobody can have waited for.
        try await take("a,a1,2026-11-10,100.00,\nb,b1,2026-11-10,100.00,\n")
        try await take("c,c1,2026-11-10,100.00,50.00\n")
        #expect(try await Self.heard(tenant) == [])
        let paid = try await money.take("p1,a1,2026-11-20,40.00\n", header: "pay,inv,paid,received\n")
        #expect(paid.record.counts.paymentsCreated == 1, "\(paid.faults)")
        try await story.courier.workInternalLane()
        #expect(try await Self.heard(tenant) == ["part_payment"])
        // The same files again bring nothing; less open does, and more open is no money.
        _ = try await money.take("p1,a1,2026-11-20,40.00\n", header: "pay,inv,paid,received\n")
        try await take("b,b1,2026-11-10,100.00,30.00\n")
        try await take("b,b1,2026-11-10,100.00,30.00\n")
        try await take("b,b1,2026-11-10,100.00,60.00\n")
        #expect(try await Self.heard(tenant) == ["part_payment", "part_payment"])
        // And the case goes the way of the event once it listens.
        let a = try #require(
            try await tenant.value("select customer_id from customer where tenant_id = $t and external_id = 'a'")
                .flatMap { UUID(uuidString: $0) })
        let when = try await story.play(until: Self.now.adding(days: 8))
        _ = try await money.take("p2,a1,2026-11-21,10.00\n", header: "pay,inv,paid,received\n")
        try await story.courier.workInternalLane(at: when)
        try await story.play(from: when, until: when.adding(days: 8))
        #expect(try await story.steps(of: ID(a)).contains("call done"))
    }

    @Test func `a reply by any way`() async throws {
        let tenant = try await Self.story(for: "replied").tenant
        // A gateway for texts brings a workflow of its own: the brand goes back to the one that listens.
        let gateway = try await tenant.textGateway()
        try await tenant.write { tx, context in
            var change = BrandChange()
            change.workflow = .to(try tx.workflow(named: "Listens")?.id)
            _ = try ChangeBrand(tenant.brand, change).run(in: &tx, context)
        }
        let (customer, _) = try await tenant.debtor("By letter")
        let reply = try RecordReply(from: customer, by: .letter, "Please wait.")
        try await tenant.write { tx, context in try reply.run(in: &tx, context) }
        #expect(try await Self.heard(tenant, by: customer) == ["replied"])
        let texting = try await tenant.debtor(phone: "+491701234567").customer
        let answer = try await tenant.hook(
            gateway, .inbound, #"{"id": "i", "from": "+491701234567", "text": "soon"}"#)
        #expect(answer == .taken)
        #expect(try await Self.heard(tenant, by: texting) == ["replied"])
    }

    @Test func `a promise and an instalment that were missed`() async throws {
        let story = try await Self.story(for: "promise_broken")
        let tenant = story.tenant
        let (promiser, promised) = try await tenant.debtor("Promises")
        let (planner, planned) = try await tenant.debtor("Plans")
        try await tenant.promise([promised], dueIn: 2)
        try await tenant.plan([planned], [(inDays: 2, amount: 100_00)])
        for day in [5, 6] { try await story.courier.workInternalLane(at: Self.now.adding(days: day)) }
        #expect(try await Self.heard(tenant, by: promiser) == ["promise_made", "promise_broken"])
        #expect(try await Self.heard(tenant, by: planner) == ["instalment_missed"])
    }

    @Test func `a bounce that a worker taken for dead reports after all`() async throws {
        let story = try await Self.story(for: "message_bounced")
        let (customer, _) = try await story.tenant.debtor()
        let armed = try #require(try await story.courier.arm().armed.first)
        let lost = DeliveryReport(lease: armed.lease, attempt: nil, result: .unknown, reply: "the worker died")
        try await story.courier.record([lost])
        #expect(try await Self.heard(story.tenant, by: customer) == [])
        try await story.courier.record(.permanent(suppresses: true), of: [armed], code: 550, reply: "no such user")
        #expect(try await Self.heard(story.tenant, by: customer) == ["message_bounced"])
    }

    @Test func `what nothing can note is not in the grammar`() throws {
        #expect(CaseEvent.Kind("message_clicked") == nil)
        #expect(CaseEvent.Kind("message_bounced") == .messageBounced)
    }
}
