import Dunning
import Operations
import Store
import Support
import Testing

/// What is told late counts on its day as if it had been told in order: no money covers two debts at once.
@Suite(.database) struct `Money told of late` {
    private enum Told {
        case invoice(String, issued: Int, due: Int)
        /// For an invoice, or for whatever is oldest.
        case payment(String, day: Int, of: String? = nil)
        case reversal(String, day: Int)
    }

    private static let first = Day("2026-01-01")!

    /// What is open at the end of a day, after all this was told; each amount is the same.
    private func open(_ told: [Told], on day: Int) async throws -> Int64 {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let customer = try await tenant.customer()
        let amount = Money(minor: 100_00, currency: TestTenant.dollar)
        let brand = tenant.brand
        var payments: [String: ID<Payment>] = [:]
        for one in told {
            switch one {
            case .invoice(let name, let issued, let due):
                let record = try RecordInvoice(
                    externalID: name, customer: customer, brand: brand, issueDate: Self.first.adding(issued),
                    dueDate: Self.first.adding(due), total: amount)
                try await tenant.write { tx, context in _ = try record.run(in: &tx, context) }
            case .payment(let name, let day, let invoice):
                let shares = invoice.map { [PaymentShare(.name(SourceName($0)), amount.minor)] }
                let record = try RecordPayment(
                    SourceName(name), kind: .payment, customer: .id(customer), brand: brand, amount: amount,
                    valueDate: Self.first.adding(day), shares: shares)
                payments[name] = try await tenant.write { tx, context in
                    try record.run(in: &tx, context).payment.id
                }
            case .reversal(let name, let day):
                try await tenant.reverse(try #require(payments[name]), on: Self.first.adding(day))
            }
        }
        #expect(try await tenant.count(Overdrawn.count) == 0)
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
        return try await LedgerAnswers.read(tenant, on: Self.first.adding(day)).open.values.reduce(0, +)
    }

    @Test func `a payment bounced, was made again, and the bounce is told last`() async throws {
        let invoice = Told.invoice("A", issued: 59, due: 89)
        let (made, bounced) = (Told.payment("P", day: 63), Told.reversal("P", day: 68))
        let again = Told.payment("Q", day: 78, of: "A")
        #expect(try await open([invoice, made, again, bounced], on: 73) == 100_00)
        #expect(try await open([invoice, made, bounced, again], on: 73) == 100_00)
    }

    @Test func `a payment went over to an older debt, and had bounced before that`() async throws {
        let (late, early) = (Told.invoice("L", issued: 59, due: 119), Told.invoice("B", issued: 78, due: 78))
        let (made, bounced) = (Told.payment("P", day: 63), Told.reversal("P", day: 68))
        #expect(try await open([late, made, early, bounced], on: 73) == 100_00)
        #expect(try await open([late, made, bounced, early], on: 73) == 100_00)
    }

    @Test func `an older invoice comes to be known, and takes the money that waited for a younger one`() async throws {
        let (young, old) = (Told.invoice("Y", issued: 73, due: 99), Told.invoice("Z", issued: 31, due: 40))
        let (waiting, named) = (Told.payment("O", day: 4), Told.payment("T", day: 83, of: "Y"))
        #expect(try await open([waiting, young, named, old], on: 78) == 100_00)
        #expect(try await open([waiting, old, young, named], on: 78) == 100_00)
    }

    @Test func `money leaves an invoice for an older one before it came to it`() async throws {
        let (young, old) = (Told.invoice("Y", issued: 102, due: 120), Told.invoice("Z", issued: 31, due: 40))
        let between = Told.invoice("W", issued: 40, due: 59)
        let (waiting, named) = (Told.payment("O", day: 59), Told.payment("X", day: 76, of: "Z"))
        #expect(try await open([waiting, young, old, between, named], on: 78) == 0)
        #expect(try await open([waiting, old, between, named, young], on: 78) == 0)
    }
}

enum Overdrawn {
    /// Days on which an account of a document is below nothing.
    static let count = """
        (
            select sum(sum(-e.amount)) over (partition by e.payment_id, e.invoice_id order by e.value_date) as standing
            from ledger_entry e
            where e.tenant_id = $t and e.payment_id is not null
            group by e.payment_id, e.invoice_id, e.value_date
        ) x where x.standing < 0
        """
}
