import Dunning
import Postgres
import Store
import Support
import Testing

@testable import Operations

@Suite(.database) struct `Importing a ledger` {
    private static let header = "cust,mail,inv,issued,due,amount,paid\n"

    private func mapping(_ more: [ImportTarget: ImportMapping.Source] = [:]) throws -> ImportMapping {
        try ImportMapping(
            sources: [
                .customerExternalID: .column("cust"), .contactEmail: .column("mail"),
                .invoiceExternalID: .column("inv"),
                .invoiceIssueDate: .column("issued"), .invoiceDueDate: .column("due"),
                .invoiceAmount: .column("amount"),
                .invoiceCurrency: .constant("USD"), .paymentValueDate: .column("paid"),
            ].merging(more) { $1 })
    }

    private func take(
        _ rows: String, into tenant: TestTenant, mapping: ImportMapping? = nil, entry: EntryPolicy? = nil,
        header: String = header
    ) async throws -> ImportReport {
        let operation = ImportLedger(
            csv: Array((header + rows).utf8), mapping: try mapping ?? self.mapping(), entry: entry)
        return try await operation.run(on: try tenant.database.database(.bulk), tenant.context())
    }

    private func counts(_ report: ImportReport) -> [Int] {
        let record = report.record
        return [
            record.rowsRead, record.customersCreated, record.invoicesCreated, record.paymentsCreated, record.unchanged,
            record.errors,
        ]
    }

    @Test func `good rows go in, bad parts are reported, and the same file again changes nothing`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let rows = """
            c1,a@one.test,i1,2026-10-01,2026-11-01,100.00,
            c1,a@one.test,i2,2026-09-01,2026-10-01,50.00,2026-10-20
            c2,nobody,i3,2026-10-01,2026-12-01,30.00,2026-11-25
            c3,c@one.test,i4,2026-10-01,nonsense,20.00,

            """
        let report = try await take(rows, into: tenant)
        #expect(counts(report) == [4, 3, 3, 1, 0, 3])
        #expect(
            report.problems.map { "\($0.line) \($0.part) \($0.code)" } == [
                "4 contact address_not_one_at", "4 payment payment_in_future", "5 invoice not_a_date",
            ])
        #expect(report.record.state == .done && report.record.entry == .firstStage)
        #expect(try await tenant.count("contact where tenant_id = $t") == 2)
        #expect(try await tenant.value("select sum(amount)::text from ledger_entry where tenant_id = $t") == "13000")
        #expect(
            try await tenant.value("select external_id from invoice where tenant_id = $t and settled_at is not null")
                == "i2")
        #expect(try await tenant.count("enrolment where tenant_id = $t and dirty") == 2)
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'drain'") == 1)

        let again = try await take(rows, into: tenant)
        #expect(counts(again) == [4, 0, 0, 0, 2, 3])
        #expect(try await tenant.count("ledger_entry where tenant_id = $t") == 4)
        #expect(try await tenant.count("contact where tenant_id = $t") == 2)
    }

    @Test func `what is stored with other values stays, and the row is reported`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let names = try mapping([.customerName: .column("name"), .paymentExternalID: .column("pay")])
        let header = "cust,mail,inv,issued,due,amount,paid,name,pay\n"
        let first = "c1,a@b.test,i1,,2026-11-01,10.00,2026-11-02,One,p1\n"
        _ = try await take(first, into: tenant, mapping: names, header: header)
        for (row, problem) in [
            ("c1,a@b.test,i1,,2026-11-01,11.00,2026-11-02,One,p1\n", "invoice"),
            ("c1,a@b.test,i1,,2026-11-03,10.00,2026-11-02,One,p1\n", "invoice"),
            ("c2,a@b.test,i1,,2026-11-01,10.00,,Two,p2\n", "invoice"),
            ("c1,a@b.test,i1,,2026-11-01,10.00,2026-11-03,One,p1\n", "payment"),
            ("c1,a@b.test,i1,,2026-11-01,10.00,2026-11-02,Other,p1\n", "customer"),
        ] {
            let report = try await take(row, into: tenant, mapping: names, header: header)
            #expect(report.problems.map { "\($0.part) \($0.code)" } == ["\(problem) differs_from_stored"], "\(row)")
            #expect(report.record.invoicesCreated == 0 && report.record.paymentsCreated == 0)
        }
        #expect(try await tenant.value("select sum(amount)::text from ledger_entry where tenant_id = $t") == "0")
    }

    @Test func `a renamed customer is still the one of the file, and its changed contact stays`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let rows = "c1,old@one.test,i1,,2026-12-01,10.00,\n"
        _ = try await take(rows, into: tenant)
        try await tenant.write { tx, context in
            guard let customer = try tx.customers(Page(count: 1)).first,
                let contact = try tx.contacts(of: customer.id, Page(count: 1)).first
            else { throw Rejection.notFound("customer") }
            _ = try UpdateCustomer(customer.id, name: .to("Renamed")).run(in: &tx, context)
            _ = try UpdateContact(contact.id, email: .to(try EmailAddress("new@one.test"))).run(in: &tx, context)
        }
        let again = try await take(rows, into: tenant)
        #expect(counts(again) == [1, 0, 0, 0, 1, 0])
        #expect(
            try await tenant.value("select string_agg(email, ' ') from contact where tenant_id = $t") == "new@one.test")
    }

    @Test func `payments cover their row's invoice in the order of their days; what is too much is credit`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let parts = try mapping([.paymentExternalID: .column("pay"), .paymentAmount: .column("received")])
        let header = "cust,mail,inv,issued,due,amount,paid,pay,received\n"
        let report = try await take(
            """
            c1,,i1,,2026-11-01,100.00,2026-11-05,late,80.00
            c1,,i1,,2026-11-01,100.00,2026-11-03,early,50.00
            c1,,i2,,2026-10-01,70.00,,,

            """, into: tenant, mapping: parts, header: header)
        #expect(counts(report) == [3, 1, 2, 2, 0, 0])
        #expect(
            try await tenant.value(
                """
                select string_agg(p.external_id || ' ' || -e.amount || ' ' || p.unallocated, ', ' order by p.external_id)
                from payment p join ledger_entry e on e.payment_id = p.payment_id and e.invoice_id is not null
                where p.tenant_id = $t
                """) == "early 5000 0, late 5000 3000")
        let more = try await take(
            "c1,,i2,,2026-10-01,70.00,2026-11-06,third,70.00\n", into: tenant, mapping: parts, header: header)
        #expect(counts(more) == [1, 0, 0, 1, 0, 0])
        #expect(try await tenant.count("invoice where tenant_id = $t and settled_at is null") == 0)
    }

    @Test func `in a live tenant many or old debts wait for a person, unless a policy is given`() async throws {
        func debts(_ count: Int, due: String) -> String {
            (0..<count).map { "c\($0),c\($0)@x.test,i\($0),,\(due),5.00,\n" }.joined()
        }
        for (rows, entry) in [
            (debts(50, due: "2026-11-01"), "first_stage"), (debts(51, due: "2026-11-01"), "review"),
            (debts(1, due: "2026-08-26"), "first_stage"), (debts(1, due: "2026-08-25"), "review"),
            (debts(60, due: "2026-11-24"), "first_stage"),
        ] {
            let tenant = try await TestTenant.make(in: .current())
            #expect(try await take(rows, into: tenant).record.entry.text == entry)
        }
        let tenant = try await TestTenant.make(in: .current())
        let chosen = try await take(debts(51, due: "2026-11-01"), into: tenant, entry: .byAgeCapped(2))
        #expect(chosen.record.entry == .byAgeCapped(2))
        // All of them are in dunning now: more of the same file asks nobody again.
        let more = (0..<51).map { "c\($0),c\($0)@x.test,j\($0),,2026-11-02,5.00,\n" }.joined()
        #expect(try await take(more, into: tenant).record.entry == .firstStage)
    }

    @Test func `a payment taken in while a message is on the wire flags it, and the case ends`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, invoice) = try await tenant.debtor()
        let courier = try Courier(of: tenant)
        #expect(try await courier.arm().armed.count == 1)
        let (debtor, debt) = try await tenant.read { tx, _ in
            (try #require(try tx.customer(customer)), try #require(try tx.invoice(invoice)))
        }
        let due = try #require(debt.dueDate)
        let row = "\(debtor.externalID),,\(debt.name.externalID),,\(due),100.00,2026-11-24\n"
        let report = try await take(row, into: tenant, mapping: try mapping([.invoiceIssueDate: .constant("")]))
        #expect(counts(report) == [1, 0, 0, 1, 0, 0])
        #expect(try await tenant.count("message where tenant_id = $t and crossed") == 1)
        #expect(try await tenant.count("enrolment where tenant_id = $t and dirty") == 1)
    }

    @Test func `the brand is the only one, or the one the mapping names`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let second = try await tenant.addBrand("Second")
        await #expect(throws: Rejection.self) { try await take("c1,,i1,,2026-12-01,1.00,\n", into: tenant) }
        for (name, external) in [("Second", "i2"), (second.description, "i3")] {
            var named = try mapping()
            named = try ImportMapping(sources: named.sources, brand: name)
            _ = try await take("c1,,\(external),,2026-12-01,1.00,\n", into: tenant, mapping: named)
        }
        #expect(try await tenant.count("invoice where tenant_id = $t and brand_id = '\(second.uuid)'") == 2)
        let unknown = try ImportMapping(sources: try mapping().sources, brand: "Nobody")
        await #expect(throws: Rejection.self) { try await take("", into: tenant, mapping: unknown) }
        #expect(try await tenant.count("import where tenant_id = $t") == 2)
    }

    @Test func `two imports of one file side by side write everything once`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let rows = (0..<1_200).map { "c\($0 % 150),c\($0 % 150)@x.test,i\($0),,2026-11-01,5.00,2026-11-20\n" }.joined()
        async let one = take(rows, into: tenant)
        async let two = take(rows, into: tenant)
        let (first, second) = try await (one.record, two.record)
        #expect(first.invoicesCreated + second.invoicesCreated == 1_200)
        #expect(first.paymentsCreated + second.paymentsCreated == 1_200)
        #expect(first.customersCreated + second.customersCreated == 150)
        #expect(first.errors + second.errors == 0)
        #expect(try await tenant.value("select sum(amount)::text from ledger_entry where tenant_id = $t") == "0")
        #expect(try await tenant.count("invoice where tenant_id = $t and settled_at is null") == 0)
        #expect(try await tenant.count("contact where tenant_id = $t") == 150)
    }

    @Test func `an import that is cut off leaves whole customers, and the same file brings the rest`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let rows = (0..<1_500).map { "c\($0 % 300),,i\($0),,2026-11-01,5.00,\n" }.joined()
        struct CutOff: Error {}
        let operation = ImportLedger(csv: Array((Self.header + rows).utf8), mapping: try mapping())
        let plan = ImportPlan(
            id: .make(at: TestTenant.now), mapping: try mapping(),
            brand: try await tenant.read { tx, _ in try tx.importBrands(named: nil)[0] }, today: TestTenant.today,
            entry: .firstStage)
        let file = try LedgerFile(operation.bytes, mapping: operation.mapping, today: TestTenant.today)
        let chunks = ImportChunk.chunks(of: file.customers)
        try await tenant.write(as: .bulk) { tx, context in try plan.start(file, in: &tx, context) }
        try await tenant.write(as: .bulk) { tx, context in _ = try chunks[0].write(plan, in: &tx, context) }
        await #expect(throws: CutOff.self) {
            try await tenant.write(as: .bulk) { tx, context in
                _ = try chunks[1].write(plan, in: &tx, context)
                throw CutOff()
            }
        }
        #expect(
            try await tenant.count(
                "(select from invoice where tenant_id = $t group by customer_id having count(*) <> 5) x") == 0)
        let report = try await operation.run(on: try tenant.database.database(.bulk), tenant.context())
        #expect(report.record.unchanged == chunks[0].rows.count)
        #expect(report.record.invoicesCreated == 1_500 - chunks[0].rows.count)
        #expect(try await tenant.count("ledger_entry where tenant_id = $t") == 1_500)
    }
}
