import Dunning

/// What one row of an import file says, its parts checked one by one.
struct LedgerRow: Sendable {
    struct CustomerPart: Hashable, Sendable {
        let externalID: String
        /// `nil` where the mapping has no name; such a customer is called by its external id.
        let name: String?
        let kind: String?
    }

    struct ContactPart: Hashable, Sendable {
        let email: EmailAddress
        let name: String?
    }

    struct InvoicePart: Hashable, Sendable {
        let externalID: String
        let customer: String
        let number: String
        let issueDate: Day?
        let dueDate: Day?
        let total: Money
    }

    struct PaymentPart: Hashable, Sendable {
        let externalID: String
        let invoice: String
        let valueDate: Day
        let amount: Int64
        let method: String
    }

    let line: Int
    /// Whether any part of it was refused when the file was read.
    var hasProblem = false
    var customer: CustomerPart?
    var contact: ContactPart?
    var invoice: InvoicePart?
    var payment: PaymentPart?

    init(line: Int) {
        self.line = line
    }
}

/// Why a part of a row was not taken in.
package struct ImportProblem: Hashable, Sendable {
    /// A part that fails takes along what hangs on it (customer, then invoice, then payment); only the root is
    /// reported.
    package enum Part: String, Hashable, Sendable, CaseIterable { case row, customer, contact, invoice, payment }

    /// Physical line of the file; the header is line 1.
    package let line: Int
    package let part: Part
    /// The target, such as `payment.value_date`, or the number of the field where no target is concerned.
    package let field: String
    package let code: String
    package let message: String

    package init(line: Int, part: Part, field: String, code: String, message: String) {
        self.line = line
        self.part = part
        self.field = field
        self.code = code
        self.message = message
    }
}
