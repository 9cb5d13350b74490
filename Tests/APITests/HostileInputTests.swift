import Foundation
import Testing

@testable import recoup_api

@Suite struct `Hostile input` {
    @Test func `that would add a header is refused at its field`() async throws {
        try await RunningAPI.run { api in
            for (field, value) in [
                ("name", #"A\r\nBcc: e@evil.example"#), ("from_name", #"A\nBcc: e@evil.example"#),
                ("legal_name", #"A\u2028B"#), ("phone", #"1\u0000"#),
                ("from_name", #"\u202Egnp.exe"#),
            ] {
                let members = #""from_address": "a@acme.example", "zone": "UTC", "\#(field)": "\#(value)""#
                let name = field == "name" ? "" : #""name": "Acme", "#
                try await api.post("/v1/brands", "{\(name)\(members)}").expect(
                    422, "control_character", at: "/\(field)")
            }
            for address in [
                #"a@acme.example\r\nBcc: e@evil.example"#, "a@acme.example>", "a@b@c.example", "Acme <a@acme.example>",
                "a b@acme.example", #"\"a\"@acme.example"#, "a@localhost", "",
            ] {
                let answer = try await api.post(
                    "/v1/brands", #"{"name": "Acme", "from_address": "\#(address)", "zone": "UTC"}"#)
                #expect(answer.status == 422, "\(address): \(answer.text)")
                let errors = try #require(try answer.json["errors"] as? [[String: String]])
                #expect(errors.map { $0["pointer"] } == ["/from_address"], "\(address)")
            }
        }
    }

    @Test func `that would inject a command into a gateway is refused`() async throws {
        try await RunningAPI.run { api in
            for (field, value, code) in [
                ("host", #""smtp.example.com\r\nRSET""#, "control_character"), ("host", #""a b""#, "bad_host"),
                ("host", #""user@host""#, "bad_host"), ("host", #""host/path""#, "bad_host"),
                ("host", #""-x""#, "bad_host"),
                ("ehlo_name", #""me\nQUIT""#, "control_character"), ("ehlo_name", #""me you""#, "bad_host"),
                ("username", #""a\u0000b""#, "control_character"), ("password", #""a\r\nb""#, "control_character"),
                ("port", "0", "out_of_range"), ("port", #""25""#, "wrong_type"), ("port", "25.0", "out_of_range"),
                ("sessions", "65", "out_of_range"), ("tls", #""None""#, "not_in_list"),
                ("kind", #""http""#, "not_in_list"),
            ] {
                var members = [
                    "name": #""R""#, "host": #""smtp.example.com""#, "port": "587", "username": #""u""#,
                    "password": #""p""#,
                ]
                members[field] = value
                let json = "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
                try await api.post("/v1/gateways", json).expect(422, code, at: "/\(field)")
            }
        }
    }

    @Test func `in a template is refused with its place`() async throws {
        try await RunningAPI.run { api in
            let nested = String(repeating: "{{#invoices}}", count: 3_000)
            for (text, code) in [
                ("{{customer.secret}}", "unknown_field"), ("{{> self}}", "unknown_partial"), (nested, "too_deep"),
                ("{{{total}}}", "triple_braces"), ("{{=<% %>=}}", "unsupported_tag"),
                ("{{#invoices}}", "unclosed_section"),
                ("{{& total}}", "unsupported_tag"), (#"a\u0000b"#, "control_character"),
            ] {
                let json = #"{"name": "T", "subject": "Hello {{total}}", "text": "\#(text)", "html": "<p>x</p>"}"#
                let answer = try await api.post("/v1/templates", json)
                #expect(answer.status == 422, "\(answer.text)")
                let errors = try #require(try answer.json["errors"] as? [[String: String]])
                #expect(
                    errors.contains { $0["code"] == code && $0["pointer"] == "/text" },
                    "\(text.prefix(20)): \(answer.text)")
            }
            try await api.post(
                "/v1/templates",
                #"{"name": "T", "subject": "a\r\nBcc: e@evil.example", "text": "x", "html": "y"}"#
            ).expect(422, "subject_line_break", at: "/subject")
            let large = String(repeating: "x", count: 65_537)
            try await api.post("/v1/templates", #"{"name": "T", "subject": "a", "text": "\#(large)", "html": "y"}"#)
                .expect(422, "too_long", at: "/text")
            #expect(try await api.get("/v1/templates").json["data"] as? [Any] != nil)
        }
    }

    @Test func `of the wrong shape names every field at once`() async throws {
        try await RunningAPI.run { api in
            let answer = try await api.post(
                "/v1/brands",
                """
                {"name": 1, "zone": "Mars/Olympus", "grace_days": -1, "x/y": 1, "gateway_id": "brd_01",
                 "window": {"days": ["monday", "funday"], "opens": "9"}}
                """
            )
            for (pointer, code) in [
                ("/name", "wrong_type"), ("/from_address", "missing"), ("/zone", "bad_zone"),
                ("/grace_days", "out_of_range"),
                ("/window/days/1", "not_in_list"), ("/window/opens", "bad_time"), ("/window/closes", "missing"),
                ("/x~1y", "unknown_key"), ("/gateway_id", "bad_id"),
            ] {
                try answer.expect(422, code, at: pointer)
            }
            #expect((try answer.json["errors"] as? [Any])?.count == 9, "\(answer.text)")
        }
    }

    @Test func `that is no JSON is told where`() async throws {
        try await RunningAPI.run { api in
            try await api.post("/v1/brands", "{\"name\": \"a\u{0}b\"}").expect(400, "control_character", at: "/name")
            try await api.post("/v1/brands", #"{"name": "a", "name": "b"}"#).expect(400, "duplicate_key", at: "/name")
            try await api.post("/v1/brands", "{").expect(400, "malformed", at: "")
            try await api.post("/v1/brands", "[]").expect(422, "wrong_type", at: "")
            try await api.post("/v1/brands", String(repeating: "[", count: 200_000)).expect(400, "malformed_json")
            let bytes = Array(#"{"name": ""#.utf8) + [0xFF] + Array(#""}"#.utf8)
            try await api.client.ask("POST", "/v1/brands", key: api.key, body: bytes).expect(
                400, "bad_encoding", at: "/name")
            let form = try await api.client.ask(
                "POST", "/v1/brands", key: api.key, body: Array("a=b".utf8), type: "application/x-www-form-urlencoded")
            try form.expect(415, "unsupported_media_type")
        }
    }

    @Test(arguments: [true, false])
    func `of a hundred megabytes is refused, and the API goes on`(_ declared: Bool) async throws {
        try await RunningAPI.run { api in
            let answer = try await api.client.pour(100 << 20, at: "/v1/brands", key: api.key, declared: declared)
            try answer.expect(413, "too_large")
            #expect(answer.headers["connection"] == "close")
            #expect(try await api.get("/v1/brands").status == 200)
        }
    }

    @Test func `in an address is refused`() async throws {
        try await RunningAPI.run { api in
            try await api.get("/v1/brands?limit=0").expect(400, "out_of_range", at: "?limit")
            try await api.get("/v1/brands?limit=1&limit=2").expect(400, "duplicate_parameter", at: "?limit")
            try await api.get("/v1/brands?cursor=x").expect(400, "bad_cursor", at: "?cursor")
            try await api.get("/v1/brands?api_key=x").expect(400, "unknown_parameter", at: "?api_key")
            try await api.get("/v1/brands?cursor=%00").expect(400, "bad_encoding", at: "?cursor")
            try await api.get("/v1/brands/%27%20or%201=1").expect(404, "not_found")
            try await api.get("/v1/brands/gwy_01jd0000000000000000000000").expect(404, "not_found")
            try await api.get("/v1/nothing").expect(404, "no_such_route")
            let wrong = try await api.send("DELETE", "/v1/brands", "{}")
            try wrong.expect(405, "method_not_allowed")
            #expect(wrong.headers["allow"] == "GET, POST")
        }
    }

    @Test func `in the id of a request is not echoed`() async throws {
        try await RunningAPI.run { api in
            let own = try await api.client.ask("GET", "/v1/nothing", headers: ["X-Request-Id": "order-4711-abc"])
            #expect(own.headers["x-request-id"] == "order-4711-abc")
            #expect(try own.json["instance"] as? String == "urn:recoup:request:order-4711-abc")
            let bad = try await api.client.ask("GET", "/v1/nothing", headers: ["X-Request-Id": "a;Set-Cookie:b=c"])
            #expect(bad.headers["x-request-id"]?.contains("Cookie") == false)
        }
    }
}
