import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Books at random what ledgers hold, through the store's own doors, and knows from the bare entries what every balance
/// must be.
struct RandomLedger {
    static let start = Day("2026-03-01")!
    private static let currencies = [TestTenant.dollar, Currency("EUR")!]

    let tenant: TestTenant
    var generator: SeededGenerator
    var edges = AgingEdges.standard
    private let customer: ID<Customer>
    private let brands: [ID<Brand>]
    private var invoices: [(id: ID<Invoice>, key: LedgerKey)] = []

    init(of tenant: TestTenant, using generator: SeededGenerator) async throws {
        self.tenant = tenant
        self.generator = generator
        customer = try await tenant.customer()
        brands = [tenant.brand, try await tenant.addBrand("Second")]
    }

    private mutating func day(_ range: ClosedRange<Int> = -20...300) -> Day {
        Self.start.adding(.random(in: range, using: &generator))
    }

    mutating func step() async throws {
        guard !invoices.isEmpty, Int.random(in: 0..<4, using: &generator) > 0 else { return try await invoice() }
        let (invoice, key) = invoices.randomElement(using: &generator)!
        let amount = Int64.random(in: 1...80_00, using: &generator)
        let day = day()
        func alone(_ kind: Movement.Kind, _ amount: Int64) -> [Movement] {
            [Movement(kind: kind, invoice: invoice, amount: amount, valueDate: day)]
        }
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: try await book(alone(.adjustment, Bool.random(using: &generator) ? amount : -amount), on: key)
        case 1: try await book(alone(.writeOff, -amount), on: key)
        case 2: try await book(alone(.settlement, -amount), on: key)
        case 3: try await book(alone(.reversal, amount), on: key)
        case 4: try await dispute(invoice)
        case 5: try await instalments(invoice)
        case 6:
            let payment = try await document(.creditNote, on: key)
            try await book(
                [Movement(kind: .creditNote, invoice: invoice, payment: payment, amount: -amount, valueDate: day)],
                on: key)
        case 7:
            let payment = try await document(.payment, on: key)
            try await book(
                [
                    Movement(kind: .payment, payment: payment, amount: -amount, valueDate: day),
                    Movement(kind: .transfer, payment: payment, amount: amount, valueDate: day.adding(2)),
                    Movement(
                        kind: .transfer, invoice: invoice, payment: payment, amount: -amount, valueDate: day.adding(2)),
                ], on: key)
        default:
            let payment = try await document(.payment, on: key)
            try await book(
                [Movement(kind: .payment, invoice: invoice, payment: payment, amount: -amount, valueDate: day)], on: key
            )
        }
    }

    /// Writes movements and says so, as every operation does.
    func book(_ movements: [Movement], on key: LedgerKey) async throws {
        try await patiently { tx, context in
            let ids = try tx.book(movements.map { NewEntry($0, on: key) }, at: context.now)
            try tx.restate(Array(Set(movements.compactMap(\.invoice))), entries: ids, at: context.now)
        }
    }

    private mutating func invoice() async throws {
        let issued = day(0...250)
        let due =
            Int.random(in: 0..<8, using: &generator) == 0 ? nil : issued.adding(.random(in: 0...60, using: &generator))
        let key = LedgerKey(
            customer: customer, brand: brands.randomElement(using: &generator)!,
            currency: Self.currencies.randomElement(using: &generator)!)
        let record = try RecordInvoice(
            externalID: "R-\(invoices.count)", customer: customer, brand: key.brand, issueDate: issued, dueDate: due,
            total: Money(minor: .random(in: 1...100_00, using: &generator), currency: key.currency))
        let id = try await patiently { tx, context in try record.run(in: &tx, context).invoice.id }
        invoices.append((id, key))
    }

    /// As a caller does who is told that others are changing the same: comes again. Nobody books while rollups are made anew.
    private func patiently<T: Sendable>(
        _ body: @escaping @Sendable (inout Transaction, Context) throws -> T
    ) async throws -> T {
        for _ in 0..<10 {
            do { return try await tenant.write(body) } catch let error as PostgresError where error.sqlState == "55P03"
            {}
        }
        return try await tenant.write(body)
    }

    private mutating func document(_ kind: Movement.Kind, on key: LedgerKey) async throws -> ID<Payment> {
        let id = ID<Payment>.make(at: TestTenant.now, using: &generator)
        try await tenant.admin(
            """
            insert into payment (tenant_id, payment_id, kind, customer_id, brand_id, source, external_id, currency, amount,
                unallocated, automatic, status, method, value_date, recorded_at)
            values ($t, '\(id.uuid)', '\(kind.rawValue)', '\(key.customer.uuid)', '\(key.brand.uuid)', 'api', '\(id)',
                '\(key.currency.code)', 1, 0, true, 'reversed', 'other', '2026-01-01', '\(TestTenant.now)')
            """)
        return id
    }

    private mutating func dispute(_ invoice: ID<Invoice>) async throws {
        let from = day()
        let until = from.adding(.random(in: 1...60, using: &generator))
        let amount = Bool.random(using: &generator) ? "null" : "\(Int.random(in: 1...50_00, using: &generator))"
        let id = UUID()
        try await changing(
            invoice,
            """
            insert into dispute (tenant_id, dispute_id, customer_id, invoice_id, amount, reason, note, from_day, until_day,
                outcome, created_at, resolved_at)
            values ($t, '\(id)', '\(customer.uuid)', '\(invoice.uuid)', \(amount), 'goods', '', '\(from)', '\(until)',
                'rejected', '\(TestTenant.now)', '\(TestTenant.now)')
            """)
    }

    private mutating func instalments(_ invoice: ID<Invoice>) async throws {
        let since = day()
        var rows: [String] = []
        for number in 1...Int.random(in: 1...3, using: &generator) {
            let amount = Int.random(in: 0...60_00, using: &generator)
            rows.append("($t, '\(invoice.uuid)', '\(since)', \(number), '\(day())', \(amount))")
        }
        try await changing(
            invoice,
            """
            delete from invoice_term where tenant_id = $t and invoice_id = '\(invoice.uuid)' and from_day >= '\(since)';
            update invoice_term set until_day = '\(since)'
            where tenant_id = $t and invoice_id = '\(invoice.uuid)' and until_day > '\(since)';
            insert into invoice_term (tenant_id, invoice_id, from_day, number, due_date, amount)
            values \(rows.joined(separator: ", "))
            """)
    }

    /// As whoever changes a term or a dispute has to: out before, in after, in one transaction.
    private func changing(_ invoice: ID<Invoice>, _ change: String) async throws {
        let of = "$t, gen_random_uuid(), array['\(invoice.uuid)'::uuid], null"
        try await tenant.admin(
            """
            begin;
            select receivable_note(\(of), true, false, '{}', '{}');
            \(change);
            select receivable_note(\(of), false, true, '{}', '{}');
            commit
            """)
    }

    @discardableResult
    func fold(_ limit: Int) async throws -> Bool {
        try await tenant.write(as: .worker) { tx, _ in try tx.foldReceivables(limit: limit) }
    }

    /// A fold whose connection is cut after its work and before its commit.
    func killedFold() async throws {
        let url = tenant.database.url
        try await tenant.write(as: .worker) { tx, _ in
            _ = try tx.foldReceivables(limit: 1_000)
            var admin = try AdminSession(url: url)
            try admin.run(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and usename = 'recoup_worker' and state = 'idle in transaction'
                """)
        }
    }

    func drift() async throws -> [Drift] { try await tenant.read(as: .bulk) { tx, _ in try tx.receivableDrift() } }

    func positions(on day: Day) async throws -> [Currency: ReceivablePosition] {
        let read = ReadFigures(from: day, to: day)
        let figures = try await tenant.read { tx, context in try read.run(in: &tx, context).figures }
        return Dictionary(uniqueKeysWithValues: figures.map { ($0.currency, $0.end) })
    }

    /// Compares positions and movements of some days with the bare rows.
    mutating func expectRightNumbers() async throws {
        let oracle = try await LedgerOracle(of: tenant, edges: edges)
        for _ in 0..<4 {
            let from = day(-30...330)
            let to = from.adding(.random(in: 0...150, using: &generator))
            let brand = Bool.random(using: &generator) ? nil : brands.randomElement(using: &generator)
            let read = ReadFigures(brand: brand, from: from, to: to)
            let figures = try await tenant.read { tx, context in try read.run(in: &tx, context).figures }
            let known = Dictionary(uniqueKeysWithValues: figures.map { ($0.currency, $0) })
            for currency in Self.currencies {
                let found = known[currency]
                let end = oracle.position(on: to, in: currency, at: brand)
                #expect((found?.end ?? ReceivablePosition()) == end, "\(to) \(currency.code)")
                let begin = oracle.position(on: from.adding(-1), in: currency, at: brand)
                #expect((found?.begin ?? ReceivablePosition()) == begin, "before \(from) \(currency.code)")
                let flow = oracle.flow(from, to, in: currency, at: brand)
                #expect((found?.flow ?? ReceivableFlow()) == flow, "\(from) to \(to) \(currency.code)")
                #expect(begin.open + begin.unapplied + flow.change == end.open + end.unapplied)
                #expect(
                    (found?.beyond ?? DaysBeyondTerms()) == oracle.daysBeyondTerms(from, to, in: currency, at: brand),
                    "beyond terms \(from) to \(to) \(currency.code)")
            }
        }
    }
}
