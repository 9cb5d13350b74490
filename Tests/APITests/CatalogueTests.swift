import Foundation
import Support
import Testing

@testable import recoup_api

@Suite struct `The catalogue of ready-made workflows` {
    @Test func `installs each once, with the templates it sends, and leaves the tenant's own words alone`() async throws
    {
        try await RunningAPI.run { api in
            func install(_ name: String) async throws -> HTTPClient.Answer {
                try await api.client.ask("POST", "/v1/catalogue/\(name)", key: api.key)
            }
            let listed = try #require(try await api.get("/v1/catalogue").json["data"] as? [[String: Any]])
            #expect(listed.count == 6)
            #expect(listed.allSatisfy { $0["workflow_id"] is NSNull })
            // A tenant that has a template of that name has its own words for it.
            let own = Recipe.template("Payment reminder")
            _ = try await api.create("/v1/templates", own)
            for entry in listed {
                let name = try #require(entry["name"] as? String)
                let first = try await install(name)
                #expect(first.status == 201, "\(first.text)")
                let made = try #require(first.json["templates_made"] as? [String])
                #expect(!made.contains("Payment reminder"))
                let workflow = try #require(first.json["workflow"] as? [String: Any])
                #expect(workflow["name"] as? String == entry["workflow"] as? String)
                let again = try await install(name)
                #expect(again.status == 200)
                #expect(try again.json["templates_made"] as? [String] == [])
                #expect((try again.json["workflow"] as? [String: Any])?["id"] as? String == workflow["id"] as? String)
                let detail = try await api.get("/v1/catalogue/\(name)").json
                let document = try #require(detail["document"] as? [String: Any])
                #expect(
                    (document["steps"] as? [[String: Any]])?.count == (workflow["steps"] as? [[String: Any]])?.count)
                let shown = try #require(detail["entry"] as? [String: Any])
                #expect(shown["workflow_id"] as? String == workflow["id"] as? String)
            }
            let kept = try await api.database.admin(
                """
                select v.subject from template t join template_version v using (tenant_id, template_id)
                where t.name = 'Payment reminder'
                """)
            #expect(kept == [["Reminder of {{total}}"]])
            try await install("none").expect(404, "not_found")
            try await api.get("/v1/catalogue/none").expect(404, "not_found")
        }
    }

    @Test func `and a template are looked at as they are sent`() async throws {
        try await RunningAPI.run { api in
            func codes(_ answer: [String: Any]) -> [String] {
                let findings = answer["findings"] as? [[String: Any]] ?? []
                return findings.compactMap { ($0["problem"] as? [String: Any])?["code"] as? String }
            }
            _ = try await api.create(
                "/v1/brands",
                #"{"name": "Acme", "from_address": "b@acme.example", "reply_to": "b@acme.example", "zone": "UTC"}"#)
            let customer = try await api.create("/v1/customers", Recipe.customer)
            // Customers nobody has asked for a language read what the brand speaks.
            let text = Recipe.template("Stern").replacingOccurrences(of: "Reminder of", with: "Legal action about")
            let saved = try await api.post("/v1/templates", text).json
            let id = try #require(saved["id"] as? String)
            #expect((saved["warnings"] as? [Any])?.isEmpty == true)
            #expect(codes(try await api.get("/v1/templates/\(id)/lint").json) == [])
            // A first reminder must not speak of courts, and a reader of Polish reads English.
            _ = try await api.create(
                "/v1/workflows", #"{"name": "Hard", "steps": [\#(Recipe.step("one", template: id))]}"#)
            _ = try await api.send("PATCH", "/v1/customers/\(customer)", #"{"locale": "pl"}"#)
            #expect(codes(try await api.get("/v1/templates/\(id)/lint").json) == ["early_threat", "missing_locale"])
            let next = text.replacingOccurrences(of: #""name": "Stern", "#, with: "")
                .replacingOccurrences(of: "about", with: "upon")
            let revised = try await api.send("PUT", "/v1/templates/\(id)", next).json
            let warnings = (revised["warnings"] as? [[String: Any]])?.compactMap { $0["code"] as? String }
            #expect(warnings == ["early_threat", "missing_locale"])
            // A header and a footer that hide the company.
            _ = try await api.create(
                "/v1/brands",
                #"{"name": "Bare", "from_address": "b@acme.example", "zone": "UTC", "header": "Hello", "footer": "Thank you"}"#
            )
            let bare = codes(try await api.get("/v1/templates/\(id)/lint").json)
            #expect(Set(bare) == ["early_threat", "missing_locale", "missing_identity", "missing_contact"])
        }
    }
}
