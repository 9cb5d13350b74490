package import Dunning

/// Where the values of an import come from: the declaration that goes with a CSV file.
///
/// ```json
/// {"date_format": "M/d/yyyy", "fields": {
///     "customer.external_id": {"column": "customerID"}, "invoice.currency": {"constant": "USD"},
///     "contact.email": {"pattern": "{customerID}@example.com"}, …}}
/// ```
/// Columns that no field names are ignored. `brand` (id or name) may be left out where the tenant has one brand;
/// `decimal` is `.` or `,`, `delimiter` one of `,` `;` and the tabulator.
package struct ImportMapping: Sendable, Hashable {
    /// What an import can fill.
    package enum Target: String, Sendable, CaseIterable {
        case customerExternalID = "customer.external_id"
        case customerName = "customer.name"
        case customerKind = "customer.kind"
        case contactEmail = "contact.email"
        case contactName = "contact.name"
        case invoiceExternalID = "invoice.external_id"
        case invoiceNumber = "invoice.number"
        case invoiceIssueDate = "invoice.issue_date"
        case invoiceDueDate = "invoice.due_date"
        case invoiceAmount = "invoice.amount"
        case invoiceCurrency = "invoice.currency"
        case paymentExternalID = "payment.external_id"
        case paymentValueDate = "payment.value_date"
        case paymentAmount = "payment.amount"
        case paymentMethod = "payment.method"

        var group: Substring { rawValue.prefix { $0 != "." } }
    }

    /// Where one target's text comes from.
    package enum Source: Sendable, Hashable {
        case column(String)
        case constant(String)
        case pattern(Pattern)
    }

    /// Texts and columns in turn, written `{column}@example.com`; empty as soon as one of its columns is.
    package struct Pattern: Sendable, Hashable {
        package enum Part: Sendable, Hashable {
            case text(String)
            case column(String)
        }
        package let parts: [Part]
    }

    package let sources: [Target: Source]
    package let brand: String?
    package let dates: DatePattern
    package let decimal: Character
    package let delimiter: Character

    /// Throws ``Rejection`` when a target is missing that the others need.
    package init(
        sources: [Target: Source], brand: String? = nil, dates: DatePattern = .iso, decimal: Character = ".",
        delimiter: Character = ","
    ) throws(Rejection) {
        self.sources = sources
        self.brand = brand
        self.dates = dates
        self.decimal = decimal
        self.delimiter = delimiter
        try check()
    }

    /// Whether the file holds things of this group at all.
    package var hasInvoices: Bool { sources[.invoiceExternalID] != nil }
    package var hasPayments: Bool { sources[.paymentValueDate] != nil }
    package var hasContacts: Bool { sources[.contactEmail] != nil }

    private func check() throws(Rejection) {
        var problems: [FieldProblem] = []
        func need(_ target: Target, _ reason: String) {
            guard sources[target] == nil else { return }
            problems.append(
                FieldProblem(
                    pointer: "/fields/\(target.rawValue)", code: "required", detail: "\(target.rawValue) \(reason)"))
        }
        let groups = Set(sources.keys.map(\.group))
        need(.customerExternalID, "has to be mapped: it says whose row this is")
        if groups.contains("contact") { need(.contactEmail, "has to be mapped where another field of the contact is") }
        if groups.contains("invoice") || groups.contains("payment") {
            for target in [Target.invoiceExternalID, .invoiceAmount, .invoiceCurrency] {
                need(target, "has to be mapped where an invoice or payment is")
            }
        }
        if groups.contains("payment") { need(.paymentValueDate, "has to be mapped: without it a row has no payment") }
        guard problems.isEmpty else { throw .invalid(problems) }
    }
}

extension ImportMapping.Pattern {
    /// Reads `{column}@example.com`; `nil` when a brace is not closed, not opened, or empty.
    package init?(_ text: String) {
        var parts: [Part] = []
        var rest = text[...]
        while !rest.isEmpty {
            let plain = rest.prefix { $0 != "{" && $0 != "}" }
            if !plain.isEmpty { parts.append(.text(String(plain))) }
            rest = rest.dropFirst(plain.count)
            guard let brace = rest.first else { break }
            guard brace == "{", let close = rest.firstIndex(of: "}") else { return nil }
            let column = rest[..<close].dropFirst()
            guard !column.isEmpty, !column.contains("{") else { return nil }
            parts.append(.column(String(column)))
            rest = rest[close...].dropFirst()
        }
        self.parts = parts
    }

    package var text: String {
        parts.reduce(into: "") { text, part in
            switch part {
            case .text(let plain): text += plain
            case .column(let name): text += "{\(name)}"
            }
        }
    }
}

extension DatePattern {
    /// `yyyy-MM-dd`, which is what an import takes when none is declared. The tests read dates by it, so it is a
    /// pattern.
    package static let iso = DatePattern("yyyy-MM-dd")!
}
