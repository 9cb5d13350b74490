import Dunning
import Foundation
import Operations
import Postgres
import Support
import Testing

@testable import recoup_api

@Suite struct `A tenant's settings` {
    @Test func `begin with a workflow of four letters, in shadow`() async throws {
        try await RunningAPI.run { api in
            let tenant = try await api.get("/v1/tenant").json
            #expect(tenant["mode"] as? String == "shadow")
            let id = try #require(tenant["workflow_id"] as? String)
            let workflow = try await api.get("/v1/workflows/\(id)").json
            #expect(workflow["escalation_gap_days"] as? Int == 7)
            let steps = try #require(workflow["steps"] as? [[String: Any]])
            #expect(steps.map { $0["key"] as? String } == ["courtesy", "friendly", "firm", "final"])
            #expect(steps.map { $0["days"] as? Int } == [3, 3, 14, 30])
            #expect(steps.map { $0["timing"] as? String } == ["before_due", "after_due", "after_due", "after_due"])
            #expect(steps.map { $0["tier"] as? String } == ["reminder", "reminder", "reminder", "final"])
            let lanes = try await api.database.admin("select kind, tenant_id = lane_id, staged_to from q.lane")
            #expect(lanes == [["internal", "t", "-infinity"]])
            let events = try await api.database.admin("select distinct actor from audit_event")
            #expect(events == [["platform"]])
        }
    }

    @Test func `are changed field by field, and audited under the key`() async throws {
        try await RunningAPI.run { api in
            let changed = try await api.send("PATCH", "/v1/tenant", #"{"kill_switch": true}"#).json
            #expect(changed["kill_switch"] as? Bool == true)
            #expect(changed["name"] as? String == "Acme")
            #expect(changed["workflow_id"] is String)
            try await api.send("PATCH", "/v1/tenant", #"{"workflow_id": "wfl_01jd0000000000000000000000"}"#)
                .expect(422, "unknown_workflow", at: "/workflow_id")
            try await api.send("PATCH", "/v1/tenant", #"{"mode": "live"}"#).expect(422, "unknown_key", at: "/mode")
            try await api.send("PATCH", "/v1/tenant", #"{"name": null}"#).expect(422, "missing", at: "/name")
            let actors = try await api.database.admin(
                "select actor from audit_event where action = 'tenant.changed' order by audit_event_id desc limit 1")
            #expect(actors.first?.first??.hasPrefix("key:key_") == true)
        }
    }

    @Test func `never show a password, and keep it sealed to its place`() async throws {
        try await RunningAPI.run { api in
            let id = try await api.create("/v1/gateways", Recipe.gateway)
            for answer in [
                try await api.get("/v1/gateways/\(id)"), try await api.get("/v1/gateways"),
                try await api.send("PATCH", "/v1/gateways/\(id)", #"{"sessions": 2}"#),
            ] {
                #expect(!answer.text.contains("horse"))
                #expect(answer.text.contains(#""password":{"set":true}"#), "\(answer.text)")
            }
            let rows = try await api.database.admin("select password_sealed, tenant_id, gateway_id from gateway")
            let row = try #require(rows.first)
            let sealed = try Bytes(postgresText: try #require(row[0]))
            #expect(!String(decoding: sealed.bytes, as: UTF8.self).contains("horse"))
            let tenant = try #require(ID<Tenant>(api.tenant)), gateway = try #require(ID<Gateway>(id))
            let box = SecretBox(key: RunningAPI.secretKey)
            #expect(try box.open(sealed, for: .gatewayPassword(gateway, of: tenant)) == "correct horse")
            let elsewhere = ID<Gateway>.make(at: Instant(microseconds: 0))
            #expect(throws: SecretBox.Unopenable.self) {
                try box.open(sealed, for: .gatewayPassword(elsewhere, of: tenant))
            }
            let other = ID<Tenant>.make(at: Instant(microseconds: 0))
            #expect(throws: SecretBox.Unopenable.self) {
                try box.open(sealed, for: .gatewayPassword(gateway, of: other))
            }
            var bytes = sealed.bytes
            bytes[bytes.count - 1] ^= 1
            #expect(throws: SecretBox.Unopenable.self) {
                try box.open(Bytes(bytes), for: .gatewayPassword(gateway, of: tenant))
            }
        }
    }

    @Test func `do not send a stored password to another server`() async throws {
        try await RunningAPI.run { api in
            let id = try await api.create("/v1/gateways", Recipe.gateway)
            for change in [
                #"{"host": "evil.example"}"#, #"{"port": 25}"#, #"{"tls": "implicit"}"#, #"{"username": "x"}"#,
            ] {
                try await api.send("PATCH", "/v1/gateways/\(id)", change).expect(
                    422, "password_required", at: "/password")
            }
            let moved = try await api.send(
                "PATCH", "/v1/gateways/\(id)", #"{"host": "smtp2.example.com", "password": "again"}"#
            ).json
            #expect(moved["host"] as? String == "smtp2.example.com")
            #expect(moved["version"] as? Int == 2)
            let open = try await api.send("PATCH", "/v1/gateways/\(id)", #"{"username": null, "password": null}"#)
            #expect(open.text.contains(#""password":{"set":false}"#), "\(open.text)")
            try await api.send("PATCH", "/v1/gateways/\(id)", #"{"password": "alone"}"#)
                .expect(422, "incomplete_credentials", at: "/username")
        }
    }

    @Test func `decision 5.9: they go without TLS only to the operator's sandbox`() async throws {
        try await RunningAPI.run { api in
            func gateway(_ host: String, _ port: Int) -> String {
                #"{"name": "G\#(port)", "host": "\#(host)", "port": \#(port), "tls": "none"}"#
            }
            try await api.post("/v1/gateways", gateway("127.0.0.1", 2_526)).expect(422, "tls_required", at: "/tls")
            try await api.post("/v1/gateways", gateway("smtp.example.com", 2_525)).expect(
                422, "tls_required", at: "/tls")
            let id = try await api.create("/v1/gateways", gateway("127.0.0.1", 2_525))
            let lanes = try await api.database.admin("select kind from q.lane where lane_id <> tenant_id")
            #expect(lanes == [["mail"]])
            try await api.send("PATCH", "/v1/gateways/\(id)", #"{"port": 25}"#).expect(422, "tls_required", at: "/tls")
        }
    }

    @Test func `hold calendars with days of their own`() async throws {
        try await RunningAPI.run { api in
            let id = try await api.create(
                "/v1/calendars",
                #"{"name": "Office", "rule": "us_federal", "days": [{"date": "2026-11-27", "name": "Bridge"}]}"#)
            let days = #"{"days": [{"date": "2026-12-24", "name": "Eve"}, {"date": "2026-12-31", "name": "Eve too"}]}"#
            let replaced = try await api.send("PUT", "/v1/calendars/\(id)/days", days)
            #expect(replaced.text.contains(#""days":[{"date":"2026-12-24","name":"Eve"},{"date":"2026-12-31""#))
            try await api.send(
                "PUT", "/v1/calendars/\(id)/days",
                #"{"days": [{"date": "2026-12-24", "name": "a"}, {"date": "2026-12-24", "name": "b"}]}"#
            ).expect(422, "duplicate", at: "/days/1/date")
            try await api.send("PUT", "/v1/calendars/\(id)/days", #"{"days": [{"date": "2026-02-30", "name": "a"}]}"#)
                .expect(422, "bad_date", at: "/days/0/date")
            try await api.post("/v1/calendars", #"{"name": "Office"}"#).expect(409, "name_taken", at: "/name")
            #expect(try await api.get("/v1/calendars").json["data"] as? [Any] != nil)
        }
    }

    @Test func `hold brands whose every field can be changed, and cleared where it may be`() async throws {
        try await RunningAPI.run { api in
            let gateway = try await api.create("/v1/gateways", Recipe.gateway)
            let id = try await api.create("/v1/brands", Recipe.brand)
            let plain = try await api.get("/v1/brands/\(id)").json
            #expect(plain["legal_name"] as? String == "Acme")
            #expect((plain["window"] as? [String: Any])?["opens"] as? String == "09:00")
            let change = """
                {"phone": "+1 212 555 0100", "reply_to": "ask@acme.example", "gateway_id": "\(gateway)",
                 "grace_days": 2, "address": "1 Main St\\nNew York", "kill_switch": true,
                 "window": {"days": ["monday", "saturday"], "opens": "08:00", "closes": "24:00"}}
                """
            let changed = try await api.send("PATCH", "/v1/brands/\(id)", change).json
            #expect(changed["address"] as? String == "1 Main St\nNew York")
            #expect((changed["window"] as? [String: Any])?["closes"] as? String == "24:00")
            #expect(changed["gateway_id"] as? String == gateway)
            let cleared = try await api.send(
                "PATCH", "/v1/brands/\(id)", #"{"phone": null, "reply_to": null, "gateway_id": null}"#
            ).json
            #expect(cleared["phone"] is NSNull && cleared["reply_to"] is NSNull && cleared["gateway_id"] is NSNull)
            #expect(cleared["kill_switch"] as? Bool == true)
            try await api.send("PATCH", "/v1/brands/\(id)", #"{"footer": "{{customer.password}}"}"#)
                .expect(422, "unknown_field", at: "/footer")
            try await api.send(
                "PATCH", "/v1/brands/\(id)", #"{"window": {"days": [], "opens": "09:00", "closes": "18:00"}}"#
            ).expect(422, "bad_window", at: "/window/closes")
            try await api.post("/v1/brands", Recipe.brand).expect(409, "name_taken", at: "/name")
        }
    }

    @Test func `hold templates in versions`() async throws {
        try await RunningAPI.run { api in
            let id = try await api.create("/v1/templates", Recipe.template("Gentle"))
            let same = Recipe.template("Gentle").replacingOccurrences(of: #""name": "Gentle", "#, with: "")
            #expect(try await api.send("PUT", "/v1/templates/\(id)", same).json["version"] as? Int == 1)
            let next = same.replacingOccurrences(of: "Reminder of", with: "About")
            let revised = try await api.send("PUT", "/v1/templates/\(id)", next).json
            #expect(revised["version"] as? Int == 2)
            #expect(revised["subject"] as? String == "About {{total}}")
            let kept = try await api.database.admin(
                """
                select subject from template_version v join template t using (template_id)
                where t.name = 'Gentle' order by number
                """
            )
            #expect(kept == [["Reminder of {{total}}"], ["About {{total}}"]])
            let lint = try await api.post(
                "/v1/templates/lint",
                #"{"subject": "See you in court", "text": "x", "html": "<p>{{nope}}</p>", "stage": 1}"#
            ).json
            #expect(lint["savable"] as? Bool == false)
            let codes = (lint["problems"] as? [[String: Any]])?.compactMap { $0["code"] as? String } ?? []
            #expect(codes.contains("unknown_field"))
        }
    }

    @Test func `hold workflows in versions, with steps that make sense`() async throws {
        try await RunningAPI.run { api in
            let template = try await api.create("/v1/templates", Recipe.template("Gentle"))
            let id = try await api.create(
                "/v1/workflows", #"{"name": "Short", "steps": [\#(Recipe.step("friendly", template: template))]}"#)
            let steps = """
                [{"key": "early", "kind": "email", "timing": "before_due", "days": 2, "template_id": "\(template)"},
                 \(Recipe.step("friendly", template: template, days: 5)),
                 {"key": "pause", "kind": "wait", "timing": "after_previous", "days": 2},
                 {"key": "call", "kind": "call_task", "timing": "after_previous", "days": 1, "wait_for_outcome": true,
                  "script": "Ask.\\nListen."}]
                """
            let second = try await api.post(
                "/v1/workflows/\(id)/versions", #"{"steps": \#(steps), "escalation_gap_days": 5}"#)
            #expect(second.status == 201, "\(second.text)")
            #expect(try second.json["version"] as? Int == 2)
            #expect((try second.json["steps"] as? [Any])?.count == 4)
            let off = try await api.send("PATCH", "/v1/workflows/\(id)", #"{"kill_switch": true}"#).json
            #expect(off["kill_switch"] as? Bool == true)
            let list = try #require(try await api.get("/v1/workflows").json["data"] as? [[String: Any]])
            #expect(list.map { $0["name"] as? String } == ["Short", "Standard"])
            #expect((list.first?["steps"] as? [Any])?.count == 4)
        }
    }

    @Test func `show what is archived, refuse to name it, and put it into use again`() async throws {
        try await RunningAPI.run { api in
            let template = try await api.create("/v1/templates", Recipe.template("Gentle"))
            let id = try await api.create(
                "/v1/workflows", #"{"name": "Old", "steps": [\#(Recipe.step("one", template: template))]}"#)
            let named = #"{"workflow_id": "\#(id)"}"#
            _ = try await api.send("PATCH", "/v1/tenant", named)
            func turn(_ verb: String) async throws -> HTTPClient.Answer {
                try await api.client.ask("POST", "/v1/workflows/\(id)/\(verb)", key: api.key)
            }
            try await turn("archive").expect(409, "workflow_in_use")
            let standard = try #require(
                (try await api.get("/v1/workflows").json["data"] as? [[String: Any]])?.last?["id"] as? String)
            _ = try await api.send("PATCH", "/v1/tenant", #"{"workflow_id": "\#(standard)"}"#)
            let archived = try await turn("archive").json
            #expect(archived["state"] as? String == "archived")
            #expect(archived["archived_at"] is String)
            try await api.send("PATCH", "/v1/tenant", named).expect(422, "workflow_archived", at: "/workflow_id")
            try await api.post(
                "/v1/workflows/\(id)/versions", #"{"steps": [\#(Recipe.step("one", template: template))]}"#
            ).expect(409, "workflow_archived")
            let run = try await api.post("/v1/reassignments", named)
            #expect(run.status == 202, "\(run.text)")
            #expect(try run.json["workflow_id"] as? String == id)
            try await api.post("/v1/reassignments", #"{"workflow_id": "wfl_01jd0000000000000000000000"}"#)
                .expect(422, "unknown_workflow", at: "/workflow_id")
            let restored = try await turn("restore").json
            #expect(restored["state"] as? String == "active")
            #expect(restored["archived_at"] is NSNull)
            #expect(try await api.send("PATCH", "/v1/tenant", named).status == 200)
        }
    }

    @Test func `try a version as a document, and publish it as one`() async throws {
        try await RunningAPI.run { api in
            let template = try await api.create("/v1/templates", Recipe.template("Gentle"))
            let id = try await api.create(
                "/v1/workflows", #"{"name": "Doc", "steps": [\#(Recipe.step("one", template: template))]}"#)
            func body(_ template: String, _ more: String = "") -> String {
                let steps = #"{key: one, kind: email, template: \#(template), after_due: 5}"#
                return #"{"document": "name: Doc\nsteps:\n  - \#(steps)\n", "move_cases": true\#(more)}"#
            }
            let begun = try await api.post("/v1/simulations", body("Gentle"))
            #expect(begun.status == 202, "\(begun.text)")
            #expect(try begun.json["workflow_id"] as? String == id)
            #expect(try begun.json["purpose"] as? String == "publish")
            try await api.post("/v1/simulations", body("Nothing"))
                .expect(422, "unknown_template", at: "/document/steps/0/template")
            try await api.post("/v1/simulations", body("Gentle", #", "steps": []"#))
                .expect(422, "unknown_key", at: "/steps")
            try await api.post("/v1/simulations", #"{"document": "name: [Doc"}"#).expect(
                422, "bad_yaml", at: "/document")
            let text = Array("name: Doc\nsteps:\n  - {key: one, kind: email, template: Gentle, after_due: 5}\n".utf8)
            func put(_ query: String) async throws -> HTTPClient.Answer {
                try await api.client.ask(
                    "PUT", "/v1/workflows/\(id)/document\(query)", key: api.key, body: text, type: "application/yaml")
            }
            #expect(try await put("?move_cases=perhaps").status == 400)
            let published = try await put("?move_cases=true")
            #expect(published.status == 200, "\(published.text)")
            #expect(((try published.json["workflow"] as? [String: Any])?["version"] as? Int) == 2)
        }
    }

    @Test func `refuse a workflow step by step`() async throws {
        try await RunningAPI.run { api in
            let gone = "tpl_01jd0000000000000000000000"
            let template = try await api.create("/v1/templates", Recipe.template("Gentle"))
            for (steps, pointer, code) in [
                (Recipe.step("a", template: gone), "/steps/0/template_id", "unknown_template"),
                (
                    #"{"key": "a", "kind": "email", "timing": "after_due", "days": 1}"#, "/steps/0/template_id",
                    "template_mismatch"
                ),
                (#"{"key": "A b", "kind": "wait", "timing": "after_due", "days": 1}"#, "/steps/0/key", "bad_key"),
                (#"{"key": "a", "kind": "fax", "timing": "after_due", "days": 1}"#, "/steps/0/kind", "not_in_list"),
                (#"{"key": "a", "kind": "wait", "timing": "soon", "days": 1}"#, "/steps/0/timing", "not_in_list"),
                (#"{"key": "a", "kind": "wait", "timing": "after_due", "days": -1}"#, "/steps/0/days", "out_of_range"),
                (
                    #"{"key": "a", "kind": "wait", "timing": "after_due", "days": 1, "at": 1}"#, "/steps/0/at",
                    "unknown_key"
                ),
                (#"{"key": "a", "kind": "wait", "timing": "after_previous", "days": 1}"#, "/steps/0/timing", "order"),
                (
                    Recipe.step("a", template: template) + "," + Recipe.step("a", template: template),
                    "/steps/1/key", "duplicate"
                ),
                (
                    Recipe.step("a", template: template, days: 9) + "," + Recipe.step("b", template: template, days: 8),
                    "/steps/1/days", "order"
                ),
                ("", "/steps", "out_of_range"),
            ] {
                try await api.post("/v1/workflows", #"{"name": "W", "steps": [\#(steps)]}"#).expect(
                    422, code, at: pointer)
            }
            #expect((try await api.get("/v1/workflows").json["data"] as? [Any])?.count == 1)
        }
    }

    @Test func `are listed page by page, newest first, each once`() async throws {
        try await RunningAPI.run { api in
            for number in 1...5 { _ = try await api.create("/v1/calendars", #"{"name": "C\#(number)"}"#) }
            var names: [String] = []
            var next: String? = ""
            while let cursor = next {
                let page = try await api.get("/v1/calendars?limit=2" + (cursor.isEmpty ? "" : "&cursor=\(cursor)")).json
                names += (page["data"] as? [[String: Any]])?.compactMap { $0["name"] as? String } ?? []
                next = page["next_cursor"] as? String
            }
            #expect(names == ["C5", "C4", "C3", "C2", "C1", "US federal"])
        }
    }
}
