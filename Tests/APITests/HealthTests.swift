import Foundation
import Postgres
import Support
import Testing

@testable import recoup_api

@Suite struct `Health` {
    @Test func `needs no key and tells a hold without failing`() async throws {
        try await RunningAPI.run { api in
            #expect(try await api.client.ask("GET", "/health/live").json["status"] as? String == "ok")
            let ready = try await api.client.ask("GET", "/health/ready")
            #expect(ready.status == 200)
            #expect(try ready.json["hold"] is NSNull)
            try await api.database.admin("update instance set hold_reason = 'restored from a dump'")
            let held = try await api.client.ask("GET", "/health/ready")
            #expect(held.status == 200)
            #expect(try held.json["status"] as? String == "hold")
            #expect(try held.json["hold"] as? String == "restored from a dump")
        }
    }

    @Test func `serves its own description`() async throws {
        try await RunningAPI.run { api in
            let answer = try await api.client.ask("GET", "/openapi.yaml")
            #expect(answer.headers["content-type"] == "application/yaml")
            #expect(answer.text == APIDescription.text)
            #expect(answer.text.hasPrefix("openapi: 3.1"))
        }
    }

    @Test func `turns 503 with a time to come back when the database is away`() async throws {
        try await RunningAPI.run { api in
            for pool in [api.world.database, api.world.dispatch] { await pool.stop() }
            let away = try await api.get("/v1/brands")
            try away.expect(503, "database_unavailable")
            #expect(away.headers["retry-after"] != nil)
            #expect(try await api.client.ask("GET", "/health/ready").status == 503)
            #expect(try await api.client.ask("GET", "/health/live").status == 200)
        }
    }
}
