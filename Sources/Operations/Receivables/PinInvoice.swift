package import Dunning
package import Postgres
package import Store

/// Names the workflow of the case whose oldest open invoice this is; without one, the customer, rules, brand and tenant
/// decide. An open case changes when it is reassigned.
package struct PinInvoice: Sendable {
    let invoice: ID<Invoice>
    let workflow: ID<Workflow>?

    package init(_ invoice: ID<Invoice>, to workflow: ID<Workflow>?) {
        self.invoice = invoice
        self.workflow = workflow
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> InvoiceRecord {
        guard let customer = try tx.customer(of: invoice) else { throw Rejection.notFound("invoice") }
        try PlanCases.lock(customers: [customer], in: &tx)
        guard let record = try tx.invoice(invoice) else { throw Rejection.notFound("invoice") }
        guard record.workflow != workflow else { return record }
        if let workflow { try tx.checkExists(workflow) }
        try tx.pin(invoice, to: workflow)
        try tx.audit(
            context, action: "invoice.pinned", subject: invoice.uuid, customer: customer,
            detail: ["workflow": workflow?.description ?? ""])
        // Where nothing had named a workflow there is one now.
        try PlanCases.replan(customers: [customer], cause: "invoice.pinned", in: &tx, context)
        return try tx.invoice(invoice) ?? record
    }
}
