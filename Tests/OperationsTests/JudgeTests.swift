import Dunning
import Operations
import Postgres
import Store
import Support
import Testing

/// Promises and plans, looked at when their day and two of grace have passed.
@Suite(.database) struct JudgeTests {
    private static let now = TestTenant.now

    /// Noon, days after today.
    private static func noon(in days: Int) -> Instant { now.adding(days: days) }

    private static func standing(_ promise: ID<Promise>, in tenant: TestTenant) async throws -> PromiseToPay.Standing? {
        try await tenant.read { tx, _ in try tx.promise(promise)?.standing }
    }

    @Test func `a promise is broken once, when its day and grace have passed`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor()
        let promise = try await tenant.promise([invoice], dueIn: 3).id
        for day in 0...5 { try await courier.workInternalLane(at: Self.noon(in: day)) }
        #expect(try await Self.standing(promise, in: tenant) == nil)
        try await courier.workInternalLane(at: Self.noon(in: 6))
        #expect(try await Self.standing(promise, in: tenant) == .broken)
        try await courier.workInternalLane(at: Self.noon(in: 7))
        #expect(try await tenant.audited("promise.broken", of: customer) == 1)
        #expect(try await tenant.asked(customer, at: Self.noon(in: 6)) == 100_00)
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    /// Both are jobs of which a tenant has one: one that waits must not stand in the other's place.
    @Test func `promises are judged while the watch over announcements waits for its time`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor()
        let (_, _) = try await tenant.debtor("Another")
        let change = try ChangeTenant(vetoHours: .to(4))
        try await tenant.write { tx, context in _ = try change.run(in: &tx, context) }
        try await tenant.write { tx, context in _ = try SetSourceAge(of: "bank", hours: 400).run(in: &tx, context) }
        let promise = try await tenant.promise([invoice], dueIn: 3).id
        for day in 0...6 { try await courier.workInternalLane(at: Self.noon(in: day)) }
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'watch'") == 1)
        #expect(try await Self.standing(promise, in: tenant) == .broken)
        #expect(try await tenant.audited("promise.broken", of: customer) == 1)
    }

    @Test(arguments: [(Int64(95_00), PromiseToPay.Standing.kept), (Int64(94_00), .partlyKept), (Int64(0), .broken)])
    func `money in time keeps it, as the rates of kept promises count`(
        received: Int64, expected: PromiseToPay.Standing
    ) async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor()
        let promise = try await tenant.promise([invoice], dueIn: 3).id
        if received > 0 {
            try await tenant.pay(customer, received, for: [(invoice, received)], at: Self.noon(in: 5))
        }
        try await courier.workInternalLane(at: Self.noon(in: 6))
        #expect(try await Self.standing(promise, in: tenant) == expected)
        let events = try await tenant.audited("promise.kept", of: customer)
        #expect(events == (expected == .kept ? 1 : 0))
    }

    @Test func `money a day too late does not keep it, and what closed the invoice some other way does`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (late, first) = try await tenant.debtor("Late")
        let (_, second) = try await tenant.debtor("Closed")
        let broken = try await tenant.promise([first], dueIn: 3).id
        let kept = try await tenant.promise([second], dueIn: 3).id
        try await tenant.pay(late, 99_00, for: [(first, 99_00)], at: Self.noon(in: 6))
        try await tenant.put(second, 100_00, status: .paid, version: 1, at: Self.noon(in: 2))
        try await courier.workInternalLane(at: Self.noon(in: 6))
        #expect(try await Self.standing(broken, in: tenant) == .broken)
        #expect(try await Self.standing(kept, in: tenant) == .kept)
    }

    @Test func `a promise taken back or replaced is never judged`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor()
        let replaced = try await tenant.promise([invoice], dueIn: 1).id
        let withdrawn = try await tenant.promise([invoice], dueIn: 2).id
        try await tenant.write { tx, context in _ = try CancelPromise(withdrawn).run(in: &tx, context) }
        try await courier.workInternalLane(at: Self.noon(in: 9))
        #expect(try await Self.standing(replaced, in: tenant) == nil)
        #expect(try await Self.standing(withdrawn, in: tenant) == nil)
        #expect(try await tenant.audited("promise.broken", of: customer) == 0)
    }

    @Test func `after two broken promises a third one is kept in mind, and pauses nothing`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor()
        var day = 0
        for _ in 0..<2 {
            #expect(try await tenant.promise([invoice], dueIn: 1, at: Self.noon(in: day)).pauses)
            #expect(try await tenant.asked(customer, at: Self.noon(in: day)) == 0)
            day += 4
            try await courier.workInternalLane(at: Self.noon(in: day))
        }
        #expect(try await tenant.audited("promise.broken", of: customer) == 2)
        let third = try await tenant.promise([invoice], dueIn: 1, at: Self.noon(in: day))
        #expect(!third.pauses)
        #expect(try await tenant.asked(customer, at: Self.noon(in: day)) == 100_00)
        // What another customer broke is not held against this one.
        let (_, other) = try await tenant.debtor("Other")
        #expect(try await tenant.promise([other], dueIn: 1).pauses)
    }

    // MARK: Plans

    @Test func `nothing is asked while instalments are paid, and the plan ends as kept`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor()
        let plan = try await tenant.plan([invoice], [(7, 40_00), (37, 60_00)]).id
        #expect(try await tenant.onlyCase(of: customer).nextStep == nil)
        #expect(try await tenant.asked(customer) == 0)
        try await tenant.pay(customer, 40_00, for: [(invoice, 40_00)], at: Self.noon(in: 9))
        try await courier.workInternalLane(at: Self.noon(in: 10))
        let running = try #require(try await tenant.read { tx, _ in try tx.plan(plan) })
        #expect(running.state == .running)
        #expect(running.checkAt == TestTenant.zone.startOfDay(TestTenant.today.adding(40)))
        #expect(try await tenant.asked(customer, at: Self.noon(in: 30)) == 0)
        try await tenant.pay(customer, 60_00, for: [(invoice, 60_00)], at: Self.noon(in: 36))
        try await courier.workInternalLane(at: Self.noon(in: 40))
        #expect(try await tenant.read { tx, _ in try tx.plan(plan)?.state } == .kept)
        #expect(try await tenant.onlyCase(of: customer).status == .exited)
    }

    @Test func `a missed instalment ends the plan once, and the case goes on`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor()
        let plan = try await tenant.plan([invoice], [(7, 40_00), (37, 60_00)]).id
        try await tenant.pay(customer, 10_00, for: [(invoice, 10_00)], at: Self.noon(in: 7))
        try await courier.workInternalLane(at: Self.noon(in: 9))
        #expect(try await tenant.onlyCase(of: customer).nextStep == nil)
        try await courier.workInternalLane(at: Self.noon(in: 10))
        try await courier.workInternalLane(at: Self.noon(in: 11))
        #expect(try await tenant.read { tx, _ in try tx.plan(plan)?.state } == .missed)
        #expect(try await tenant.audited("payment_plan.missed", of: customer) == 1)
        #expect(try await tenant.onlyCase(of: customer).nextStep == "friendly")
        #expect(try await tenant.asked(customer, at: Self.noon(in: 11)) == 90_00)
    }

    @Test func `a plan sums up to what is open, rises in time, and is alone`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (_, invoice) = try await tenant.debtor()
        let (_, foreign) = try await tenant.debtor("Other")
        func refusal(_ invoices: [ID<Invoice>], _ parts: [(inDays: Int, amount: Int64)]) async -> String? {
            do {
                _ = try await tenant.plan(invoices, parts)
                return nil
            } catch Rejection.invalid(let problems) {
                return problems.first.map { "\($0.pointer) \($0.code)" }
            } catch Rejection.forbiddenByState(let code, _) {
                return code
            } catch {
                return "\(error)"
            }
        }
        #expect(await refusal([invoice], [(7, 40_00)]) == "/instalments sum_differs")
        #expect(await refusal([invoice], [(7, 40_00), (7, 60_00)]) == "/instalments/1/due_on not_later")
        #expect(await refusal([invoice], [(-1, 100_00)]) == "/instalments/0/due_on out_of_range")
        #expect(await refusal([invoice, foreign], [(7, 200_00)]) == "/invoices/1 other_account")
        #expect(await refusal([invoice], []) == "/instalments out_of_range")
        let promise = try await tenant.promise([invoice], dueIn: 3).id
        #expect(await refusal([invoice], [(7, 100_00)]) == nil)
        #expect(try await tenant.read { tx, _ in try tx.promise(promise)?.cancellation } == .replaced)
        #expect(await refusal([invoice], [(7, 100_00)]) == "in_plan")
        await #expect(throws: Rejection.self) { try await tenant.promise([invoice], dueIn: 3) }
    }

    @Test func `a plan that was cancelled is asked for again`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, invoice) = try await tenant.debtor()
        let plan = try await tenant.plan([invoice], [(7, 100_00)]).id
        for _ in 0..<2 {
            let ended = try await tenant.write { tx, context in try CancelPlan(plan).run(in: &tx, context) }
            #expect(ended.state == .cancelled)
        }
        #expect(try await tenant.audited("payment_plan.cancelled", of: customer) == 1)
        #expect(try await tenant.onlyCase(of: customer).nextStep == "friendly")
    }
}
