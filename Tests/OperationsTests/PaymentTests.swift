import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

@Suite(.database) struct PaymentTests {
    private static func tenant(_ name: String = "Acme") async throws -> TestTenant {
        try await TestTenant.make(in: try TestDatabase.current(), named: name)
    }

    private static func invoice(_ id: ID<Invoice>, of tenant: TestTenant) async throws -> InvoiceRecord {
        try #require(try await tenant.read { tx, _ in try tx.invoice(id) })
    }

    // MARK: What it covers

    private static let covered = """
        select -sum(amount) from ledger_entry where tenant_id = $t and payment_id is not null and invoice_id is not null
        """

    @Test func `decision 5.4: money goes to the oldest due first, and what has no due date comes last`() async throws {
        let tenant = try await Self.tenant()
        let customer = try await tenant.customer()
        let young = try await tenant.invoice(of: customer, overdueBy: 5)
        let old = try await tenant.invoice(of: customer, overdueBy: 25)
        let undated = try await tenant.write { tx, context in
            try RecordInvoice(
                externalID: "undated", customer: customer, dueDate: nil,
                total: Money(minor: 100_00, currency: TestTenant.dollar)
            ).run(in: &tx, context).invoice.id
        }
        let paid = try await tenant.pay(customer, 150_00)
        #expect(paid.isNew)
        #expect(paid.payment.shares.map(\.invoice) == [old, young])
        #expect(paid.payment.shares.map(\.amount) == [100_00, 50_00])
        #expect(paid.payment.unallocated == 0)
        #expect(try await Self.invoice(old, of: tenant).settledAt == TestTenant.now)
        #expect(try await Self.invoice(young, of: tenant).open.minor == 50_00)
        #expect(try await Self.invoice(young, of: tenant).settledAt == nil)
        #expect(
            try await tenant.pay(customer, 100_00, at: TestTenant.now.adding(seconds: 1)).payment.shares.map(\.invoice)
                == [young, undated])
    }

    @Test func `decision 5.4: the source's allocation wins, and what it leaves is credit`() async throws {
        let tenant = try await Self.tenant()
        let customer = try await tenant.customer()
        let old = try await tenant.invoice(of: customer, overdueBy: 25)
        let young = try await tenant.invoice(of: customer, overdueBy: 5)
        let paid = try await tenant.pay(customer, 100_00, for: [(young, 60_00)])
        #expect(paid.payment.shares == [InvoiceShare(invoice: young, amount: 60_00)])
        #expect(paid.payment.unallocated == 40_00)
        #expect(try await Self.invoice(old, of: tenant).open.minor == 100_00)
    }

    @Test func `money of one currency and brand never covers another's`() async throws {
        let tenant = try await Self.tenant()
        let customer = try await tenant.customer()
        let other = try await tenant.addBrand("Borealis")
        let euro = try #require(Currency("EUR"))
        try await tenant.invoice(of: customer, overdueBy: 5, in: euro)
        try await tenant.invoice(of: customer, overdueBy: 5, brand: other)
        #expect(try await tenant.pay(customer, 70_00).payment.unallocated == 70_00)
    }

    @Test func `credit waits for the next invoice and covers it`() async throws {
        let tenant = try await Self.tenant()
        let customer = try await tenant.customer()
        let first = try await tenant.pay(customer, 70_00).payment
        let second = try await tenant.pay(customer, 50_00, at: TestTenant.now.adding(seconds: 1)).payment
        #expect(first.unallocated == 70_00)
        let invoice = try await tenant.invoice(of: customer, overdueBy: 5, 100_00)
        #expect(try await Self.invoice(invoice, of: tenant).settledAt == TestTenant.now)
        let left = try await tenant.read { tx, _ in
            [try tx.payment(first.id)?.unallocated, try tx.payment(second.id)?.unallocated]
        }
        #expect(left == [0, 20_00])
        #expect(try await tenant.read { tx, _ in try tx.cases(of: customer) }.isEmpty)
        let next = try await tenant.invoice(of: customer, overdueBy: 4, 100_00)
        #expect(try await Self.invoice(next, of: tenant).open.minor == 80_00)
        #expect(try await tenant.onlyCase(of: customer).nextStep == "friendly")
    }

    @Test func `money under way and money received together settle nothing yet`() async throws {
        let tenant = try await Self.tenant()
        let (customer, invoice) = try await tenant.debtor()
        try await tenant.pay(customer, 50_00, method: .debit, status: .pending)
        try await tenant.pay(customer, 50_00)
        let record = try await Self.invoice(invoice, of: tenant)
        #expect(record.settledAt == nil)
        #expect(record.open.minor == 50_00)
        #expect(try await tenant.onlyCase(of: customer).status == .active)
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    @Test func `credit that the source keeps apart ends the case once, and no change opens it again`() async throws {
        let tenant = try await Self.tenant()
        let (customer, first) = try await tenant.debtor()
        let second = try await tenant.invoice(of: customer, overdueBy: 5, 40_00)
        let paid = try await tenant.pay(customer, 140_00, for: [(first, 100_00)])
        #expect(paid.payment.unallocated == 40_00)
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
        for _ in 0..<3 {
            try await tenant.write { tx, context in
                try PlanCases.replan(customers: [customer], cause: "test", in: &tx, context)
            }
        }
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
        // More debt than credit: the next cycle.
        try await tenant.invoice(of: customer, overdueBy: 5, 50_00)
        let open = try await tenant.cases(of: customer)
        #expect(open.map(\.facts.state.cycle) == [2])
        #expect(open.first?.facts.invoices.map(\.id).contains(second) == true)
    }

    // MARK: Once

    @Test func `the same request again finds the first one's payment and answer`() async throws {
        let tenant = try await Self.tenant()
        let (customer, _) = try await tenant.debtor()
        let sent = try await Courier(of: tenant).deliver()
        let first = try await tenant.pay(customer, 100_00, externalID: "P-1")
        let again = try await tenant.pay(customer, 100_00, externalID: "P-1", at: TestTenant.now.adding(hours: 3))
        #expect(first.isNew && !again.isNew)
        #expect(again.payment.id == first.payment.id)
        #expect(again.payment.shares == first.payment.shares)
        #expect(first.answer.messages.map(\.id) == sent.map(\.message))
        #expect(again.answer.messages.map(\.id) == first.answer.messages.map(\.id))
        #expect(try await tenant.count("payment where tenant_id = $t") == 1)
        #expect(try await tenant.count("ledger_entry where tenant_id = $t and kind = 'payment'") == 1)
    }

    @Test func `the same name with another content is a conflict, and changes nothing`() async throws {
        let tenant = try await Self.tenant()
        let (customer, _) = try await tenant.debtor()
        try await tenant.pay(customer, 40_00, externalID: "P-1")
        await #expect(throws: Rejection.conflict(noun: "payment", identifier: "P-1")) {
            try await tenant.pay(customer, 50_00, externalID: "P-1")
        }
        #expect(try await tenant.value(Self.covered) == "4000")
    }

    @Test func `the same request many times at once is one payment`() async throws {
        let tenant = try await Self.tenant()
        let (customer, _) = try await tenant.debtor()
        let new = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<6 {
                group.addTask { try await tenant.pay(customer, 40_00, externalID: "P-1").isNew }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(new == 1)
        #expect(try await tenant.value(Self.covered) == "4000")
    }

    // MARK: Refusals

    private static func problem(_ body: () async throws -> Void) async throws -> FieldProblem? {
        let error = await #expect(throws: Rejection.self) { try await body() }
        guard case .invalid(let problems) = error else { return nil }
        return problems.first
    }

    @Test func `nothing, less than nothing, and money that has not come are refused`() async throws {
        let tenant = try await Self.tenant()
        let (customer, invoice) = try await tenant.debtor()
        for amount in [0, -1] as [Int64] {
            #expect(try await Self.problem { try await tenant.pay(customer, amount) }?.code == "not_positive")
        }
        // In New York it is still the 24th, whatever the day in London.
        let late = try #require(Instant(rfc3339: "2026-11-25T03:00:00Z"))
        let tomorrow = try RecordPayment(
            externalID: "P-1", customer: customer, amount: Money(minor: 1, currency: TestTenant.dollar),
            valueDate: try #require(Day("2026-11-25")))
        let refused = try await Self.problem {
            try await tenant.write(at: late) { tx, context in _ = try tomorrow.run(in: &tx, context) }
        }
        #expect(refused?.pointer == "/value_date")
        #expect(refused?.code == "in_future")
        #expect(
            try await Self.problem { try await tenant.pay(customer, 50_00, for: [(invoice, 50_01)]) }?.code
                == "exceeds_amount")
        #expect(
            try await Self.problem { try await tenant.pay(customer, 500_00, for: [(invoice, 100_01)]) }?.code
                == "exceeds_open")
        let twice = try await Self.problem { try await tenant.pay(customer, 50_00, for: [(invoice, 1), (invoice, 1)]) }
        #expect(twice?.code == "invoice_twice")
        #expect(
            try await Self.problem { try await tenant.pay(customer, 50_00, for: [(invoice, -1)]) }?.code
                == "not_positive")
        #expect(try await tenant.count("payment where tenant_id = $t") == 0)
    }

    @Test func `what belongs to another tenant, customer or brand is unknown`() async throws {
        let (tenant, other) = (try await Self.tenant(), try await Self.tenant("Borealis"))
        let (customer, _) = try await tenant.debtor()
        let (theirs, theirInvoice) = try await other.debtor()
        let (neighbour, neighbourInvoice) = try await tenant.debtor("Neighbour")
        #expect(neighbour != customer)
        let codes = [
            try await Self.problem { try await tenant.pay(theirs, 1_00) }?.code,
            try await Self.problem { try await tenant.pay(customer, 1_00, brand: other.brand) }?.code,
            try await Self.problem { try await tenant.pay(customer, 1_00, for: [(theirInvoice, 1_00)]) }?.code,
            try await Self.problem { try await tenant.pay(customer, 1_00, for: [(neighbourInvoice, 1_00)]) }?.code,
        ]
        #expect(codes == ["unknown_customer", "unknown_brand", "unknown_invoice", "unknown_invoice"])
        #expect(try await tenant.count("payment where tenant_id = $t") == 0)
        #expect(try await other.count("payment where tenant_id = $t") == 0)
    }

    // MARK: What becomes of the case

    @Test func `a payment cancels the planned reminder and ends the case in its own transaction`() async throws {
        let tenant = try await Self.tenant()
        let (customer, _) = try await tenant.debtor()
        #expect(try await tenant.onlyCase(of: customer).nextStep == "friendly")
        let record = try RecordPayment(
            externalID: "P-1", customer: customer, amount: Money(minor: 100_00, currency: TestTenant.dollar),
            valueDate: TestTenant.today)
        let inside = try await tenant.write { tx, context in
            _ = try record.run(in: &tx, context)
            return (try tx.cases(of: customer)[0], try tx.stepHistory(of: customer, limit: 10))
        }
        #expect(inside.0.status == .exited)
        #expect(inside.0.exitReason == .paid)
        #expect(inside.0.nextStep == nil)
        #expect(inside.1.map(\.state) == ["skipped"])
        #expect(inside.1.map(\.reason) == [.paid])
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'step'") == 0)
    }

    @Test func `decision 5.8: a payment cancels what people were asked to do`() async throws {
        let tenant = try await Self.tenant()
        let (customer, _) = try await tenant.debtor()
        let courier = try Courier(of: tenant)
        let armed = try await courier.arm().armed
        try await courier.record(.permanent(suppresses: true), of: armed, code: 550, reply: "no such user")
        #expect(try await tenant.count("task where tenant_id = $t and state = 'open'") == 1)
        try await tenant.pay(customer, 100_00)
        #expect(try await tenant.count("task where tenant_id = $t and state = 'cancelled' and outcome = 'paid'") == 1)
    }

    @Test func `a part payment leaves the reminder, over what is still open`() async throws {
        let tenant = try await Self.tenant()
        let (customer, invoice) = try await tenant.debtor()
        try await tenant.pay(customer, 99_99)
        #expect(try await tenant.onlyCase(of: customer).nextStep == "friendly")
        let armed = try await Courier(of: tenant).arm().armed
        let message = try #require(armed.first?.message)
        let line = try await tenant.read { tx, _ in try tx.message(message)?.lines.first }
        #expect(line?.invoice == invoice)
        #expect(line?.open.minor == 1)
    }

    @Test func `decision 5.4: money under way holds the reminder back until it is too old`() async throws {
        let tenant = try await Self.tenant()
        let (customer, invoice) = try await tenant.debtor()
        try await tenant.pay(customer, 100_00, method: .card, status: .pending)
        #expect(try await Self.invoice(invoice, of: tenant).settledAt == nil)
        let found = try await tenant.onlyCase(of: customer)
        #expect(found.status == .active)
        // Five days for a card: Sunday, so Monday morning.
        let due = try #require(found.nextDueAt)
        #expect(TestTenant.zone.day(of: due).description == "2026-11-30")
        // Ten for a debit: Friday, at the hour it was told.
        let (slow, _) = try await tenant.debtor("Slow")
        try await tenant.pay(slow, 100_00, method: .debit, status: .pending)
        #expect(try await tenant.onlyCase(of: slow).nextDueAt == TestTenant.now.adding(days: 10))
        #expect(try await Courier(of: tenant).arm().armed.isEmpty)
        #expect(try await Courier(of: tenant).arm(at: due).armed.count == 1)
    }
}
