/// Why a part of a row was not taken in. It never holds a name, an address or an identifier of the file.
package struct ImportProblem: Hashable, Sendable {
    /// A part that fails takes along what hangs on it (customer, then invoice, then payment); only the root is
    /// reported.
    package enum Part: String, Hashable, Sendable, CaseIterable {
        case row, customer, contact, invoice, payment
        case creditNote = "credit_note"
    }

    /// Physical line of the file; the header is line 1.
    package let line: Int
    /// Number of the row below the header, from 1; 0 where no row is concerned.
    package let row: Int
    package let part: Part
    /// The target, such as `payment.value_date`, or the number of the field where no target is concerned.
    package let field: String
    /// The column of the file that fills it, where it is one.
    package let column: String?
    package let code: String
    package let message: String

    package init(
        line: Int, row: Int, part: Part, field: String, column: String? = nil, code: String, message: String
    ) {
        self.line = line
        self.row = row
        self.part = part
        self.field = field
        self.column = column
        self.code = code
        self.message = message
    }
}
