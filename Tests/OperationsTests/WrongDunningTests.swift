import Dunning
import Foundation
import Operations
import Store
import Support
import Testing

/// Reminders of what had been paid: none while money comes on its day, and each counted when the bank is late.
@Suite(.database) struct WrongDunningTests {
    private struct Bill {
        let customer: ID<Customer>
        let invoice: ID<Invoice>
        let amount: Int64
        let settled: Day?
    }

    /// Plays sixty days: each customer pays on some day, the bank tells of it `late` days afterwards. Returns what left: day
    /// and invoices of each message.
    private static func play(_ tenant: TestTenant, late: Int, seed: UInt64) async throws -> (
        bills: [Bill], sent: [(day: Day, invoices: [ID<Invoice>])]
    ) {
        var generator = SeededGenerator(seed: seed)
        let courier = try Courier(of: tenant)
        var bills: [Bill] = []
        for number in 0..<12 {
            let customer = try await tenant.customer("Customer \(number)")
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let overdue = Int.random(in: -20...2, using: &generator)
                let amount = Int64.random(in: 10...900, using: &generator) * 100
                let invoice = try await tenant.invoice(of: customer, overdueBy: overdue, amount)
                let pays = Int.random(in: 0..<10, using: &generator) < 8
                let settled = TestTenant.today.adding(-overdue + Int.random(in: 0...30, using: &generator))
                bills.append(
                    Bill(
                        customer: customer, invoice: invoice, amount: amount,
                        settled: pays ? max(settled, TestTenant.today) : nil))
            }
        }
        for offset in 0..<60 {
            let now = TestTenant.now.adding(days: offset)
            let today = TestTenant.zone.day(of: now)
            // The bank's file of the morning.
            for bill in bills where bill.settled?.adding(late) == today {
                let record = try RecordPayment(
                    SourceName("P-\(bill.invoice)", source: "bank"), customer: .id(bill.customer), brand: tenant.brand,
                    amount: Money(minor: bill.amount, currency: TestTenant.dollar), valueDate: bill.settled ?? today,
                    shares: [PaymentShare(.id(bill.invoice), bill.amount)])
                try await tenant.write(at: now) { tx, context in _ = try record.run(in: &tx, context) }
            }
            try await courier.workInternalLane(at: now)
            try await courier.deliver(at: now)
        }
        // What was listed, from the records of what left.
        var sent: [ID<Message>: (day: Day, invoices: [ID<Invoice>])] = [:]
        for row in try await tenant.admin(
            """
            select m.message_id::text, m.contact_day::text, l.invoice_id::text from message m
            join message_line l on l.tenant_id = m.tenant_id and l.message_id = m.message_id where m.tenant_id = $t
            """)
        {
            guard let message = row[0].flatMap({ UUID(uuidString: $0) }), let day = row[1].flatMap({ Day($0) }),
                let invoice = row[2].flatMap({ UUID(uuidString: $0) })
            else { continue }
            sent[ID(message), default: (day, [])].invoices.append(ID(invoice))
        }
        return (bills, Array(sent.values))
    }

    /// Mails that list an invoice whose settled day is not after the day of sending.
    private static func wrong(
        _ bills: [Bill], _ sent: [(day: Day, invoices: [ID<Invoice>])]
    ) -> Int {
        let settled = Dictionary(uniqueKeysWithValues: bills.map { ($0.invoice, $0.settled) })
        return sent.count { mail in
            mail.invoices.contains { invoice in settled[invoice].flatMap { $0 }.map { $0 <= mail.day } ?? false }
        }
    }

    private static func figures(_ tenant: TestTenant) async throws -> ReadWrongDunning.Result {
        try await tenant.read(at: TestTenant.now.adding(days: 70)) { tx, context in
            try ReadWrongDunning(from: TestTenant.today).run(in: &tx, context)
        }
    }

    @Test func `payments told on their days: no reminder after its money`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let seed = UInt64.random(in: 0...UInt64.max)
        let (bills, sent) = try await Self.play(tenant, late: 0, seed: seed)
        let result = try await Self.figures(tenant)
        print("wrong dunning: seed \(seed), in time: \(sent.count) sent, \(result.figures.wrong) wrong")
        #expect(Self.wrong(bills, sent) == 0)
        #expect(result.figures.wrong == 0 && result.figures.sent == sent.count && !sent.isEmpty)
        #expect(result.rate.value == 0)
    }

    @Test func `a bank three days late is found out, message by message`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let seed = UInt64.random(in: 0...UInt64.max)
        let (bills, sent) = try await Self.play(tenant, late: 3, seed: seed)
        let (expected, total) = (Self.wrong(bills, sent), sent.count)
        let result = try await Self.figures(tenant)
        print("wrong dunning: seed \(seed), late: \(total) sent, \(expected) wrong by the records")
        #expect(result.figures.sent == total)
        #expect(result.figures.wrong == expected)
        #expect(result.figures.sources.map(\.name) == (expected == 0 ? [] : ["bank"]))
        #expect(Set(result.examples.map(\.message)).count == expected)
    }

    @Test func `one case by hand: sent on Tuesday, paid on Monday, told on Thursday`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        let (payer, invoice) = try await tenant.debtor("Payer")
        _ = try await tenant.debtor("Debtor")
        try await courier.deliver()
        #expect(try await Self.figures(tenant).rate.value == 0)
        let record = try RecordPayment(
            SourceName("P-1", source: "bank"), customer: .id(payer), brand: tenant.brand,
            amount: Money(minor: 100_00, currency: TestTenant.dollar), valueDate: TestTenant.today.adding(-1),
            shares: [PaymentShare(.id(invoice), 100_00)])
        try await tenant.write(at: TestTenant.now.adding(days: 2)) { tx, context in _ = try record.run(in: &tx, context)
        }
        let result = try await Self.figures(tenant)
        #expect(result.rate.value == 50)
        #expect(result.figures.sources.map { "\($0.name) \($0.messages) \($0.invoices)" } == ["bank 1 1"])
        #expect(result.examples.map(\.customer) == [payer])
    }
}
