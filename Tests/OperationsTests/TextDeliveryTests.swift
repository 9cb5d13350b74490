import Dunning
import Foundation
import Gateways
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

/// Text messages from their step to their receipt, without a wire.
@Suite(.database) struct TextDeliveryTests {
    private static let phone = "+491701234567"

    private static func made(
        fallback: Step.Fallback? = nil
    ) async throws -> (tenant: TestTenant, courier: Courier, gateway: ID<Gateway>) {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let gateway = try await tenant.textGateway(fallback: fallback)
        var courier = try Courier(of: tenant)
        courier.lane = gateway.uuid
        return (tenant, courier, gateway)
    }

    private static func state(_ armed: [ArmedMessage], in tenant: TestTenant) async throws -> MessageRecord {
        let id = try #require(armed.first?.message)
        return try #require(try await tenant.read { tx, _ in try tx.message(id) }).record
    }

    @Test func `a step by text is written in one part, to the number, through the lane of its gateway`() async throws {
        let (tenant, courier, gateway) = try await Self.made()
        _ = try await tenant.debtor(phone: "+49 170 1234567")
        let armed = try await courier.arm().armed
        let one = try #require(armed.first)
        #expect(one.channel == .sms && one.recipient == Self.phone)
        #expect(String(decoding: one.bytes, as: UTF8.self) == "Acme: $100.00 is overdue. Reply STOP to stop.")
        let text = one.text(of: tenant.id.uuid, secrets: TestTenant.secrets, base: "https://r")
        #expect(
            text.callbackURL.hasPrefix("https://r/in/sms/") && text.callbackURL.hasSuffix("/receipt?ref=\(one.attempt)")
        )
        #expect(one.textGateway(of: tenant.id.uuid, secrets: TestTenant.secrets, sessions: 4)?.id == gateway.uuid)
        try await courier.record(
            [
                DeliveryReport(lease: one.lease, attempt: one.attempt, result: .accepted, code: 202, providerID: "m1")
            ])
        let record = try await Self.state(armed, in: tenant)
        #expect(record.state == "accepted" && record.channel == "sms" && record.gateway == gateway)
        #expect(try await tenant.value("select provider_id from attempt where tenant_id = $t") == "m1")
        #expect(try await tenant.count("contact_budget where tenant_id = $t and address_key = '\(Self.phone)'") == 1)
    }

    @Test func `a person spoken to by text is spoken to by mail as well, as far as the caps go`() async throws {
        let (tenant, courier, _) = try await Self.made()
        _ = try await tenant.debtor(phone: Self.phone, email: "a@bluebird.example")
        _ = try await courier.deliver()
        let keys = try await tenant.admin("select address_key from contact_budget where tenant_id = $t order by 1")
        #expect(keys == [[Self.phone], ["a@bluebird.example"]])
        // Somebody else's case with the same mail address, by text to another number: not today.
        _ = try await tenant.debtor(phone: "+14155550199", email: "a@bluebird.example")
        let second = try await courier.arm()
        #expect(second.armed.isEmpty && second.waiting == 1)
    }

    @Test func `without a number the step goes by mail, through the mail gateway, and says why`() async throws {
        let (tenant, courier, gateway) = try await Self.made(fallback: .channel(.email))
        let (customer, _) = try await tenant.debtor(phone: nil, email: "a@bluebird.example")
        #expect(try await courier.arm().armed.isEmpty, "it was planned for the lane it takes")
        let mails = try await Courier(of: tenant).deliver()
        #expect(mails.first?.channel == .email)
        let trace = try await tenant.value("select trace::text from step_run where tenant_id = $t and state = 'done'")
        #expect(trace?.contains("has no address for sms; by email instead") == true)
        // A number that comes later is used by the next step that wants one.
        #expect(try await tenant.onlyCase(of: customer).stage == 1)
        #expect(try await tenant.count("step_run where tenant_id = $t and lane_id = '\(gateway.uuid)'") == 0)
    }

    @Test func `without a number and without a fallback the step is skipped, and a person finds out`() async throws {
        let (tenant, courier, _) = try await Self.made()
        _ = try await tenant.debtor(phone: nil, email: "a@bluebird.example")
        #expect(try await courier.arm().skipped == 1)
        #expect(
            try await tenant.value("select reason from step_run where tenant_id = $t and state = 'skipped'")
                == "no_address")
        #expect(try await tenant.count("task where tenant_id = $t and kind = 'address'") == 1)
    }

    @Test func `refused for good, the same step goes on by its fallback with a message of its own`() async throws {
        let (tenant, courier, _) = try await Self.made(fallback: .channel(.email))
        let (customer, _) = try await tenant.debtor(phone: Self.phone, email: "a@bluebird.example")
        let texts = try await courier.arm().armed
        try await courier.record(.permanent(suppresses: true), of: texts, code: 400, reply: "21614")
        #expect(try await Self.state(texts, in: tenant).state == "refused")
        #expect(try await tenant.value("select reason from suppression where tenant_id = $t") == "hard_bounce")
        let mails = try await Courier(of: tenant).deliver()
        #expect(mails.count == 1 && mails.first?.message != texts.first?.message)
        #expect(try await tenant.onlyCase(of: customer).stage == 1)
        #expect(try await tenant.count("task where tenant_id = $t and kind = 'address'") == 0)
    }

    @Test func `refused for good without a fallback, the step is undeliverable`() async throws {
        let (tenant, courier, _) = try await Self.made()
        _ = try await tenant.debtor(phone: Self.phone, email: "a@bluebird.example")
        try await courier.record(.permanent(suppresses: true), of: try await courier.arm().armed)
        #expect(
            try await tenant.value("select reason from step_run where tenant_id = $t and state = 'skipped'")
                == "undeliverable")
        #expect(try await tenant.count("task where tenant_id = $t and kind = 'address'") == 1)
    }

    @Test func `longer than the gateway sends, the text waits for somebody to shorten it`() async throws {
        let (tenant, courier, _) = try await Self.made()
        try await tenant.admin(
            "update template_version set sms_body = repeat('a', 500) where tenant_id = $t and sms_body is not null")
        _ = try await tenant.debtor(phone: Self.phone)
        #expect(try await courier.arm().waiting == 1)
        #expect(
            try await tenant.value("select trace::text from step_run where tenant_id = $t")?.contains("4 parts") == true
        )
    }
}

/// What gateways report, whenever they do.
@Suite(.database) struct ReceiptTests {
    private static let phone = "+491701234567"

    private static func armed() async throws -> (
        tenant: TestTenant, courier: Courier, gateway: ID<Gateway>, one: ArmedMessage
    ) {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let gateway = try await tenant.textGateway()
        var courier = try Courier(of: tenant)
        courier.lane = gateway.uuid
        _ = try await tenant.debtor(phone: Self.phone)
        let one = try #require(try await courier.arm().armed.first)
        return (tenant, courier, gateway, one)
    }

    private static func message(_ tenant: TestTenant, _ one: ArmedMessage) async throws -> MessageRecord {
        try #require(try await tenant.read { tx, _ in try tx.message(one.message) }).record
    }

    @Test func `an unknown outcome is settled by any report of the gateway`() async throws {
        let (tenant, courier, gateway, one) = try await Self.armed()
        try await courier.record(.unknown, of: [one], reply: "500")
        #expect(try await Self.message(tenant, one).state == "unknown")
        let sent = #"{"id": "m1", "reference": "\#(one.attempt)", "status": "delivered"}"#
        #expect(try await tenant.hook(gateway, .receipt, sent) == .taken)
        let record = try await Self.message(tenant, one)
        #expect(record.state == "accepted" && record.delivery == "delivered")
        // The job that would have decided a day later finds nothing to decide.
        _ = try await courier.workInternalLane(at: TestTenant.now.adding(hours: 25))
        #expect(try await Self.message(tenant, one).state == "accepted")
    }

    @Test func `a report that comes before the outcome is recorded settles it all the same`() async throws {
        let (tenant, courier, gateway, one) = try await Self.armed()
        #expect(try await tenant.hook(gateway, .receipt, #"{"status": "sent"}"#, ref: one.attempt) == .taken)
        #expect(try await Self.message(tenant, one).state == "sending")
        try await courier.record(.unknown, of: [one], reply: "the connection broke")
        let record = try await Self.message(tenant, one)
        #expect(record.state == "accepted" && record.delivery == "sent")
        #expect(try await tenant.count("audit_event where tenant_id = $t and action = 'message.settled'") == 1)
    }

    @Test func `a report under the gateway's own id finds its message, early and late`() async throws {
        let (tenant, courier, gateway, one) = try await Self.armed()
        #expect(try await tenant.hook(gateway, .receipt, #"{"id": "m7", "status": "sent"}"#) == .taken)
        try await courier.record(
            [DeliveryReport(lease: one.lease, attempt: one.attempt, result: .accepted, code: 202, providerID: "m7")])
        #expect(try await Self.message(tenant, one).delivery == "sent")
        #expect(try await tenant.hook(gateway, .receipt, #"{"id": "m7", "status": "delivered"}"#) == .taken)
        #expect(try await Self.message(tenant, one).delivery == "delivered")
    }

    @Test func `reports come twice and in any order, and what ended stays as it ended`() async throws {
        let (tenant, courier, gateway, one) = try await Self.armed()
        try await courier.record(.accepted, of: [one], code: 202)
        for (state, result, delivery) in [
            ("delivered", GatewayHooks.Result.taken, "delivered"), ("delivered", .repeated, "delivered"),
            ("sent", .taken, "delivered"), ("sent", .repeated, "delivered"), ("failed", .taken, "delivered"),
        ] {
            #expect(try await tenant.hook(gateway, .receipt, #"{"status": "\#(state)"}"#, ref: one.attempt) == result)
            #expect(try await Self.message(tenant, one).delivery == delivery)
        }
        // It was delivered, so it was a contact, whatever is said later.
        #expect(try await tenant.count("contact_budget where tenant_id = $t") == 1)
    }

    @Test func `what nobody got was no contact, and a dead number is left alone`() async throws {
        let (tenant, courier, gateway, one) = try await Self.armed()
        try await courier.record(.accepted, of: [one], code: 202)
        let failed = #"{"status": "failed", "error": "invalid_number"}"#
        #expect(try await tenant.hook(gateway, .receipt, failed, ref: one.attempt) == .taken)
        #expect(try await Self.message(tenant, one).delivery == "failed")
        #expect(try await tenant.count("contact_budget where tenant_id = $t") == 0)
        #expect(try await tenant.value("select reason from suppression where tenant_id = $t") == "hard_bounce")
        #expect(try await tenant.count("task where tenant_id = $t and kind = 'address'") == 1)
    }

    @Test func `a forged report changes nothing and is counted`() async throws {
        let (tenant, courier, gateway, one) = try await Self.armed()
        try await courier.record(.unknown, of: [one])
        let sent = #"{"status": "delivered"}"#
        for _ in 0..<3 {
            let result = try await tenant.hook(gateway, .receipt, sent, ref: one.attempt, signedBy: "guess")
            #expect(result == .refused(.forged))
        }
        #expect(try await Self.message(tenant, one).state == "unknown")
        #expect(
            try await tenant.value("select refused_hooks from gateway where tenant_id = $t and kind = 'sms'") == "3")
        #expect(try await tenant.count("receipt where tenant_id = $t") == 0)
        #expect(try await tenant.hook(gateway, .receipt, "{}") == .refused(.unreadable))
        #expect(
            try await tenant.hook(tenant.gateway, .receipt, sent) == .refused(.unknown),
            "a mail gateway reports nothing")
    }

    @Test func `a report about a message of another tenant, or of no message, finds none`() async throws {
        let (tenant, courier, _, one) = try await Self.armed()
        try await courier.record(.unknown, of: [one])
        let other = try await TestTenant.make(in: tenant.database, named: "Other")
        let theirs = try await other.textGateway()
        #expect(try await other.hook(theirs, .receipt, #"{"status": "delivered"}"#, ref: one.attempt) == .taken)
        #expect(try await Self.message(tenant, one).state == "unknown")
    }

    @Test func `a token of another key, tenant or gateway opens nothing`() throws {
        let tenant = ID<Dunning.Tenant>.make(at: TestTenant.now), gateway = ID<Gateway>.make(at: TestTenant.now)
        let token = HookToken(tenant: tenant, gateway: gateway, secrets: TestTenant.secrets)
        #expect(HookToken(token.text, secrets: TestTenant.secrets) == token)
        let other = HookToken(tenant: tenant, gateway: .make(at: TestTenant.now), secrets: TestTenant.secrets)
        #expect(HookToken(String(other.text.prefix(52) + token.text.suffix(32)), secrets: TestTenant.secrets) == nil)
        #expect(HookToken(token.text, secrets: SecretBox(key: [UInt8](repeating: 1, count: 32))) == nil)
        #expect(HookToken("", secrets: TestTenant.secrets) == nil)
    }
}
