import Dunning
import Foundation
import Postgres
import Store
import Support
import Testing

@testable import Operations

/// Edge cases of files (`reference/dunning.md` 3.6), each told to its end.
@Suite(.database) struct `Edge cases of imports` {
    private static let now = TestTenant.now

    @Test
    func
        `row backdated import: of a thousand old invoices each customer gets one letter, so many a day, when a person says so`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let set = try ChangeTenant(firstContactsPerDay: .to(25))
        try await tenant.write { tx, context in _ = try set.run(in: &tx, context) }
        // Sixty customers with seventeen invoices each, the oldest forty days overdue.
        var rows = ""
        for number in 0..<1_020 {
            let due = TestTenant.today.adding(-40 + number / 60)
            rows += "c\(number % 60),ap@c\(number % 60).test,i\(number),2026-09-01,\(due),\(number % 7 + 10).00,\n"
        }
        let dry = try ImportFixture(tenant, mode: .dryRun)
        #expect(try await dry.take(rows).record.counts.invoicesCreated == 1_020)
        #expect(try await tenant.count("invoice where tenant_id = $t") == 0)
        let taken = try await ImportFixture(tenant).take(rows)
        #expect(taken.record.counts.invoicesCreated == 1_020 && taken.record.entry == .review, "\(taken.record)")
        // More than fifty customers: nothing leaves before somebody has seen what would.
        #expect(try await courier.live(through: 0) == [])
        #expect(try await tenant.count("enrolment where tenant_id = $t and status = 'pending'") == 60)
        let policy = EntryPolicy.byAgeCapped(2)
        guard
            case .preview(let preview) = try await tenant.write(
                as: .bulk, { tx, context in try Activate(policy: policy).run(in: &tx, context) })
        else { throw TestServer.Unusable("no preview") }
        #expect(preview.customers == 60 && preview.invoices == 1_020)
        #expect(preview.stages.map { "\($0.stage): \($0.cases)" } == ["2: 60"])
        try await tenant.write(as: .bulk) { tx, context in
            _ = try Activate(policy: policy, confirmation: preview.confirmation).run(in: &tx, context)
        }
        for seconds in 0..<3 { try await courier.workInternalLane(at: Self.now.adding(seconds: seconds)) }
        #expect(
            try await tenant.value(
                """
                select string_agg(distinct step_key || ' ' || reason, ', ') from step_run
                where tenant_id = $t and state = 'skipped' and reason = 'before_enrolment'
                """) == "friendly before_enrolment")
        // Tuesday, Wednesday and, after Thanksgiving, Friday.
        #expect(try await courier.live(through: 6) == [0, 1, 3])
        let perDay = try await tenant.admin(
            """
            select count(*)::text from message where tenant_id = $t
            group by (armed_at at time zone 'America/New_York')::date order by min(armed_at)
            """)
        #expect(perDay == [["25"], ["25"], ["10"]])
        let perCustomer = try await tenant.admin(
            """
            select distinct m.count::text, l.count::text from (
                select customer_id, count(*), min(message_id::text)::uuid as message_id from message
                where tenant_id = $t group by customer_id
            ) m join lateral (
                select count(*) from message_line x where x.tenant_id = $t and x.message_id = m.message_id
            ) l on true
            """)
        #expect(perCustomer == [["1", "17"]])
    }

    @Test func `row import replay: the newest word counts in whatever order it comes, and nothing is told twice`()
        async throws
    {
        let header = "cust,mail,inv,issued,due,amount,paid,v\n"
        let old = "c1,ap@one.test,i1,2026-09-01,2026-10-20,100.00,,5\n"
        let new = "c1,ap@one.test,i1,2026-09-01,2026-10-20,80.00,,6\n"
        for order in [[old, new], [new, old], [old, new, old, new, new]] {
            let tenant = try await TestTenant.make(in: .current())
            let courier = try Courier(of: tenant)
            let file = try ImportFixture(tenant, try ImportFixture.mapping([.invoiceVersion: .column("v")]))
            var counts: [ImportCounts] = []
            for rows in order { counts.append(try await file.take(rows, header: header).record.counts) }
            #expect(counts.reduce(0) { $0 + $1.invoicesCreated } == 1)
            // The old word after the new one is older; the new one again is the same.
            let late = order.enumerated().filter { $0.element == old && order[..<$0.offset].contains(new) }.count
            #expect(counts.reduce(0) { $0 + $1.older } == late, "\(counts)")
            let customer = try await tenant.customer(named: "c1")
            #expect(try await courier.live(through: 1) == [0])
            #expect(try await tenant.letters(to: customer).map { $0.lines.map(\.open.minor) } == [[80_00]])
            #expect(try await tenant.value("select sum(amount)::text from ledger_entry where tenant_id = $t") == "8000")
        }
    }
}
