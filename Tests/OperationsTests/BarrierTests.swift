import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

/// The promise of the case lock: no message passes its gate after the payment is committed, and one that passed before is
/// flagged and named in the payment's answer.
@Suite(.database) struct BarrierTests {
    private static func tenant() async throws -> TestTenant {
        try await TestTenant.make(in: try TestDatabase.current())
    }

    /// A message went wrong when it lists an invoice that was paid before it was armed, and nobody was told.
    private static func broken(_ message: ID<Message>, _ paid: TestTenant.Paid, in tenant: TestTenant) async throws
        -> Bool
    {
        let detail = try #require(try await tenant.read { tx, _ in try tx.message(message) })
        let covered = Set(paid.payment.shares.map(\.invoice))
        let isListed = detail.lines.contains { covered.contains($0.invoice) }
        let isTold = paid.answer.messages.contains { $0.id == message } && detail.record.isCrossed
        return isListed && !isTold
    }

    @Test func `paid between claim and lock: nothing is sent`() async throws {
        let tenant = try await Self.tenant()
        let (customer, _) = try await tenant.debtor()
        let barrier = Barrier()
        var courier = try Courier(of: tenant)
        let claims = try await courier.claim()
        courier.pause = { if $0 == .beforeLock { barrier.hold() } }
        let worker = courier
        async let result = worker.arm(claims)
        try await barrier.arrival()
        let paid = try await tenant.pay(customer, 100_00)
        barrier.release()
        #expect(try await result.armed.isEmpty)
        #expect(paid.answer.messages.isEmpty)
        #expect(try await tenant.count("message where tenant_id = $t") == 0)
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'step'") == 0)
    }

    @Test func `armed first: the payment waits for the lock, then names the message`() async throws {
        let tenant = try await Self.tenant()
        let (customer, _) = try await tenant.debtor()
        let barrier = Barrier()
        var courier = try Courier(of: tenant)
        let claims = try await courier.claim()
        courier.pause = { if $0 == .beforeCommit { barrier.hold() } }
        let worker = courier
        async let result = worker.arm(claims)
        try await barrier.arrival()
        async let payment = tenant.pay(customer, 100_00)
        try await tenant.database.lockWait()
        barrier.release()
        let (armed, paid) = (try await result.armed, try await payment)
        let message = try #require(armed.first?.message)
        #expect(paid.answer.messages.map(\.id) == [message])
        #expect(paid.answer.messages.map(\.state) == ["crossed"])
        let detail = try await tenant.read { tx, _ in try tx.message(message) }
        #expect(detail?.record.isCrossed == true)
        // It was on the wire: its outcome ends the step, and the case.
        try await courier.record(.accepted, of: armed, code: 250)
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
    }

    @Test func `the facts are read after the lock, not before it`() async throws {
        let tenant = try await Self.tenant()
        _ = try await tenant.debtor()
        let barrier = Barrier()
        var courier = try Courier(of: tenant)
        let claims = try await courier.claim()
        courier.pause = { if $0 == .afterLock { barrier.hold() } }
        let worker = courier
        async let result = worker.arm(claims)
        try await barrier.arrival()
        // Behind the lock's back, as only a superuser can.
        try await tenant.admin("update contact set opted_out = true where tenant_id = $t")
        barrier.release()
        #expect(try await result.armed.isEmpty)
        #expect(try await result.skipped == 1)
    }

    @Test func `a crossed message that the server put off is never tried again`() async throws {
        let tenant = try await Self.tenant()
        let (customer, _) = try await tenant.debtor()
        let courier = try Courier(of: tenant)
        let armed = try await courier.arm().armed
        let paid = try await tenant.pay(customer, 100_00)
        #expect(paid.answer.messages.map(\.state) == ["crossed"])
        try await courier.record(.transient(retryAfter: nil), of: armed, code: 451)
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
        #expect(try await tenant.value("select state from message where tenant_id = $t") == "withdrawn")
        #expect(try await courier.claim(at: TestTenant.now.adding(hours: 2)).isEmpty)
    }

    @Test func `a case that a payment is changing is left for a second`() async throws {
        let tenant = try await Self.tenant()
        let (customer, _) = try await tenant.debtor()
        let courier = try Courier(of: tenant)
        let claims = try await courier.claim()
        let barrier = Barrier()
        async let holder: Void = tenant.write { tx, _ in
            try PlanCases.lock(customers: [customer], in: &tx)
            try tx.flush()
            barrier.hold()
        }
        try await barrier.arrival()
        let result = try await courier.arm(claims)
        barrier.release()
        try await holder
        #expect(result.returned == 1)
        #expect(result.armed.isEmpty)
        let later = TestTenant.now.adding(seconds: 1)
        let row = try await tenant.admin(
            "select phase, attempt_no, run_at = '\(later)' from q.due where tenant_id = $t and kind = 'step'")
        #expect(row == [["0", "0", "t"]])
        #expect(try await courier.arm(at: later).armed.count == 1)
    }

    @Test func `whoever comes first, no paid invoice is asked for without a word`() async throws {
        let tenant = try await Self.tenant()
        let courier = try Courier(of: tenant)
        var generator = SeededGenerator()
        var (crossed, stopped, broken) = (0, 0, 0)
        for _ in 0..<25 {
            let (customer, _) = try await tenant.debtor()
            let claims = try await courier.claim()
            let (first, second) = (Int.random(in: 0...3, using: &generator), Int.random(in: 0...3, using: &generator))
            async let arming = {
                try await Task.sleep(for: .milliseconds(first))
                return try await courier.arm(claims)
            }()
            async let paying = {
                try await Task.sleep(for: .milliseconds(second))
                return try await tenant.pay(customer, 100_00)
            }()
            let (result, paid) = (try await arming, try await paying)
            if let armed = result.armed.first {
                crossed += 1
                if try await Self.broken(armed.message, paid, in: tenant) { broken += 1 }
                try await courier.record(.accepted, of: result.armed, code: 250)
            } else {
                stopped += 1
                // Given back because the payment held the case: the next look finds nothing to ask for.
                let later = TestTenant.now.adding(seconds: 2)
                #expect(try await courier.arm(at: later).armed.isEmpty)
            }
        }
        #expect(broken == 0)
        print(
            "payment against message: \(crossed) crossed and named, \(stopped) stopped, \(broken) broken, seed \(generator.seed)"
        )
    }

    @Test func `a gate that ignores what is collectable is caught`() async throws {
        let tenant = try await Self.tenant()
        let customer = try await tenant.customer()
        let first = try await tenant.invoice(of: customer, overdueBy: 12)
        try await tenant.invoice(of: customer, overdueBy: 10)
        let stale = try #require(try await tenant.cases(of: customer).first?.facts.invoices)
        #expect(stale.count == 2)
        var courier = try Courier(of: tenant)
        let paid = try await tenant.pay(customer, 100_00, for: [(first, 100_00)])
        // It decides on what was open before the payment.
        courier.gate = { step, facts, now in
            var facts = facts
            facts.invoices = stale
            return Gate.verdict(for: step, given: facts, now: now)
        }
        let twin = try #require(try await courier.arm().armed.first)
        #expect(try await Self.broken(twin.message, paid, in: tenant))
    }

    @Test func `the real gate lists only what is left`() async throws {
        let tenant = try await Self.tenant()
        let customer = try await tenant.customer()
        let first = try await tenant.invoice(of: customer, overdueBy: 12)
        let second = try await tenant.invoice(of: customer, overdueBy: 10)
        let courier = try Courier(of: tenant)
        let claims = try await courier.claim()
        let paid = try await tenant.pay(customer, 100_00, for: [(first, 100_00)])
        let armed = try await courier.arm(claims).armed + (try await courier.arm().armed)
        let message = try #require(armed.first?.message)
        #expect(armed.count == 1)
        #expect(try await Self.broken(message, paid, in: tenant) == false)
        let lines = try await tenant.read { tx, _ in try tx.message(message)?.lines.map(\.invoice) }
        #expect(lines == [second])
    }
}
