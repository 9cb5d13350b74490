import Dunning
import Foundation
import Host
import Operations
import Postgres
import Support
import Testing

@testable import recoup_api

/// Bodies that are accepted, each as short as can be.
enum Recipe {
    static let gateway = """
        {"name": "Relay", "host": "smtp.example.com", "port": 587, "username": "acme", "password": "correct horse"}
        """

    static let brand = #"{"name": "Acme", "from_address": "billing@acme.example", "zone": "America/New_York"}"#

    static let customer = #"{"external_id": "C-1", "name": "Hudson Bakery"}"#

    static let mapping = """
        {"fields": {"customer.external_id": {"column": "customer"}, "customer.name": {"column": "customer"},
         "invoice.external_id": {"column": "id"}, "invoice.due_date": {"column": "due"},
         "invoice.amount": {"column": "amount"}, "invoice.currency": {"constant": "USD"}}}
        """

    static let agency = """
        {"name": "Harbor", "minimums": [{"amount": "250.00", "currency": "USD"}], "response_days": 10}
        """

    /// All of an invoice on one day.
    static func plan(of invoice: String, _ day: String) -> String {
        """
        {"invoices": ["\(invoice)"],
         "instalments": [{"due_on": "\(day)", "amount": {"amount": "1250.00", "currency": "USD"}}]}
        """
    }

    static func template(_ name: String) -> String {
        """
        {"name": "\(name)", "subject": "Reminder of {{total}}",
         "text": "{{> header}}{{total}}{{#invoices}}{{number}}: {{open}}{{/invoices}}{{> footer}}",
         "html": "<p>{{> header}}{{total}}</p>{{#invoices}}<p>{{number}}: {{open}}</p>{{/invoices}}{{> footer}}"}
        """
    }

    static func step(_ key: String, template: String, days: Int = 3) -> String {
        #"{"key": "\#(key)", "kind": "email", "timing": "after_due", "days": \#(days), "template_id": "\#(template)"}"#
    }

    static func invoice(of customer: String) -> String {
        """
        {"external_id": "R-1", "customer_id": "\(customer)", "issue_date": "2026-01-02", "due_date": "2026-02-01",
         "amount": {"amount": "1250.00", "currency": "USD"}}
        """
    }

    /// A payment that waits for an invoice nobody has told of.
    static func waitingPayment(
        of customer: String, _ amount: String, name: String = "P-1", status: String = "succeeded", brand: String? = nil
    ) -> String {
        """
        {"external_id": "\(name)", "customer_id": "\(customer)", "value_date": "2026-01-02", "status": "\(status)",
         "brand_id": \(brand.map { "\"\($0)\"" } ?? "null"),
         "amount": {"amount": "\(amount)", "currency": "USD"},
         "allocations": [{"invoice_external_id": "nowhere", "amount": {"amount": "\(amount)", "currency": "USD"}}]}
        """
    }

    static func posting(_ name: String, _ amount: String, reason: String) -> String {
        #"{"external_id": "\#(name)", "reason": "\#(reason)", "amount": {"amount": "\#(amount)", "currency": "USD"}}"#
    }

    static func payment(of customer: String, _ amount: String) -> String {
        """
        {"external_id": "P-1", "customer_id": "\(customer)", "value_date": "2026-01-02",
         "amount": {"amount": "\(amount)", "currency": "USD"}}
        """
    }
}

extension RunningAPI {
    func upload(_ csv: String, mapping: String) async throws -> HTTPClient.Answer {
        let text = Data(mapping.utf8).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
        return try await client.ask(
            "POST", "/v1/imports?inline_mapping=\(text)", key: key, body: Array(csv.utf8), type: "text/csv")
    }

    /// What a worker would do with an import.
    func work(_ id: String) async throws -> RunImport.Outcome {
        let job = try #require(ID<Import>(id)), owner = try #require(ID<Dunning.Tenant>(tenant))
        let context = Context(tenant: owner, actor: "worker", now: Instant(microseconds: Clock.system()))
        return try await RunImport(job).run(on: try database.database(.bulk)) { context }
    }

    /// Tasks come from steps; here one is put in place.
    func insertTask(of customer: String) async throws -> String {
        let task = ID<CollectorTask>.make(at: Instant(microseconds: 0))
        let owner = try #require(ID<Customer>(customer))
        try await database.admin(
            """
            insert into task (tenant_id, task_id, kind, state, customer_id, title, script, created_at)
            select tenant_id, '\(task.uuid)', 'call', 'open', customer_id, 'Call', 'Ask.', created_at
            from customer where customer_id = '\(owner.uuid)'
            """)
        return "\(task)"
    }

    /// The next step of a customer's case; the API shows when it is, not which.
    func plannedStep(of customer: String) async throws -> String {
        let owner = try #require(ID<Customer>(customer))
        let found = try await database.value(
            "select step_run_id from step_run where customer_id = '\(owner.uuid)' and state = 'planned'")
        return "\(ID<StepRun>(try #require(found.flatMap { UUID(uuidString: $0) })))"
    }

    /// A case is handed over after months; here it is put in place.
    func insertHandover(of enrolment: String, to agency: String, after message: String) async throws -> String {
        let handover = ID<Handover>.make(at: Instant(microseconds: 0))
        let subject = try #require(ID<Enrolment>(enrolment)), holder = try #require(ID<Agency>(agency))
        let notice = try #require(ID<Message>(message))
        try await database.admin(
            """
            insert into handover (
                tenant_id, handover_id, enrolment_id, customer_id, agency_id, currency, amount, final_message_id, state,
                note, pack, pack_sha256, handed_at)
            select tenant_id, '\(handover.uuid)', enrolment_id, customer_id, '\(holder.uuid)', currency, 1,
                '\(notice.uuid)', 'with_agency', '', '', '\(String(repeating: "0", count: 64))', opened_at
            from enrolment where enrolment_id = '\(subject.uuid)'
            """)
        return "\(handover)"
    }

    /// Messages come from the worker; here one is put in place.
    func insertMessage(to customer: String, contact: String, brand: String, gateway: String) async throws -> String {
        let message = ID<Message>.make(at: Instant(microseconds: 0))
        let owner = try #require(ID<Customer>(customer)), person = try #require(ID<Contact>(contact))
        let sender = try #require(ID<Brand>(brand)), relay = try #require(ID<Gateway>(gateway))
        try await database.admin(
            """
            insert into message (
                tenant_id, message_id, customer_id, brand_id, contact_id, gateway_id, channel, address, address_key,
                stage, tier, state, locale, subject, text_body, html_body, bytes, contact_day, attempts, armed_at,
                created_at)
            select tenant_id, '\(message.uuid)', customer_id, '\(sender.uuid)', '\(person.uuid)', '\(relay.uuid)',
                'email', 'ada@hudson.example', 'ada@hudson.example', 1, 'reminder', 'accepted', 'en', 'Reminder',
                'text', '<p>html</p>', '', '2026-01-02', 1, created_at, created_at
            from customer where customer_id = '\(owner.uuid)'
            """)
        return "\(message)"
    }
}
