import Dunning
import Foundation
import Postgres
import Store
import Support
import Testing

@testable import Operations

@Suite(.database) struct `A later file` {
    private static let header = "cust,inv,issued,due,amount,paid,pay,received,v,state\n"

    private static func mapping(isVersioned: Bool = false, hasState: Bool = false) throws -> ImportMapping {
        var sources: [ImportTarget: ImportMapping.Source] = [
            .customerExternalID: .column("cust"), .contactEmail: .pattern(ImportMapping.Pattern("{cust}@a.test")!),
            .invoiceExternalID: .column("inv"), .invoiceIssueDate: .column("issued"), .invoiceDueDate: .column("due"),
            .invoiceAmount: .column("amount"), .invoiceCurrency: .constant("USD"), .paymentValueDate: .column("paid"),
            .paymentExternalID: .column("pay"), .paymentAmount: .column("received"),
        ]
        if isVersioned { sources[.invoiceVersion] = .column("v") }
        if hasState { sources[.invoiceStatus] = .column("state") }
        return try ImportMapping(sources: sources)
    }

    private static func open(_ tenant: TestTenant) async throws -> [String] {
        try await tenant.admin(
            """
            select v.external_id || ' ' || coalesce(sum(e.amount), 0)
            from invoice v left join ledger_entry e on e.tenant_id = $t and e.invoice_id = v.invoice_id
            where v.tenant_id = $t group by v.external_id order by 1
            """
        ).compactMap { $0[0] }
    }

    @Test
    func
        `decision 5.5: it changes totals by adjustments, due dates by terms from today on, and keeps what is older out`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let file = try ImportFixture(tenant, try Self.mapping(isVersioned: true))
        func take(_ rows: String) async throws -> ImportFixture.Taken { try await file.take(rows, header: Self.header) }
        _ = try await take("c1,i1,2026-10-01,2026-11-01,100.00,,,,5,\nc1,i2,2026-10-01,2026-11-01,50.00,,,,5,\n")
        let newer = try await take("c1,i1,2026-10-01,2026-12-01,80.00,,,,6,\nc1,i2,2026-10-01,2026-11-01,50.00,,,,5,\n")
        #expect(newer.record.counts.invoicesChanged == 1 && newer.record.counts.unchanged == 1, "\(newer)")
        #expect(try await Self.open(tenant) == ["i1 8000", "i2 5000"])
        let adjusted = "kind = 'adjustment' and amount = -2000 and value_date = '2026-11-24'"
        #expect(try await tenant.count("ledger_entry where tenant_id = $t and \(adjusted)") == 1)
        let terms = try await tenant.admin(
            """
            select from_day::text, until_day::text, due_date::text, amount::text from invoice_term where tenant_id = $t
            order by from_day
            """)
        #expect(
            terms == [
                ["2026-10-01", "2026-11-24", "2026-11-01", "10000"], ["2026-11-24", "infinity", "2026-12-01", "8000"],
            ])
        let older = try await take("c1,i1,2026-10-01,2026-10-05,10.00,,,,4,\n")
        #expect(older.record.counts.older == 1 && older.record.counts.invoicesChanged == 0)
        #expect(try await Self.open(tenant) == ["i1 8000", "i2 5000"])
    }

    @Test func `finds the money that waited for its invoice on the day it came, whatever else is in the file`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let file = try ImportFixture(tenant)
        _ = try await file.take("c1,a@b.test,i0,2026-10-01,2026-11-01,10.00,\n")
        let customer = try await tenant.value("select customer_id from customer where tenant_id = $t")
        let record = try RecordPayment(
            SourceName("P-1"), customer: .id(ID(try #require(UUID(uuidString: customer ?? "")))), brand: tenant.brand,
            amount: Money(minor: 80_00, currency: TestTenant.dollar), valueDate: try #require(Day("2026-10-05")),
            shares: [PaymentShare(.name(SourceName("i1")), 80_00)])
        try await tenant.write { tx, context in _ = try record.run(in: &tx, context) }
        _ = try await file.take(
            "c1,a@b.test,i1,2026-10-01,2026-11-01,80.00,\nc1,a@b.test,i2,2026-10-01,2026-11-01,20.00,2026-11-20\n")
        let entries = try await tenant.admin(
            """
            select e.kind, e.value_date::text, e.amount::text
            from ledger_entry e join invoice v using (tenant_id, invoice_id)
            where e.tenant_id = $t and v.external_id = 'i1' order by e.value_date
            """)
        #expect(entries == [["invoice", "2026-10-01", "8000"], ["transfer", "2026-10-05", "-8000"]])
    }

    @Test func `without versions is the newer one, and the same again changes nothing`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let file = try ImportFixture(tenant, try Self.mapping())
        _ = try await file.take("c1,i1,2026-10-01,2026-11-01,100.00,2026-11-02,p1,40.00,,\n", header: Self.header)
        let change = "c1,i1,2026-10-01,2026-11-01,90.00,2026-11-03,p1,55.00,,\n"
        let changed = try await file.take(change, header: Self.header)
        #expect(changed.record.counts.invoicesChanged == 1 && changed.record.counts.paymentsChanged == 1, "\(changed)")
        #expect(try await Self.open(tenant) == ["i1 3500"])
        // The payment was never of another day or amount.
        let early = "ledger_entry where tenant_id = $t and value_date < '2026-11-03' and payment_id is not null"
        #expect(try await tenant.value("select sum(amount)::text from \(early)") == "0")
        let entries = try await tenant.count("ledger_entry where tenant_id = $t")
        let again = try await file.take(change, header: Self.header)
        #expect(again.record.counts.unchanged == 1 && again.record.counts.invoicesChanged == 0)
        #expect(try await tenant.count("ledger_entry where tenant_id = $t") == entries)
    }

    @Test func `decision 5.5: one that says paid settles, until money comes or it is open again`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let file = try ImportFixture(tenant, try Self.mapping(hasState: true))
        func take(_ rows: String) async throws -> ImportFixture.Taken { try await file.take(rows, header: Self.header) }
        _ = try await take("c1,i1,2026-10-01,2026-11-01,100.00,,,,,paid\nc1,i2,2026-10-01,2026-11-01,50.00,,,,,open\n")
        #expect(try await Self.open(tenant) == ["i1 0", "i2 5000"])
        #expect(try await tenant.count("invoice where tenant_id = $t and settled_at is not null") == 1)
        _ = try await take("c1,i1,2026-10-01,2026-11-01,100.00,2026-11-05,p1,100.00,,paid\n")
        #expect(try await Self.open(tenant) == ["i1 0", "i2 5000"])
        let settled = "ledger_entry where tenant_id = $t and payment_id is null and kind in ('settlement', 'reversal')"
        #expect(try await tenant.value("select sum(amount)::text from \(settled)") == "0")
        #expect(try await tenant.count("payment where tenant_id = $t and unallocated > 0") == 0)
        _ = try await take("c1,i2,2026-10-01,2026-11-01,50.00,,,,,paid\n")
        _ = try await take("c1,i2,2026-10-01,2026-11-01,50.00,,,,,open\n")
        #expect(try await Self.open(tenant) == ["i1 0", "i2 5000"])
        #expect(try await tenant.count("invoice where tenant_id = $t and settled_at is not null") == 1)
    }

    @Test
    func
        `decision 5.5: one of all open items closes what it lacks, asks when that is much, and opens again what comes back`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let mapping = try Self.mapping()
        func row(_ number: Int) -> String { "c\(number),i\(number),2026-10-01,2026-11-01,10.00,,,,,\n" }
        let all = (1...10).map(row)
        _ = try await ImportFixture(tenant, mapping).take(all.joined(), header: Self.header)
        var list = try ImportFixture(tenant, mapping)
        list.isSnapshot = true
        let nine = try await list.take(all.dropLast().joined(), header: Self.header)
        #expect(nine.record.state == .done && nine.record.counts.settled == 1, "\(nine)")
        #expect(try await tenant.count("invoice where tenant_id = $t and settled_at is not null") == 1)
        // Three of nine are a third.
        let six = try await list.upload(Array((Self.header + all.prefix(6).joined()).utf8))
        #expect(try await list.run(six) == .waiting)
        let waiting = try await list.taken(six)
        #expect(waiting.record.state == .awaitingConfirmation)
        #expect(waiting.record.closing == 3 && waiting.record.openItems == 9)
        #expect(try await tenant.count("invoice where tenant_id = $t and settled_at is not null") == 1)
        try await tenant.write(as: .bulk) { tx, context in try AnswerImport.confirm.run(six, in: &tx, context) }
        #expect(try await list.run(six) == .ended(.done))
        #expect(try await tenant.count("invoice where tenant_id = $t and settled_at is not null") == 4)
        let back = try await list.take(all.joined(), header: Self.header)
        #expect(back.record.state == .done && back.record.counts.settled == 0)
        #expect(try await tenant.count("invoice where tenant_id = $t and settled_at is not null") == 0)
        #expect(back.record.counts.reopened == 4)
        #expect(try await tenant.value("select sum(amount)::text from ledger_entry where tenant_id = $t") == "10000")
        // A faulty row may be any invoice: then nothing is closed.
        let faulty = try await list.take(
            all.dropLast().joined() + "c10,i10,2026-10-01,never,10.00,,,,,\n", header: Self.header)
        #expect(faulty.record.errors == 1 && faulty.record.counts.settled == 0)
        let given = try await list.upload(Array((Self.header + all.prefix(2).joined()).utf8))
        #expect(try await list.run(given) == .waiting)
        try await tenant.write(as: .bulk) { tx, context in try AnswerImport.cancel.run(given, in: &tx, context) }
        #expect(try await list.run(given) == .ended(.cancelled))
        #expect(try await tenant.count("import_row where tenant_id = $t") == 0)
    }
}
