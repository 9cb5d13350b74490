/// The words of one language that the layout needs beside the paragraphs, and the sentences that several letters share.
struct LetterWords {
    let locale: LanguageTag
    /// Above a message to a person by name.
    let dearContact: String
    /// Above a message to the customer.
    let dearCustomer: String
    let invoice: String
    let dueDate: String
    let overdue: String
    /// An invoice's days overdue with their noun.
    let days: String
    let invoiceTotal: String
    let openAmount: String
    let unlisted: String
    let total: String
    let credit: String
    /// What to state with the payment.
    let reference: String
    /// A whole sentence: what has not been paid as of today, and since when.
    let unpaid: String
    /// What to do when the payment is under way.
    let alreadyPaid: String
    /// How to answer.
    let reply: String
    /// Between a label and its value; French puts a no-break space before it.
    var colon = ":"

    /// The label with its colon, as wide as all labels of an invoice are and a bit more.
    func label(_ text: String) -> String {
        let labels = [invoice, dueDate, overdue, invoiceTotal, openAmount, total]
        let width = labels.map { Self.columns($0 + colon) }.max() ?? 0
        return text + colon + String(repeating: " ", count: max(1, width + 2 - Self.columns(text + colon)))
    }

    /// Terminals and fixed fonts give a Chinese or Japanese character two columns.
    private static func columns(_ text: String) -> Int {
        // Any currency's code has three letters.
        text.replacing("{{currency}}", with: "USD").unicodeScalars.reduce(0) {
            $0 + ((0x2E80...0xFF60).contains($1.value) ? 2 : 1)
        }
    }
}

/// Both forms of a phrase that depends on a count; the second is for every form but `one`.
func plural(_ count: String, one: String, other: String) -> String {
    "{{#\(count).one}}\(one){{/\(count).one}}{{^\(count).one}}\(other){{/\(count).one}}"
}

/// What a company is told, and what a person is.
func company(_ company: String, person: String) -> String {
    "{{#customer.company}}\(company){{/customer.company}}{{^customer.company}}\(person){{/customer.company}}"
}
