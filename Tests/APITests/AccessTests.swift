import Foundation
import Support
import Testing

@testable import recoup_api

@Suite struct `Keys` {
    @Test func `open the doors of their kind only`() async throws {
        try await RunningAPI.run { api in
            try await api.client.ask("GET", "/v1/brands").expect(401, "unauthorized")
            try await api.client.ask("GET", "/v1/tenants", key: "").expect(401, "unauthorized")
            try await api.client.ask("GET", "/v1/tenants", key: api.key).expect(403, "wrong_kind_of_key")
            try await api.client.ask("GET", "/v1/brands", key: RunningAPI.platformKey).expect(403, "wrong_kind_of_key")
            try await api.client.ask("GET", "/v1/brands", key: api.key + "x").expect(401, "unauthorized")
            try await api.client.ask("GET", "/v1/brands", key: String(api.key.dropLast()) + "!").expect(
                401, "unauthorized")
            #expect(try await api.get("/v1/brands").status == 200)
            #expect(try await api.client.ask("GET", "/v1/tenants", key: RunningAPI.platformKey).status == 200)
            let refused = try await api.client.ask("GET", "/v1/brands")
            #expect(refused.headers["www-authenticate"] == "Bearer")
        }
    }

    @Test func `with another secret or of another tenant open nothing`() async throws {
        try await RunningAPI.run { api in
            let (_, other) = try await RunningAPI.newTenant(api.client)
            let (mine, theirs) = (api.key.split(separator: "_"), other.split(separator: "_"))
            for forged in [
                mine[0...3] + [theirs[4]], mine[0...2] + theirs[3...4], [mine[0], mine[1], theirs[2]] + mine[3...4],
            ] {
                let answer = try await api.client.ask("GET", "/v1/tenant", key: forged.joined(separator: "_"))
                try answer.expect(401, "unauthorized")
            }
        }
    }

    @Test func `are shown once, kept as a hash, and end at once`() async throws {
        try await RunningAPI.run { api in
            let keys = "/v1/tenants/\(api.tenant)/keys"
            let list = try await api.client.ask("GET", keys, key: RunningAPI.platformKey)
            let secret = try #require(api.key.split(separator: "_").last)
            #expect(!list.text.contains(secret))
            #expect(
                try await api.database.admin("select 1 from api_key where secret_hash::text like '%\(secret)%'").isEmpty
            )
            let entries = try #require(try list.json["data"] as? [[String: Any]])
            let id = try #require(entries.first?["id"] as? String)
            let revoked = try await api.client.ask("DELETE", "\(keys)/\(id)", key: RunningAPI.platformKey)
            #expect(revoked.status == 200)
            try await api.get("/v1/tenant").expect(401, "unauthorized")
            let again = try await api.client.ask("DELETE", "\(keys)/\(id)", key: RunningAPI.platformKey)
            #expect(again.text == revoked.text)
        }
    }

    @Test func `of one tenant see nothing of another`() async throws {
        try await RunningAPI.run { api in
            let (_, other) = try await RunningAPI.newTenant(api.client)
            let gateway = try await api.create("/v1/gateways", Recipe.gateway)
            let calendar = try await api.create("/v1/calendars", #"{"name": "Mine"}"#)
            for path in ["/v1/gateways/\(gateway)", "/v1/calendars/\(calendar)"] {
                #expect(try await api.get(path).status == 200)
                try await api.client.ask("GET", path, key: other).expect(404, "not_found")
            }
            let list = try await api.client.ask("GET", "/v1/gateways", key: other)
            #expect(try list.json["data"] as? [String] == [])
            let stolen = #"{"name": "B", "from_address": "b@example.com", "zone": "UTC", "gateway_id": "\#(gateway)"}"#
            try await api.client.ask("POST", "/v1/brands", key: other, body: Array(stolen.utf8))
                .expect(422, "unknown_gateway", at: "/gateway_id")
            let cursor = try await api.client.ask("GET", "/v1/gateways?cursor=\(gateway)", key: other)
            #expect(try cursor.json["data"] as? [String] == [])
        }
    }
}
