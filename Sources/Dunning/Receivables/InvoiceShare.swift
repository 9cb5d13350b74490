/// What of a payment is for one invoice, in minor units.
package struct InvoiceShare: Hashable, Sendable {
    package let invoice: ID<Invoice>
    package let amount: Int64

    package init(invoice: ID<Invoice>, amount: Int64) {
        self.invoice = invoice
        self.amount = amount
    }
}
