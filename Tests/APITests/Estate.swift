import Dunning
import Foundation
import Support
import Testing

@testable import recoup_api

/// One thing of each kind, of one tenant, all with the tenant's canary in their texts.
struct Estate: Sendable {
    let api: RunningAPI
    let canary: String
    /// By the noun of the path: `brands`, `customers` …
    let ids: [String: String]

    init(of api: RunningAPI, canary: String) async throws {
        self.api = api
        self.canary = canary
        func named(_ text: String) -> String {
            text.replacingOccurrences(of: #""name": ""#, with: #""name": "\#(canary) "#)
        }
        var ids: [String: String] = [:]
        ids["calendars"] = try await api.create("/v1/calendars", #"{"name": "\#(canary)"}"#)
        ids["gateways"] = try await api.create("/v1/gateways", named(Recipe.gateway))
        ids["brands"] = try await api.create("/v1/brands", named(Recipe.brand))
        let template = try await api.create("/v1/templates", Recipe.template(canary))
        ids["templates"] = template
        ids["workflows"] = try await api.create(
            "/v1/workflows", #"{"name": "\#(canary)", "steps": [\#(Recipe.step("one", template: template))]}"#)
        _ = try await api.client.ask("POST", "/v1/catalogue/b2c", key: api.key)
        let customer = try await api.create("/v1/customers", named(Recipe.customer))
        ids["customers"] = customer
        let contact = try await api.create("/v1/customers/\(customer)/contacts", #"{"name": "\#(canary)"}"#)
        ids["contacts"] = contact
        ids["invoices"] = try await api.create("/v1/invoices", Recipe.invoice(of: customer))
        // Of which a part waits as credit.
        ids["payments"] = try await api.create("/v1/payments", Recipe.waitingPayment(of: customer, "1.00"))
        ids["credit_notes"] = try await api.create("/v1/credit_notes", Recipe.payment(of: customer, "1.00"))
        let second = try await api.create(
            "/v1/invoices", Recipe.invoice(of: customer).replacingOccurrences(of: "R-1", with: "R-2"))
        ids["postings"] = try await api.create(
            "/v1/invoices/\(second)/write_offs", Recipe.posting("W-1", "1.00", reason: "goodwill"))
        ids["disputes"] = try await api.create("/v1/disputes", #"{"invoice_id": "\#(second)", "reason": "x"}"#)
        ids["promises"] = try await api.create(
            "/v1/promises", #"{"invoices": ["\#(ids["invoices"] ?? "")"], "due_on": "\#(Self.soon)"}"#)
        _ = try await api.send("PUT", "/v1/sources/\(canary)", "{}")
        ids["holds"] = try await api.create(
            "/v1/holds", #"{"scope": "customer", "customer_id": "\#(customer)", "reason": "x", "note": "\#(canary)"}"#)
        ids["segments"] = try await api.create("/v1/segments", #"{"name": "\#(canary)"}"#)
        ids["assignment_rules"] = try await api.create(
            "/v1/assignment_rules",
            """
            {"name": "\(canary)", "priority": 1, "condition": {"field": "segment", "is": "\(canary)"}, "exclude": true}
            """)
        ids["reassignments"] =
            try await api.client.ask("POST", "/v1/reassignments", key: api.key, body: Array("{}".utf8))
            .json["id"] as? String
        let file = try await api.upload(
            "id,customer,amount,due\nR-5,\(canary),7.00,2026-03-01\n", mapping: Recipe.mapping)
        ids["import_mappings"] = canary
        _ = try await api.send("PUT", "/v1/import_mappings/\(canary)", Recipe.mapping)
        ids["imports"] = try file.json["id"] as? String
        ids["tasks"] = try await api.insertTask(of: customer)
        // Of a customer that nothing else is tried on: open to be paid in instalments, in a plan already, and reminded of.
        let debtor = try await api.create(
            "/v1/customers", named(Recipe.customer).replacingOccurrences(of: "C-1", with: "C-7"))
        func owed(_ name: String) async throws -> String {
            try await api.create(
                "/v1/invoices", Recipe.invoice(of: debtor).replacingOccurrences(of: "R-1", with: name))
        }
        ids["plannables"] = try await owed("R-17")
        ids["payment_plans"] = try await api.create(
            "/v1/payment_plans", Recipe.plan(of: try await owed("R-18"), Self.soon))
        _ = try await owed("R-10")
        ids["step_runs"] = try await api.plannedStep(of: debtor)
        ids["agencies"] = try await api.create("/v1/agencies", named(Recipe.agency))
        _ = try await api.create("/v1/customers/\(customer)/notes", #"{"body": "\#(canary)"}"#)
        ids["messages"] = try await api.insertMessage(
            to: customer, contact: contact, brand: ids["brands"] ?? "", gateway: ids["gateways"] ?? "")
        let cases =
            try await api.client.ask("GET", "/v1/customers/\(customer)/cases", key: api.key)
            .json["data"] as? [[String: Any]]
        ids["cases"] = cases?.first?["id"] as? String
        let simulation = try await api.client.ask(
            "POST", "/v1/simulations", key: api.key, body: Array(#"{"days": 5}"#.utf8))
        ids["simulations"] = try simulation.json["id"] as? String
        ids["handovers"] = try await api.insertHandover(
            of: ids["cases"] ?? "", to: ids["agencies"] ?? "", after: ids["messages"] ?? "")
        self.ids = ids
    }

    /// A path or a body with this tenant's things in it.
    func filled(_ text: String) -> String {
        var text = text
        if let noun = text.split(separator: "/").dropFirst().first {  // the noun before {id}
            text = text.replacingOccurrences(of: "{id}", with: ids[String(noun)] ?? "")
        }
        // The catalogue is everybody's.
        text = text.replacingOccurrences(of: "/v1/catalogue/{name}", with: "/v1/catalogue/b2c")
        text = text.replacingOccurrences(of: "{name}", with: ids["import_mappings"] ?? "")
        for (noun, id) in ids { text = text.replacingOccurrences(of: "$\(noun)", with: id) }
        return text.replacingOccurrences(of: "$soon", with: Self.soon).replacingOccurrences(of: "{name}", with: "erp")
            .replacingOccurrences(of: "{finding}", with: "stale_sources")
    }

    /// A day that a promise may name.
    private static var soon: String {
        Day(number: Int32(Date().timeIntervalSince1970 / 86_400)).adding(3).description
    }

    /// A path to a thing that was not used up: a task can be closed once, a customer merged once.
    func fresh(_ path: String) async throws -> String {
        guard let customer = ids["customers"] else { return filled(path) }
        if path.hasSuffix("/merge") {
            let twin = try await api.create("/v1/customers", #"{"external_id": "C-twin", "name": "\#(canary)"}"#)
            return path.replacingOccurrences(of: "{id}", with: twin)
        }
        if path.hasSuffix("/fail") {
            let coming = try await api.create(
                "/v1/payments",
                Recipe.waitingPayment(
                    of: customer, "1.00", name: "P-coming", status: "pending", brand: ids["brands"]))
            return path.replacingOccurrences(of: "{id}", with: coming)
        }
        if path.hasPrefix("/v1/imports/") {
            // A confirmed one cannot be cancelled any more.
            try await api.database.admin("update import set state = 'awaiting_confirmation'")
        }
        guard path.hasPrefix("/v1/tasks/") else { return filled(path) }
        return path.replacingOccurrences(of: "{id}", with: try await api.insertTask(of: customer))
    }

    func ask(_ method: String, _ path: String, _ body: String?) async throws -> HTTPClient.Answer {
        try await api.client.ask(method, path, key: api.key, body: body.map { Array($0.utf8) })
    }

    /// Rows of this tenant in all tables.
    func rows() async throws -> Int {
        let tenant = try await api.client.ask("GET", "/v1/tenant", key: api.key).json["id"] as? String ?? ""
        return try await api.count(of: tenant)
    }
}
