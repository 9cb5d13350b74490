import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Every way in which a debt changes, one by one: what is open, what is credit, and what becomes of the case.
@Suite(.database) struct ReceivableTests {
    private static let now = TestTenant.now
    private static let today = TestTenant.today

    private static func made() async throws -> (tenant: TestTenant, customer: ID<Customer>, invoice: ID<Invoice>) {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let (customer, invoice) = try await tenant.debtor()
        return (tenant, customer, invoice)
    }

    private static func isSound(_ tenant: TestTenant) async throws -> Bool {
        try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == []
    }

    private static func code(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "accepted"
        } catch Rejection.invalid(let problems) {
            return problems.map { "\($0.pointer) \($0.code)" }.joined(separator: "; ")
        } catch Rejection.forbiddenByState(let code, _) {
            return code
        } catch Rejection.conflict {
            return "conflict"
        } catch {
            return "\(error)"
        }
    }

    // MARK: Credit notes

    @Test func `row credit note: it ends the debt of its invoice as a payment does, and the rest is credit`()
        async throws
    {
        let (tenant, customer, invoice) = try await Self.made()
        let note = try await tenant.credit(customer, 130_00, for: [(invoice, 100_00)])
        #expect(note.payment.kind == .creditNote)
        #expect(note.payment.shares == [InvoiceShare(invoice: invoice, amount: 100_00)])
        #expect(try await tenant.shown(invoice).settledAt == Self.now)
        #expect(try await tenant.credit(of: customer) == 30_00)
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
        #expect(try await Self.isSound(tenant))
    }

    @Test func `a credit note that names none goes to the oldest debts, and one that says its invoice waits for it`()
        async throws
    {
        let (tenant, customer, old) = try await Self.made()
        let young = try await tenant.invoice(of: customer, overdueBy: 3, 50_00)
        try await tenant.credit(customer, 120_00)
        #expect(try await tenant.shown(old).open.minor == 0)
        #expect(try await tenant.shown(young).open.minor == 30_00)
        let early = try RecordPayment(
            SourceName("N-early", source: "erp"), kind: .creditNote, customer: .id(customer),
            amount: Money(minor: 40_00, currency: TestTenant.dollar), valueDate: Self.today,
            shares: [PaymentShare(.name(SourceName("later", source: "erp")), 40_00)])
        try await tenant.write { tx, context in _ = try early.run(in: &tx, context) }
        #expect(try await tenant.credit(of: customer) == 40_00)
        let late = try RecordInvoice(
            SourceName("later", source: "erp"), customer: .id(customer), dueDate: Self.today,
            total: Money(minor: 60_00, currency: TestTenant.dollar))
        let invoice = try await tenant.write { tx, context in try late.run(in: &tx, context).invoice }
        #expect(invoice.open.minor == 20_00)
        #expect(try await tenant.credit(of: customer) == 0)
        #expect(try await Self.isSound(tenant))
    }

    // MARK: Write-offs

    @Test func `a write-off ends the case, and a payment for the invoice brings the debt back as far as it goes`()
        async throws
    {
        let (tenant, customer, invoice) = try await Self.made()
        try await tenant.writeOff(invoice, 40_00)
        #expect(try await tenant.asked(customer) == 60_00)
        try await tenant.writeOff(invoice)
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
        #expect(await Self.code { try await tenant.writeOff(invoice) } == "nothing_open")
        try await tenant.pay(customer, 30_00, for: [(invoice, 30_00)])
        #expect(try await tenant.credit(of: customer) == 0)
        let writtenOff = try await tenant.value(
            "select sum(amount) from ledger_entry where tenant_id = $t and kind in ('write_off', 'recovery')")
        #expect(writtenOff == "-7000")
        #expect(try await tenant.shown(invoice).open.minor == 0)
        #expect(try await Self.isSound(tenant))
    }

    @Test func `a debt that was given up stays so when the payment that brought it back is taken back`() async throws {
        let (tenant, customer, invoice) = try await Self.made()
        try await tenant.writeOff(invoice)
        let paid = try await tenant.pay(customer, 30_00, for: [(invoice, 30_00)])
        try await tenant.reverse(paid.payment.id)
        #expect(try await tenant.shown(invoice).open.minor == 0)
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
        let entries = try await tenant.admin(
            "select kind, sum(amount) from ledger_entry where tenant_id = $t group by kind having sum(amount) <> 0 order by kind"
        )
        #expect(
            entries == [["invoice", "10000"], ["payment", "-3000"], ["reversal", "3000"], ["write_off", "-10000"]])
        #expect(try await Self.isSound(tenant))
    }

    @Test func `a debt that is given up stays so beside what is left of a payment that bounced in part`() async throws {
        let (tenant, customer, older) = try await Self.made()
        let younger = try await tenant.invoice(of: customer, overdueBy: 5, 50_00)
        let paid = try await tenant.pay(customer, 150_00, for: [(older, 100_00), (younger, 50_00)])
        try await tenant.reverse(paid.payment.id, 50_00)
        #expect(try await tenant.shown(younger).open.minor == 50_00)
        try await tenant.writeOff(younger)
        #expect(try await tenant.shown(younger).open.minor == 0)
        #expect(try await tenant.shown(older).open.minor == 0)
        // One that ended when both were paid, one from when the money went back.
        let cases = try await tenant.read { tx, _ in try tx.cases(of: customer) }
        #expect(cases.map(\.status) == [.exited, .exited])
        #expect(try await Self.isSound(tenant))
    }

    /// Bob's money is on his first invoice. Ann's payment named a number that later turned out to be on an invoice of his.
    @Test func `a payment that names somebody else's invoice moves none of that one's money`() async throws {
        let (tenant, bob, first) = try await Self.made()
        let ann = try await tenant.customer("Ann")
        try await tenant.pay(bob, 100_00)
        let record = try RecordPayment(
            SourceName("P-Ann"), customer: .id(ann), amount: Money(minor: 60_00, currency: TestTenant.dollar),
            valueDate: Self.today, status: .pending, shares: [PaymentShare(.name(SourceName("Later")), 60_00)])
        let coming = try await tenant.write { tx, context in try record.run(in: &tx, context).payment.id }
        let invoice = try RecordInvoice(
            externalID: "Later", customer: bob, brand: tenant.brand, dueDate: Self.today,
            total: Money(minor: 60_00, currency: TestTenant.dollar))
        let later = try await tenant.write { tx, context in try invoice.run(in: &tx, context).invoice.id }
        try await tenant.finish(coming, .succeeded(on: nil))
        #expect(try await tenant.shown(first).open.minor == 0)
        #expect(try await tenant.shown(later).open.minor == 60_00)
        let credit = try await tenant.value(
            "select unallocated::text from payment where tenant_id = $t and payment_id = '\(coming.uuid)'")
        #expect(credit == "6000")
        #expect(try await Self.isSound(tenant))
    }

    /// Told out of order, each day is as if it had been told in order.
    @Test func `an invoice that comes after its payment has bounced was paid for a while all the same`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let customer = try await tenant.customer()
        let day = { (age: Int) in Self.today.adding(-age) }
        let record = try RecordPayment(
            SourceName("P-1"), customer: .id(customer), amount: Money(minor: 80_00, currency: TestTenant.dollar),
            valueDate: day(20), shares: [PaymentShare(.name(SourceName("I-1")), 80_00)])
        let paid = try await tenant.write { tx, context in try record.run(in: &tx, context).payment }
        // The later of two reversals first.
        try await tenant.reverse(paid.id, 50_00, on: day(5))
        try await tenant.reverse(paid.id, 30_00, on: day(10))
        let invoice = try RecordInvoice(
            externalID: "I-1", customer: customer, brand: tenant.brand, issueDate: day(30), dueDate: day(15),
            total: Money(minor: 80_00, currency: TestTenant.dollar))
        _ = try await tenant.write { tx, context in try invoice.run(in: &tx, context) }
        var positions: [[Double?]] = []
        for age in [25, 20, 11, 10, 6, 5, 0] {
            let read = ReadFigures(from: day(age), to: day(age))
            let figures = try await tenant.read { tx, context in try read.run(in: &tx, context).figures.first }
            positions.append([figures?.end.open, figures?.end.unapplied, figures?.flow.paid])
        }
        #expect(
            positions == [
                [80_00, 0, 0], [0, 0, 80_00], [0, 0, 0], [30_00, 0, -30_00], [30_00, 0, 0], [80_00, 0, -50_00],
                [80_00, 0, 0],
            ])
        #expect(try await Self.isSound(tenant))
    }

    @Test func `more than is open cannot be written off, and the same request writes off once`() async throws {
        let (tenant, _, invoice) = try await Self.made()
        #expect(await Self.code { try await tenant.writeOff(invoice, 100_01) } == "/amount/amount exceeds_open")
        #expect(
            await Self.code { try await tenant.writeOff(invoice, on: Self.today.adding(1)) } == "/value_date in_future")
        let request = try PostingRequest(
            SourceName("W-1"), amount: Money(minor: 10_00, currency: TestTenant.dollar), reason: "goodwill")
        let first = try await tenant.write { tx, context in try WriteOff(invoice, request).run(in: &tx, context) }
        let again = try await tenant.write { tx, context in try WriteOff(invoice, request).run(in: &tx, context) }
        #expect(first.isNew && !again.isNew)
        #expect(first.posting.id == again.posting.id)
        let other = try PostingRequest(
            SourceName("W-1"), amount: Money(minor: 11_00, currency: TestTenant.dollar), reason: "goodwill")
        #expect(
            await Self.code {
                _ = try await tenant.write { tx, context in try WriteOff(invoice, other).run(in: &tx, context) }
            } == "conflict")
        #expect(try await tenant.shown(invoice).open.minor == 90_00)
    }

    // MARK: Reversals and refunds

    @Test func `a payment charged back opens what it covered, and the case goes on at its stage`() async throws {
        let (tenant, customer, invoice) = try await Self.made()
        let courier = try Courier(of: tenant)
        try await courier.deliver()
        #expect(try await tenant.onlyCase(of: customer).stage == 1)
        let later = Self.now.adding(days: 5)
        let paid = try await tenant.pay(customer, 130_00, at: later)
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
        let back = Self.now.adding(days: 6)
        let posted = try await tenant.reverse(paid.payment.id, at: back)
        #expect(posted.posting.amount.minor == 130_00)
        let record = try await tenant.read { tx, _ in try tx.payment(paid.payment.id) }
        #expect(record?.status == .reversed)
        #expect(record?.shares == [])
        #expect(try await tenant.shown(invoice).open.minor == 100_00)
        #expect(try await tenant.credit(of: customer) == 0)
        let cases = try await tenant.read { tx, _ in try tx.cases(of: customer) }
        #expect(cases.map(\.cycle).sorted() == [1, 2])
        // Where the first cycle ended, as far as the debt's age allows: the friendly letter was written.
        #expect(
            cases.first { $0.cycle == 2 }?.nextStep == "friendly" || cases.first { $0.cycle == 2 }?.nextStep == "firm")
        #expect(await Self.code { try await tenant.reverse(paid.payment.id, at: back) } == "payment_reversed")
        #expect(try await Self.isSound(tenant))
    }

    @Test func `a part that bounced is taken from credit, then from the youngest debt`() async throws {
        let (tenant, customer, old) = try await Self.made()
        let young = try await tenant.invoice(of: customer, overdueBy: 3, 50_00)
        let paid = try await tenant.pay(customer, 170_00)
        try await tenant.reverse(paid.payment.id, 60_00)
        #expect(try await tenant.shown(old).open.minor == 0)
        #expect(try await tenant.shown(young).open.minor == 40_00)
        #expect(try await tenant.credit(of: customer) == 0)
        #expect(
            await Self.code { try await tenant.reverse(paid.payment.id, 110_01) } == "/amount/amount exceeds_payment")
        try await tenant.reverse(paid.payment.id)
        #expect(try await tenant.shown(old).open.minor == 100_00)
        #expect(try await Self.isSound(tenant))
    }

    @Test func `what covers an invoice is not given back before a credit note has ended the debt`() async throws {
        let (tenant, customer, invoice) = try await Self.made()
        let paid = try await tenant.pay(customer, 110_00, for: [(invoice, 100_00)])
        #expect(await Self.code { try await tenant.refund(paid.payment.id, 60_00) } == "/amount/amount exceeds_credit")
        try await tenant.refund(paid.payment.id, 10_00)
        #expect(await Self.code { try await tenant.refund(paid.payment.id) } == "no_credit")
        try await tenant.credit(customer, 100_00, for: nil)
        try await tenant.refund(paid.payment.id, 60_00)
        #expect(try await tenant.credit(of: customer) == 40_00)
        // It reopened nothing.
        #expect(try await tenant.shown(invoice).open.minor == 0)
        #expect(try await Self.isSound(tenant))
    }

    @Test func `a refund keeps its day when a later word took back what had moved after it`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let customer = try await tenant.customer()
        let paid = try await tenant.pay(customer, 110_00, at: TestTenant.now.adding(days: -10))
        let key = LedgerKey(customer: customer, brand: tenant.brand, currency: TestTenant.dollar)
        @Sendable func moved(_ amount: Int64, _ day: Int) -> NewEntry {
            NewEntry(
                Movement(
                    kind: .transfer, payment: paid.payment.id, amount: amount, valueDate: TestTenant.today.adding(day)),
                on: key)
        }
        func refunded() async throws -> String? {
            try await tenant.value("select max(value_date) from ledger_entry where tenant_id = $t and kind = 'refund'")
        }
        try await tenant.write { tx, context in _ = try tx.book([moved(50_00, -2), moved(-50_00, -2)], at: context.now)
        }
        try await tenant.refund(paid.payment.id, 10_00, on: TestTenant.today.adding(-5))
        #expect(try await refunded() == TestTenant.today.adding(-5).description)
        // What really moved later is not there before.
        try await tenant.write { tx, context in _ = try tx.book([moved(-1_00, -3)], at: context.now) }
        try await tenant.refund(paid.payment.id, 10_00, on: TestTenant.today.adding(-5))
        #expect(try await refunded() == TestTenant.today.adding(-3).description)
    }

    // MARK: Money under way

    @Test func `money under way comes or does not, once`() async throws {
        let (tenant, customer, invoice) = try await Self.made()
        let first = try await tenant.pay(customer, 100_00, status: .pending).payment.id
        #expect(try await tenant.asked(customer) == 0)
        try await tenant.finish(first, .failed)
        #expect(try await tenant.asked(customer) == 100_00)
        #expect(try await tenant.onlyCase(of: customer).nextStep == "friendly")
        #expect(await Self.code { try await tenant.finish(first, .succeeded(on: nil)) } == "payment_failed")
        let second = try await tenant.pay(customer, 100_00, status: .pending).payment.id
        let came = try await tenant.finish(second, .succeeded(on: Self.today))
        #expect(came.payment.status == .succeeded)
        #expect(try await tenant.shown(invoice).open.minor == 0)
        #expect(try await tenant.finish(second, .succeeded(on: nil)).isNew == false)
        #expect(await Self.code { try await tenant.finish(second, .failed) } == "payment_succeeded")
        #expect(try await tenant.count("in_flight where tenant_id = $t") == 0)
        #expect(try await Self.isSound(tenant))
    }

    // MARK: What the source says of an invoice

    @Test func `a changed amount is an adjustment of today, nothing makes it void, and older versions are ignored`()
        async throws
    {
        let (tenant, customer, invoice) = try await Self.made()
        #expect(try await tenant.put(invoice, 80_00, version: 5).outcome == .updated)
        #expect(try await tenant.shown(invoice).open.minor == 80_00)
        #expect(try await tenant.put(invoice, 70_00, version: 4).outcome == .outdated)
        #expect(try await tenant.put(invoice, 70_00, version: 5).outcome == .unchanged)
        #expect(try await tenant.put(invoice, 80_00, version: 6).outcome == .unchanged)
        #expect(try await tenant.shown(invoice).version == 6)
        try await tenant.pay(customer, 50_00, for: [(invoice, 50_00)])
        try await tenant.put(invoice, 0, version: 7)
        #expect(try await tenant.shown(invoice).open.minor == 0)
        #expect(try await tenant.credit(of: customer) == 50_00)
        let entries = try await tenant.admin(
            "select amount, value_date from ledger_entry where tenant_id = $t and kind = 'adjustment' order by 1")
        #expect(entries.map { $0[0] } == ["-8000", "-2000"])
        #expect(entries.allSatisfy { $0[1] == Self.today.description })
        #expect(try await Self.isSound(tenant))
    }

    @Test func `paid without a payment settles, open takes that back, and the payment itself takes its place`()
        async throws
    {
        let (tenant, customer, invoice) = try await Self.made()
        try await tenant.put(invoice, 100_00, status: .paid)
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
        #expect(try await tenant.put(invoice, 100_00, status: .paid).outcome == .unchanged)
        try await tenant.put(invoice, 100_00, status: .open)
        #expect(try await tenant.asked(customer) == 100_00)
        try await tenant.put(invoice, 100_00, status: .paid)
        let late = try RecordPayment(
            SourceName("P-late"), customer: .id(customer), amount: Money(minor: 70_00, currency: TestTenant.dollar),
            valueDate: Self.today, shares: [PaymentShare(.name(try await tenant.shown(invoice).name), 70_00)])
        try await tenant.write { tx, context in _ = try late.run(in: &tx, context) }
        #expect(try await tenant.shown(invoice).open.minor == 0)
        #expect(try await tenant.credit(of: customer) == 0)
        // A total below what was closed takes the closing back first.
        try await tenant.put(invoice, 60_00)
        #expect(try await tenant.credit(of: customer) == 10_00)
        #expect(try await Self.isSound(tenant))
    }

    @Test func `a later due date leaves the overdue set, and days gone by keep the old one`() async throws {
        let (tenant, customer, invoice) = try await Self.made()
        try await tenant.put(invoice, 100_00, dueDate: .to(Self.today.adding(20)))
        #expect(try await tenant.shown(invoice).dueDate == Self.today.adding(20))
        let due = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        #expect(TestTenant.zone.day(of: due) > Self.today.adding(20))
        // Twice on one day: the second counts.
        try await tenant.put(invoice, 100_00, dueDate: .to(Self.today.adding(9)))
        try await tenant.put(invoice, 100_00, dueDate: .to(Self.today.adding(30)), at: Self.now.adding(days: 2))
        let terms = try await tenant.admin(
            "select from_day, until_day, due_date from invoice_term where tenant_id = $t order by from_day")
        #expect(
            terms == [
                ["\(Self.today)", "\(Self.today.adding(2))", "\(Self.today.adding(9))"],
                ["\(Self.today.adding(2))", "infinity", "\(Self.today.adding(30))"],
            ])
        #expect(
            await Self.code {
                try await tenant.put(invoice, 100_00, instalments: .to([.init(dueDate: Self.today, amount: 1)]))
            } == "accepted")
    }

    @Test func `a payment stated anew may be for other invoices, and keeps its amount`() async throws {
        let (tenant, customer, first) = try await Self.made()
        let second = try await tenant.invoice(of: customer, overdueBy: 5, 100_00)
        func put(_ invoice: ID<Invoice>, _ amount: Int64, version: Int64) async throws -> PutPayment.Result {
            let record = try RecordPayment(
                SourceName("P-1", source: "erp"), version: version, customer: .id(customer),
                amount: Money(minor: amount, currency: TestTenant.dollar), valueDate: Self.today,
                shares: [PaymentShare(.id(invoice), 60_00)])
            return try await tenant.write { tx, context in
                try PutPayment(record, status: .succeeded).run(in: &tx, context)
            }
        }
        #expect(try await put(first, 60_00, version: 1).outcome == .created)
        #expect(try await put(second, 60_00, version: 2).outcome == .updated)
        #expect(try await put(first, 60_00, version: 1).outcome == .outdated)
        #expect(try await tenant.shown(first).open.minor == 100_00)
        #expect(try await tenant.shown(second).open.minor == 40_00)
        #expect(await Self.code { _ = try await put(second, 61_00, version: 3) } == "payment_differs")
        #expect(try await Self.isSound(tenant))
    }

    // MARK: Disputes, promises, tolerance

    @Test func `a dispute stops what is disputed, says so, and ends promises`() async throws {
        let (tenant, customer, invoice) = try await Self.made()
        let promise = try await tenant.promise([invoice], dueIn: 5)
        let dispute = try await tenant.dispute(invoice, 70_00)
        #expect(try await tenant.asked(customer) == 30_00)
        let ended = try await tenant.read { tx, _ in try tx.promise(promise.id) }
        #expect(ended?.cancellation == .dispute)
        #expect(try await tenant.dispute(invoice, 70_00).id == dispute.id)
        #expect(await Self.code { try await tenant.dispute(invoice) } == "already_disputed")
        try await tenant.write { tx, context in _ = try ResolveDispute(dispute.id, .rejected).run(in: &tx, context) }
        #expect(try await tenant.asked(customer) == 100_00)
        try await tenant.dispute(invoice)
        #expect(try await tenant.asked(customer) == 0)
        #expect(try await tenant.onlyCase(of: customer).status == .active)
        let why = try await tenant.read { tx, context in try Explain.customer(customer, in: &tx, context) }
        #expect(why.next.first?.reason == .disputed)
        #expect(why.words.joined().contains("disputes"))
        let about = try await tenant.read { tx, context in try Explain.invoice(invoice, in: &tx, context) }
        #expect(about.words.contains { $0.hasPrefix("It is disputed since \(Self.today) (damaged)") })
        #expect(try await Self.isSound(tenant))
    }

    @Test func `a promise holds its invoices back until two days after its day, and a newer one takes its place`()
        async throws
    {
        let (tenant, customer, invoice) = try await Self.made()
        let first = try await tenant.promise([invoice], dueIn: 2)
        #expect(try await tenant.promise([invoice], dueIn: 2).id == first.id)
        let why = try await tenant.read { tx, context in try Explain.customer(customer, in: &tx, context) }
        #expect(why.next.first?.reason == .promised)
        let about = try await tenant.read { tx, context in try Explain.invoice(invoice, in: &tx, context) }
        #expect(about.words.contains { $0.hasPrefix("The customer has promised $100.00 by 2026-11-26") })
        let second = try await tenant.promise([invoice], 80_00, dueIn: 6)
        let replaced = try await tenant.read { tx, _ in try tx.promise(first.id) }
        #expect(replaced?.cancellation == .replaced)
        // Day six is the 30th; two of grace end with 2 December.
        let due = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        #expect(TestTenant.zone.day(of: due).description == "2026-12-03")
        try await tenant.write { tx, context in _ = try CancelPromise(second.id).run(in: &tx, context) }
        #expect(try await tenant.onlyCase(of: customer).nextDueAt == Self.now)
        let third = try await tenant.promise([invoice], dueIn: 6)
        try await tenant.credit(customer, 100_00, for: [(invoice, 100_00)])
        let credited = try await tenant.read { tx, _ in try tx.promise(third.id) }
        #expect(credited?.cancellation == .credit)
        #expect(await Self.code { try await tenant.promise([invoice], dueIn: 1) } == "/invoices/0 nothing_open")
    }

    @Test func `a tolerance closes cases of what is too little, and its end opens them`() async throws {
        let (tenant, customer, _) = try await Self.made()
        try await tenant.pay(customer, 96_00)
        let database = try tenant.database.database(.api)
        let courier = try Courier(of: tenant)
        _ = try await SetTolerances([Money(minor: 5_00, currency: TestTenant.dollar)]).run(
            on: database, tenant.context())
        _ = try await courier.workInternalLane()
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
        #expect(try await Self.isSound(tenant))
        _ = try await SetTolerances([]).run(on: database, tenant.context())
        _ = try await courier.workInternalLane()
        #expect(try await tenant.asked(customer) == 4_00)
        #expect(try await Self.isSound(tenant))
    }
}
