import Dunning
import Foundation
import Host
import Operations
import Postgres
import Store
import Support

/// A company on the instance, set up through the API: New York, US federal holidays, friendly on day 3, firm on day 14,
/// final on day 30.
struct Tenant: Sendable {
    let world: World
    let id: String
    let name: String
    let key: String

    static func make(in world: World, name: String = "Acme", sessions: Int = 4) async throws -> Tenant {
        let api = Web(port: world.ports.api)
        func platform(_ path: String, _ json: String) async throws -> Web.Answer {
            try await api.ask("POST", path, key: World.platformKey, json)
        }
        struct Key: Decodable { let key: String }
        let made: Made = try await platform("/v1/tenants", #"{"name": "\#(name)"}"#).read()
        let key: Key = try await platform("/v1/tenants/\(made.id)/keys", #"{"name": "scenario"}"#).read()
        let tenant = Tenant(world: world, id: made.id, name: name, key: key.key)
        let calendar = try await tenant.create("/v1/calendars", #"{"name": "Holidays", "rule": "us_federal"}"#)
        let gateway = try await tenant.create(
            "/v1/gateways",
            """
            {"name": "Relay", "kind": "smtp", "host": "127.0.0.1", "port": \(world.ports.smtp), "tls": "none",
             "ehlo_name": "mail.acme.example", "sessions": \(sessions)}
            """)
        let workflow = try await tenant.create("/v1/workflows", try await tenant.ladder())
        _ = try await tenant.create(
            "/v1/brands",
            """
            {"name": "Acme", "legal_name": "Acme Inc.", "address": "18 Mill Street", "from_name": "Acme Billing",
             "from_address": "billing@acme.example", "zone": "America/New_York", "grace_days": 0,
             "calendar_id": "\(calendar)", "gateway_id": "\(gateway)", "workflow_id": "\(workflow)"}
            """)
        return tenant
    }

    /// The same company as another installation has it.
    func on(_ world: World) -> Tenant { Tenant(world: world, id: id, name: name, key: key) }

    private func ladder() async throws -> String {
        struct Template: Decodable, Sendable {
            let id: String
            let name: String
        }
        let templates: [Template] = try await everything("/v1/templates")
        let steps = try [("Friendly", 3, "reminder"), ("Firm", 14, "reminder"), ("Final", 30, "final")].map { step in
            guard let template = templates.first(where: { $0.name.hasPrefix(step.0) }) else {
                throw Unhelpful("a new tenant has no template \(step.0)")
            }
            return """
                {"key": "\(step.0.lowercased())", "kind": "email", "timing": "after_due", "days": \(step.1),
                 "template_id": "\(template.id)", "tier": "\(step.2)"}
                """
        }
        return #"{"name": "Ladder", "escalation_gap_days": 7, "steps": [\#(steps.joined(separator: ", "))]}"#
    }

    func ask(_ method: String, _ path: String, _ json: String? = nil) async throws -> Web.Answer {
        try await Web(port: world.ports.api).ask(method, path, key: key, json)
    }

    func create(_ path: String, _ json: String) async throws -> String {
        let made: Made = try await ask("POST", path, json).read()
        return made.id
    }

    /// All pages of a list.
    func everything<Item: Decodable & Sendable>(_ path: String) async throws -> [Item] {
        var items: [Item] = []
        var cursor: String?
        repeat {
            let query = (path.contains("?") ? "&" : "?") + "limit=200" + (cursor.map { "&cursor=\($0)" } ?? "")
            let page: Page<Item> = try await ask("GET", path + query).read()
            items += page.data
            cursor = page.nextCursor
        } while cursor != nil
        return items
    }

    /// From now on its first step is a text message, by mail where there is no telephone; the gateway's id.
    func textFirst(sessions: Int) async throws -> String {
        let gateway = try await create(
            "/v1/gateways",
            """
            {"name": "Texts", "kind": "sms", "preset": "twilio", "host": "127.0.0.1", "port": \(world.ports.http),
             "tls": "none", "username": "AC1", "password": "token", "sender": "+14155550100", "sessions": \(sessions)}
            """)
        let template = try await create(
            "/v1/templates",
            """
            {"name": "Text", "subject": "Reminder of {{total}}", "text": "{{total}}", "html": "<p>{{total}}</p>",
             "sms": "{{brand.name}}: {{total}} is overdue. Reply STOP to stop."}
            """)
        let workflow = try await create(
            "/v1/workflows",
            """
            {"name": "By text", "steps": [{"key": "text", "kind": "sms", "timing": "after_due", "days": 3,
             "template_id": "\(template)", "fallback": "email"}]}
            """)
        let brand: Page<Made> = try await ask("GET", "/v1/brands").read()
        let answer = try await ask(
            "PATCH", "/v1/brands/\(brand.data[0].id)",
            #"{"sms_gateway_id": "\#(gateway)", "workflow_id": "\#(workflow)"}"#)
        guard answer.status == 200 else { throw Unhelpful(answer.text) }
        return gateway
    }

    /// One line of a ledger.
    struct Line: Sendable {
        let customer: String
        let invoice: String
        let due: String
        let cents: Int
        var paid = ""
        var phone: String?
    }

    /// Takes lines in by `recoup import`; what it said. Where no worker runs, the test is the worker.
    @discardableResult
    func take(_ lines: [Line], byWorker: Bool = false) async throws -> String {
        if byWorker { return try await send(lines) }
        let said = try await send(lines, "--no-wait")
        let word = said.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("imp_") }
        guard let word, let job = ID<Import>(String(word)), let tenant = ID<Dunning.Tenant>(id) else {
            throw Unhelpful("no import: \(said)")
        }
        let bulk = try TwinWorker.database(.bulk, of: world)
        let now = Instant(microseconds: Clock.system() + (try await InstanceClock.offset(bulk)))
        let outcome = try await RunImport(job).run(on: bulk) { Context(tenant: tenant, actor: "worker", now: now) }
        await bulk.stop()
        guard outcome == .ended(.done) else { throw Unhelpful("the import ended as \(outcome)") }
        return said
    }

    /// Hands lines to `recoup import`, which waits for their end unless told otherwise.
    @discardableResult
    func send(_ lines: [Line], _ options: String...) async throws -> String {
        let (file, mapping) = (world.folder.appending(path: "ledger.csv"), world.folder.appending(path: "mapping.json"))
        let rows = lines.map { line in
            [line.customer, line.invoice, line.due, Self.decimal(line.cents), line.paid, line.phone ?? ""]
                .joined(separator: ",")
        }
        try Data((["customer,invoice,due,amount,paid,phone"] + rows).joined(separator: "\n").utf8).write(to: file)
        try Data(Self.mapping.utf8).write(to: mapping)
        return try await world.recoup(["import", "--tenant", id, "--mapping", mapping.path, file.path] + options)
    }

    private static let mapping = """
        {"date_format": "yyyy-MM-dd", "decimal": ".", "fields": {
            "customer.external_id": {"column": "customer"}, "customer.name": {"pattern": "Customer {customer}"},
            "contact.email": {"pattern": "{customer}@debtor.example"}, "contact.phone": {"column": "phone"},
            "invoice.external_id": {"column": "invoice"}, "invoice.number": {"column": "invoice"},
            "invoice.due_date": {"column": "due"}, "invoice.amount": {"column": "amount"},
            "invoice.currency": {"constant": "USD"}, "payment.value_date": {"column": "paid"}}}
        """

    static func decimal(_ cents: Int) -> String { "\(cents / 100)." + (cents % 100 < 10 ? "0" : "") + "\(cents % 100)" }

    static func address(of customer: String) -> String { "\(customer)@debtor.example" }

    func activate(_ policy: String = "first_stage") async throws -> String {
        try await world.recoup("activate", "--tenant", id, "--entry-policy", policy, "--yes")
    }

    /// Reminders that are all due at noon of 24 November 2026 in New York: one for each customer.
    static func dueLines(_ count: Int) -> [Line] {
        (0..<count).map { Line(customer: "c\($0)", invoice: "R-\(1_000 + $0)", due: "2026-11-10", cents: 1_050 + $0) }
    }
}

extension World {
    static let noon = "2026-11-24T12:00[America/New_York]"

    /// Programs but the worker, and a tenant with that many reminders due at once, when there is a worker.
    func tenant(due count: Int, dots milliseconds: Int) async throws -> Tenant {
        try await recoup("demo", "at", Self.noon)
        try await start("sandbox", "api")
        try await answerDots(after: milliseconds)
        let tenant = try await Tenant.make(in: self)
        if count > 0 {
            try await tenant.take(Tenant.dueLines(count))
            _ = try await tenant.activate()
        }
        return tenant
    }
}
