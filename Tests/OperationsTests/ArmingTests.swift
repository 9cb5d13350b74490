import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

/// What becomes of due steps before the wire.
@Suite(.database) struct ArmingTests {
    private static let now = TestTenant.now
    private static let euro = Currency("EUR")!

    private static func made() async throws -> (TestTenant, Courier) {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        return (tenant, try Courier(of: tenant))
    }

    /// When the customer's only case takes its next step.
    private static func next(_ customer: ID<Customer>, in tenant: TestTenant) async throws -> String? {
        let found = try await tenant.onlyCase(of: customer)
        return found.nextDueAt.map { "\(found.nextStep ?? "") \(TestTenant.zone.day(of: $0))" }
    }

    // MARK: A commit nobody heard of

    @Test func `armed by a commit whose answer was lost, a message goes back to the gate, and leaves once`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        _ = try await tenant.debtor()
        let claims = try await courier.claim()
        #expect(try await courier.arm(claims).armed.count == 1)
        // The worker did not hear of it, and takes the step for claimed.
        let again = try await courier.arm(claims)
        #expect(again.armed.isEmpty && again.strays == claims.map(\.lease))
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'step' and phase = 2") == 1)
        try await courier.record(again.strays.map { DeliveryReport(lease: $0, attempt: nil, result: .notBegun) })
        #expect(try await courier.deliver().count == 1)
        #expect(try await tenant.count("message where tenant_id = $t and state = 'accepted'") == 1)
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'step' and phase > 0") == 0)
    }

    @Test func `a commit that is still under way is waited for`() async throws {
        let (tenant, courier) = try await Self.made()
        _ = try await tenant.debtor()
        let claims = try await courier.claim()
        let barrier = Barrier()
        var first = courier
        first.pause = { if $0 == .beforeCommit { barrier.hold() } }
        let cutOff = first
        async let unheard = cutOff.arm(claims)
        try await barrier.arrival()
        async let result = courier.arm(claims)
        try await tenant.database.lockWait()
        barrier.release()
        #expect(try await unheard.armed.count == 1)
        #expect(try await result.strays == claims.map(\.lease))
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'step' and phase = 2") == 1)
    }

    // MARK: One message

    @Test func `an armed message is frozen, leased, traced and counted as a contact`() async throws {
        let (tenant, courier) = try await Self.made()
        let (customer, invoice) = try await tenant.debtor()
        let result = try await courier.arm()
        let armed = try #require(result.armed.first)
        let detail = try #require(try await tenant.read { tx, _ in try tx.message(armed.message) })
        #expect(detail.record.state == "sending")
        #expect(detail.record.customer == customer)
        #expect(detail.record.attempts == 1)
        #expect(detail.lines.map(\.invoice) == [invoice])
        #expect(detail.lines.first?.daysOverdue == 10)
        #expect(detail.tries.map(\.outcome) == [nil])
        #expect(detail.tries.map(\.id) == [armed.attempt])
        let text = String(decoding: armed.bytes, as: UTF8.self)
        #expect(text.contains("\(armed.message)@acme.example"))
        #expect(text.contains("$100.00"))
        #expect(armed.recipient == detail.record.address)
        let stored = try await tenant.value("select encode(bytes, 'base64') from message where tenant_id = $t")
        #expect(stored?.filter { !$0.isWhitespace } == Data(armed.bytes).base64EncodedString())
        #expect(try await tenant.count("contact_budget where tenant_id = $t and day = '\(TestTenant.today)'") == 1)
        #expect(try await tenant.count("q.due where tenant_id = $t and phase = 2 and kind = 'step'") == 1)
        let history = try await tenant.read { tx, _ in try tx.stepHistory(of: customer, limit: 1) }
        #expect(history.first?.state == "sending")
        #expect(history.first?.trace.map(\.check).contains("caps") == true)
        #expect(armed.gateway(of: tenant.id.uuid, secrets: TestTenant.secrets, sessions: 4) != nil)
        #expect(armed.gateway(of: UUID(), secrets: TestTenant.secrets, sessions: 4) == nil)
    }

    @Test func `decision 5.2: debts in two currencies go out as one message with both steps`() async throws {
        let (tenant, courier) = try await Self.made()
        let (customer, dollars) = try await tenant.debtor(overdueBy: 10)
        let euros = try await tenant.invoice(of: customer, overdueBy: 20, 70_00, in: Self.euro)
        let claims = try await courier.claim()
        #expect(claims.count == 2)
        let result = try await courier.arm(claims)
        let armed = try #require(result.armed.first)
        #expect(result.armed.count == 1)
        let lines = try await tenant.read { tx, _ in try tx.message(armed.message)?.lines.map(\.invoice) }
        #expect(Set(lines ?? []) == [dollars, euros])
        #expect(
            try await tenant.count("step_run where tenant_id = $t and message_id is not null and state = 'sending'")
                == 2)
        // One row of the queue stands for the whole message.
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'step'") == 1)
        try await courier.record(.accepted, of: [armed], code: 250)
        #expect(try await tenant.count("step_run where tenant_id = $t and state = 'done'") == 2)
        let cases = try await tenant.cases(of: customer)
        #expect(cases.map(\.facts.state.stage) == [1, 1])
        #expect(cases.map(\.facts.state.lastContactDay) == [TestTenant.today, TestTenant.today])
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'step'") == 0)
    }

    @Test func `decision 5.2: a case that would be due tomorrow comes along, a later one does not`() async throws {
        let (tenant, courier) = try await Self.made()
        let (customer, dollars) = try await tenant.debtor(overdueBy: 10)
        // Day 3 is tomorrow, and the day after the holiday.
        let euros = try await tenant.invoice(of: customer, overdueBy: 2, 70_00, in: Self.euro)
        let pounds = try await tenant.invoice(of: customer, overdueBy: 1, 60_00, in: try #require(Currency("GBP")))
        let armed = try await courier.arm().armed
        let message = try #require(armed.first?.message)
        let lines = Set(try await tenant.read { tx, _ in try tx.message(message)?.lines.map(\.invoice) ?? [] })
        #expect(lines == [dollars, euros])
        #expect(!lines.contains(pounds))
        #expect(try await tenant.count("step_run where tenant_id = $t and state = 'planned'") == 1)
    }

    @Test func `decision 5.2: a section that is refused is lost, not the message`() async throws {
        let (tenant, courier) = try await Self.made()
        let (customer, dollars) = try await tenant.debtor(overdueBy: 10)
        try await tenant.invoice(of: customer, overdueBy: 20, 70_00, in: Self.euro)
        let claims = try await courier.claim()
        // Money for the other section comes by a bulk write whose drain has not run yet: its gate waits.
        try await tenant.admin("update enrolment set dirty = true where tenant_id = $t and currency = 'EUR'")
        let result = try await courier.arm(claims)
        let message = try #require(result.armed.first?.message)
        let lines = try await tenant.read { tx, _ in try tx.message(message)?.lines.map(\.invoice) }
        #expect(lines == [dollars])
        #expect(try await tenant.count("step_run where tenant_id = $t and state = 'planned'") == 1)
    }

    // MARK: Caps

    @Test
    func `row two brands, one person: one address hears from all brands together once a day, and not for two days`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let other = try await tenant.addBrand("Borealis")
        let (customer, _) = try await tenant.debtor(email: "ap@bluebird.example")
        try await courier.deliver()
        // The same person under another spelling, at another brand and another customer.
        let again = try await tenant.customer("Bluebird again", email: "AP@Bluebird.example")
        try await tenant.invoice(of: again, overdueBy: 10, brand: other)
        let result = try await courier.arm()
        #expect(result.armed.isEmpty)
        #expect(result.waiting == 1)
        // Thursday is Thanksgiving.
        #expect(try await Self.next(again, in: tenant) == "friendly 2026-11-27")
        #expect(try await tenant.onlyCase(of: customer).stage == 1)
        // What another tenant writes to the same person is none of this one's business.
        let (stranger, theirs) = try await Self.made()
        _ = try await stranger.debtor(email: "ap@bluebird.example")
        #expect(try await theirs.deliver().count == 1)
    }

    @Test func `two customers with one address in one batch: one of them`() async throws {
        let (tenant, courier) = try await Self.made()
        for name in ["Bluebird", "Redstart"] { _ = try await tenant.debtor(name, email: "shared@office.example") }
        let first = try await courier.arm()
        #expect(first.armed.count == 1)
        #expect(first.returned == 1)
        let left = try await tenant.admin(
            "select phase, attempt_no from q.due where tenant_id = $t and kind = 'step' and phase = 0")
        #expect(left == [["0", "0"]])
        let second = try await courier.arm(at: Self.now.adding(minutes: 1))
        #expect(second.armed.isEmpty)
        #expect(second.waiting == 1)
    }

    // MARK: Waiting

    @Test func `outside the window a step waits for its opening`() async throws {
        let (tenant, courier) = try await Self.made()
        let (customer, _) = try await tenant.debtor()
        let evening = try #require(Instant(rfc3339: "2026-11-24T23:30:00Z"))
        #expect(try await courier.arm(at: evening).waiting == 1)
        let opening = try #require(Instant(rfc3339: "2026-11-25T14:00:00Z"))
        #expect(try await tenant.onlyCase(of: customer).nextDueAt == opening)
        // Far off, so back in the cold table; the stager brings it near again.
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'step'") == 0)
        #expect(try await courier.claim(at: opening.adding(minutes: -1)).isEmpty)
        #expect(try await courier.arm(at: opening).armed.count == 1)
    }

    @Test func `a switch that is off lets nothing pass, and takes effect at the next arming`() async throws {
        let (tenant, courier) = try await Self.made()
        let (customer, _) = try await tenant.debtor()
        let claims = try await courier.claim()
        try await tenant.write { tx, context in
            _ = try ChangeTenant(killSwitch: .to(true)).run(in: &tx, context)
        }
        let result = try await courier.arm(claims)
        #expect(result.armed.isEmpty)
        #expect(result.waiting == 1)
        #expect(try await tenant.onlyCase(of: customer).nextDueAt == Self.now.adding(seconds: 60))
        let why = try await tenant.read { tx, context in try Explain.customer(customer, in: &tx, context) }
        #expect(why.next.first?.reason == .tenantSwitch)
        try await tenant.write { tx, context in
            _ = try ChangeTenant(killSwitch: .to(false)).run(in: &tx, context)
        }
        #expect(try await courier.arm(at: Self.now.adding(seconds: 60)).armed.count == 1)
    }

    @Test func `a dirty case waits for its drain`() async throws {
        let (tenant, courier) = try await Self.made()
        let (customer, _) = try await tenant.debtor()
        let claims = try await courier.claim()
        try await tenant.write(as: .bulk) { tx, context in
            try PlanCases.markDirty(customers: [customer], entry: .firstStage, in: &tx, context)
        }
        let result = try await courier.arm(claims)
        #expect(result.armed.isEmpty)
        #expect(result.waiting == 1)
        #expect(try await courier.workInternalLane() >= 1)
        #expect(try await courier.arm(at: Self.now.adding(seconds: 1)).armed.count == 1)
    }

    // MARK: Skipping

    @Test func `without an address the step is passed over, and a person is asked to find one`() async throws {
        let (tenant, courier) = try await Self.made()
        let (customer, _) = try await tenant.debtor(email: nil)
        let result = try await courier.arm()
        #expect(result.skipped == 1)
        let history = try await tenant.read { tx, _ in try tx.stepHistory(of: customer, limit: 5) }
        #expect(history.first { $0.state == "skipped" }?.reason == .noAddress)
        #expect(try await tenant.count("task where tenant_id = $t and kind = 'address' and state = 'open'") == 1)
        // Day 14 is 30 November; the pace of the workflow is kept though nobody was contacted.
        #expect(try await Self.next(customer, in: tenant) == "firm 2026-12-01")
        #expect(try await tenant.onlyCase(of: customer).stage == 0)
    }

    @Test func `who has opted out is not written to`() async throws {
        let (tenant, courier) = try await Self.made()
        let (customer, _) = try await tenant.debtor()
        let claims = try await courier.claim()
        try await tenant.admin("update contact set opted_out = true where tenant_id = $t")
        #expect(try await courier.arm(claims).skipped == 1)
        let history = try await tenant.read { tx, _ in try tx.stepHistory(of: customer, limit: 5) }
        #expect(history.first { $0.state == "skipped" }?.reason == .optedOut)
    }

    @Test func `a bad item does not sink its neighbours`() async throws {
        let (tenant, courier) = try await Self.made()
        let (bad, _) = try await tenant.debtor("Bad")
        _ = try await tenant.debtor("Good")
        let claims = try await courier.claim()
        // An address no mail can be written to, as if it came from an older release.
        try await tenant.admin(
            "update contact set email = 'not an address' where tenant_id = $t and customer_id = '\(bad.uuid)'")
        let result = try await courier.arm(claims)
        #expect(result.armed.count == 1)
        #expect(result.waiting == 1)
        let history = try await tenant.read { tx, _ in try tx.stepHistory(of: bad, limit: 1) }
        #expect(history.first?.trace.last?.passed == false)
    }

    @Test func `a stale lease arms nothing`() async throws {
        let (tenant, courier) = try await Self.made()
        _ = try await tenant.debtor()
        let stale = try await courier.claim()
        try await courier.queue.release(
            stale.map(\.lease), tenant: tenant.id.uuid, worker: courier.worker, runAt: Self.now.timestamp)
        let other = try Courier(of: tenant)
        let fresh = try await other.claim()
        #expect(try await courier.arm(stale).armed.isEmpty)
        #expect(try await tenant.count("message where tenant_id = $t") == 0)
        #expect(try await tenant.count("contact_budget where tenant_id = $t") == 0)
        #expect(try await other.arm(fresh).armed.count == 1)
        // And once more, now that the step is on its way.
        #expect(try await courier.arm(stale).armed.isEmpty)
        #expect(try await tenant.count("message where tenant_id = $t") == 1)
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'step' and phase = 2") == 1)
    }
}
