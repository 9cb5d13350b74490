import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

private func ledger(_ property: String) async throws -> RandomLedger {
    let generator = SeededGenerator()
    print("\(property): seed \(generator.seed)")
    return try await RandomLedger(of: TestTenant.make(in: try TestDatabase.current()), using: generator)
}

/// Rollups are never truth: whatever happens, they equal what the entries say.
@Suite(.database) struct `Rollups of the ledger` {
    @Test func `equal recomputation after anything, in whatever portions they are folded`() async throws {
        var ledger = try await ledger("rollups")
        for step in 0..<150 {
            try await ledger.step()
            if step % 7 == 0 { _ = try await ledger.fold(.random(in: 1...40, using: &ledger.generator)) }
            if step % 50 == 49 { try await ledger.expectRightNumbers() }
        }
        #expect(try await ledger.tenant.count("receivable_delta where tenant_id = $t") > 0)
        while try await ledger.fold(1_000) {}
        #expect(try await ledger.tenant.count("receivable_delta where tenant_id = $t") == 0)
        try await ledger.expectRightNumbers()
        #expect(try await ledger.drift() == [])
    }

    @Test func `that are folded in two transactions are caught when one is killed`() async throws {
        var ledger = try await ledger("a careless fold")
        for _ in 0..<5 { try await ledger.step() }
        #expect(try await ledger.drift() == [])
        // The twin takes the deltas away first, and dies before it adds them.
        try await ledger.tenant.admin("delete from receivable_delta where tenant_id = $t")
        #expect(try await ledger.drift() != [])
    }

    @Test func `are folded by several at once beside writers`() async throws {
        var ledger = try await ledger("folds beside writers")
        for _ in 0..<10 { try await ledger.step() }
        let tenant = ledger.tenant
        let isDone = Shared(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    while !isDone.value {
                        _ = try await tenant.write(as: .worker) { tx, context in
                            try KeepRollups.step(in: &tx, context)
                        }
                    }
                }
            }
            for _ in 0..<40 { try await ledger.step() }
            isDone.change { $0 = true }
            try await group.waitForAll()
        }
        #expect(try await ledger.drift() == [])
        try await ledger.expectRightNumbers()
    }

    @Test func `are made anew with other edges, also beside writers`() async throws {
        var ledger = try await ledger("other edges")
        for _ in 0..<20 { try await ledger.step() }
        try await ledger.tenant.admin("update tenant set aging_edges = '{10,20,45}' where tenant_id = $t")
        #expect(try await ledger.tenant.write(as: .worker) { tx, _ in try tx.agingEdges().made } == .standard)
        let tenant = ledger.tenant
        async let made: Void = {
            while try await tenant.write(as: .worker, { tx, context in try KeepRollups.step(in: &tx, context) }) {}
        }()
        for _ in 0..<15 { try await ledger.step() }
        try await made
        ledger.edges = try #require(AgingEdges([10, 20, 45]))
        #expect(try await ledger.drift() == [])
        try await ledger.expectRightNumbers()
    }

    @Test func `follow every operation on money, terms and disputes`() async throws {
        let ledger = try await ledger("operations")
        let tenant = ledger.tenant
        func expectNoDrift(_ what: String) async throws { #expect(try await ledger.drift() == [], "\(what)") }
        let (customer, invoice) = try await tenant.debtor("Steady", overdueBy: 40, 300_00)
        let paid = try await tenant.pay(customer, 100_00, for: [(invoice, 100_00)])
        try await expectNoDrift("a payment")
        let dispute = try await tenant.dispute(invoice, 50_00)
        try await expectNoDrift("a dispute")
        #expect(try await ledger.positions(on: TestTenant.today)[TestTenant.dollar]?.disputed == 50_00)
        try await tenant.write { tx, context in _ = try ResolveDispute(dispute.id, .rejected).run(in: &tx, context) }
        try await expectNoDrift("its end")
        try await tenant.put(invoice, 280_00, dueDate: .to(TestTenant.today.adding(-5)), version: 2)
        try await expectNoDrift("another due date")
        let late = try await ledger.positions(on: TestTenant.today)[TestTenant.dollar]
        #expect(late?.late == [180_00, 0, 0, 0])
        // It was booked today; nothing of it shows in days before.
        #expect(try await ledger.positions(on: TestTenant.today.adding(-1))[TestTenant.dollar]?.open ?? 0 == 0)
        try await tenant.put(
            invoice, 280_00,
            instalments: .to([
                Instalment(dueDate: TestTenant.today.adding(-3), amount: 140_00),
                Instalment(dueDate: TestTenant.today.adding(20), amount: 140_00),
            ]), version: 3)
        try await expectNoDrift("instalments")
        #expect(try await ledger.positions(on: TestTenant.today)[TestTenant.dollar]?.overdue == 40_00)
        try await tenant.reverse(paid.payment.id)
        try await tenant.writeOff(invoice, 30_00)
        try await tenant.credit(customer, 20_00, for: [(invoice, 20_00)])
        try await tenant.pay(customer, 500_00)
        try await expectNoDrift("a reversal, a write-off, a credit note, too much money")
        try await tenant.put(invoice, 280_00, status: .open, version: 4)
        try await expectNoDrift("a statement of the source")
        while try await ledger.fold(100) {}
        try await expectNoDrift("folding")
    }

    @Test func `of a day stay what they are when newer entries come, and change when a late one does`() async throws {
        var ledger = try await ledger("as of a day")
        for _ in 0..<15 { try await ledger.step() }
        let day = RandomLedger.start.adding(100)
        let before = try await ledger.positions(on: day)
        let tenant = ledger.tenant
        let customer = try await tenant.customer()
        let invoice = try await tenant.invoice(of: customer, overdueBy: 3)
        try await tenant.pay(customer, 40_00, for: [(invoice, 40_00)])
        #expect(try await ledger.positions(on: day) == before)
        let key = LedgerKey(customer: customer, brand: tenant.brand, currency: TestTenant.dollar)
        try await ledger.book(
            [Movement(kind: .adjustment, invoice: invoice, amount: 7_00, valueDate: day)], on: key)
        let after = try await ledger.positions(on: day)
        let dollars = TestTenant.dollar
        #expect((after[dollars]?.open ?? 0) - (before[dollars]?.open ?? 0) == 7_00)
        try await ledger.expectRightNumbers()
    }
}

/// In a database of its own, since every connection that folds is cut.
@Suite(.database) struct `Rollups under attack` {
    @Test func `survive a fold that is killed before it commits`() async throws {
        var ledger = try await ledger("killed folds")
        for _ in 0..<3 {
            for _ in 0..<10 { try await ledger.step() }
            await #expect(throws: PostgresError.self) { try await ledger.killedFold() }
            #expect(try await ledger.drift() == [])
            try await ledger.expectRightNumbers()
            _ = try await ledger.fold(5)
        }
    }
}
