import Foundation
import Support
import Testing

@testable import recoup_api

/// Receivables as clients say them.
@Suite struct `Receivables over the API` {
    private static func made(_ body: (RunningAPI, String) async throws -> Void) async throws {
        try await RunningAPI.run { api in
            _ = try await api.create("/v1/brands", Recipe.brand)
            try await body(api, try await api.create("/v1/customers", Recipe.customer))
        }
    }

    private static func outcomes(_ answer: HTTPClient.Answer) throws -> [[String: Any]] {
        #expect(answer.status == 207, "\(answer.text)")
        return try #require(try answer.json["data"] as? [[String: Any]])
    }

    @Test func `a batch says of each item what the single route would, and one bad item leaves the others`()
        async throws
    {
        try await Self.made { api, customer in
            func item(_ name: String, _ amount: String) -> String {
                #"{"external_id": "\#(name)", "customer_external_id": "C-1", "amount": {"amount": "\#(amount)", "currency": "USD"}}"#
            }
            let items = [
                item("A", "1.00"), item("B", "x"), item("A", "1.00"), item("A", "2.00"),
                #"{"external_id": "D", "customer_external_id": "nobody", "amount": {"amount": "1.00", "currency": "USD"}}"#,
                "7", item("E", "3.00"),
            ]
            let found = try Self.outcomes(
                try await api.post("/v1/invoices/batch?source=erp", #"{"items": [\#(items.joined(separator: ","))]}"#))
            #expect(found.map { $0["status"] as? Int } == [201, 422, 200, 409, 422, 422, 201])
            #expect(found.map { $0["index"] as? Int } == Array(0..<7))
            let pointers = found.map { ($0["errors"] as? [[String: String]])?.first?["pointer"] }
            #expect(pointers[1] == "/items/1/amount/amount")
            #expect(pointers[4] == "/items/4/customer_external_id")
            #expect(pointers[5] == "/items/5")
            #expect(found[0]["id"] as? String == found[2]["id"] as? String)
            let list = try await api.get("/v1/invoices?source=erp&external_id=E").json["data"] as? [[String: Any]]
            #expect(list?.count == 1 && list?.first?["customer_id"] as? String == customer)
            let many = Array(repeating: "{}", count: 501).joined(separator: ",")
            try await api.post("/v1/invoices/batch", #"{"items": [\#(many)]}"#).expect(422, "too_many", at: "/items")
        }
    }

    @Test func `an invoice is stated by its own name, and every answer is as described`() async throws {
        try await Self.made { api, _ in
            func put(_ amount: String, _ more: String = "") async throws -> HTTPClient.Answer {
                let answer = try await api.send(
                    "PUT", "/v1/invoices/R%2F17?source=erp",
                    #"{"customer_external_id": "C-1", "amount": {"amount": "\#(amount)", "currency": "USD"}\#(more)}"#)
                let operation = try #require(
                    try Description.shared.get().operation("PUT", at: "/v1/invoices/R-17"))
                #expect(try Description.shared.get().differences(answer, to: operation) == [], "\(answer.text)")
                return answer
            }
            let made = try await put("100.00", #", "version": 1, "due_date": "2026-10-01""#)
            #expect(made.status == 201)
            let invoice = try #require(made.json["invoice"] as? [String: Any])
            #expect(invoice["external_id"] as? String == "R/17")
            #expect(try await put("90.00", #", "version": 2"#).json["outcome"] as? String == "updated")
            #expect(try await put("80.00", #", "version": 1"#).json["outcome"] as? String == "outdated")
            #expect(
                try await put("90.00", #", "version": 3, "status": "paid""#).json["outcome"] as? String == "updated")
            let shown = try await api.get("/v1/invoices/\(invoice["id"] as? String ?? "")").json
            #expect((shown["open"] as? [String: String])?["amount"] == "0.00")
            #expect(shown["due_date"] as? String == "2026-10-01")
            let plan = """
                , "version": 4, "status": "open", "instalments": [
                {"due_date": "2026-12-01", "amount": {"amount": "40.00", "currency": "USD"}},
                {"due_date": "2027-01-01", "amount": {"amount": "50.00", "currency": "USD"}}]
                """
            let parts = try await put("90.00", plan).json["invoice"] as? [String: Any]
            #expect((parts?["instalments"] as? [Any])?.count == 2)
            try await put("90.00", #", "version": 5, "issue_date": "2026-01-01""#).expect(409, "invoice_differs")
            try await put("-1.00", #", "version": 5"#).expect(422, "not_positive", at: "/amount/amount")
        }
    }

    @Test func `money waits for an invoice that is named before it is known`() async throws {
        try await Self.made { api, customer in
            let paid = try await api.post("/v1/payments", Recipe.waitingPayment(of: customer, "5.00"))
            #expect((try paid.json["unallocated"] as? [String: String])?["amount"] == "5.00")
            let report = try await api.get("/v1/data_quality").json["findings"] as? [[String: Any]]
            let waiting = report?.first { $0["finding"] as? String == "waiting_credit" }
            #expect(waiting?["count"] as? Int == 1)
            _ = try await api.create(
                "/v1/invoices", Recipe.invoice(of: customer).replacingOccurrences(of: "R-1", with: "nowhere"))
            let id = try #require(try paid.json["id"] as? String)
            #expect((try await api.get("/v1/payments/\(id)").json["allocations"] as? [Any])?.count == 1)
            let entries = try await api.get("/v1/ledger_entries?payment_id=\(id)").json["data"] as? [[String: Any]]
            #expect(entries?.compactMap { $0["kind"] as? String }.sorted() == ["payment", "transfer", "transfer"])
        }
    }
}
