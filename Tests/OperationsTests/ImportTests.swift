import Dunning
import Postgres
import Store
import Support
import Testing

@testable import Operations

@Suite(.database) struct `Importing a ledger` {
    @Test func `good rows go in, bad parts are reported, and the same file again changes nothing`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let file = try ImportFixture(tenant)
        let rows = """
            c1,a@one.test,i1,2026-10-01,2026-11-01,100.00,
            c1,a@one.test,i2,2026-09-01,2026-10-01,50.00,2026-10-20
            c2,nobody,i3,2026-10-01,2026-12-01,30.00,2026-11-25
            c3,c@one.test,i4,2026-10-01,nonsense,20.00,

            """
        let first = try await file.take(rows)
        #expect(first.record.state == .done, "\(first)")
        #expect(first.brief == [4, 3, 3, 1, 0, 3])
        #expect(
            first.faults == [
                "3 contact.email address_not_one_at", "3 payment.value_date payment_in_future",
                "4 invoice.due_date not_a_date",
            ])
        #expect(first.errors.map(\.line) == [4, 4, 5] && first.errors[2].column == "due")
        #expect(first.record.entry == .firstStage)
        #expect(try await tenant.count("contact where tenant_id = $t") == 2)
        #expect(try await tenant.value("select sum(amount)::text from ledger_entry where tenant_id = $t") == "13000")
        #expect(
            try await tenant.value("select external_id from invoice where tenant_id = $t and settled_at is not null")
                == "i2")
        #expect(try await tenant.count("enrolment where tenant_id = $t and dirty") == 2)
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'drain'") == 1)
        #expect(try await tenant.count("import_row where tenant_id = $t") == 0)
        #expect(try await tenant.count("import_piece where tenant_id = $t") == 0)

        let again = try await file.take(rows)
        #expect(again.brief == [4, 0, 0, 0, 2, 3])
        #expect(try await tenant.count("ledger_entry where tenant_id = $t") == 4)
        #expect(try await tenant.count("contact where tenant_id = $t") == 2)
    }
}
