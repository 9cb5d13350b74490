import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Numbers out of a ledger in the database: the worked examples, and what is special about reading them.
@Suite(.database) struct `Numbers of a ledger` {
    /// Books invoices and movements as the examples list them, an invoice by its place.
    private struct Book {
        let tenant: TestTenant
        let customer: ID<Customer>
        private var invoices: [(id: ID<Invoice>, key: LedgerKey)] = []

        init() async throws {
            tenant = try await TestTenant.make(in: try TestDatabase.current())
            customer = try await tenant.customer()
        }

        mutating func invoice(
            _ issued: String, _ due: String, _ amount: Int64, _ currency: String = "EUR"
        ) async throws {
            let key = LedgerKey(customer: customer, brand: tenant.brand, currency: Currency(currency)!)
            let record = try RecordInvoice(
                externalID: "E-\(invoices.count)", customer: customer, brand: key.brand, issueDate: Day(issued)!,
                dueDate: Day(due)!, total: Money(minor: amount, currency: key.currency))
            let id = try await tenant.write { tx, context in try record.run(in: &tx, context).invoice.id }
            invoices.append((id, key))
        }

        func move(_ kind: Movement.Kind, _ index: Int, _ day: String, _ amount: Int64) async throws {
            let (invoice, key) = invoices[index]
            var payment: ID<Payment>?
            if [.payment, .creditNote, .reversal, .transfer].contains(kind) {
                payment = .make(at: TestTenant.now)
                try await tenant.admin(
                    """
                    insert into payment (tenant_id, payment_id, kind, customer_id, brand_id, source, external_id, currency,
                        amount, unallocated, automatic, status, method, value_date, recorded_at)
                    values ($t, '\(payment!.uuid)', '\(kind == .creditNote ? "credit_note" : "payment")',
                        '\(customer.uuid)', '\(key.brand.uuid)', 'api', '\(payment!)', '\(key.currency.code)', 1, 0, true,
                        'reversed', 'other', '\(day)', '\(TestTenant.now)')
                    """)
            }
            let movement = Movement(
                kind: kind, invoice: invoice, payment: payment, amount: kind == .reversal ? amount : -amount,
                valueDate: Day(day)!)
            try await tenant.write { tx, context in
                let ids = try tx.book([NewEntry(movement, on: key)], at: context.now)
                try tx.restate([invoice], entries: ids, at: context.now)
            }
        }

        /// One invoice counts as paid on that day, so many after its due date, in figure and list.
        func expectSettled(_ day: String, after days: Int) async throws {
            let beyond = try await figures("2026-01-01", "2026-03-31", .each).beyond
            #expect(beyond.invoices == 1 && beyond.days == days)
            let behind = ReadInvoicesBehind(
                .daysBeyondTerms, from: Day("2026-01-01"), to: Day("2026-03-31"), page: Page(count: 50))
            let lines = try await tenant.read { tx, context in try behind.run(in: &tx, context).lines }
            #expect(lines.map(\.settledOn) == [Day(day)])
        }

        func dispute(_ index: Int, from day: String) async throws {
            let invoice = invoices[index].id
            try await tenant.write { tx, context in try tx.retract([invoice], at: context.now) }
            try await tenant.admin(
                """
                insert into dispute (tenant_id, dispute_id, customer_id, invoice_id, reason, note, from_day, created_at)
                values ($t, '\(invoice.uuid)', '\(customer.uuid)', '\(invoice.uuid)', 'goods', '', '\(day)',
                    '\(TestTenant.now)')
                """)
            try await tenant.write { tx, context in try tx.restate([invoice], at: context.now) }
        }

        func figures(_ from: String, _ to: String, _ money: InsightMoney) async throws -> Figures {
            let read = ReadFigures(money: money, from: Day(from)!, to: Day(to)!)
            return try #require(try await tenant.read { tx, context in try read.run(in: &tx, context).figures.first })
        }
    }

    private func isClose(_ metrics: [Metric], _ definition: MetricDefinition, _ expected: Double) -> Bool {
        metrics.first { $0.definition == definition }?.value.map { abs($0 - expected) <= 0.00006 } ?? false
    }

    @Test
    func
        `decision 5.10: CEI in its cash form with the classic one beside it, and all else, is right with every kind of movement`()
        async throws
    {
        var book = try await Book()
        for (issued, due, amount) in [
            ("2025-11-10", "2025-12-10", 400_000), ("2025-12-20", "2026-01-19", 900_000),
            ("2026-01-05", "2026-02-04", 1_000_000), ("2026-01-20", "2026-02-19", 2_000_000),
            ("2026-02-03", "2026-03-05", 3_000_000), ("2026-02-18", "2026-03-20", 1_200_000),
            ("2026-03-02", "2026-04-01", 4_000_000), ("2026-03-15", "2026-04-14", 800_000),
        ] as [(String, String, Int64)] {
            try await book.invoice(issued, due, amount)
        }
        try await book.move(.payment, 1, "2026-01-30", 900_000)
        try await book.move(.payment, 2, "2026-02-10", 1_000_000)
        let tenant = book.tenant
        _ = try await tenant.write(as: .worker) { tx, _ in try tx.foldReceivables(limit: 10) }
        try await book.move(.payment, 3, "2026-02-19", 500_000)
        try await book.move(.creditNote, 4, "2026-03-10", 600_000)
        try await book.move(.writeOff, 0, "2026-03-15", 400_000)
        try await book.move(.payment, 4, "2026-03-20", 2_400_000)
        try await book.move(.payment, 7, "2026-03-28", 800_000)
        try await book.move(.reversal, 7, "2026-03-30", 800_000)
        try await book.dispute(5, from: "2026-03-01")
        let figures = try await book.figures("2026-01-01", "2026-03-31", .each)
        #expect(figures.begin.open == 1_300_000 && figures.end.open == 7_500_000 && figures.end.disputed == 1_200_000)
        #expect(isClose(figures.dso, .dsoPeriodEnd, 59.2105) && isClose(figures.dso, .dsoAverage, 34.7368))
        #expect(isClose(figures.dso, .dsoBestPossible, 37.8947) && isClose(figures.dso, .dsoCountBack, 53))
        #expect(isClose(figures.dso, .daysDelinquent, 21.3158))
        #expect(isClose(figures.dso, .daysBeyondTerms, 10.6667))
        #expect(isClose(figures.dso, .daysBeyondTermsWeighted, 12.0698))
        #expect(isClose(figures.cei, .ceiClassic, 65.8228) && isClose(figures.cei, .ceiCash, 60.7595))
        #expect(isClose(figures.cei, .badDebt, 3.5088))
        #expect(AgingEdges.standard.buckets(of: figures.end) == [4_800_000, 1_200_000, 1_500_000, 0, 0])
        let behind = ReadInvoicesBehind(
            .daysBeyondTerms, from: Day("2026-01-01"), to: Day("2026-03-31"), page: Page(count: 50))
        let lines = try await book.tenant.read { tx, context in try behind.run(in: &tx, context).lines }
        #expect(lines.count == 3 && lines.allSatisfy { $0.settledOn != nil && $0.open == 0 })
    }

    @Test func `do not take an invoice for paid whose payment bounced on the day it was written off`() async throws {
        var book = try await Book()
        for index in 0..<2 {
            try await book.invoice("2026-01-05", "2026-02-04", 1_000)
            try await book.move(.payment, index, "2026-02-10", 1_000)
        }
        try await book.move(.reversal, 0, "2026-02-20", 400)
        try await book.move(.writeOff, 0, "2026-02-20", 400)
        let before = try await book.figures("2026-01-01", "2026-02-19", .each).beyond
        #expect(before.invoices == 2 && before.days == 12)
        let after = try await book.figures("2026-01-01", "2026-03-31", .each).beyond
        #expect(after.invoices == 1 && after.days == 6)
        let behind = ReadInvoicesBehind(
            .daysBeyondTerms, from: Day("2026-01-01"), to: Day("2026-03-31"), page: Page(count: 50))
        #expect(try await book.tenant.read { tx, context in try behind.run(in: &tx, context).lines.count } == 1)
    }

    @Test func `keep an invoice paid on its day when a later word takes back what moved after it`() async throws {
        var book = try await Book()
        try await book.invoice("2026-01-05", "2026-02-04", 1_000)
        try await book.move(.payment, 0, "2026-02-10", 1_000)
        try await book.move(.reversal, 0, "2026-02-20", 400)
        #expect(try await book.figures("2026-01-01", "2026-03-31", .each).beyond.invoices == 0)
        try await book.move(.reversal, 0, "2026-02-20", -400)
        try await book.expectSettled("2026-02-10", after: 6)
    }

    @Test func `keep an invoice paid on its day when a write-off of a later day is taken back on it`() async throws {
        var book = try await Book()
        try await book.invoice("2026-01-05", "2026-02-04", 1_000)
        try await book.move(.payment, 0, "2026-02-10", 1_000)
        try await book.move(.writeOff, 0, "2026-02-20", 300)
        try await book.move(.recovery, 0, "2026-02-20", -300)
        try await book.expectSettled("2026-02-10", after: 6)
    }

    @Test func `keep an invoice paid on its day when what was paid again is moved to credit`() async throws {
        var book = try await Book()
        try await book.invoice("2026-01-05", "2026-02-04", 1_000)
        try await book.move(.payment, 0, "2026-02-10", 1_000)
        try await book.move(.payment, 0, "2026-02-20", 300)
        try await book.move(.transfer, 0, "2026-02-20", -300)
        try await book.expectSettled("2026-02-10", after: 6)
        // A write-off taken back on the day the money came is another thing: that day settles.
        try await book.move(.writeOff, 0, "2026-02-21", -200)
        try await book.move(.payment, 0, "2026-02-21", 200)
        try await book.expectSettled("2026-02-21", after: 17)
    }

    @Test func `are right in a base currency, and say so when a rate is missing`() async throws {
        var book = try await Book()
        try await book.invoice("2026-02-10", "2026-03-12", 1_000_000, "USD")
        try await book.invoice("2026-03-05", "2026-04-04", 500_000)
        try await book.invoice("2026-03-20", "2026-04-19", 200_000, "GBP")
        try await book.move(.payment, 1, "2026-04-10", 500_000)
        try await book.move(.payment, 2, "2026-04-15", 50_000)
        try await book.move(.creditNote, 0, "2026-04-20", 100_000)
        await #expect(throws: Rejection.self) { try await book.figures("2026-04-01", "2026-04-30", .base) }
        let tenant = book.tenant
        try await tenant.write { tx, context in
            _ = try ChangeTenant(baseCurrency: .to(Currency("EUR")!)).run(in: &tx, context)
        }
        let unrated = try await book.figures("2026-04-01", "2026-04-30", .base)
        #expect(!unrated.isRated && unrated.dso.allSatisfy { $0.reason == .noRate })
        let usd = Currency("USD")!, gbp = Currency("GBP")!
        let rates: [(Currency, String, String)] = [
            (usd, "2026-02-10", "0.92"), (usd, "2026-04-20", "0.91"), (usd, "2026-04-30", "0.9"),
            (gbp, "2026-03-20", "1.15"), (gbp, "2026-04-15", "1.155"), (gbp, "2026-04-30", "1.16"),
        ]
        let outcomes = try await tenant.write { tx, context in
            try SetExchangeRates(
                rates.map {
                    .success(
                        .init(
                            base: nil, currency: $0.0, day: Day($0.1)!, rateE12: ExchangeRates.rateE12(decimal: $0.2)!))
                }
            ).run(in: &tx, context)
        }
        #expect(outcomes == Array(repeating: .created, count: 6))
        let figures = try await book.figures("2026-04-01", "2026-04-30", .base)
        #expect(figures.isRated && figures.isBase && figures.currency == Currency("EUR")!)
        #expect(abs(figures.begin.open - 1_650_000) < 1e-6 && abs(figures.end.open - 984_000) < 1e-6)
        #expect(abs(figures.flow.sales + 91_000) < 1e-6 && abs(figures.flow.paid - 557_750) < 1e-6)
        #expect(figures.dso[0].reason == .noSales)
        #expect(isClose(figures.dso, .dsoCountBack, 71.5))
        #expect(isClose(figures.cei, .ceiCash, 36.8826) && isClose(figures.cei, .ceiClassic, 36.8826))
        #expect(isClose(figures.cei, .ceiCashConstantRate, 36.1868))
        let samples = try await tenant.read { tx, context in
            try ReadSamples(from: Day("2026-04-01"), to: Day("2026-04-30")).run(in: &tx, context)
        }
        let dso = try #require(samples.first { $0.name == "recoup_dso_days" })
        // What is undefined has no sample: no sales, so only the count-back and its best possible are there.
        #expect(
            dso.values.filter { $0.labels[0] == "base" }.map { $0.labels[1] } == [
                "count_back", "count_back_best_possible",
            ])
    }

    @Test func `are the sum of the invoices behind them, in whatever pages`() async throws {
        let generator = SeededGenerator()
        print("behind: seed \(generator.seed)")
        var ledger = try await RandomLedger(
            of: TestTenant.make(in: try TestDatabase.current()), using: generator)
        for _ in 0..<60 { try await ledger.step() }
        let day = RandomLedger.start.adding(200)
        let positions = try await ledger.positions(on: day)
        let tenant = ledger.tenant
        var lines: [ReadInvoicesBehind.Line] = []
        var before: ID<Invoice>?
        repeat {
            let read = ReadInvoicesBehind(.aging, to: day, page: Page(before: before, count: 7))
            let page = try await tenant.read { tx, context in try read.run(in: &tx, context) }
            lines += page.lines
            before = page.next
        } while before != nil
        #expect(Set(lines.map(\.invoice.id)).count == lines.count)
        for (currency, position) in positions {
            let own = lines.filter { $0.invoice.currency == currency }
            #expect(own.reduce(0) { $0 + Double($1.open) } == position.open)
            #expect(own.reduce(0) { $0 + Double($1.overdue) } == position.overdue)
            #expect(own.reduce(0) { $0 + Double($1.disputed) } == position.disputed)
            for (index, amount) in AgingEdges.standard.buckets(of: position).enumerated() {
                #expect(own.reduce(0) { $0 + Double($1.buckets[index]) } == amount, "\(currency) bucket \(index)")
            }
        }
        let bucket = ReadInvoicesBehind(.aging, to: day, bucket: "31-60", page: Page(count: 200))
        let some = try await tenant.read { tx, context in try bucket.run(in: &tx, context).lines }
        #expect(Set(some.map(\.invoice.id)) == Set(lines.filter { $0.buckets[2] > 0 }.map(\.invoice.id)))
        let wrong = ReadInvoicesBehind(.aging, to: day, bucket: "yesterday", page: Page(count: 1))
        await #expect(throws: Rejection.self) {
            try await tenant.read { tx, context in _ = try wrong.run(in: &tx, context) }
        }
    }
}
