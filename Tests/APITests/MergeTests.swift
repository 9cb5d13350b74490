import Foundation
import Support
import Testing

@testable import recoup_api

@Suite struct `A customer that was merged` {
    @Test func `leads to the one that stayed, by its name and in every answer`() async throws {
        try await RunningAPI.run { api in
            _ = try await api.create("/v1/brands", Recipe.brand)
            let stays = try await api.create("/v1/customers", Recipe.customer)
            let twin = Recipe.customer.replacingOccurrences(of: "C-1", with: "C-2")
            let old = try await api.create("/v1/customers", twin)
            let invoice = try await api.create("/v1/invoices", Recipe.invoice(of: old))
            let body = #"{"into": "\#(stays)"}"#
            try await api.post("/v1/customers/\(old)/merge", "{}").expect(422, "missing", at: "/into")
            try await api.post("/v1/customers/\(old)/merge", #"{"into": "\#(old)"}"#)
                .expect(422, "same_customer", at: "/into")
            let merged = try await api.post("/v1/customers/\(old)/merge", body)
            #expect(merged.status == 200, "\(merged.text)")
            #expect((try merged.json["customer"] as? [String: Any])?["id"] as? String == stays)
            // The same again answers the same.
            #expect(try await api.post("/v1/customers/\(old)/merge", body).text == merged.text)
            #expect(try await api.get("/v1/invoices/\(invoice)").json["customer_id"] as? String == stays)
            let shown = try await api.get("/v1/customers/\(old)").json
            #expect(shown["merged_into"] as? String == stays && shown["merged_at"] is String)
            #expect(try await api.get("/v1/customers/\(stays)").json["merged_into"] is NSNull)
            let why = try await api.get("/v1/customers/\(old)/why").text
            #expect(why.contains("merged into Hudson Bakery (\(stays))"), "\(why)")
            // By the name its source has for it, things land there; its own description and id are of no use any more.
            let more = """
                {"external_id": "R-2", "customer_external_id": "C-2", "due_date": "2026-02-01",
                 "amount": {"amount": "5.00", "currency": "USD"}}
                """
            #expect(try await api.post("/v1/invoices", more).json["customer_id"] as? String == stays)
            #expect(try await api.post("/v1/customers", twin).json["id"] as? String == stays)
            let stated = try await api.send("PUT", "/v1/customers/C-2", #"{"name": "By its old name"}"#).json
            #expect(stated["outcome"] as? String == "unchanged")
            try await api.post("/v1/invoices", Recipe.invoice(of: old).replacingOccurrences(of: "R-1", with: "R-3"))
                .expect(422, "merged_customer", at: "/customer_id")
            try await api.post("/v1/customers/\(old)/notes", #"{"body": "Late."}"#).expect(409, "customer_merged")
            try await api.send("PATCH", "/v1/customers/\(old)", #"{"name": "X"}"#).expect(409, "customer_merged")
            try await api.post("/v1/customers/\(stays)/merge", #"{"into": "\#(old)"}"#)
                .expect(422, "merged_customer", at: "/into")
        }
    }
}
