import Foundation
import Operations
import Store
import Support
import Testing

@testable import recoup_api

/// A tenant with a brand and a customer, ready for invoices.
private func withCustomer(_ body: (RunningAPI, _ customer: String) async throws -> Void) async throws {
    try await RunningAPI.run { api in
        _ = try await api.create("/v1/brands", Recipe.brand)
        try await body(api, try await api.create("/v1/customers", Recipe.customer))
    }
}

@Suite struct `Receivables` {
    @Test func `are created once, however often they are sent`() async throws {
        try await withCustomer { api, customer in
            for (path, body, other) in [
                ("/v1/customers", Recipe.customer, #"{"external_id": "C-1", "name": "Somebody else"}"#),
                (
                    "/v1/invoices", Recipe.invoice(of: customer),
                    Recipe.invoice(of: customer).replacingOccurrences(of: "1250.00", with: "1250.01")
                ),
                (
                    "/v1/payments", Recipe.payment(of: customer, "100.00"),
                    Recipe.payment(of: customer, "100.01")
                ),
            ] {
                let first = try await api.post(path, body)
                let again = try await api.post(path, body)
                #expect([200, 201].contains(first.status), "\(first.text)")
                #expect(again.status == 200, "\(again.text)")
                #expect(again.text == first.text)
                try await api.post(path, other).expect(409, "conflict")
                // Blanks and order are no content.
                let members = try JSONParser.parse(Array(body.utf8)).canonical
                #expect(try await api.post(path, members).status == 200)
            }
        }
    }

    @Test func `refuse money that is not exactly money`() async throws {
        try await withCustomer { api, customer in
            for (amount, pointer, code) in [
                (#"{"amount": "-1.00", "currency": "USD"}"#, "/amount/amount", "not_positive"),
                (#"{"amount": "0.00", "currency": "USD"}"#, "/amount/amount", "not_positive"),
                (#"{"amount": 12.5, "currency": "USD"}"#, "/amount/amount", "wrong_type"),
                (#"{"amount": "1.001", "currency": "USD"}"#, "/amount/amount", "money_too_many_decimals"),
                (#"{"amount": "1,000.00", "currency": "USD"}"#, "/amount/amount", "money_grouping_separator"),
                (#"{"amount": "1e3", "currency": "USD"}"#, "/amount/amount", "money_malformed"),
                (#"{"amount": "NaN", "currency": "USD"}"#, "/amount/amount", "money_malformed"),
                (#"{"amount": "99999999999999999999", "currency": "USD"}"#, "/amount/amount", "money_out_of_range"),
                (#"{"amount": "100.0", "currency": "JPY"}"#, "/amount/amount", "money_too_many_decimals"),
                (#"{"amount": "1.00", "currency": "XXY"}"#, "/amount/currency", "bad_currency"),
                (#"{"amount": "1.00", "currency": "usd"}"#, "/amount/currency", "bad_currency"),
                (#"{"amount": "1.00"}"#, "/amount/currency", "missing"),
                (#""1.00 USD""#, "/amount", "wrong_type"),
            ] {
                let json =
                    #"{"external_id": "R", "customer_id": "\#(customer)", "amount": \#(amount)}"#
                let answer = try await api.post("/v1/invoices", json)
                try answer.expect(422, code, at: pointer)
                #expect((try answer.json["errors"] as? [Any])?.count == 1, "\(answer.text)")
            }
            #expect(try await api.database.number("select count(*) from invoice") == 0)
        }
    }

    @Test func `are covered, and the rest of a payment is credit`() async throws {
        try await withCustomer { api, customer in
            let invoice = try await api.create("/v1/invoices", Recipe.invoice(of: customer))
            let wrong = """
                {"external_id": "P-0", "customer_id": "\(customer)", "value_date": "2026-01-02",
                 "amount": {"amount": "10.00", "currency": "USD"},
                 "allocations": [{"invoice_id": "\(invoice)", "amount": {"amount": "10.00", "currency": "EUR"}}]}
                """
            try await api.post("/v1/payments", wrong).expect(422, "wrong_currency", at: "/allocations/0/amount")
            let payment = try await api.post("/v1/payments", Recipe.payment(of: customer, "1300.00")).json
            #expect((payment["unallocated"] as? [String: String])?["amount"] == "50.00")
            let allocations = try #require(payment["allocations"] as? [[String: Any]])
            #expect(allocations.first?["invoice_id"] as? String == invoice)
            let stored = try await api.get("/v1/invoices/\(invoice)").json
            #expect((stored["open"] as? [String: String])?["amount"] == "0.00")
            #expect(stored["settled_at"] is String)
            #expect((try await api.get("/v1/invoices?state=settled").json["data"] as? [Any])?.count == 1)
            #expect((try await api.get("/v1/invoices?state=open").json["data"] as? [Any])?.isEmpty == true)
            try await api.get("/v1/invoices?state=paid").expect(400, "not_in_list", at: "?state")
        }
    }

    @Test func `come in as a file, with a report by row`() async throws {
        try await RunningAPI.run { api in
            _ = try await api.create("/v1/brands", Recipe.brand)
            let csv = "id,customer,amount,due\nR-1,C-1,100.00,2026-01-31\nR-2,C-2,-5.00,2026-01-31\n"
            let answer = try await api.upload(csv, mapping: Recipe.mapping)
            #expect(answer.status == 202, "\(answer.text)")
            #expect(try answer.json["state"] as? String == "received")
            let id = try #require(answer.json["id"] as? String)
            #expect(try await api.work(id) == .ended(.done))
            let record = try await api.get("/v1/imports/\(id)").json
            #expect(record["errors"] as? Int == 1)
            #expect((record["counts"] as? [String: Any])?["invoices_created"] as? Int == 1)
            let errors = try #require(try await api.get("/v1/imports/\(id)/errors").json["data"] as? [[String: Any]])
            #expect(errors.first?["line"] as? Int == 3)
            let answered = try await api.get("/v1/imports/\(id)/errors.csv")
            let file = answered.text
            #expect(
                file.hasPrefix("row,line,column,field,code,message\r\n2,3,\"amount\",\"invoice.amount\","), "\(file)")
            try await api.send("POST", "/v1/imports/\(id)/confirm", "{}").expect(409, "not_waiting")
            try await api.send("POST", "/v1/imports/\(id)/cancel", "{}").expect(409, "too_late")
            try await api.upload(csv, mapping: #"{"fields": {"invoice.nonsense": {"column": "id"}}}"#)
                .expect(422, "unknown_key", at: "?inline_mapping/fields/invoice.nonsense")
            try await api.upload("", mapping: Recipe.mapping).expect(422, "empty_file", at: "")
            try await api.client.ask("POST", "/v1/imports?inline_mapping=!", key: api.key, body: [], type: "text/csv")
                .expect(400, "bad_mapping", at: "?inline_mapping")
            try await api.client.ask("POST", "/v1/imports?mapping=none", key: api.key, body: [], type: "text/csv")
                .expect(422, "unknown_mapping", at: "?mapping")
            try await api.client.ask("POST", "/v1/imports?mapping=none", key: api.key, body: [], type: "image/png")
                .expect(415, "unsupported_media_type")
        }
    }
}

@Suite struct `Rules of a brand` {
    @Test func `have its open cases planned anew when they change what is due`() async throws {
        try await withCustomer { api, customer in
            _ = try await api.create("/v1/invoices", Recipe.invoice(of: customer))
            let list = try #require(try await api.get("/v1/brands").json["data"] as? [[String: Any]])
            let brand = try #require(list.first?["id"] as? String)
            let dirty = "select count(*) from enrolment where dirty"
            #expect(try await api.database.number("select count(*) from enrolment") == 1)
            _ = try await api.send("PATCH", "/v1/brands/\(brand)", #"{"phone": "1", "kill_switch": true}"#)
            #expect(try await api.database.number(dirty) == 0)
            let calendar = try await api.create("/v1/calendars", #"{"name": "Office"}"#)
            let moved = try await api.send("PATCH", "/v1/brands/\(brand)", #"{"calendar_id": "\#(calendar)"}"#)
            #expect(moved.status == 200, "\(moved.text)")
            #expect(try await api.database.number(dirty) == 1)
            #expect(try await api.database.number("select count(*) from q.due where kind = 'drain'") == 1)
            try await api.database.admin("update enrolment set dirty = false")
            _ = try await api.send(
                "PUT", "/v1/calendars/\(calendar)/days", #"{"days": [{"date": "2026-12-24", "name": "Eve"}]}"#)
            #expect(try await api.database.number(dirty) == 1)
        }
    }
}

@Suite struct `Going live` {
    @Test func `takes the confirmation of exactly what is there`() async throws {
        try await withCustomer { api, customer in
            _ = try await api.create("/v1/invoices", Recipe.invoice(of: customer))
            let preview = try await api.post("/v1/activation", #"{"entry_policy": "first_stage"}"#).json
            #expect(preview["status"] as? String == "preview")
            #expect(preview["invoices"] as? Int == 1)
            let token = try #require(preview["confirmation"] as? String)
            _ = try await api.create(
                "/v1/invoices", Recipe.invoice(of: customer).replacingOccurrences(of: "R-1", with: "R-2"))
            let confirm = #"{"entry_policy": "first_stage", "confirm": "\#(token)"}"#
            let changed = try await api.post("/v1/activation", confirm)
            try changed.expect(409, "preview_changed")
            let fresh = try #require(try changed.json["preview"] as? [String: Any])
            #expect(fresh["invoices"] as? Int == 2)
            #expect(try await api.get("/v1/tenant").json["mode"] as? String == "shadow")
            let next = try #require(fresh["confirmation"] as? String)
            let live = try await api.post("/v1/activation", confirm.replacingOccurrences(of: token, with: next))
            #expect(try live.json["status"] as? String == "activated", "\(live.text)")
            #expect(try await api.get("/v1/tenant").json["mode"] as? String == "live")
            try await api.post("/v1/activation", #"{"entry_policy": "soon"}"#)
                .expect(422, "bad_entry_policy", at: "/entry_policy")
        }
    }

    @Test func `shows a template as a customer would get it`() async throws {
        try await withCustomer { api, customer in
            let template = try await api.create("/v1/templates", Recipe.template("Gentle"))
            let request = #"{"customer_id": "\#(customer)"}"#
            let sample = try await api.post("/v1/templates/\(template)/preview", request).json
            #expect(sample["is_sample"] as? Bool == true)
            _ = try await api.create("/v1/invoices", Recipe.invoice(of: customer))
            let real = try await api.post("/v1/templates/\(template)/preview", request).json
            #expect(real["is_sample"] as? Bool == false)
            #expect(real["subject"] as? String == "Reminder of $1,250.00")
            #expect((real["text"] as? String)?.contains("R-1: $1,250.00") == true)
        }
    }
}

@Suite struct `Work for people` {
    @Test func `holds stop, and are ended`() async throws {
        try await withCustomer { api, customer in
            let hold = try await api.create(
                "/v1/holds", #"{"scope": "customer", "customer_id": "\#(customer)", "reason": "insolvency"}"#)
            let inForce = try await api.get("/v1/holds?in_force=true&customer_id=\(customer)").json
            #expect((inForce["data"] as? [Any])?.count == 1)
            let released = try await api.post("/v1/holds/\(hold)/release", "{}").json
            #expect(released["released_at"] is String)
            try await api.post("/v1/holds", #"{"scope": "brand", "customer_id": "\#(customer)", "reason": "x"}"#)
                .expect(422, "missing", at: "/brand_id")
            try await api.post("/v1/holds", #"{"scope": "tenant", "reason": "Not a word"}"#)
                .expect(422, "not_a_word", at: "/reason")
            try await api.post("/v1/holds", #"{"scope": "tenant", "reason": "x", "until": "2020-01-01T00:00:00Z"}"#)
                .expect(422, "in_the_past", at: "/until")
        }
    }

    @Test func `contacts are changed and cleared`() async throws {
        try await withCustomer { api, customer in
            let contact = try await api.create(
                "/v1/customers/\(customer)/contacts", #"{"name": "Ada", "email": "ada@hudson.example"}"#)
            let changed = try await api.send("PATCH", "/v1/contacts/\(contact)", #"{"opted_out": true, "email": null}"#)
                .json
            #expect(changed["opted_out"] as? Bool == true)
            #expect(changed["email"] is NSNull)
            try await api.send(
                "PATCH", "/v1/contacts/\(contact)", #"{"email": "ada@hudson.example\r\nBcc: x@y.example"}"#
            )
            .expect(422, "address_not_one_at", at: "/email")
            let why = try await api.get("/v1/customers/\(customer)/why").json
            #expect((why["words"] as? [String])?.isEmpty == false)
        }
    }

    @Test func `tasks are closed once`() async throws {
        try await withCustomer { api, customer in
            let task = try await api.insertTask(of: customer)
            #expect((try await api.get("/v1/tasks?state=open").json["data"] as? [Any])?.count == 1)
            let done = try await api.post("/v1/tasks/\(task)/outcome", #"{"outcome": "promised", "note": "Friday"}"#)
                .json
            #expect(done["state"] as? String == "done")
            try await api.post("/v1/tasks/\(task)/cancel", "{}").expect(409, "task_closed")
            try await api.post("/v1/tasks/\(task)/outcome", #"{"outcome": "Promised to pay"}"#)
                .expect(422, "not_in_list", at: "/outcome")
        }
    }
}
