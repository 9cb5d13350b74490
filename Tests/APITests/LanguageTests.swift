import Foundation
import Testing

@testable import recoup_api

@Suite struct `Languages` {
    @Test func `of a template have versions of their own`() async throws {
        try await RunningAPI.run { api in
            let id = try await api.create("/v1/templates", Recipe.template("Gentle"))
            let text = Recipe.template("Gentle").replacingOccurrences(of: #""name": "Gentle", "#, with: "")
            func put(_ locale: String, _ subject: String) async throws -> [String: Any] {
                let body = text.replacingOccurrences(of: "Reminder of", with: subject)
                    .replacingOccurrences(of: "{\"subject\"", with: "{\"locale\": \"\(locale)\", \"subject\"")
                return try await api.send("PUT", "/v1/templates/\(id)", body).json
            }
            #expect(try await put("DE", "Erinnerung an")["version"] as? Int == 1)
            let second = try await put("de", "Mahnung über")
            #expect(second["version"] as? Int == 2)
            #expect(second["locale"] as? String == "de")
            #expect(second["locales"] as? [String] == ["de", "en"])
            let shown = try await api.get("/v1/templates/\(id)").json
            #expect(shown["subject"] as? String == "Reminder of {{total}}")
            #expect(shown["default_locale"] as? String == "en")
            #expect(shown["version"] as? Int == 1)
            #expect(
                try await api.get("/v1/templates/\(id)?locale=de").json["subject"] as? String
                    == "Mahnung über {{total}}")
            try await api.get("/v1/templates/\(id)?locale=fr").expect(404, "not_found")
            #expect(try await api.get("/v1/templates/\(id)?locale=english").status == 400)

            let customer = try await api.create("/v1/customers", Recipe.customer)
            _ = try await api.create("/v1/brands", Recipe.brand)
            func preview(_ more: String = "") async throws -> [String] {
                let answer = try await api.post(
                    "/v1/templates/\(id)/preview", #"{"customer_id": "\#(customer)"\#(more)}"#
                ).json
                return ["locale", "subject"].compactMap { answer[$0] as? String }
            }
            #expect(try await preview() == ["en", "Reminder of $1,730.50"])
            #expect(try await preview(#", "locale": "en-IN""#) == ["en-IN", "Reminder of $1,730.50"])
            #expect(try await preview(#", "locale": "de-AT""#) == ["de-AT", "Mahnung über $\u{A0}1.730,50"])
            #expect(try await preview(#", "locale": "fr""#) == ["en", "Reminder of $1,730.50"])
            _ = try await api.send("PATCH", "/v1/customers/\(customer)", #"{"locale": "de-ch"}"#)
            #expect(try await preview().first == "de-CH")
        }
    }

    @Test func `of customers and brands must exist`() async throws {
        try await RunningAPI.run { api in
            let customer = try await api.create("/v1/customers", Recipe.customer)
            let brand = try await api.create("/v1/brands", Recipe.brand)
            for locale in ["en_US", "english", "en-UK", "jp", "", "en-US-u-nu-thai", #"en\r\n"#] {
                let body = #"{"locale": "\#(locale)"}"#
                try await api.send("PATCH", "/v1/customers/\(customer)", body).expect(422, "bad_locale", at: "/locale")
                try await api.send("PATCH", "/v1/brands/\(brand)", body).expect(422, "bad_locale", at: "/locale")
            }
            let changed = try await api.send("PATCH", "/v1/customers/\(customer)", #"{"locale": "PT-br"}"#)
            #expect(try changed.json["locale"] as? String == "pt-BR")
            #expect(
                try await api.send("PATCH", "/v1/customers/\(customer)", #"{"locale": null}"#).json["locale"] is NSNull)
        }
    }
}
