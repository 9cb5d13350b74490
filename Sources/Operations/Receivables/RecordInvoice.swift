package import Dunning
package import Postgres
package import Store

/// Takes in one invoice, once; unapplied credit covers it at once, and the customer's case is planned anew.
package struct RecordInvoice: Sendable {
    let externalID: String
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
        self.externalID = externalID
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
        // Also while there is no case to lock, the money of one customer is booked by one transaction at a time: else an
        // invoice and a payment could miss each other.
        guard try tx.lockedCustomer(customer) != nil else {
            throw Rejection.invalid("/customer_id", "unknown_customer", "there is no such customer")
        }
        let (brand, day) = try BrandChoice.pick(brand, in: &tx)
        let new = InvoiceDraft(
            id: .make(at: context.now), customer: customer, brand: brand, externalID: externalID, number: number,
            issueDate: issueDate, dueDate: dueDate, total: total)
        guard try tx.insert(new, request: request, at: context.now) else {
            guard let stored = try tx.invoice(externalID: externalID, request: request), stored.isSame,
                let record = try tx.invoice(stored.id)
            else { throw Rejection.conflict(noun: "invoice", identifier: externalID) }
            return (record, false)
        }
        try tx.record(
            NewLedgerEntry(
                kind: .invoice, customer: customer, brand: brand, invoice: new.id, amount: total,
                valueDate: issueDate ?? day.zone.day(of: context.now)), at: context.now)
        try applyCredit(to: new, in: &tx, context)
        try tx.audit(
            context, action: "invoice.recorded", subject: new.id.uuid, customer: customer,
            detail: ["external_id": externalID, "total": total.decimal, "currency": total.currency.code])
        try PlanCases.replan(customers: [customer], cause: "invoice", in: &tx, context)
        guard let record = try tx.invoice(new.id) else { throw Rejection.notFound("invoice") }
        return (record, true)
    }

    private func applyCredit(to invoice: InvoiceDraft, in tx: inout Transaction, _ context: Context) throws {
        var rest = total.minor
        var taken: [(ID<Payment>, Int64)] = []
        var shares: [(payment: ID<Payment>, share: Allocate.Share, valueDate: Day)] = []
        for credit in try tx.lockCredit(customer: customer, brand: invoice.brand, currency: total.currency)
        where rest > 0 {
            let amount = min(rest, credit.amount)
            taken.append((credit.payment, amount))
            shares.append((credit.payment, Allocate.Share(invoice: invoice.id, amount: amount), credit.valueDate))
            rest -= amount
        }
        try tx.takeCredit(taken)
        try tx.allocate(shares, at: context.now)
        if rest == 0 { try tx.settleInvoices([invoice.id], at: context.now) }
    }

    private var request: JSONText {
        CanonicalRequest.json([
            "external_id": externalID, "number": number, "customer_id": customer.description,
            "brand_id": brand?.description, "issue_date": issueDate?.description, "due_date": dueDate?.description,
            "amount": total.decimal, "currency": total.currency.code,
        ])
    }
}
