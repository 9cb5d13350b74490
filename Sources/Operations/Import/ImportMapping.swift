package import Dunning
package import Files

/// Where the values of an import come from, and how they are written: the declaration that goes with a file.
///
/// ```json
/// {"format": "csv", "delimiter": ";", "encoding": "windows-1252", "date_formats": ["d.M.yyyy", "timestamp"],
///  "decimal": ",", "grouping": ".", "negative": "credit_note", "fields": {
///     "customer.external_id": {"column": "customerID"}, "invoice.currency": {"constant": "USD"},
///     "contact.email": {"pattern": "{customerID}@example.com"}, …}}
/// ```
/// Columns that no field names are ignored. In NDJSON a column is a key or a path of keys, `customer.name`. `brand` (id
/// or name) may be left out where the tenant has one brand.
package struct ImportMapping: Sendable, Hashable {
    package enum Format: String, Sendable, CaseIterable { case csv, ndjson }

    /// What an invoice with a negative amount is.
    package enum Negative: String, Sendable, CaseIterable {
        case error
        case creditNote = "credit_note"
    }

    /// Where one target's text comes from.
    package enum Source: Sendable, Hashable {
        case column(String)
        case constant(String)
        case pattern(Pattern)
    }

    package let sources: [ImportTarget: Source]
    package let format: Format
    /// `nil` is looked up in the header (CSV only).
    package let delimiter: UInt8?
    package let encoding: TextEncoding
    package let brand: String?
    /// Within which external ids are unique.
    package let source: String
    package let dates: DateForms
    package let numbers: NumberForm
    package let negative: Negative
    package let version: VersionForm
    /// Whether the file lists all open invoices of its source, so that one it lacks is closed there.
    package let isSnapshot: Bool
    /// What stands for an empty or unmapped currency.
    package let defaultCurrency: Currency?

    /// What single writes go under unless they name another.
    package static let standardSource = "api"

    /// Throws ``Rejection`` when a target is missing that the others need.
    package init(
        sources: [ImportTarget: Source], format: Format = .csv, delimiter: UInt8? = UInt8(ascii: ","),
        encoding: TextEncoding = .auto, brand: String? = nil, source: String = standardSource,
        dates: DateForms = .iso, numbers: NumberForm = .plain, negative: Negative = .error,
        version: VersionForm = .integer, isSnapshot: Bool = false, defaultCurrency: Currency? = nil
    ) throws(Rejection) {
        self.sources = sources
        self.format = format
        self.delimiter = delimiter
        self.encoding = encoding
        self.brand = brand
        self.source = source
        self.dates = dates
        self.numbers = numbers
        self.negative = negative
        self.version = version
        self.isSnapshot = isSnapshot
        self.defaultCurrency = defaultCurrency
        let problems = missing
        guard problems.isEmpty else { throw .invalid(problems) }
    }

    /// Whether a file holds things of this part at all.
    package func has(_ part: ImportProblem.Part) -> Bool { sources.keys.contains { $0.part == part } }

    /// Whether it says more of customers than who they are and what they read.
    var hasTraits: Bool {
        let traits: Set<ImportTarget> = [
            .customerCountry, .customerOwner, .customerExclusion, .customerRiskBand, .customerCollectionMethod,
            .customerSegment,
        ]
        return !traits.isDisjoint(with: sources.keys)
    }

    /// The column that fills a target by itself.
    func column(of target: ImportTarget) -> String? {
        guard case .column(let name) = sources[target] else { return nil }
        return name
    }

    /// How files of this mapping are to be read.
    package func form(_ limits: FileLimits = FileLimits()) -> FileForm {
        let layout: FileForm.Layout = format == .csv ? .csv(delimiter: delimiter) : .ndjson(paths: columns)
        return FileForm(layout, encoding: encoding, limits: limits)
    }

    /// All columns it names, sorted.
    package var columns: [String] {
        var names: Set<String> = []
        for source in sources.values {
            switch source {
            case .column(let name): names.insert(name)
            case .constant: break
            case .pattern(let pattern): names.formUnion(pattern.columns)
            }
        }
        return names.sorted()
    }

    private var missing: [FieldProblem] {
        var problems: [FieldProblem] = []
        func need(_ target: ImportTarget, _ reason: String) {
            guard sources[target] == nil else { return }
            problems.append(
                FieldProblem(pointer: "/fields/\(target.name)", code: "required", detail: "\(target.name) \(reason)"))
        }
        let hasInvoices = has(.invoice)
        // A payment or credit note may say whose it is by its invoice alone.
        let namesInvoices =
            (!has(.payment) || sources[.paymentInvoice] != nil) && (!has(.creditNote) || sources[.creditInvoice] != nil)
        if sources.isEmpty || has(.customer) || has(.contact) || hasInvoices || !namesInvoices {
            need(.customerExternalID, "has to be mapped: it says whose row this is")
        }
        if has(.contact), sources[.contactPhone] == nil {
            need(.contactEmail, "or contact.phone has to be mapped where another field of the contact is")
        }
        if hasInvoices {
            need(.invoiceExternalID, "has to be mapped where an invoice is")
            need(.invoiceAmount, "has to be mapped where an invoice is")
            if defaultCurrency == nil { need(.invoiceCurrency, "has to be mapped, or default_currency be given") }
        }
        if has(.payment) {
            need(.paymentValueDate, "has to be mapped: without it a row has no payment")
            if !hasInvoices {
                need(.paymentExternalID, "has to be mapped where payments come without their invoices")
                need(.paymentAmount, "has to be mapped where payments come without their invoices")
                if defaultCurrency == nil { need(.paymentCurrency, "has to be mapped, or default_currency be given") }
            }
        }
        if has(.creditNote) {
            need(.creditExternalID, "has to be mapped where a credit note is")
            need(.creditAmount, "has to be mapped where a credit note is")
            if defaultCurrency == nil, !hasInvoices {
                need(.creditCurrency, "has to be mapped, or default_currency be given")
            }
        }
        if isSnapshot { need(.invoiceExternalID, "has to be mapped in a snapshot of open items") }
        if format == .csv, sources[.invoiceInstalments] != nil {
            problems.append(
                FieldProblem(
                    pointer: "/fields/invoice.instalments", code: "ndjson_only",
                    detail: "instalments are an array, which only NDJSON has"))
        }
        return problems
    }
}

extension ImportMapping {
    /// Texts and columns in turn, written `{column}@example.com`; empty as soon as one of its columns is.
    package struct Pattern: Sendable, Hashable {
        package enum Part: Sendable, Hashable {
            case text(String)
            case column(String)
        }
        package let parts: [Part]

        var columns: [String] {
            parts.compactMap { if case .column(let name) = $0 { name } else { nil } }
        }

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
}
