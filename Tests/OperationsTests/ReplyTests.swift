import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

/// What people write back.
@Suite(.database) struct ReplyTests {
    private static let phone = "+491701234567"

    private static func made() async throws -> (tenant: TestTenant, courier: Courier, gateway: ID<Gateway>) {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let gateway = try await tenant.textGateway()
        var courier = try Courier(of: tenant)
        courier.lane = gateway.uuid
        return (tenant, courier, gateway)
    }

    private static func write(
        _ text: String, from phone: String = phone, id: String = "i1", to gateway: ID<Gateway>, of tenant: TestTenant
    ) async throws -> GatewayHooks.Result {
        try await tenant.hook(gateway, .inbound, #"{"id": "\#(id)", "from": "\#(phone)", "text": "\#(text)"}"#)
    }

    @Test func `STOP between claim and arm: no text message`() async throws {
        let (tenant, courier, gateway) = try await Self.made()
        let (customer, contact) = try await tenant.debtor(phone: Self.phone)
        let claims = try await courier.claim()
        #expect(claims.count == 1)
        #expect(try await Self.write("Stop.", to: gateway, of: tenant) == .taken)
        let result = try await courier.arm(claims)
        #expect(result.armed.isEmpty)
        #expect(try await tenant.count("message where tenant_id = $t") == 0)
        #expect(
            try await tenant.value("select reason from step_run where tenant_id = $t and state = 'skipped'")
                == "opted_out")
        let shown = try #require(try await tenant.read { tx, _ in try tx.contact(contact) })
        #expect(shown.phoneSuppressedReason == "opt_out")
        #expect(try await tenant.onlyCase(of: customer).nextStep == "firm", "by mail the case goes on")
    }

    @Test func `START lifts it, and a report that comes twice counts once`() async throws {
        let (tenant, courier, gateway) = try await Self.made()
        #expect(try await Self.write("STOP", id: "a", to: gateway, of: tenant) == .taken)
        #expect(try await Self.write("START", id: "b", to: gateway, of: tenant) == .taken)
        #expect(try await Self.write("STOP", id: "a", to: gateway, of: tenant) == .repeated)
        // Whoever gets the number later is free of what was lifted.
        _ = try await tenant.debtor(phone: Self.phone)
        #expect(try await courier.arm().armed.count == 1)
    }

    @Test func `STOP holds for whoever has the number, at every customer`() async throws {
        let (tenant, courier, gateway) = try await Self.made()
        for _ in 0..<3 { _ = try await tenant.debtor(phone: Self.phone) }
        _ = try await tenant.debtor(phone: "+14155550199")
        #expect(try await Self.write("unsubscribe", to: gateway, of: tenant) == .taken)
        let result = try await courier.arm()
        #expect(result.armed.map(\.recipient) == ["+14155550199"])
        #expect(result.skipped == 3)
    }

    @Test func `anything else rests the customer's cases for three business days and asks a person to read it`()
        async throws
    {
        let (tenant, courier, gateway) = try await Self.made()
        let (customer, _) = try await tenant.debtor(phone: Self.phone)
        let claims = try await courier.claim()
        #expect(try await Self.write("Ich zahle morgen", to: gateway, of: tenant) == .taken)
        #expect(try await courier.arm(claims).armed.isEmpty)
        let task = try await tenant.admin("select kind, script from task where tenant_id = $t")
        #expect(task == [["reply", "Ich zahle morgen"]])
        let shown = try await tenant.read { tx, _ in
            try tx.tasks(Page(count: 5), TaskFilter(state: .open, customer: customer))
        }
        #expect(shown.map(\.kind) == [.reply])
        let hold = try #require(try await tenant.read { tx, _ in try tx.holds(Page(count: 5), of: customer).first })
        #expect(hold.reason == "reply")
        // Tuesday; Thursday is Thanksgiving, so three business days are Wednesday, Friday and Monday.
        #expect(hold.until.map { TestTenant.zone.day(of: $0).description } == "2026-11-30")
    }

    @Test func `a stranger's message is kept and disturbs nobody; one from no number is refused`() async throws {
        let (tenant, _, gateway) = try await Self.made()
        #expect(try await Self.write("hello", from: "+33612345678", to: gateway, of: tenant) == .taken)
        #expect(try await Self.write("hello", from: "Bank", id: "x", to: gateway, of: tenant) == .refused(.unreadable))
        #expect(try await tenant.count("inbound_text where tenant_id = $t") == 1)
        #expect(try await tenant.count("task where tenant_id = $t") == 0)
    }

    /// Each number says STOP while its message is being armed. Once STOP is committed and nothing is armed, nothing may be.
    private static func race(gate: @escaping ArmBatch.Gatekeeper) async throws -> (late: Int, stopped: Int, sent: Int) {
        let (tenant, courier, gateway) = try await made()
        var gated = courier
        gated.gate = gate
        var numbers: [(phone: String, customer: ID<Customer>)] = []
        for number in 0..<24 {
            let phone = "+4917000000\(number < 10 ? "0" : "")\(number)"
            numbers.append((phone, try await tenant.debtor(phone: phone).customer))
        }
        let claims = try await courier.claim()
        let unarmed = Shared<Set<ID<Customer>>>([])
        let (runner, all) = (gated, numbers)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for claim in claims.shuffled() { _ = try await runner.arm([claim]) }
            }
            group.addTask {
                for (index, entry) in all.shuffled().enumerated() {
                    _ = try await write("STOP", from: entry.phone, id: "s\(index)", to: gateway, of: tenant)
                    let armed = try await tenant.count(
                        "message where tenant_id = $t and customer_id = '\(entry.customer.uuid)'")
                    if armed == 0 { unarmed.change { _ = $0.insert(entry.customer) } }
                }
            }
            try await group.waitForAll()
        }
        // What waited for a lock is gated again.
        _ = try await runner.arm(at: TestTenant.now.adding(minutes: 2))
        var late = 0
        let stopped = unarmed.value
        for customer in stopped {
            late += try await tenant.count("message where tenant_id = $t and customer_id = '\(customer.uuid)'")
        }
        return (late, stopped.count, try await tenant.count("message where tenant_id = $t"))
    }

    @Test func `STOP against arming: never a text message after it`() async throws {
        var (stopped, sent) = (0, 0)
        for _ in 0..<3 {
            let run = try await Self.race { Gate.verdict(for: $0, given: $1, now: $2) }
            #expect(run.late == 0)
            stopped += run.stopped
            sent += run.sent
        }
        print("STOP came before \(stopped) of 72 messages were armed, and after \(sent)")
        #expect(stopped > 0)
    }

    @Test func `the twin that gates by what it knew when it claimed is caught`() async throws {
        var (late, stopped) = (0, 0)
        for _ in 0..<3 where late == 0 {
            let run = try await Self.race { step, facts, now in
                var old = facts
                old.contacts = facts.contacts.map {
                    Reachable(id: $0.id, name: $0.name, email: $0.email, key: $0.key, phone: $0.phone, zone: $0.zone)
                }
                return Gate.verdict(for: step, given: old, now: now)
            }
            late += run.late
            stopped += run.stopped
        }
        print("the twin sent \(late) of \(stopped) messages after their STOP")
        #expect(late > 0)
    }
}
