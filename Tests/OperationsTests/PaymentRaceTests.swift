import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Payments against payments. Payments against messages are in `BarrierTests`.
@Suite(.database) struct PaymentRaceTests {
    private static func covered(_ tenant: TestTenant) async throws -> [String?] {
        try await tenant.admin(
            """
            select (
                select -sum(amount) from ledger_entry
                where tenant_id = $t and payment_id is not null and invoice_id is not null),
                (select sum(unallocated) from payment where tenant_id = $t),
                (select count(*) from invoice where tenant_id = $t and settled_at is not null)
            """)[0]
    }

    @Test(arguments: [true, false])
    func `payments at once never cover more than there is`(hasCase: Bool) async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let customer = try await tenant.customer()
        for number in 0..<3 {
            // Without a due date there is no case, and so no lock on one.
            let record = try RecordInvoice(
                externalID: "I-\(number)", customer: customer, dueDate: hasCase ? TestTenant.today.adding(-5) : nil,
                total: Money(minor: 100_00, currency: TestTenant.dollar))
            try await tenant.write { tx, context in _ = try record.run(in: &tx, context) }
        }
        #expect(try await tenant.read { tx, _ in try tx.cases(of: customer) }.count == (hasCase ? 1 : 0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try await tenant.pay(customer, 60_00) } }
            try await group.waitForAll()
        }
        #expect(try await Self.covered(tenant) == ["30000", "18000", "3"])
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    @Test func `two sources that name the same invoice cannot both have it`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let (customer, invoice) = try await tenant.debtor()
        let outcomes = await withTaskGroup(of: String.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    do {
                        try await tenant.pay(customer, 80_00, for: [(invoice, 80_00)])
                        return "paid"
                    } catch Rejection.invalid(let problems) {
                        return problems[0].code
                    } catch {
                        return "\(error)"
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted()
        }
        #expect(outcomes == ["exceeds_open", "exceeds_open", "exceeds_open", "paid"])
        #expect(try await Self.covered(tenant) == ["8000", "0", "0"])
    }

    @Test func `invoices and payments at once leave books that agree`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let customer = try await tenant.customer()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<5 {
                group.addTask { try await tenant.invoice(of: customer, overdueBy: number, 100_00) }
                group.addTask { try await tenant.pay(customer, 90_00) }
            }
            try await group.waitForAll()
        }
        let owed = try await tenant.value("select sum(amount) from ledger_entry where tenant_id = $t")
        #expect(owed == "5000")
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
        // Whoever came first: no invoice is open beside credit that could cover it.
        #expect(try await Self.covered(tenant)[0...1] == ["45000", "0"])
    }
}
