package import Dunning
package import Postgres
package import Store

/// Takes in what a source says of one of its invoices now: makes it, or brings it up to date.
///
/// A changed amount is an adjustment dated today, a changed due date or plan is in force from today; days gone by keep what
/// was known of them. Members left out stay as they are.
package struct PutInvoice: Sendable {
    package enum Status: String, Sendable, CaseIterable { case open, paid }

    let name: SourceName
    let version: Int64
    let number: String?
    let customer: Debtor
    let brand: ID<Brand>?
    let issueDate: Day?
    let dueDate: Change<Day?>
    /// 0: void.
    let total: Money
    let instalments: Change<[Instalment]>
    let status: Status?
    let workflow: Change<ID<Workflow>?>

    package init(
        _ name: SourceName, version: Int64 = 0, number: String? = nil, customer: Debtor, brand: ID<Brand>? = nil,
        issueDate: Day? = nil, dueDate: Change<Day?> = .keep, total: Money, instalments: Change<[Instalment]> = .keep,
        status: Status? = nil, workflow: Change<ID<Workflow>?> = .keep
    ) throws(Rejection) {
        try TextRule.line(upTo: 200).check(name.externalID, at: "/external_id")
        try SourceRule.check(name.source)
        if let number { try TextRule.line(upTo: 200).check(number, at: "/number") }
        guard total.minor >= 0 else { throw .invalid("/amount/amount", "negative", "must not be less than nothing") }
        self.name = name
        self.version = version
        self.number = number
        self.customer = customer
        self.brand = brand
        self.issueDate = issueDate
        self.dueDate = dueDate
        self.total = total
        self.instalments = instalments
        self.status = status
        self.workflow = workflow
    }

    package typealias Result = (invoice: InvoiceRecord, outcome: Upsert, crossing: Crossing)

    package func run(in tx: inout Transaction, _ context: Context) throws -> Result {
        let customer = try customer.lock(in: &tx)
        guard let known = try tx.invoice(named: name), let stored = try tx.invoice(known.id) else {
            return try create(in: &tx, context)
        }
        guard stored.customer == customer, stored.total.currency == total.currency,
            brand.map({ $0 == stored.brand }) ?? true, issueDate.map({ $0 == stored.issueDate }) ?? true
        else {
            throw Rejection.forbiddenByState(
                code: "invoice_differs",
                detail: "Customer, brand, currency and issue date of an invoice stay what they are: void it and record "
                    + "another.")
        }
        if let verdict = Upsert.verdict(stored: stored.version, stated: version) {
            return (stored, verdict, Crossing())
        }
        let change = try InvoiceChange(
            of: stored, standing: try tx.standing(of: stored.id), to: self,
            today: try tx.today(of: stored.brand, context))
        let isPinned = try pin(stored, in: &tx, context)
        guard !change.isEmpty || isPinned else {
            if version > stored.version { try tx.confirm(stored.id, version: version) }
            try Watch.hear(name.source, in: &tx, context)
            return (stored, .unchanged, Crossing())
        }
        let crossing = change.isEmpty ? Crossing() : try change.write(in: &tx, context)
        try Watch.hear(name.source, in: &tx, context)
        try PlanCases.replan(customers: [customer], cause: "invoice.changed", in: &tx, context)
        guard let record = try tx.invoice(stored.id) else { preconditionFailure("invoices are never deleted") }
        return (record, .updated, crossing)
    }

    /// Whether it names another workflow than before.
    private func pin(_ stored: InvoiceRecord, in tx: inout Transaction, _ context: Context) throws -> Bool {
        guard case .to(let workflow) = workflow, workflow != stored.workflow else { return false }
        _ = try PinInvoice(stored.id, to: workflow).run(in: &tx, context)
        return true
    }

    private func create(in tx: inout Transaction, _ context: Context) throws -> Result {
        guard total.minor > 0 else {
            throw Rejection.invalid(
                "/amount/amount", "not_positive", "an invoice that is not known cannot be made void")
        }
        let plan = instalments.applied(to: [])
        let record = try RecordInvoice(
            name, version: version, number: number, customer: customer, brand: brand, issueDate: issueDate,
            dueDate: dueDate.applied(to: nil), total: total, instalments: plan.count > 1 ? plan : [],
            workflow: workflow.applied(to: nil))
        let invoice = try record.run(in: &tx, context).invoice
        guard status == .paid else { return (invoice, .created, Crossing()) }
        let change = try InvoiceChange(
            of: invoice, standing: try tx.standing(of: invoice.id), to: self,
            today: try tx.today(of: invoice.brand, context))
        if !change.isEmpty {
            _ = try change.write(in: &tx, context)
            try PlanCases.replan(customers: [invoice.customer], cause: "invoice.changed", in: &tx, context)
        }
        guard let closed = try tx.invoice(invoice.id) else { preconditionFailure("invoices are never deleted") }
        return (closed, .created, Crossing())
    }
}
