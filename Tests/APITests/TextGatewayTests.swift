import Dunning
import Foundation
import Operations
import Support
import Testing

@testable import recoup_api

@Suite struct `A text gateway` {
    private static let twilio = """
        {"name": "Texts", "kind": "sms", "preset": "twilio", "username": "AC1", "password": "token",
         "sender": "+14155550100"}
        """

    @Test func `is connected by a preset, and tells where it is to report`() async throws {
        try await RunningAPI.run { api in
            let made = try await api.post("/v1/gateways", Self.twilio).json
            #expect(made["host"] as? String == "api.twilio.com" && made["tls"] as? String == "implicit")
            #expect(made["max_parts"] as? Int == 3 && made["preset"] as? String == "twilio")
            let inbound = try #require(made["inbound_url"] as? String)
            #expect(inbound.hasPrefix("https://recoup.test/in/sms/") && inbound.hasSuffix("/inbound"))
            #expect(((made["recipe"] as? [String: Any])?["hooks"] as? [String: Any])?["check"] as? String == "twilio")
            let id = try #require(made["id"] as? String)
            let changed = try await api.client.ask(
                "PATCH", "/v1/gateways/\(id)", key: api.key, body: Array(#"{"sender": "Acme", "max_parts": 2}"#.utf8))
            #expect(changed.status == 200, "\(changed.text)")
            #expect(try await api.get("/v1/gateways/\(id)").json["sender"] as? String == "Acme")
            // It is no gateway for mail.
            try await api.post(
                "/v1/brands",
                """
                {"name": "B", "from_address": "a@b.example", "zone": "UTC", "gateway_id": "\(id)"}
                """
            ).expect(422, "wrong_kind", at: "/gateway_id")
        }
    }

    @Test func `is refused by the place of each mistake`() async throws {
        try await RunningAPI.run { api in
            for (change, pointer, code) in [
                (#""sender": "a b c d e f g""#, "/sender", "bad_sender"),
                (#""sender": "+14155550100", "tls": "starttls""#, "/tls", "not_in_list"),
                (#""sender": "+14155550100", "tls": "none""#, "/tls", "tls_required"),
                (
                    #""sender": "+14155550100", "recipe": {"request": {"path": "x", "fields": {"a": "{{to}}{{text}}"}}, "answer": {"accepted": [200]}}"#,
                    "/recipe/request/path", "bad_path"
                ),
                (#""sender": "+14155550100", "recipe": {"request": {}}"#, "/recipe/answer", "required"),
            ] {
                try await api.post(
                    "/v1/gateways",
                    #"{"name": "T", "kind": "sms", "host": "sms.example.com", "password": "p", \#(change)}"#
                ).expect(422, code, at: pointer)
            }
            try await api.post("/v1/gateways", #"{"name": "T", "kind": "sms", "preset": "twilio", "sender": "Acme"}"#)
                .expect(422, "required", at: "/password")
        }
    }

    @Test func `reports under its own address only, and proves that it is the one`() async throws {
        try await RunningAPI.run { api in
            let made = try await api.post("/v1/gateways", Self.twilio).json
            let id = try #require(made["id"] as? String), gateway = try #require(ID<Gateway>(id))
            let tenant = try #require(ID<Dunning.Tenant>(api.tenant))
            let token = HookToken(tenant: tenant, gateway: gateway, secrets: api.world.secrets)
            let path = "/in/sms/\(token.text)/inbound"
            let body = Array("MessageSid=SM1&From=%2B491701234567&Body=STOP".utf8)
            try await api.client.ask("POST", path, key: nil, body: body, type: "application/x-www-form-urlencoded")
                .expect(403, "forged")
            try await api.client.ask(
                "POST", "/in/sms/\(String(repeating: "0", count: 84))/inbound", key: nil, body: body,
                type: "application/x-www-form-urlencoded"
            ).expect(404, "not_found")
            #expect(try await api.get("/v1/gateways/\(id)").json["refused_hooks"] as? Int == 1)
        }
    }

    @Test func `gets its words from templates that say how long they are`() async throws {
        try await RunningAPI.run { api in
            let made = try await api.post("/v1/templates", #"{"name": "T", "sms": "Pay {{total}} now"}"#).json
            #expect((made["sms_length"] as? [String: Any])?["parts"] as? Int == 1)
            #expect(made["subject"] as? String == "")
            let id = try #require(made["id"] as? String)
            let step = #"{"key": "a", "kind": "sms", "timing": "after_due", "days": 3, "template_id": "\#(id)""#
            try await api.post("/v1/workflows", #"{"name": "W", "steps": [\#(step), "fallback": "email"}]}"#)
                .expect(422, "template_mismatch", at: "/steps/0/template_id")
            try await api.post("/v1/workflows", #"{"name": "W", "steps": [\#(step), "fallback": "sms"}]}"#)
                .expect(422, "same_channel", at: "/steps/0/fallback")
            let ladder = #"{"name": "W", "steps": [\#(step), "fallback": "next_contact"}]}"#
            #expect(try await api.post("/v1/workflows", ladder).status == 201)
        }
    }

    @Test func `writes to numbers in their international form`() async throws {
        try await RunningAPI.run { api in
            let customer = try await api.create("/v1/customers", Recipe.customer)
            let path = "/v1/customers/\(customer)/contacts"
            try await api.post(path, #"{"name": "Ada", "phone": "0170 1234567"}"#).expect(
                422, "bad_phone", at: "/phone")
            let made = try await api.post(path, #"{"name": "Ada", "phone": "+49 170 1234567"}"#).json
            #expect(made["phone"] as? String == "+491701234567")
            #expect(made["phone_suppressed_reason"] is NSNull)
        }
    }
}
