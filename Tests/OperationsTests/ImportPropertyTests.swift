import Dunning
import Postgres
import Store
import Support
import Testing

@testable import Operations

/// Files of a random ledger, in versions, as they come from a source: in any order.
struct RandomFiles: Sendable {
    enum Kind: Int, CaseIterable, Sendable { case invoices, payments, credits }

    struct File: Sendable {
        let kind: Kind
        let rows: [String]
    }

    private(set) var files: [File] = []

    init(using random: inout SeededGenerator) {
        var rows: [[Kind: [String]]] = [[:], [:], [:]]
        func put(_ kind: Kind, _ row: String, _ delta: Int) { rows[delta][kind, default: []].append(row) }
        for customer in 0..<6 {
            for invoice in 0..<Int.random(in: 1...4, using: &random) {
                let name = "i\(customer)-\(invoice)"
                let issued = Day("2026-09-01")!.adding(Int.random(in: 0...60, using: &random))
                // Each version in another file; what is skipped never came.
                for (version, delta) in [0, 1, 2].shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
                    .enumerated()
                {
                    let due = issued.adding(Int.random(in: 0...30, using: &random))
                    let total = Int.random(in: 1...30, using: &random) * 10
                    put(.invoices, "c\(customer),\(name),\(issued),\(due),\(total).00,\(version + 1)\n", delta)
                }
                for payment in 0..<Int.random(in: 0...2, using: &random) {
                    let day = issued.adding(Int.random(in: -5...20, using: &random))
                    let amount = Int.random(in: 1...25, using: &random) * 10
                    let target = Int.random(in: 0..<8, using: &random) == 0 ? "" : name
                    let row = "c\(customer),\(name)-p\(payment),\(target),\(day),\(amount).00,1\n"
                    for delta in [0, 1, 2].shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random)) {
                        put(.payments, row, delta)
                    }
                }
                if Int.random(in: 0..<4, using: &random) == 0 {
                    let target = Bool.random(using: &random) ? name : ""
                    let amount = Int.random(in: 1...9, using: &random) * 10
                    put(
                        .credits, "c\(customer),\(name)-n,\(target),2026-11-01,\(amount).00,1\n",
                        Int.random(in: 0...2, using: &random))
                }
            }
        }
        for delta in rows {
            for kind in Kind.allCases { files.append(File(kind: kind, rows: delta[kind] ?? [])) }
        }
    }

    static func header(_ kind: Kind) -> String {
        kind == .invoices ? "cust,inv,issued,due,amount,v\n" : "cust,id,target,day,amount,v\n"
    }

    static func mapping(_ kind: Kind) throws -> ImportMapping {
        var sources: [ImportTarget: ImportMapping.Source] = [.customerExternalID: .column("cust")]
        // Every row may make its customer, whichever file comes first.
        sources[.customerName] = .column("cust")
        switch kind {
        case .invoices:
            sources[.contactEmail] = .pattern(ImportMapping.Pattern("{cust}@a.test")!)
            sources[.invoiceExternalID] = .column("inv")
            sources[.invoiceIssueDate] = .column("issued")
            sources[.invoiceDueDate] = .column("due")
            sources[.invoiceAmount] = .column("amount")
            sources[.invoiceVersion] = .column("v")
        case .payments:
            sources[.paymentExternalID] = .column("id")
            sources[.paymentInvoice] = .column("target")
            sources[.paymentValueDate] = .column("day")
            sources[.paymentAmount] = .column("amount")
            sources[.paymentVersion] = .column("v")
        case .credits:
            sources[.creditExternalID] = .column("id")
            sources[.creditInvoice] = .column("target")
            sources[.creditValueDate] = .column("day")
            sources[.creditAmount] = .column("amount")
            sources[.creditVersion] = .column("v")
        }
        return try ImportMapping(sources: sources, defaultCurrency: TestTenant.dollar)
    }
}

@Suite(.database) struct `Files in any order` {
    private static func take(_ files: [RandomFiles.File], into tenant: TestTenant) async throws {
        for file in files where !file.rows.isEmpty {
            var fixture = try ImportFixture(tenant, try RandomFiles.mapping(file.kind))
            fixture.policy = .firstStage
            let taken = try await fixture.take(file.rows.joined(), header: RandomFiles.header(file.kind))
            #expect(taken.record.state == .done && taken.errors == [])
        }
        _ = try await Courier(of: tenant).workInternalLane()
    }

    /// What a person would see: balances, statuses, credit, and what happens next on which day. The minute is spread by the
    /// customer's id, which is another one at each tenant.
    private static func standing(of tenant: TestTenant) async throws -> [[String?]] {
        try await tenant.admin(
            """
            select 'invoice', v.external_id, v.total::text, v.due_date::text, (v.settled_at is not null)::text,
                coalesce((select sum(e.amount) from ledger_entry e
                    where e.tenant_id = $t and e.invoice_id = v.invoice_id), 0)::text
            from invoice v where v.tenant_id = $t
            union all
            select 'credit', c.external_id, sum(p.unallocated)::text, '', '', ''
            from payment p join customer c on c.tenant_id = $t and c.customer_id = p.customer_id
            where p.tenant_id = $t group by c.external_id
            union all
            select 'case', c.external_id, n.status, s.step_key, (s.due_at at time zone 'UTC')::date::text,
                (select i.external_id from invoice i where i.tenant_id = $t and i.invoice_id = n.anchor_invoice_id)
            from enrolment n join customer c on c.tenant_id = $t and c.customer_id = n.customer_id
            left join step_run s on s.tenant_id = $t and s.enrolment_id = n.enrolment_id and s.state = 'planned'
            where n.tenant_id = $t and n.status <> 'exited'
            order by 1, 2, 3
            """)
    }

    @Test func `give the same balances, statuses and next steps, which are those of the standing rule`() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for round in 0..<4 {
            let files = RandomFiles(using: &random).files
            let first = try await TestTenant.make(in: .current())
            try await Self.take(files, into: first)
            let second = try await TestTenant.make(in: .current())
            try await Self.take(files.shuffled(using: &random), into: second)
            let (one, other) = (try await Self.standing(of: first), try await Self.standing(of: second))
            for (left, right) in zip(one, other) { #expect(left == right, "seed \(seed), round \(round)") }
            #expect(one.count == other.count, "seed \(seed), round \(round)")
            // All of it again changes nothing.
            let entries = try await first.count("ledger_entry where tenant_id = $t")
            try await Self.take(files.shuffled(using: &random), into: first)
            #expect(
                try await first.count("ledger_entry where tenant_id = $t") == entries, "seed \(seed), round \(round)")
            // The single operations would book nothing more.
            for tenant in [first, second] {
                let before = try await tenant.count("ledger_entry where tenant_id = $t")
                let ids = try await tenant.admin("select invoice_id::text from invoice where tenant_id = $t")
                let owners = try await tenant.admin("select customer_id::text from customer where tenant_id = $t")
                let invoices = ids.compactMap { $0[0].flatMap { try? ID<Invoice>(postgresText: $0) } }
                let customers = owners.compactMap { $0[0].flatMap { try? ID<Customer>(postgresText: $0) } }
                try await tenant.write { tx, context in
                    try BookAccounts.run(customers: customers, invoices: invoices, in: &tx, context)
                }
                let after = try await tenant.count("ledger_entry where tenant_id = $t")
                #expect(after == before, "seed \(seed), round \(round)")
                #expect(invoices.count > 5)
                let unbooked = try await tenant.count(
                    """
                    payment p where p.tenant_id = $t and p.amount <> coalesce((
                        select -sum(e.amount) from ledger_entry e
                        where e.tenant_id = $t and e.payment_id = p.payment_id), 0)
                    """)
                #expect(unbooked == 0, "seed \(seed), round \(round)")
            }
        }
    }
}
