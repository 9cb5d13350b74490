import Dunning
import Foundation
import Postgres
import Store
import Support
import Testing

@testable import Operations

/// What was decided about rows that contradict one another, and rows below nothing (architecture 5.5), as it is lived.
@Suite(.database) struct `Decisions about files` {
    @Test func `decision 5.5: what a file says in two ways is neither, and money from tomorrow has not come`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let taken = try await ImportFixture(tenant).take(
            """
            c1,ap@one.test,i1,2026-09-01,2026-10-20,100.00,
            c1,ap@one.test,i1,2026-09-01,2026-10-20,90.00,
            c2,ap@two.test,i2,2026-09-01,2026-10-20,50.00,2026-11-25
            c3,ap@three.test,i3,2026-09-01,2026-10-20,70.00,2026-11-24

            """)
        #expect(
            taken.faults == [
                "1 invoice.external_id contradiction", "2 invoice.external_id contradiction",
                "3 payment.value_date payment_in_future",
            ])
        let open = try await tenant.admin(
            """
            select v.external_id, sum(e.amount)::text from invoice v join ledger_entry e using (tenant_id, invoice_id)
            where v.tenant_id = $t group by 1 order by 1
            """)
        #expect(open == [["i2", "5000"], ["i3", "0"]])
    }

    @Test func `decision 5.5: a row below nothing is a credit note where that was declared, and an error elsewhere`()
        async throws
    {
        let rows = """
            c1,ap@one.test,i1,2026-09-01,2026-10-20,100.00,
            c1,ap@one.test,n1,2026-09-10,,-30.00,

            """
        let strict = try await TestTenant.make(in: .current())
        let refused = try await ImportFixture(strict).take(rows)
        #expect(refused.faults == ["2 invoice.amount not_positive"])
        let lenient = try await TestTenant.make(in: .current())
        let mapping = try ImportMapping(sources: try ImportFixture.mapping().sources, negative: .creditNote)
        let taken = try await ImportFixture(lenient, mapping).take(rows)
        #expect(taken.faults == [] && taken.record.counts.creditNotesCreated == 1, "\(taken)")
        for (tenant, left) in [(strict, 100_00), (lenient, 70_00)] as [(TestTenant, Int64)] {
            #expect(try await Courier(of: tenant).live(through: 0) == [0])
            let letter = try #require(try await tenant.letters(to: try await tenant.customer(named: "c1")).first)
            #expect(letter.lines.map(\.open.minor) == [left])
        }
    }
}
