import Foundation
import Support
import Testing

@testable import recoup_api

/// Every operation of openapi.yaml, tried by one tenant on the things of another. An operation without a recipe fails.
@Suite struct `The wall between tenants` {
    /// How an operation is tried. `$name` in a body is the id of a thing; by turns each of them is the other tenant's.
    private enum Trial {
        /// No key, no tenant.
        case open
        /// A tenant's key is of the wrong kind.
        case platform
        /// Answers about the caller alone.
        case own(String? = nil)
        /// The path names a thing.
        case object(String? = nil)
        /// The same, of a thing that is in no state for it.
        case untimely(String? = nil)
        /// Shows many things.
        case list
        /// Makes something of a body.
        case make(String)
        /// The same for many at once: refused one by one.
        case batch(String)
        /// Begins something that a worker does; a body may confirm what was begun before.
        case begin(String)
        /// Makes something of a file.
        case upload
    }

    private static let document = """
        "customer_id": "$customers", "brand_id": "$brands", "value_date": "2026-01-02",
        "amount": {"amount": "5.00", "currency": "USD"}
        """
    private static let statedDocument = """
        {\(document), "allocations": [{"invoice_id": "$invoices", "amount": {"amount": "1.00", "currency": "USD"}}]}
        """

    private static let pause = #"{"key": "pause", "kind": "wait", "after_due": 3}"#

    private static let trials: [String: Trial] = [
        "healthLive": .open, "healthReady": .open, "description": .open, "receiveTextReceipt": .open,
        "receiveTextReply": .open,
        "createTenant": .platform, "listTenants": .platform, "getTenant": .platform, "createKey": .platform,
        "listKeys": .platform, "revokeKey": .platform, "weighTenant": .platform, "showQueue": .platform,
        "showKillSwitch": .platform, "setKillSwitch": .platform, "pauseLanes": .platform, "resumeLanes": .platform,
        "replayDeadLetters": .platform, "sendNow": .untimely(),
        "vetoStep": .untimely("{}"),
        "decideMessage": .untimely(#"{"decision": "accepted"}"#),
        "getOwnTenant": .own(), "changeOwnTenant": .make(#"{"workflow_id": "$workflows"}"#), "activate": .own("{}"),
        "createCalendar": .make(#"{"name": "Another"}"#), "listCalendars": .list, "getCalendar": .object(),
        "replaceCalendarDays": .object(#"{"days": []}"#),
        "createGateway": .make(#"{"name": "Another", "host": "smtp.example.com", "port": 25}"#), "listGateways": .list,
        "getGateway": .object(), "changeGateway": .object(#"{"sessions": 2}"#),
        "createBrand": .make(
            """
            {"name": "Another", "from_address": "b@acme.example", "zone": "UTC", "calendar_id": "$calendars",
             "gateway_id": "$gateways", "workflow_id": "$workflows"}
            """),
        "listBrands": .list, "getBrand": .object(),
        "changeBrand": .object(
            #"{"calendar_id": "$calendars", "gateway_id": "$gateways", "workflow_id": "$workflows"}"#),
        "createTemplate": .make(Recipe.template("Another")), "listTemplates": .list, "getTemplate": .object(),
        "reviseTemplate": .object(#"{"subject": "s", "text": "t", "html": "<p>h</p>"}"#),
        "lintTemplate": .own(#"{"subject": "s", "text": "t", "html": "<p>h</p>"}"#),
        "lintStoredTemplate": .object(),
        "listReadyMade": .own(), "getReadyMade": .own(), "installReadyMade": .own(),
        "previewTemplate": .object(#"{"customer_id": "$customers", "brand_id": "$brands"}"#),
        "createWorkflow": .make(#"{"name": "Another", "steps": [\#(Recipe.step("one", template: "$templates"))]}"#),
        "listWorkflows": .list, "getWorkflow": .object(), "changeWorkflow": .object(#"{"kill_switch": false}"#),
        // By now brand and tenant name it.
        "archiveWorkflow": .untimely(), "restoreWorkflow": .object(),
        "readWorkflowDocument": .object(), "diffWorkflow": .object(#"{"name": "x", "steps": [\#(pause)]}"#),
        "lintWorkflow": .own(#"{"name": "x", "steps": [\#(pause)]}"#),
        "putWorkflowDocument": .make(
            #"{"name": "X-9", "steps": [\#(Recipe.step("one", template: "$templates"))]}"#),
        "tellCases": .object(#"{"name": "contract_ended"}"#), "listInApp": .object(),
        "startStep": .untimely(#"{"step": "visit"}"#),
        "publishWorkflow": .object(#"{"steps": [\#(Recipe.step("one", template: "$templates"))]}"#),
        "createCustomer": .make(#"{"external_id": "C-9", "name": "Another", "workflow_id": "$workflows"}"#),
        "listCustomers": .list, "getCustomer": .object(), "changeCustomer": .object(#"{"workflow_id": "$workflows"}"#),
        "addContact": .object(#"{"name": "Another"}"#), "listContacts": .object(),
        "changeContact": .object(#"{"role": "manager"}"#), "listCases": .object(), "explainCustomer": .object(),
        "recordInvoice": .make(
            """
            {"external_id": "R-9", "customer_id": "$customers", "brand_id": "$brands", "due_date": "2026-02-01",
             "amount": {"amount": "5.00", "currency": "USD"}}
            """),
        "listInvoices": .list, "getInvoice": .object(), "explainInvoice": .object(),
        "recordPayment": .make(
            """
            {"external_id": "P-9", "customer_id": "$customers", "brand_id": "$brands", "value_date": "2026-01-02",
             "amount": {"amount": "5.00", "currency": "USD"},
             "allocations": [{"invoice_id": "$invoices", "amount": {"amount": "5.00", "currency": "USD"}}]}
            """),
        "listPayments": .list, "getPayment": .object(),
        "putCustomer": .make(#"{"name": "Another", "workflow_id": "$workflows"}"#),
        "putInvoice": .make(
            #"{"customer_id": "$customers", "brand_id": "$brands", "amount": {"amount": "5.00", "currency": "USD"}}"#),
        "putPayment": .make(statedDocument), "putCreditNote": .make(statedDocument),
        // Refused one by one, with 207: tried apart, below.
        "recordCustomers": .batch(
            #"{"items": [{"external_id": "C-8", "name": "Another", "workflow_id": "$workflows"}]}"#),
        "recordInvoices": .batch(
            """
            {"items": [{"external_id": "R-8", "customer_id": "$customers", "brand_id": "$brands",
             "amount": {"amount": "5.00", "currency": "USD"}}]}
            """),
        "recordPayments": .batch(#"{"items": [{"external_id": "P-8", \#(document)}]}"#),
        "recordCreditNotes": .batch(#"{"items": [{"external_id": "N-8", \#(document)}]}"#),
        "writeOff": .object(#"{"external_id": "W-9", "reason": "x", "amount": {"amount": "1.00", "currency": "USD"}}"#),
        "succeedPayment": .object("{}"), "failPayment": .object("{}"),
        "reversePayment": .object(
            #"{"external_id": "CB-9", "reason": "mistake", "amount": {"amount": "0.01", "currency": "USD"}}"#),
        "refundPayment": .object(
            #"{"external_id": "RF-9", "reason": "x", "amount": {"amount": "0.01", "currency": "USD"}}"#),
        "recordCreditNote": .make(#"{"external_id": "N-9", \#(document)}"#), "listCreditNotes": .list,
        "getCreditNote": .object(), "listPostings": .list, "getPosting": .object(), "listLedgerEntries": .list,
        "openDispute": .make(#"{"invoice_id": "$invoices", "reason": "x"}"#), "listDisputes": .list,
        "getDispute": .object(), "resolveDispute": .object(#"{"outcome": "withdrawn"}"#),
        "makePromise": .make(#"{"invoices": ["$invoices"], "due_on": "$soon"}"#), "listPromises": .list,
        "getPromise": .object(), "cancelPromise": .object("{}"), "listSources": .list,
        "setSource": .own(#"{"max_age_hours": 5}"#), "listTolerances": .own(),
        "setTolerances": .own(#"{"tolerances": []}"#),
        "reportDataQuality": .own(), "listDataQuality": .own(),
        // One scope takes one id: the three are tried apart, below.
        "placeHold": .make(#"{"scope": "customer", "customer_id": "$customers", "reason": "x"}"#),
        "listHolds": .list, "releaseHold": .object("{}"), "listTasks": .list, "getTask": .object(),
        "finishTask": .object(#"{"outcome": "done"}"#), "cancelTask": .object("{}"),
        "claimTask": .object(#"{"by": "Ada"}"#), "releaseTask": .object(),
        "addNote": .object(#"{"body": "x"}"#), "listNotes": .object(),
        "recordReply": .object(#"{"way": "email", "text": "x"}"#), "snoozeCustomer": .object(#"{"days": 1}"#),
        "skipStep": .object("{}"),
        "makePaymentPlan": .make(Recipe.plan(of: "$plannables", "$soon")), "listPaymentPlans": .list,
        "getPaymentPlan": .object(), "cancelPaymentPlan": .object("{}"),
        "createAgency": .make(Recipe.agency), "listAgencies": .list, "getAgency": .object(),
        "putAgency": .object(Recipe.agency.replacingOccurrences(of: "Harbor", with: "Pier")),
        "handOverCase": .untimely(#"{"agency_id": "$agencies"}"#), "exportEvidence": .object(),
        "listHandovers": .list, "getHandover": .object(), "getHandedEvidence": .object(),
        "recallHandover": .object(#"{"reason": "x"}"#),
        "importLedger": .upload, "listImports": .list, "getImport": .object(), "listImportErrors": .object(),
        "getDSO": .own(), "getCEI": .own(), "getAging": .own(), "getRecovery": .own(), "getPromises": .own(),
        "getWrongDunning": .own(),
        "listInvoicesBehind": .list, "getMetrics": .own(), "listExchangeRates": .own(),
        "setExchangeRates": .own(
            #"{"rates": [{"base": "EUR", "currency": "USD", "day": "2026-01-02", "rate": "0.9"}]}"#),
        "confirmImport": .object(), "cancelImport": .object(), "exportImportErrorsAsCSV": .object(),
        "exportImportErrorsAsNDJSON": .object(), "listImportMappings": .list, "getImportMapping": .object(),
        "putImportMapping": .own(Recipe.mapping), "dropImportMapping": .object(),
        "createSegment": .make(#"{"name": "Another"}"#), "listSegments": .list, "getSegment": .object(),
        "changeSegment": .object(#"{"name": "Renamed"}"#), "listSegmentMembers": .object(),
        "changeSegmentMembers": .object(#"{"add": ["$customers"]}"#),
        "createAssignmentRule": .make(
            """
            {"name": "Another", "priority": 2, "condition": {"field": "stage", "is": 9}, "brand_id": "$brands",
             "workflow_id": "$workflows"}
            """),
        "listAssignmentRules": .list, "getAssignmentRule": .object(),
        "replaceAssignmentRule": .object(
            """
            {"name": "Replaced", "priority": 2, "condition": {"field": "stage", "is": 9}, "brand_id": "$brands",
             "workflow_id": "$workflows"}
            """),
        "dropAssignmentRule": .object(), "reassignCustomer": .object(),
        "mergeCustomer": .object(#"{"into": "$customers"}"#),
        "pinInvoice": .object(#"{"workflow_id": "$workflows"}"#),
        "startReassignment": .begin(#"{"confirm": "$reassignments"}"#),
        "listReassignments": .list, "getReassignment": .object(),
        "listEvents": .list, "listMessages": .list, "getMessage": .object(), "explainMessage": .object(),
        "startSimulation": .make(
            #"{"days": 5, "workflow_id": "$workflows", "steps": [\#(Recipe.step("one", template: "$templates"))]}"#),
        "listSimulations": .list, "getSimulation": .object(),
        "listSimulationEvents": .object(),
    ]

    @Test func `holds for every operation, every path, every list and every id in a body`() async throws {
        try await RunningAPI.run { api in
            let (_, otherKey) = try await RunningAPI.newTenant(api.client)
            let mine = try await Estate(of: api, canary: "CANARY-A")
            let theirs = try await Estate(of: api.with(key: otherKey), canary: "CANARY-B")
            var counts: [String: Int] = [:]
            // What is taken away is taken away last.
            let operations = try Description.shared.get().operations.sorted {
                ($0.method == "DELETE" ? 1 : 0, $0.path, $0.method) < (
                    $1.method == "DELETE" ? 1 : 0, $1.path, $1.method
                )
            }
            for operation in operations {
                let name = try #require(operation.body["operationId"]?.text)
                let trial = try #require(Self.trials[name], "\(name) has no recipe")
                counts["\(trial)".prefix { $0 != "(" }.description, default: 0] += 1
                try await Self.attempt(trial, operation, by: theirs, on: mine)
            }
            #expect(Set(Self.trials.keys).count == (try Description.shared.get().operations.count))
            for (scope, noun) in [("brand", "brands"), ("invoice", "invoices")] {
                try await Self.tryBodies(
                    "POST", "/v1/holds", #"{"scope": "\#(scope)", "\#(scope)_id": "$\#(noun)", "reason": "x"}"#,
                    by: theirs,
                    on: mine)
            }
            print(
                "the wall: \(counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))"
            )
        }
    }

    private static func attempt(
        _ trial: Trial, _ operation: Description.Operation, by caller: Estate, on victim: Estate
    ) async throws {
        let place = "\(operation.method) \(operation.path)"
        switch trial {
        case .open: return
        case .platform:
            try await caller.api.client.ask(
                operation.method,
                operation.path.replacingOccurrences(of: "{tenant_id}", with: victim.api.tenant)
                    .replacingOccurrences(of: "{key_id}", with: "key_none"),
                key: caller.api.key, body: operation.body["requestBody"] == nil ? nil : Array("{}".utf8)
            ).expect(403, "wrong_kind_of_key")
        case .own(let body):
            let answer = try await caller.ask(operation.method, caller.filled(operation.path), body)
            #expect(answer.status == 200, "\(place): \(answer.text)")
            #expect(!answer.text.contains(victim.canary), "\(place)")
        case .list:
            var answer = try await caller.ask(operation.method, operation.path + "?limit=200", nil)
            // Events are shown when no older transaction of the server is open.
            for _ in 0..<100 where operation.path == "/v1/events" && !answer.text.contains("oev_") {
                try await Task.sleep(for: .milliseconds(100))
                answer = try await caller.ask(operation.method, operation.path + "?limit=200", nil)
            }
            #expect(answer.status == 200, "\(place): \(answer.text)")
            for (_, id) in victim.ids { #expect(!answer.text.contains(id), "\(place)") }
            #expect(!answer.text.contains(victim.canary), "\(place)")
            #expect(
                answer.text.contains(caller.canary) || caller.ids.values.contains(where: answer.text.contains),
                "\(place)")
        case .object(let body):
            let path = victim.filled(operation.path)
            let before = try await caller.rows() + victim.rows()
            let refused = try await caller.ask(operation.method, path, body.map(caller.filled))
            #expect(refused.status == 404, "\(place): \(refused.text)")
            #expect(try await caller.rows() + victim.rows() == before, "\(place) wrote something")
            if let body {
                let path = try await caller.fresh(operation.path)
                try await tryBodies(operation.method, path, body, by: caller, on: victim)
            } else {
                let own = try await caller.ask(operation.method, try await caller.fresh(operation.path), nil)
                #expect(own.status == 200, "\(place): \(own.text)")
            }
        case .untimely(let body):
            let before = try await caller.rows() + victim.rows()
            let body = body.map(caller.filled)
            let refused = try await caller.ask(operation.method, victim.filled(operation.path), body)
            #expect(refused.status == 404, "\(place): \(refused.text)")
            let own = try await caller.ask(operation.method, caller.filled(operation.path), body)
            #expect(own.status == 409, "\(place): \(own.text)")
            #expect(try await caller.rows() + victim.rows() == before, "\(place) wrote something")
        case .make(let body):
            // A statement names its thing as the source does.
            let path = operation.path.replacingOccurrences(of: "{id}", with: "X-9")
            try await tryBodies(operation.method, path, body, by: caller, on: victim)
        case .batch(let body):
            for noun in victim.ids.keys.sorted() where body.contains("\"$\(noun)\"") {
                let forged = caller.filled(body.replacingOccurrences(of: "$\(noun)", with: victim.ids[noun] ?? ""))
                let before = try await caller.rows() + victim.rows()
                let refused = try await caller.ask(operation.method, operation.path, forged)
                #expect([404, 422].contains(try Self.firstStatus(refused)), "\(place) with a foreign \(noun)")
                #expect(try await caller.rows() + victim.rows() == before, "\(place) wrote something")
            }
            let accepted = try await caller.ask(operation.method, operation.path, caller.filled(body))
            #expect(try Self.firstStatus(accepted) == 201, "\(place): \(accepted.text)")
        case .begin(let body):
            let before = try await caller.rows() + victim.rows()
            let refused = try await caller.ask(operation.method, operation.path, victim.filled(body))
            #expect(refused.status == 422, "\(place): \(refused.text)")
            // Its own is known, and still running.
            let own = try await caller.ask(operation.method, operation.path, caller.filled(body))
            #expect(own.status == 409, "\(place): \(own.text)")
            #expect(try await caller.rows() + victim.rows() == before, "\(place) wrote something")
            let begun = try await caller.ask(operation.method, operation.path, "{}")
            #expect(begun.status == 202, "\(place): \(begun.text)")
        case .upload:
            let mapping = Recipe.mapping.dropFirst()
            let before = try await victim.rows()
            let refused = try await caller.api.upload(
                "id,customer,amount,due\n", mapping: #"{"brand": "\#(victim.ids["brands"] ?? "")", \#(mapping)"#)
            try refused.expect(422, "unknown_brand", at: "?inline_mapping/brand")
            #expect(try await victim.rows() == before)
        }
    }

    private static func firstStatus(_ answer: HTTPClient.Answer) throws -> Int {
        #expect(answer.status == 207, "\(answer.text)")
        return try #require((try answer.json["data"] as? [[String: Any]])?.first?["status"] as? Int)
    }

    /// Each id of a body by turns is the victim's: refused, and nothing written. With the caller's own it is accepted,
    /// or all of this would prove nothing.
    private static func tryBodies(
        _ method: String, _ path: String, _ body: String, by caller: Estate, on victim: Estate
    ) async throws {
        for noun in victim.ids.keys.sorted() where body.contains("\"$\(noun)\"") {
            let forged = caller.filled(body.replacingOccurrences(of: "$\(noun)", with: victim.ids[noun] ?? ""))
            let before = try await caller.rows() + victim.rows()
            let refused = try await caller.ask(method, path, forged)
            #expect([404, 422].contains(refused.status), "\(method) \(path) with a foreign \(noun): \(refused.text)")
            #expect(!refused.text.contains(victim.canary), "\(method) \(path)")
            #expect(try await caller.rows() + victim.rows() == before, "\(method) \(path) wrote something")
        }
        let accepted = try await caller.ask(method, path, caller.filled(body))
        #expect([200, 201, 202].contains(accepted.status), "\(method) \(path): \(accepted.text)")
    }
}
