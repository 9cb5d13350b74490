package import Dunning
package import Postgres

/// A customer to be written with many others.
package struct NewCustomer: Sendable {
    package let id: ID<Customer>
    package let externalID: String
    package let name: String
    package let kind: String
    package let request: JSONText

    package init(id: ID<Customer>, externalID: String, name: String, kind: String, request: JSONText) {
        self.id = id
        self.externalID = externalID
        self.name = name
        self.kind = kind
        self.request = request
    }
}

/// The first contact of a customer, to be written with many others.
package struct NewContact: Sendable {
    package let customer: ID<Customer>
    package let name: String
    package let email: EmailAddress

    package init(customer: ID<Customer>, name: String, email: EmailAddress) {
        self.customer = customer
        self.name = name
        self.email = email
    }
}

/// An invoice to be written with many others.
package struct NewInvoice: Sendable {
    package let id: ID<Invoice>
    package let customer: ID<Customer>
    package let externalID: String
    package let number: String
    package let issueDate: Day?
    package let dueDate: Day?
    package let total: Money
    /// The day on which it counts in the ledger.
    package let valueDate: Day
    package let request: JSONText

    package init(
        id: ID<Invoice>, customer: ID<Customer>, externalID: String, number: String, issueDate: Day?, dueDate: Day?,
        total: Money, valueDate: Day, request: JSONText
    ) {
        self.id = id
        self.customer = customer
        self.externalID = externalID
        self.number = number
        self.issueDate = issueDate
        self.dueDate = dueDate
        self.total = total
        self.valueDate = valueDate
        self.request = request
    }
}

/// A payment received for one invoice, to be written with many others.
package struct NewPayment: Sendable {
    package let id: ID<Payment>
    package let customer: ID<Customer>
    package let invoice: ID<Invoice>
    package let externalID: String
    package let amount: Money
    package let invoiceName: SourceName
    package let method: String
    package let valueDate: Day
    package let request: JSONText

    package init(
        id: ID<Payment>, customer: ID<Customer>, invoice: ID<Invoice>, externalID: String, amount: Money,
        invoiceName: SourceName, method: String, valueDate: Day, request: JSONText
    ) {
        self.id = id
        self.customer = customer
        self.invoice = invoice
        self.externalID = externalID
        self.amount = amount
        self.invoiceName = invoiceName
        self.method = method
        self.valueDate = valueDate
        self.request = request
    }
}

/// Each of these writes all it is given, set-based, and returns how many were new. Fewer than given means that another
/// transaction wrote the same external id first: then nothing hangs on it yet, and the caller gives up this
/// transaction.
extension Transaction {
    package mutating func insert(_ customers: [NewCustomer], at now: Instant) throws(PostgresError) -> Int {
        guard !customers.isEmpty else { return 0 }
        return try rows(
            "import_customer_add", tenantID, customers.map(\.id), customers.map(\.externalID), customers.map(\.name),
            customers.map(\.kind), customers.map(\.request), now
        ).count
    }

    package mutating func insert(_ contacts: [NewContact], at now: Instant) throws(PostgresError) {
        guard !contacts.isEmpty else { return }
        try run(
            "import_contact_add", tenantID, contacts.map { _ in ID<Contact>.make(at: now) }, contacts.map(\.customer),
            contacts.map(\.name), contacts.map(\.email.text), contacts.map { AddressKey($0.email).text }, now)
    }

    package mutating func insert(
        _ invoices: [NewInvoice], of brand: ID<Brand>, at now: Instant
    ) throws(PostgresError) -> Int {
        guard !invoices.isEmpty else { return 0 }
        let written = try rows(
            "import_invoice_add", tenantID, brand, invoices.map(\.id), invoices.map(\.customer),
            invoices.map(\.externalID), invoices.map(\.number), invoices.map { $0.issueDate?.description ?? "" },
            invoices.map { $0.dueDate?.description ?? "" }, invoices.map(\.total.currency),
            invoices.map(\.total.minor), invoices.map(\.request), now
        ).count
        return written
    }

    package mutating func insert(
        _ payments: [NewPayment], of brand: ID<Brand>, at now: Instant
    ) throws(PostgresError) -> Int {
        guard !payments.isEmpty else { return 0 }
        let written = try rows(
            "import_payment_add", tenantID, brand, payments.map(\.id), payments.map(\.customer),
            payments.map(\.externalID), payments.map(\.amount.currency), payments.map(\.amount.minor),
            payments.map(\.method), payments.map(\.valueDate),
            payments.map(\.request), now
        ).count
        return written
    }
}
