package import Dunning
package import Postgres
package import Store

/// Takes in one invoice, once; money that waits for it covers it at once, and the customer's case is planned anew.
package struct RecordInvoice: Sendable {
    let name: SourceName
    let number: String
    let customer: ID<Customer>
    let brand: ID<Brand>?
    let issueDate: Day?
    let dueDate: Day?
    let total: Money

    /// Throws ``Rejection/invalid(_:)`` for an amount that is not positive or days in the wrong order.
    package init(
        externalID: String, number: String? = nil, customer: ID<Customer>, brand: ID<Brand>? = nil,
        issueDate: Day? = nil, dueDate: Day?, total: Money
    ) throws(Rejection) {
        try TextRule.line(upTo: 200).check(externalID, at: "/external_id")
        if let number { try TextRule.line(upTo: 200).check(number, at: "/number") }
        guard total.minor > 0 else {
            throw .invalid(
                "/amount/amount", "not_positive", "an invoice asks for more than nothing; use a credit note otherwise")
        }
        if let issueDate, let dueDate, dueDate < issueDate {
            throw .invalid("/due_date", "before_issue_date", "the due date lies before the issue date")
        }
        name = SourceName(externalID)
        self.number = number ?? externalID
        self.customer = customer
        self.brand = brand
        self.issueDate = issueDate
        self.dueDate = dueDate
        self.total = total
    }

    /// `isNew` is false for a repetition of the same request.
    package func run(in tx: inout Transaction, _ context: Context) throws -> (invoice: InvoiceRecord, isNew: Bool) {
        try PlanCases.lock(customers: [customer], in: &tx)
        guard try tx.lockAccounts([customer]).contains(customer) else {
            throw Rejection.invalid("/customer_id", "unknown_customer", "there is no such customer")
        }
        let (brand, day) = try BrandChoice.pick(brand, in: &tx)
        let key = LedgerKey(customer: customer, brand: brand, currency: total.currency)
        let new = InvoiceDraft(
            id: .make(at: context.now), key: key, name: name, number: number, issueDate: issueDate, dueDate: dueDate,
            total: total.minor)
        guard try tx.insert(new, request: request, at: context.now) else {
            guard let stored = try tx.invoice(name, request: request), stored.isSame,
                let record = try tx.invoice(stored.id)
            else { throw Rejection.conflict(noun: "invoice", identifier: name.externalID) }
            return (record, false)
        }
        let opening = Movement(
            kind: .invoice, invoice: new.id, amount: total.minor,
            valueDate: issueDate ?? day.zone.day(of: context.now))
        try BookAccounts.run(
            customers: [customer], invoices: [new.id], entries: [NewEntry(opening, on: key)], in: &tx, context)
        try tx.audit(
            context, action: "invoice.recorded", subject: new.id.uuid, customer: customer,
            detail: ["external_id": name.externalID, "total": total.decimal, "currency": total.currency.code])
        try PlanCases.replan(customers: [customer], cause: "invoice", in: &tx, context)
        guard let record = try tx.invoice(new.id) else { throw Rejection.notFound("invoice") }
        return (record, true)
    }

    private var request: JSONText {
        CanonicalRequest.json([
            "external_id": name.externalID, "number": number, "customer_id": customer.description,
            "brand_id": brand?.description, "issue_date": issueDate?.description, "due_date": dueDate?.description,
            "amount": total.decimal, "currency": total.currency.code,
        ])
    }
}
