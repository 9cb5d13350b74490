import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

/// What a worker reports that was taken for dead: evidence, and nothing more.
@Suite(.database) struct LateReportTests {
    /// An armed message whose worker is taken for dead: unknown, and out of the queue.
    private static func abandoned(_ tenant: TestTenant) async throws -> (courier: Courier, armed: ArmedMessage) {
        _ = try await tenant.debtor()
        let courier = try Courier(of: tenant)
        let armed = try #require(try await courier.arm().armed.first)
        // As a rescuer does: it knows the lease and nothing else.
        let report = DeliveryReport(lease: armed.lease, attempt: nil, result: .unknown, reply: "the worker died")
        #expect(try await courier.record([report]) == 1)
        return (courier, armed)
    }

    private static func state(_ tenant: TestTenant, _ armed: ArmedMessage) async throws -> String? {
        try await tenant.value(
            "select state from message where tenant_id = $t and message_id = '\(armed.message.uuid)'")
    }

    @Test(arguments: [
        (DeliveryReport.Result.accepted, "accepted"), (.transient(retryAfter: nil), "unknown"),
        (.permanent(suppresses: true), "refused"), (.gatewayRefused, "unknown"), (.notBegun, "unknown"),
        (.unknown, "unknown"),
    ])
    func `what the gateway said settles the message, and it is not sent again`(
        result: DeliveryReport.Result, state: String
    ) async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let (courier, armed) = try await Self.abandoned(tenant)
        let steps = try await tenant.count("q.due where tenant_id = $t and kind = 'step'")
        #expect(try await courier.record(result, of: [armed], code: 250, reply: "said") == 0)
        #expect(try await Self.state(tenant, armed) == state)
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'step'") == steps)
        let isContact = state != "refused"
        #expect(try await tenant.count("contact_budget where tenant_id = $t") == (isContact ? 1 : 0))
        let told = try await tenant.count(
            "audit_event where tenant_id = $t and action = 'message.late_report' and detail->>'state' = '\(state)'")
        #expect(told == (state == "unknown" ? 0 : 1))
        let suppressed = try await tenant.count("contact where tenant_id = $t and suppressed_reason is not null")
        #expect(suppressed == (result == .permanent(suppresses: true) ? 1 : 0))
        // The attempt keeps both: what was believed, and what was true.
        #expect(
            try await tenant.count("attempt where tenant_id = $t and outcome = 'unknown' and late_outcome is not null")
                == (result == .unknown ? 0 : 1))
        #expect(try await courier.arm(at: TestTenant.now.adding(hours: 2)).armed.isEmpty)
    }

    @Test(arguments: [DeliveryReport.Result.notBegun, .transient(retryAfter: nil), .gatewayRefused])
    func `what was never taken over is not assumed to be sent`(result: DeliveryReport.Result) async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let (courier, armed) = try await Self.abandoned(tenant)
        try await courier.record(result, of: [armed])
        try await courier.workInternalLane(at: TestTenant.now.adding(hours: 25))
        #expect(try await Self.state(tenant, armed) == "unknown")
        #expect(try await tenant.count("task where tenant_id = $t and kind = 'unknown' and state = 'open'") == 1)
        let decide = try DecideUnknown(armed.message, .notSent)
        try await tenant.write { tx, context in try decide.run(in: &tx, context) }
        #expect(try await tenant.count("task where tenant_id = $t and kind = 'unknown' and state = 'open'") == 0)
    }

    @Test func `it counts once, and only from the worker that had the attempt`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let (courier, armed) = try await Self.abandoned(tenant)
        let stranger = try Courier(of: tenant)
        try await stranger.record(.permanent(suppresses: true), of: [armed])
        #expect(try await Self.state(tenant, armed) == "unknown")
        try await courier.record(.accepted, of: [armed], code: 250)
        try await courier.record(.permanent(suppresses: true), of: [armed], code: 550)
        #expect(try await Self.state(tenant, armed) == "accepted")
    }

    @Test func `a person's decision settles it as well, once`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let (courier, armed) = try await Self.abandoned(tenant)
        let decide = try DecideUnknown(armed.message, .notSent, note: "the relay has no trace of it")
        try await tenant.write { tx, context in try decide.run(in: &tx, context) }
        #expect(try await Self.state(tenant, armed) == "refused")
        #expect(try await tenant.count("contact_budget where tenant_id = $t") == 0)
        #expect(try await tenant.count("audit_event where tenant_id = $t and action = 'message.decided'") == 1)
        await #expect(throws: Rejection.self) {
            try await tenant.write { tx, context in try decide.run(in: &tx, context) }
        }
        // What the worker says now changes nothing any more.
        try await courier.record(.accepted, of: [armed], code: 250)
        #expect(try await Self.state(tenant, armed) == "refused")
        try await courier.workInternalLane(at: TestTenant.now.adding(hours: 25))
        #expect(try await Self.state(tenant, armed) == "refused")
    }
}
