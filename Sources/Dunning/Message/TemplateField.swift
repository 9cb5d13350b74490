/// Every name a template may use: the closed table behind the parser, the renderer, the lint and the author's help.
///
/// Counts have plural forms besides: `{{#invoice_count.one}}…{{/invoice_count.one}}` is written when the number takes the
/// singular in the message's language, `{{^invoice_count.one}}…` when it does not; the forms are those of
/// ``PluralCategory``.
///
/// Names are looked up from the inside out, so `total` means the invoice's total inside `{{#invoices}}`, the currency's
/// total inside `{{#sections}}`, and the message's total elsewhere.
package enum TemplateField: Hashable, Sendable, CaseIterable {
    // The message.
    case locale, customerName, customerCompany, customerExternalID, contactName
    case brandName, brandLegalName, brandAddress, brandReplyTo, brandPhone
    case today, total, currency, stage, invoiceCount, oldestDaysOverdue, oldestDueDate, credit, unlistedCount
    case invoices, sections
    // One currency of it.
    case sectionCurrency, sectionTotal, sectionInvoiceCount, sectionCredit, sectionUnlistedCount, sectionInvoices
    // One invoice.
    case number, issueDate, dueDate, daysOverdue, invoiceTotal, open, invoiceCurrency

    /// Where a name holds.
    package enum Scope: String, Hashable, Sendable, Codable, CaseIterable {
        case message
        /// Inside `{{#sections}}`.
        case section
        /// Inside `{{#invoices}}`.
        case invoice
    }

    /// What a name stands for.
    package enum Kind: String, Hashable, Sendable, Codable {
        /// Always there.
        case text
        /// May be missing: prints as nothing then, and may open a section.
        case optional
        /// Opens a section that is written once per element.
        case list
    }

    package var name: String { entry.name }
    package var scope: Scope { entry.scope }
    package var kind: Kind { entry.kind }
    /// One sentence for the author.
    package var description: String { entry.description }

    /// Addresses are the only values of several lines; everywhere else a line break becomes a blank.
    package var hasLines: Bool { self == .brandAddress }

    /// Counts have plural forms, which open sections.
    package var isCount: Bool {
        switch self {
        case .invoiceCount, .oldestDaysOverdue, .unlistedCount, .sectionInvoiceCount, .sectionUnlistedCount,
            .daysOverdue:
            true
        default: false
        }
    }

    /// Lists make no subject; everything else may stand in every part.
    package func isAllowed(in part: TemplatePart) -> Bool {
        kind != .list || part != .subject
    }

    /// The field called `name` as seen from within `scope`; `insideSection` tells whether the invoices are those of one
    /// currency.
    static func named(_ name: String, in scope: Scope, insideSection: Bool) -> TemplateField? {
        if scope == .invoice, let field = table[.invoice]?[name] { return field }
        if scope == .section || insideSection, let field = table[.section]?[name] { return field }
        return table[.message]?[name]
    }

    private static let table: [Scope: [String: TemplateField]] = {
        var table = [Scope: [String: TemplateField]]()
        for field in allCases { table[field.scope, default: [:]][field.name] = field }
        return table
    }()

    private typealias Entry = (name: String, scope: Scope, kind: Kind, description: String)

    private var entry: Entry {
        switch self {
        case .locale:
            ("locale", .message, .text, "The language of the message, such as de or pt-BR, for the html's lang.")
        case .customerCompany:
            ("customer.company", .message, .optional, "The customer's name if it is a company, not a person.")
        case .customerName: ("customer.name", .message, .text, "The customer's name.")
        case .customerExternalID:
            ("customer.external_id", .message, .optional, "The customer's number in your own books.")
        case .contactName: ("contact.name", .message, .optional, "The person written to.")
        case .brandName: ("brand.name", .message, .text, "The name customers know you by.")
        case .brandLegalName: ("brand.legal_name", .message, .text, "The company as registered.")
        case .brandAddress: ("brand.address", .message, .optional, "Your postal address, a line each.")
        case .brandReplyTo: ("brand.reply_to", .message, .optional, "The address that answers go to.")
        case .brandPhone: ("brand.phone", .message, .optional, "Your telephone number.")
        case .today: ("today", .message, .text, "The day the message is written, in full: November 24, 2026.")
        case .total: ("total", .message, .text, "What is open in all; several currencies are joined by a plus sign.")
        case .currency: ("currency", .message, .text, "The currency code; several are joined by a comma.")
        case .stage: ("stage", .message, .text, "How far the reminders have come: 0 before the due date, then 1, 2, 3.")
        case .invoiceCount: ("invoice_count", .message, .text, "How many invoices the message is about; a count.")
        case .oldestDaysOverdue:
            (
                "oldest_days_overdue", .message, .text,
                "Days since the oldest due date, 0 when nothing is overdue; a count."
            )
        case .oldestDueDate: ("oldest_due_date", .message, .text, "The oldest due date, in full: November 3, 2026.")
        case .credit: ("credit", .message, .optional, "Credit on account that is not yet set against an invoice.")
        case .unlistedCount:
            (
                "unlisted_count", .message, .optional,
                "How many invoices are in the total but not in the list, which is limited; a count."
            )
        case .invoices: ("invoices", .message, .list, "All invoices of the message.")
        case .sections: ("sections", .message, .list, "The currencies of the message.")
        case .sectionCurrency: ("currency", .section, .text, "The currency code.")
        case .sectionTotal: ("total", .section, .text, "What is open in this currency.")
        case .sectionInvoiceCount:
            ("invoice_count", .section, .text, "How many invoices there are in this currency; a count.")
        case .sectionCredit: ("credit", .section, .optional, "Credit on account in this currency.")
        case .sectionUnlistedCount:
            ("unlisted_count", .section, .optional, "How many invoices of this currency are not in the list; a count.")
        case .sectionInvoices: ("invoices", .section, .list, "The invoices in this currency.")
        case .number: ("number", .invoice, .text, "The invoice number.")
        case .issueDate: ("issue_date", .invoice, .optional, "The day of issue, short: Nov 3, 2026.")
        case .dueDate: ("due_date", .invoice, .text, "The day it is due, short: Nov 24, 2026.")
        case .daysOverdue:
            ("days_overdue", .invoice, .text, "Days since the due date, 0 when it is not overdue; a count.")
        case .invoiceTotal: ("total", .invoice, .text, "What was invoiced.")
        case .open: ("open", .invoice, .text, "What is still open.")
        case .invoiceCurrency: ("currency", .invoice, .text, "The currency code.")
        }
    }
}

/// Names of plural forms: a count, a dot, and a category.
extension PluralCategory {
    /// `invoice_count.one` as the count and its form; `field` finds what a name stands for here.
    static func form(
        _ name: String, of field: (String) -> TemplateField?
    ) -> (count: TemplateField, category: PluralCategory)? {
        guard let (count, ending) = count(in: name, of: field), let category = PluralCategory(rawValue: ending) else {
            return nil
        }
        return (count, category)
    }

    /// What somebody may have meant who wrote a count with another ending.
    static func advice(on name: String, of field: (String) -> TemplateField?) -> String {
        guard let (count, _) = count(in: name, of: field) else { return "" }
        let forms = allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
        return " Forms of \(count.name) open sections, and are: \(forms)."
    }

    private static func count(
        in name: String, of field: (String) -> TemplateField?
    ) -> (count: TemplateField, ending: String)? {
        guard let dot = name.lastIndex(of: "."), let count = field(String(name[..<dot])), count.isCount else {
            return nil
        }
        return (count, String(name[name.index(after: dot)...]))
    }
}
