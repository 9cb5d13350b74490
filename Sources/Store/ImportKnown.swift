package import Dunning
package import Postgres

/// A customer that was there before the import.
package struct KnownCustomer: Sendable, Equatable {
    package let id: ID<Customer>
    /// What it is called now, and what it was called when it was made.
    package let names: [String]
    package let kinds: [String]
    package let hasContact: Bool
    /// An open case at the import's brand.
    package let hasCase: Bool
}

/// An invoice that was there before the import.
package struct KnownInvoice: Sendable, Equatable {
    package let id: ID<Invoice>
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let number: String
    package let issueDate: Day?
    package let dueDate: Day?
    package let total: Money
}

/// A payment that was there before the import.
package struct KnownPayment: Sendable, Equatable {
    package let customer: ID<Customer>
    package let amount: Money
    package let valueDate: Day
    package let method: String
}

extension Transaction {
    /// By external id.
    package mutating func knownCustomers(
        _ externals: [String], at brand: ID<Brand>
    ) throws(PostgresError) -> [String: KnownCustomer] {
        var found: [String: KnownCustomer] = [:]
        for row in try rows("import_customers", tenantID, brand, externals) {
            let (name, kind): (String, String) = (try row("name"), try row("kind"))
            let (firstName, firstKind): (String?, String?) = (
                try row.optional("request_name"), try row.optional("request_kind")
            )
            found[try row("external_id")] = KnownCustomer(
                id: try row("customer_id"), names: [name, firstName ?? name], kinds: [kind, firstKind ?? kind],
                hasContact: try row("has_contact"), hasCase: try row("has_case"))
        }
        return found
    }

    /// By external id.
    package mutating func knownInvoices(_ externals: [String]) throws(PostgresError) -> [String: KnownInvoice] {
        var found: [String: KnownInvoice] = [:]
        for row in try rows("import_invoices", tenantID, externals) {
            found[try row("external_id")] = KnownInvoice(
                id: try row("invoice_id"), customer: try row("customer_id"), brand: try row("brand_id"),
                number: try row("number"), issueDate: try row.optional("issue_date"),
                dueDate: try row.optional("due_date"),
                total: Money(minor: try row("total"), currency: try row("currency")))
        }
        return found
    }

    /// By external id.
    package mutating func knownPayments(_ externals: [String]) throws(PostgresError) -> [String: KnownPayment] {
        var found: [String: KnownPayment] = [:]
        for row in try rows("import_payments", tenantID, externals) {
            found[try row("external_id")] = KnownPayment(
                customer: try row("customer_id"),
                amount: Money(minor: try row("amount"), currency: try row("currency")),
                valueDate: try row("value_date"),
                method: try row("method"))
        }
        return found
    }
}
