import Foundation
import Testing

@testable import recoup_api

@Suite struct `Numbers over the API` {
    @Test func `come with what they are made of, or with a reason`() async throws {
        try await RunningAPI.run { api in
            let empty = try await api.get("/v1/analytics/dso?currency=USD").json
            let none = try #require(((empty["data"] as? [[String: Any]])?.first?["metrics"] as? [[String: Any]])?.first)
            #expect(none["value"] is NSNull && none["reason"] as? String == "no_sales")
            _ = try await api.create("/v1/brands", Recipe.brand)
            let customer = try await api.create("/v1/customers", Recipe.customer)
            let invoice = try await api.create("/v1/invoices", Recipe.invoice(of: customer))
            let dso = try await api.get(
                "/v1/analytics/dso?from=2026-01-01&to=2026-03-31&currency=USD&method=period_end"
            ).json
            let figures = try #require((dso["data"] as? [[String: Any]])?.first)
            let metric = try #require((figures["metrics"] as? [[String: Any]])?.first)
            #expect(metric["definition"] as? String == "dso_period_end/1")
            #expect(metric["value"] as? Double == 90 && metric["numerator"] as? Double == 125_000)
            let aging = try await api.get("/v1/analytics/aging?as_of=2026-02-15").json
            let end = try #require((aging["data"] as? [[String: Any]])?.first?["end"] as? [String: Any])
            let buckets = (end["buckets"] as? [[String: Any]]) ?? []
            #expect(
                buckets.compactMap { ($0["amount"] as? [String: String])?["amount"] }
                    == ["0.00", "1250.00", "0.00", "0.00", "0.00"])
            let behind = try await api.get("/v1/analytics/invoices?metric=aging&to=2026-02-15&bucket=1-30").json
            #expect((behind["data"] as? [[String: Any]])?.first?["id"] as? String == invoice)
            for path in ["cei", "recovery", "promises"] {
                #expect(try await api.get("/v1/analytics/\(path)").status == 200)
            }
            let text = try await api.get("/v1/metrics?to=2026-02-15").text
            #expect(text.contains(#"recoup_ar_minor_units{bucket="1-30",currency="USD"} 125000"#))
            #expect(!text.contains("NaN") && !text.contains("recoup_days_beyond_terms"))
        }
    }

    @Test func `refuse what cannot be asked`() async throws {
        try await RunningAPI.run { api in
            try await api.get("/v1/analytics/dso?from=2026-02-01&to=2026-01-01").expect(422, "after_to", at: "?from")
            try await api.get("/v1/analytics/dso?currency=base").expect(422, "no_base_currency", at: "?currency")
            try await api.get("/v1/analytics/dso?currency=usd").expect(400, "bad_currency", at: "?currency")
            try await api.get("/v1/analytics/dso?to=2026-02-30").expect(400, "bad_date", at: "?to")
            try await api.get("/v1/analytics/dso?method=best").expect(400, "not_in_list", at: "?method")
            try await api.get("/v1/analytics/recovery?window_days=0").expect(422, "out_of_range", at: "?window_days")
            try await api.get("/v1/analytics/invoices?metric=aging&bucket=x").expect(
                422, "unknown_bucket", at: "?bucket")
        }
    }

    @Test func `are converted by dated rates, each judged by itself`() async throws {
        try await RunningAPI.run { api in
            let tenant = try await api.send(
                "PATCH", "/v1/tenant",
                #"{"base_currency": "EUR", "zone": "Europe/Berlin", "aging_edges": [10, 20, 30]}"#
            ).json
            #expect(tenant["base_currency"] as? String == "EUR" && tenant["zone"] as? String == "Europe/Berlin")
            #expect(tenant["aging_edges"] as? [Int] == [10, 20, 30])
            try await api.send("PATCH", "/v1/tenant", #"{"aging_edges": [30, 20, 10]}"#)
                .expect(422, "bad_edges", at: "/aging_edges")
            let body = """
                {"rates": [{"currency": "USD", "day": "2026-01-02", "rate": "0.92"},
                 {"currency": "EUR", "day": "2026-01-02", "rate": "1"},
                 {"currency": "USD", "day": "2026-01-02", "rate": "0.93"},
                 {"currency": "USD", "day": "2126-01-02", "rate": "0.92"},
                 {"currency": "XXX", "day": "2026-01-32", "rate": "-1", "colour": 1}]}
                """
            func results(_ body: String) async throws -> [[String: Any]] {
                try await api.post("/v1/exchange_rates", body).json["results"] as? [[String: Any]] ?? []
            }
            let first = try await results(body)
            #expect(first.map { $0["status"] as? String } == ["created", "refused", "refused", "refused", "refused"])
            let codes = first.map { ($0["errors"] as? [[String: String]] ?? []).compactMap { $0["code"] } }
            #expect(
                codes == [
                    [], ["same_currency"], ["duplicate"], ["in_the_future"],
                    ["bad_currency", "bad_date", "bad_rate", "unknown_key"],
                ])
            #expect(try await results(body)[0]["status"] as? String == "unchanged")
            let changed = #"{"rates": [{"base": "EUR", "currency": "USD", "day": "2026-01-02", "rate": "0.915"}]}"#
            #expect(try await results(changed)[0]["status"] as? String == "updated")
            let list = try await api.get("/v1/exchange_rates?currency=USD").json["data"] as? [[String: String]]
            #expect(list == [["base": "EUR", "currency": "USD", "day": "2026-01-02", "rate": "0.915"]])
        }
    }
}
