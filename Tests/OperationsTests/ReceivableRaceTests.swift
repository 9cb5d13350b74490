import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// What happens to one debt at the same moment: one after the other, whoever is first.
@Suite(.database) struct ReceivableRaceTests {
    /// Runs both at once and says how each ended.
    private static func race(
        _ left: @escaping @Sendable () async throws -> Void, _ right: @escaping @Sendable () async throws -> Void
    ) async -> [String] {
        @Sendable func outcome(_ body: @Sendable () async throws -> Void) async -> String {
            do {
                try await body()
                return "done"
            } catch Rejection.forbiddenByState(let code, _) {
                return code
            } catch Rejection.invalid(let problems) {
                return problems[0].code
            } catch {
                return "\(error)"
            }
        }
        async let first = outcome(left)
        async let second = outcome(right)
        return await [first, second]
    }

    private static func isSound(_ tenant: TestTenant) async throws -> Bool {
        try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == []
    }

    @Test func `a payment is taken back once, however many ask`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        for _ in 0..<6 {
            let (customer, invoice) = try await tenant.debtor()
            let paid = try await tenant.pay(customer, 100_00).payment.id
            let outcomes = await Self.race(
                { try await tenant.reverse(paid) }, { try await tenant.reverse(paid) })
            #expect(outcomes.sorted() == ["done", "payment_reversed"])
            #expect(try await tenant.shown(invoice).open.minor == 100_00)
        }
        #expect(try await Self.isSound(tenant))
    }

    @Test func `a payment against a reversal of another leaves the debt covered once`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        for _ in 0..<6 {
            let (customer, invoice) = try await tenant.debtor()
            let first = try await tenant.pay(customer, 100_00).payment.id
            let outcomes = await Self.race(
                { try await tenant.reverse(first) }, { try await tenant.pay(customer, 100_00) })
            #expect(outcomes == ["done", "done"])
            #expect(try await tenant.shown(invoice).open.minor == 0)
            #expect(try await tenant.credit(of: customer) == 0)
        }
        #expect(try await Self.isSound(tenant))
    }

    @Test func `a write-off against a payment never takes more than there is`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        for _ in 0..<6 {
            let (customer, invoice) = try await tenant.debtor()
            let outcomes = await Self.race(
                { try await tenant.writeOff(invoice) }, { try await tenant.pay(customer, 100_00) })
            #expect(outcomes[1] == "done")
            #expect(["done", "nothing_open"].contains(outcomes[0]))
            // Written off first, the money is credit: it named no invoice.
            #expect(try await tenant.credit(of: customer) == (outcomes[0] == "done" ? 100_00 : 0))
            #expect(try await tenant.shown(invoice).open.minor == 0)
        }
        #expect(try await Self.isSound(tenant))
    }

    /// The twin decides on what it saw before it had the lock.
    @Test func `a write-off that looks before it locks takes what was paid meanwhile, and the doctor says so`()
        async throws
    {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let (customer, invoice) = try await tenant.debtor()
        let barrier = Barrier()
        async let twin: Void = tenant.write { tx, context in
            let open = try tx.standing(of: invoice).balance
            try tx.flush()
            barrier.hold()
            let key = try #require(try tx.invoice(invoice)?.key)
            let entry = Movement(kind: .writeOff, invoice: invoice, amount: -open, valueDate: TestTenant.today)
            let ids = try tx.book([NewEntry(entry, on: key)], at: context.now)
            try tx.restate([invoice], entries: ids, at: context.now)
            try tx.refresh(invoices: [invoice], payments: [], at: context.now)
        }
        try await barrier.arrival()
        try await tenant.pay(customer, 100_00)
        barrier.release()
        try await twin
        let findings = try await tenant.read(as: .bulk) { tx, _ in try tx.findings() }
        #expect(findings.contains { $0.finding == "invoice covered by more than its total" })
    }
}
