package import Dunning
import Foundation
package import Postgres

/// An invoice as shown.
package struct InvoiceRecord: Sendable, Hashable {
    package let id: ID<Invoice>
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let externalID: String
    package let number: String
    package let issueDate: Day?
    package let dueDate: Day?
    package let total: Money
    /// Not covered by money received.
    package let open: Money
    package let settledAt: Instant?
    package let recordedAt: Instant
}

/// An invoice to be written.
package struct InvoiceDraft: Sendable {
    package let id: ID<Invoice>
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let externalID: String
    package let number: String
    package let issueDate: Day?
    package let dueDate: Day?
    package let total: Money

    package init(
        id: ID<Invoice>, customer: ID<Customer>, brand: ID<Brand>, externalID: String, number: String, issueDate: Day?,
        dueDate: Day?, total: Money
    ) {
        self.id = id
        self.customer = customer
        self.brand = brand
        self.externalID = externalID
        self.number = number
        self.issueDate = issueDate
        self.dueDate = dueDate
        self.total = total
    }
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
    package mutating func insert(_ invoice: InvoiceDraft, request: JSONText, at now: Instant) throws(PostgresError)
        -> Bool
    {
        try run(
            "invoice_insert", tenantID, invoice.id, invoice.customer, invoice.brand, invoice.externalID, invoice.number,
            invoice.issueDate, invoice.dueDate, invoice.total.currency, invoice.total.minor, request, now) == 1
    }

    /// The invoice with this external id, and whether the very same request made it.
    package mutating func invoice(
        externalID: String, request: JSONText
    ) throws(PostgresError) -> (id: ID<Invoice>, isSame: Bool)? {
        guard let row = try first("invoice_same", tenantID, externalID, request) else { return nil }
        return (try row("invoice_id"), try row("is_same"))
    }

    package mutating func invoice(_ id: ID<Invoice>) throws(PostgresError) -> InvoiceRecord? {
        guard let row = try first("invoice_by_id", tenantID, id) else { return nil }
        return try Self.invoiceRecord(row)
    }

    /// A page of invoices, newest first. State: open, overdue, settled.
    package mutating func invoices(
        customer: ID<Customer>?, state: String?, before: ID<Invoice>?, count: Int, now: Instant
    ) throws(PostgresError) -> [InvoiceRecord] {
        let days = state == "overdue" ? try brandDays() : [:]
        var found: [InvoiceRecord] = []
        for row in try rows(
            "invoice_page", tenantID, customer, state, Array(days.keys), days.values.map { $0.overdueBefore(now) },
            before, count)
        {
            found.append(try Self.invoiceRecord(row))
        }
        return found
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

    /// Open invoices a payment may cover, locked, with what is not covered yet by money received or under way.
    package mutating func lockOpenInvoices(
        customer: ID<Customer>, brand: ID<Brand>, currency: Currency
    ) throws(PostgresError) -> [Allocate.Target] {
        var rows: [(ID<Invoice>, Day?, Int64)] = []
        for row in try self.rows("invoice_lock_open", tenantID, customer, brand, currency) {
            rows.append((try row("invoice_id"), try row.optional("due_date"), try row("total")))
        }
        var allocated: [ID<Invoice>: Int64] = [:]
        if !rows.isEmpty {
            for row in try self.rows("invoice_allocated", tenantID, rows.map(\.0)) {
                allocated[try row("invoice_id")] = try row("allocated")
            }
        }
        return rows.map { Allocate.Target(invoice: $0.0, dueDate: $0.1, open: $0.2 - (allocated[$0.0] ?? 0)) }
    }

    /// Marks those of these invoices that received money covers; call it when their allocations are written.
    package mutating func settleInvoices(_ invoices: [ID<Invoice>], at now: Instant) throws(PostgresError) {
        guard !invoices.isEmpty else { return }
        try run("invoice_settle", tenantID, invoices, now)
    }

    package mutating func record(_ entry: NewLedgerEntry, at now: Instant) throws(PostgresError) {
        try run(
            "ledger_insert", tenantID, ID<LedgerEntry>.make(at: now), entry.kind.rawValue, entry.customer, entry.brand,
            entry.invoice, entry.payment, entry.amount.currency, entry.amount.minor, entry.valueDate, now)
    }

    private static func invoiceRecord(_ row: Row) throws(PostgresError) -> InvoiceRecord {
        let currency: Currency = try row("currency")
        let total: Int64 = try row("total")
        let allocated: Int64 = try row("allocated")
        return InvoiceRecord(
            id: try row("invoice_id"), customer: try row("customer_id"), brand: try row("brand_id"),
            externalID: try row("external_id"), number: try row("number"), issueDate: try row.optional("issue_date"),
            dueDate: try row.optional("due_date"), total: Money(minor: total, currency: currency),
            open: Money(minor: total - allocated, currency: currency), settledAt: try row.optional("settled_at"),
            recordedAt: try row("recorded_at"))
    }
}

/// One movement of money, signed as it changes what the customer owes.
package struct NewLedgerEntry: Sendable {
    package enum Kind: String, Sendable { case invoice, payment }

    package let kind: Kind
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let invoice: ID<Invoice>?
    package let payment: ID<Payment>?
    package let amount: Money
    package let valueDate: Day

    package init(
        kind: Kind, customer: ID<Customer>, brand: ID<Brand>, invoice: ID<Invoice>? = nil, payment: ID<Payment>? = nil,
        amount: Money, valueDate: Day
    ) {
        self.kind = kind
        self.customer = customer
        self.brand = brand
        self.invoice = invoice
        self.payment = payment
        self.amount = amount
        self.valueDate = valueDate
    }
}
