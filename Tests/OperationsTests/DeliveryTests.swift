import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

/// What becomes of messages after the wire.
@Suite(.database) struct DeliveryTests {
    private static let now = TestTenant.now

    private static func made() async throws -> (TestTenant, Courier, ID<Customer>) {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        return (tenant, try Courier(of: tenant), try await tenant.debtor().customer)
    }

    private static func detail(_ armed: [ArmedMessage], in tenant: TestTenant) async throws -> MessageDetail {
        let id = try #require(armed.first?.message)
        return try #require(try await tenant.read { tx, _ in try tx.message(id) })
    }

    private static func step(of customer: ID<Customer>, in tenant: TestTenant) async throws -> StepHistory {
        try #require(
            try await tenant.read { tx, _ in try tx.stepHistory(of: customer, limit: 10).first { $0.key == "friendly" }
            })
    }

    @Test func `accepted: the step is done, the case climbs, and the next step keeps its distance`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        let armed = try await courier.arm().armed
        #expect(try await courier.record(.accepted, of: armed, code: 250, reply: "queued") == 1)
        let detail = try await Self.detail(armed, in: tenant)
        #expect(detail.record.state == "accepted")
        #expect(detail.record.reply == "queued")
        #expect(detail.tries.map(\.outcome) == ["accepted"])
        #expect(detail.tries.map(\.code) == [250])
        #expect(try await Self.step(of: customer, in: tenant).state == "done")
        let found = try await tenant.onlyCase(of: customer)
        #expect(found.stage == 1)
        #expect(found.position == "friendly")
        // Day 14 is Saturday the 28th; a week after this contact is Tuesday.
        #expect(found.nextStep == "firm")
        #expect(found.nextDueAt.map { TestTenant.zone.day(of: $0).description } == "2026-12-01")
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'step'") == 0)
        #expect(try await tenant.count("contact_budget where tenant_id = $t") == 1)
        let actions = try await tenant.admin(
            "select action from audit_event where tenant_id = $t and action like 'message.%' order by 1")
        #expect(actions == [["message.accepted"], ["message.armed"]])
    }

    @Test func `put off by the server: the same message again, later, under another attempt`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        let first = try await courier.arm().armed
        try await courier.record(.transient(retryAfter: nil), of: first, code: 451, reply: "try later")
        #expect(try await Self.detail(first, in: tenant).record.state == "retrying")
        // It was no contact: the day is free again.
        #expect(try await tenant.count("contact_budget where tenant_id = $t") == 0)
        let due = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        #expect((30...60).contains(due.microseconds(since: Self.now) / 1_000_000))
        #expect(try await courier.claim(at: due.adding(seconds: -1)).isEmpty)

        let second = try await courier.arm(at: due).armed
        #expect(second.map(\.message) == first.map(\.message))
        #expect(second.map(\.attempt) != first.map(\.attempt))
        try await courier.record(.accepted, of: second, code: 250, at: due)
        let detail = try await Self.detail(second, in: tenant)
        #expect(detail.record.state == "accepted")
        #expect(detail.tries.map(\.outcome) == ["transient", "accepted"])
        #expect(detail.tries.map(\.number) == [1, 2])
        #expect(try await tenant.onlyCase(of: customer).stage == 1)
    }

    @Test func `the server may ask for more time than we would take`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        try await courier.record(.transient(retryAfter: 3_000), of: try await courier.arm().armed, code: 421)
        let due = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        #expect(due == Self.now.adding(seconds: 3_000))
    }

    @Test func `after eight tries it is over, and a person hears of it`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        var tries = 0
        var now = Self.now
        while tries < 20, let due = try await tenant.onlyCase(of: customer).nextDueAt,
            try await tenant.onlyCase(of: customer).nextStep == "friendly"
        {
            now = max(now, due)
            let armed = try await courier.arm(at: now).armed
            if armed.isEmpty { continue }
            tries += 1
            try await courier.record(.transient(retryAfter: nil), of: armed, code: 451, at: now)
        }
        #expect(tries == 8)
        #expect(try await Self.step(of: customer, in: tenant).reason == .undeliverable)
        #expect(try await tenant.value("select state from message where tenant_id = $t") == "refused")
        #expect(try await tenant.count("task where tenant_id = $t and kind = 'address'") == 1)
        #expect(try await tenant.count("contact where tenant_id = $t and suppressed_reason is not null") == 0)
        #expect(try await tenant.onlyCase(of: customer).nextStep == "firm")
    }

    @Test func `refused for good: the address is suppressed and the case goes on without it`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        let armed = try await courier.arm().armed
        try await courier.record(.permanent(suppresses: true), of: armed, code: 550, reply: "no such user")
        #expect(try await Self.detail(armed, in: tenant).record.state == "refused")
        #expect(try await Self.step(of: customer, in: tenant).reason == .undeliverable)
        #expect(try await tenant.value("select suppressed_reason from contact where tenant_id = $t") == "hard_bounce")
        #expect(try await tenant.count("task where tenant_id = $t and kind = 'address' and state = 'open'") == 1)
        #expect(try await tenant.count("contact_budget where tenant_id = $t") == 0)
        let found = try await tenant.onlyCase(of: customer)
        #expect(found.stage == 0)
        #expect(found.nextStep == "firm")
        #expect(try await courier.arm(at: try #require(found.nextDueAt)).skipped == 1)
    }

    @Test func `a refusal that is not the address's fault suppresses nobody`() async throws {
        let (tenant, courier, _) = try await Self.made()
        try await courier.record(.permanent(suppresses: false), of: try await courier.arm().armed, code: 552)
        #expect(try await tenant.count("contact where tenant_id = $t and suppressed_reason is not null") == 0)
        #expect(try await tenant.value("select state from message where tenant_id = $t") == "refused")
    }

    @Test func `nobody knows: a contact at once, never sent again, and settled after a day`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        let armed = try await courier.arm().armed
        try await courier.record(.unknown, of: armed, reply: "connection lost after the final dot")
        #expect(try await Self.detail(armed, in: tenant).record.state == "unknown")
        #expect(try await tenant.onlyCase(of: customer).stage == 1)
        #expect(try await tenant.count("contact_budget where tenant_id = $t") == 1)
        #expect(try await courier.claim(at: Self.now.adding(days: 1)).isEmpty)
        try await courier.workInternalLane(at: Self.now.adding(hours: 24).adding(seconds: -1))
        #expect(try await Self.detail(armed, in: tenant).record.state == "unknown")
        try await courier.workInternalLane(at: Self.now.adding(hours: 24))
        #expect(try await Self.detail(armed, in: tenant).record.state == "assumed_sent")
        #expect(try await tenant.count("q.due where tenant_id = $t") == 0)
    }

    @Test func `an unknown final notice goes to a person`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        var now = Self.now
        for _ in 0..<2 {
            try await courier.deliver(at: now)
            now = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        }
        #expect(try await tenant.onlyCase(of: customer).nextStep == "final")
        let armed = try await courier.arm(at: now).armed
        #expect(try await Self.detail(armed, in: tenant).record.tier == .final)
        try await courier.record(.unknown, of: armed, at: now)
        try await courier.workInternalLane(at: now.adding(hours: 24))
        #expect(try await Self.detail(armed, in: tenant).record.state == "unknown")
        let tasks = try await tenant.admin("select kind, state from task where tenant_id = $t order by kind")
        // It was the last letter, too: somebody is to call.
        #expect(tasks == [["call", "open"], ["unknown", "open"]])
        #expect(try await tenant.onlyCase(of: customer).status == .exhausted)
    }

    @Test func `evidence that came within the day stands`() async throws {
        let (tenant, courier, _) = try await Self.made()
        let armed = try await courier.arm().armed
        try await courier.record(.unknown, of: armed)
        try await tenant.admin("update message set state = 'accepted' where tenant_id = $t")
        try await courier.workInternalLane(at: Self.now.adding(hours: 24))
        #expect(try await Self.detail(armed, in: tenant).record.state == "accepted")
    }

    @Test func `what never left is gated again at once and costs no attempt`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        for _ in 0..<10 {
            try await courier.record(.notBegun, of: try await courier.arm().armed)
            #expect(try await tenant.count("contact_budget where tenant_id = $t") == 0)
        }
        #expect(try await tenant.value("select attempt_no from q.due where tenant_id = $t and kind = 'step'") == "0")
        #expect(try await tenant.onlyCase(of: customer).nextDueAt == Self.now)
        // The first real refusal is the first of eight.
        let armed = try await courier.arm().armed
        try await courier.record(.transient(retryAfter: nil), of: armed, code: 451)
        #expect(try await Self.detail(armed, in: tenant).record.state == "retrying")
        #expect(try await tenant.count("message where tenant_id = $t") == 1)
        let due = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        #expect((30...60).contains(due.microseconds(since: Self.now) / 1_000_000))
    }

    @Test func `a gateway that refuses us rests, and its messages keep their attempts`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        var now = Self.now
        for _ in 0..<9 {
            let armed = try await courier.arm(at: now).armed
            #expect(armed.count == 1)
            try await courier.record(.gatewayRefused, of: armed, code: 535, reply: "bad password", at: now)
            #expect(try await courier.claim(at: now.adding(minutes: 4)).isEmpty)
            now = now.adding(minutes: 5)
        }
        #expect(
            try await tenant.value("select paused_reason from q.lane where tenant_id = $t and kind = 'mail'")
                == "bad password")
        let armed = try await courier.arm(at: now).armed
        try await courier.record(.transient(retryAfter: nil), of: armed, code: 451, at: now)
        #expect(try await Self.detail(armed, in: tenant).record.state == "retrying")
        #expect(try await tenant.onlyCase(of: customer).nextStep == "friendly")
    }

    @Test func `a message armed again says what is true then, and did not cross the earlier payment`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        let other = try await tenant.invoice(of: customer, overdueBy: 8)
        let armed = try await courier.arm().armed
        let message = try #require(armed.first?.message)
        #expect(try await tenant.pay(customer, 100_00, for: [(other, 100_00)]).answer.messages.map(\.id) == [message])
        #expect(try await Self.detail(armed, in: tenant).record.isCrossed)
        try await courier.record(.transient(retryAfter: 600), of: armed, code: 451, reply: "later")
        let again = try await courier.arm(at: Self.now.adding(seconds: 600)).armed
        #expect(again.map(\.message) == [message])
        let detail = try await Self.detail(again, in: tenant)
        #expect(!detail.lines.map(\.invoice).contains(other))
        #expect(!detail.record.isCrossed)
        #expect(detail.record.settledAt == nil)
        #expect(detail.record.reply == nil)
    }

    @Test func `a report under a lost lease moves nothing, and settles what nobody knew`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        let armed = try await courier.arm().armed
        // The rescue was first: the worker had been silent.
        let lease = try #require(armed.first?.lease)
        try await courier.record([DeliveryReport(lease: lease, attempt: nil, result: .unknown)])
        let before = try await Self.detail(armed, in: tenant)
        #expect(before.record.state == "unknown")
        #expect(before.tries.map(\.outcome) == ["unknown"])
        #expect(try await courier.record(.accepted, of: armed, code: 250) == 0)
        let settled = try await Self.detail(armed, in: tenant)
        #expect(settled.record.state == "accepted")
        #expect(settled.tries == before.tries)
        #expect(try await courier.record(.permanent(suppresses: true), of: armed, code: 550) == 0)
        #expect(try await Self.detail(armed, in: tenant) == settled)
        #expect(try await tenant.count("contact where tenant_id = $t and suppressed_reason is not null") == 0)
        #expect(try await tenant.onlyCase(of: customer).stage == 1)
    }

    @Test func `the ladder ends in a call, and payment takes the call back`() async throws {
        let (tenant, courier, customer) = try await Self.made()
        var now = Self.now
        var days: [String] = []
        while let due = try await tenant.onlyCase(of: customer).nextDueAt, days.count < 5 {
            now = max(now, due)
            #expect(try await courier.deliver(at: now).count == 1)
            days.append(TestTenant.zone.day(of: now).description)
        }
        #expect(days == ["2026-11-24", "2026-12-01", "2026-12-14"])
        let found = try await tenant.onlyCase(of: customer)
        #expect(found.status == .exhausted)
        #expect(found.stage == 3)
        #expect(try await tenant.count("task where tenant_id = $t and kind = 'call' and state = 'open'") == 1)
        try await tenant.pay(customer, 100_00, at: now)
        #expect(try await tenant.count("task where tenant_id = $t and state = 'cancelled'") == 1)
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
    }
}
