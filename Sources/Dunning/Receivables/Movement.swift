/// A movement of money on one account of a customer: an invoice's, or its credit where no invoice is named.
package struct Movement: Hashable, Sendable {
    /// The field's kinds of entries. A refund gives money back and reopens nothing; a reversal undoes a payment (charged
    /// back, bounced) or a settlement, and reopens what that covered. A recovery is what was written off and is paid after all.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case invoice, adjustment, payment, settlement, reversal, refund, transfer, recovery
        case creditNote = "credit_note"
        case writeOff = "write_off"
    }

    package let kind: Kind
    package let invoice: ID<Invoice>?
    package let payment: ID<Payment>?
    /// Minor units, signed as it changes what the customer owes: invoice +, payment −.
    package let amount: Int64
    /// When it counts; when we heard of it is another day.
    package let valueDate: Day

    package init(
        kind: Kind, invoice: ID<Invoice>? = nil, payment: ID<Payment>? = nil, amount: Int64, valueDate: Day
    ) {
        self.kind = kind
        self.invoice = invoice
        self.payment = payment
        self.amount = amount
        self.valueDate = valueDate
    }
}
