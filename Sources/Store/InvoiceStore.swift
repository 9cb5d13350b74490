package import Dunning
import Foundation
package import Postgres

/// An invoice as shown.
package struct InvoiceRecord: Sendable, Hashable {
    package let id: ID<Invoice>
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let name: SourceName
    /// What the source says of its own state; 0 where it says nothing.
    package let version: Int64
    package let number: String
    package let issueDate: Day?
    package let dueDate: Day?
    package let total: Money
    /// Not covered by money received, credited or written off.
    package let open: Money
    package let settledAt: Instant?
    package let recordedAt: Instant
    /// What the case follows whose oldest open invoice it is, before all else that names a workflow.
    package let workflow: ID<Workflow>?
    /// None for an invoice that is due as a whole.
    package var instalments: [Instalment] = []

    package var key: LedgerKey { LedgerKey(customer: customer, brand: brand, currency: total.currency) }

    /// The due date of what is open, of the first instalment that is where there are several.
    package var nextDue: Day? {
        let parts = Instalment.parts(of: total.minor, covered: total.minor - open.minor, instalments)
        return parts.isEmpty ? dueDate : parts.first { $0.covered < $0.amount }?.dueDate
    }
}

/// An invoice to be written.
package struct InvoiceDraft: Sendable {
    package let id: ID<Invoice>
    package let key: LedgerKey
    package let name: SourceName
    package let version: Int64
    package let number: String
    package let issueDate: Day?
    package let dueDate: Day?
    package let total: Int64

    package init(
        id: ID<Invoice>, key: LedgerKey, name: SourceName, version: Int64 = 0, number: String, issueDate: Day?,
        dueDate: Day?, total: Int64
    ) {
        self.id = id
        self.key = key
        self.name = name
        self.version = version
        self.number = number
        self.issueDate = issueDate
        self.dueDate = dueDate
        self.total = total
    }
}

/// What a payment that names an invoice may cover.
package struct CoverableInvoice: Sendable {
    package let name: SourceName
    package let key: LedgerKey
    /// What stands on it, with what was written off, in minor units.
    package let open: Int64
}

/// The brand's day rule: what is due before this day is overdue.
package struct BrandDay: Sendable, Hashable {
    package let zone: Zone
    package let graceDays: Int

    /// The day before which a due date is overdue now.
    package func overdueBefore(_ now: Instant) -> Day { zone.day(of: now).adding(-graceDays) }
}

extension Transaction {
    /// False when the external id is taken.
    package mutating func insert(_ invoice: InvoiceDraft, request: JSONText?, at now: Instant) throws(PostgresError)
        -> Bool
    {
        try run(
            "invoice_insert", tenantID, invoice.id, invoice.key.customer, invoice.key.brand, invoice.name.source,
            invoice.name.externalID, invoice.version, invoice.number, invoice.issueDate, invoice.dueDate,
            invoice.key.currency, invoice.total, request, now) == 1
    }

    /// The invoice of this name, and whether the very same request made it.
    package mutating func invoice(
        _ name: SourceName, request: JSONText
    ) throws(PostgresError) -> (id: ID<Invoice>, isSame: Bool)? {
        guard let row = try first("invoice_same", tenantID, name.source, name.externalID, request) else { return nil }
        return (try row("invoice_id"), try row("is_same"))
    }

    package mutating func invoice(_ id: ID<Invoice>) throws(PostgresError) -> InvoiceRecord? {
        guard let row = try first("invoice_by_id", tenantID, id) else { return nil }
        return try withInstalments([try Self.invoiceRecord(row)]).first
    }

    /// A page of invoices, newest first. State: open, overdue, settled.
    package mutating func invoices(
        customer: ID<Customer>?, state: String?, source: String? = nil, externalID: String? = nil,
        before: ID<Invoice>?, count: Int, now: Instant
    ) throws(PostgresError) -> [InvoiceRecord] {
        let days = state == "overdue" ? try brandDays() : [:]
        var found: [InvoiceRecord] = []
        for row in try rows(
            "invoice_page", tenantID, customer, state, Array(days.keys), days.values.map { $0.overdueBefore(now) },
            source, externalID, before, count)
        {
            found.append(try Self.invoiceRecord(row))
        }
        return try withInstalments(found)
    }

    /// The invoice of this name, and whose it is.
    package mutating func invoice(
        named name: SourceName
    ) throws(PostgresError) -> (id: ID<Invoice>, customer: ID<Customer>)? {
        guard let row = try first("invoice_known", tenantID, name.source, name.externalID) else { return nil }
        return (try row("invoice_id"), try row("customer_id"))
    }

    private mutating func withInstalments(_ invoices: [InvoiceRecord]) throws(PostgresError) -> [InvoiceRecord] {
        let terms = try instalments(of: invoices.map(\.id))
        return invoices.map { invoice in
            var invoice = invoice
            if let plan = terms[invoice.id], plan.count > 1 { invoice.instalments = plan }
            return invoice
        }
    }

    package mutating func brandDays() throws(PostgresError) -> [ID<Brand>: BrandDay] {
        var days: [ID<Brand>: BrandDay] = [:]
        for row in try rows("invoice_brand_days", tenantID) {
            days[try row("brand_id")] = BrandDay(zone: try row("zone"), graceDays: try row("grace_days"))
        }
        return days
    }

    package mutating func customerExists(_ id: ID<Customer>) throws(PostgresError) -> Bool {
        try first("invoice_party", tenantID, id) != nil
    }

    /// What payments that name these invoices may cover.
    package mutating func coverable(_ invoices: [ID<Invoice>]) throws(PostgresError) -> [ID<Invoice>: CoverableInvoice]
    {
        var found: [ID<Invoice>: CoverableInvoice] = [:]
        for row in try rows("invoice_open_of", tenantID, invoices) {
            found[try row("invoice_id")] = CoverableInvoice(
                name: SourceName(try row("external_id"), source: try row("source")),
                key: LedgerKey(
                    customer: try row("customer_id"), brand: try row("brand_id"), currency: try row("currency")),
                open: try row("open"))
        }
        return found
    }

    private static func invoiceRecord(_ row: Row) throws(PostgresError) -> InvoiceRecord {
        let currency: Currency = try row("currency")
        return InvoiceRecord(
            id: try row("invoice_id"), customer: try row("customer_id"), brand: try row("brand_id"),
            name: SourceName(try row("external_id"), source: try row("source")), version: try row("version"),
            number: try row("number"), issueDate: try row.optional("issue_date"), dueDate: try row.optional("due_date"),
            total: Money(minor: try row("total"), currency: currency),
            open: Money(minor: max(0, try row("balance")), currency: currency),
            settledAt: try row.optional("settled_at"),
            recordedAt: try row("recorded_at"), workflow: try row.optional("workflow_id"))
    }
}
