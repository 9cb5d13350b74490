package import Dunning
package import Postgres
package import Store

/// Takes in one invoice, once; money that waits for it covers it at once, and the customer's case is planned anew.
package struct RecordInvoice: Sendable {
    package let name: SourceName
    let version: Int64
    let number: String
    let customer: Debtor
    let brand: ID<Brand>?
    let issueDate: Day?
    let dueDate: Day?
    let total: Money
    let plan: InstalmentPlan?
    let workflow: ID<Workflow>?

    /// Throws ``Rejection/invalid(_:)`` for an amount that is not positive, days in the wrong order, or instalments that do
    /// not add up.
    package init(
        _ name: SourceName, version: Int64 = 0, number: String? = nil, customer: Debtor, brand: ID<Brand>? = nil,
        issueDate: Day? = nil, dueDate: Day?, total: Money, instalments: [Instalment] = [],
        workflow: ID<Workflow>? = nil
    ) throws(Rejection) {
        try TextRule.line(upTo: 200).check(name.externalID, at: "/external_id")
        try SourceRule.check(name.source)
        if let number { try TextRule.line(upTo: 200).check(number, at: "/number") }
        guard total.minor > 0 else {
            throw .invalid(
                "/amount/amount", "not_positive", "an invoice asks for more than nothing; use a credit note otherwise")
        }
        try Self.check(dueDate: dueDate, issueDate: issueDate)
        guard instalments.isEmpty || dueDate == nil else {
            throw .invalid("/due_date", "one_of", "instalments have due dates of their own")
        }
        plan = instalments.isEmpty ? nil : try InstalmentPlan(instalments, of: total, issued: issueDate)
        self.name = name
        self.version = version
        self.number = number ?? name.externalID
        self.customer = customer
        self.brand = brand
        self.issueDate = issueDate
        // The oldest debt goes by its first instalment.
        self.dueDate = plan?.firstDue ?? dueDate
        self.total = total
        self.workflow = workflow
    }

    static func check(dueDate: Day?, issueDate: Day?) throws(Rejection) {
        if let issueDate, let dueDate, dueDate < issueDate {
            throw .invalid("/due_date", "before_issue_date", "the due date lies before the issue date")
        }
    }

    /// `isNew` is false for a repetition of the same request.
    package func run(in tx: inout Transaction, _ context: Context) throws -> (invoice: InvoiceRecord, isNew: Bool) {
        let customer = try customer.lock(in: &tx)
        let (brand, day) = try BrandChoice.pick(brand, in: &tx)
        if let workflow { try tx.checkExists(workflow) }
        let key = LedgerKey(customer: customer, brand: brand, currency: total.currency)
        let new = InvoiceDraft(
            id: .make(at: context.now), key: key, name: name, version: version, number: number, issueDate: issueDate,
            dueDate: dueDate, total: total.minor)
        try tx.know(source: name.source, at: context.now)
        guard try tx.insert(new, request: request, at: context.now) else {
            guard let stored = try tx.invoice(name, request: request), stored.isSame,
                let record = try tx.invoice(stored.id)
            else { throw Rejection.conflict(noun: "invoice", identifier: name.externalID) }
            return (record, false)
        }
        if let workflow { try tx.pin(new.id, to: workflow) }
        let issuedOn = issueDate ?? day.zone.day(of: context.now)
        if let plan { try tx.replaceTerms(of: new.id, from: issuedOn, by: plan.instalments) }
        let opening = Movement(kind: .invoice, invoice: new.id, amount: total.minor, valueDate: issuedOn)
        try BookAccounts.run(
            customers: [customer], invoices: [new.id], entries: [NewEntry(opening, on: key)], in: &tx, context)
        try Watch.hear(name.source, in: &tx, context)
        try tx.audit(
            context, action: "invoice.recorded", subject: new.id.uuid, customer: customer,
            detail: ["external_id": name.externalID, "total": total.decimal, "currency": total.currency.code])
        try PlanCases.replan(customers: [customer], cause: "invoice", in: &tx, context)
        guard let record = try tx.invoice(new.id) else { preconditionFailure("invoices are never deleted") }
        return (record, true)
    }

    private var request: JSONText {
        CanonicalRequest.json([
            "external_id": name.externalID, "number": number, "customer": customer.text,
            "brand_id": brand?.description, "issue_date": issueDate?.description, "due_date": dueDate?.description,
            "amount": total.decimal, "currency": total.currency.code, "instalments": plan?.text,
            "workflow_id": workflow?.description,
        ])
    }
}
