import Dunning

/// Turns records into rows by a mapping, whose columns are looked up in the header once.
struct RowParser {
    let mapping: ImportMapping
    let bindings: [ImportMapping.Target: Binding]
    private let header: [String]
    /// In the brand's zone: money cannot have come in after it.
    private let today: Day

    /// Throws ``Rejection`` for every mapped column that the header lacks or has twice.
    init(_ mapping: ImportMapping, header: [String], today: Day) throws(Rejection) {
        var places: [String: [Int]] = [:]
        for (index, name) in header.enumerated() { places[name, default: []].append(index) }
        var problems: [FieldProblem] = []
        func place(_ column: String, _ target: ImportMapping.Target) -> Int {
            let found = places[column] ?? []
            if found.count != 1 {
                let (code, detail) =
                    found.isEmpty
                    ? ("missing_column", "the header in line 1 has no column \(column)")
                    : ("doubled_column", "the header in line 1 has column \(column) more than once")
                problems.append(FieldProblem(pointer: "/fields/\(target.rawValue)", code: code, detail: detail))
            }
            return found.first ?? 0
        }
        var bindings: [ImportMapping.Target: Binding] = [:]
        for target in ImportMapping.Target.allCases {
            switch mapping.sources[target] {
            case nil: break
            case .column(let name): bindings[target] = .column(place(name, target))
            case .constant(let text): bindings[target] = .constant(text)
            case .pattern(let pattern):
                bindings[target] = .pattern(
                    pattern.parts.map { part in
                        switch part {
                        case .text(let text): .text(text)
                        case .column(let name): .column(place(name, target))
                        }
                    })
            }
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        self.mapping = mapping
        self.bindings = bindings
        self.header = header
        self.today = today
    }

    /// The parts of a record that are right, and what is wrong with the others.
    func row(_ record: CSVRecord) -> (row: LedgerRow, problems: [ImportProblem]) {
        var row = LedgerRow(line: record.line)
        var problems: [ImportProblem] = []
        func attempt<Part>(_ part: ImportProblem.Part, _ body: () throws(Flaw) -> Part?) -> Part? {
            do throws(Flaw) {
                return try body()
            } catch {
                problems.append(
                    ImportProblem(
                        line: record.line, part: part, field: error.field, code: error.code, message: error.message))
                return nil
            }
        }
        let isWhole: Bool? = attempt(.row) { () throws(Flaw) in
            try checkShape(record)
            return true
        }
        guard isWhole == true else { return (row, problems) }
        let texts = Texts(parser: self, fields: record.fields)
        row.customer = attempt(.customer) { () throws(Flaw) in try customer(texts) }
        guard let customer = row.customer else { return (row, problems) }
        row.contact = attempt(.contact) { () throws(Flaw) in try contact(texts) }
        row.invoice = attempt(.invoice) { () throws(Flaw) in try invoice(texts, of: customer) }
        guard let invoice = row.invoice else { return (row, problems) }
        row.payment = attempt(.payment) { () throws(Flaw) in try payment(texts, of: invoice) }
        return (row, problems)
    }

    private func checkShape(_ record: CSVRecord) throws(Flaw) {
        if let fault = record.fault {
            let name = fault.field <= header.count ? " (\(header[fault.field - 1]))" : ""
            throw Flaw(
                field: "\(fault.field)", code: fault.kind.rawValue, "field \(fault.field)\(name): \(fault.detail)")
        }
        guard record.fields.count == header.count else {
            throw Flaw(
                field: "\(min(record.fields.count, header.count) + 1)", code: "wrong_field_count",
                "the row has \(record.fields.count) fields where the header has \(header.count)")
        }
    }

    private func customer(_ texts: Texts) throws(Flaw) -> LedgerRow.CustomerPart? {
        let kind = try texts.optional(.customerKind, upTo: 20)?.lowercased()
        if let kind, kind != "business", kind != "consumer" {
            throw texts.flaw(.customerKind, "unknown_value", "is neither business nor consumer")
        }
        return LedgerRow.CustomerPart(
            externalID: try texts.required(.customerExternalID, upTo: 200),
            name: try texts.optional(.customerName, upTo: 200), kind: kind)
    }

    private func contact(_ texts: Texts) throws(Flaw) -> LedgerRow.ContactPart? {
        guard let text = try texts.optional(.contactEmail, upTo: 1_000) else { return nil }
        let name = try texts.optional(.contactName, upTo: 200)
        do throws(EmailAddressError) {
            return LedgerRow.ContactPart(email: try EmailAddress(text), name: name)
        } catch {
            throw texts.flaw(.contactEmail, error.label, "is not an address that can be written to")
        }
    }

    private func invoice(_ texts: Texts, of customer: LedgerRow.CustomerPart) throws(Flaw) -> LedgerRow.InvoicePart? {
        guard mapping.hasInvoices else { return nil }
        let externalID = try texts.required(.invoiceExternalID, upTo: 200)
        let code = try texts.required(.invoiceCurrency, upTo: 10)
        guard let currency = Currency(code) else {
            throw texts.flaw(.invoiceCurrency, "unknown_currency", "is not a currency code of ISO 4217")
        }
        let issueDate = try date(.invoiceIssueDate, texts)
        let dueDate = try date(.invoiceDueDate, texts)
        if let issueDate, let dueDate, dueDate < issueDate {
            throw texts.flaw(.invoiceDueDate, "before_issue_date", "lies before the issue date, \(issueDate)")
        }
        return LedgerRow.InvoicePart(
            externalID: externalID, customer: customer.externalID,
            number: try texts.optional(.invoiceNumber, upTo: 100) ?? externalID,
            issueDate: issueDate, dueDate: dueDate,
            total: try amount(.invoiceAmount, texts, currency))
    }

    private func payment(_ texts: Texts, of invoice: LedgerRow.InvoicePart) throws(Flaw) -> LedgerRow.PaymentPart? {
        guard mapping.hasPayments, let valueDate = try date(.paymentValueDate, texts) else { return nil }
        guard valueDate <= today else {
            throw texts.flaw(.paymentValueDate, "payment_in_future", "is after today, \(today)")
        }
        let method = try texts.optional(.paymentMethod, upTo: 20)?.lowercased() ?? "other"
        guard ["card", "debit", "transfer", "other"].contains(method) else {
            throw texts.flaw(.paymentMethod, "unknown_value", "is none of card, debit, transfer, other")
        }
        let hasAmount = mapping.sources[.paymentAmount] != nil
        let hasID = mapping.sources[.paymentExternalID] != nil
        return LedgerRow.PaymentPart(
            externalID: hasID ? try texts.required(.paymentExternalID, upTo: 200) : "\(invoice.externalID)-payment",
            invoice: invoice.externalID, valueDate: valueDate,
            amount: hasAmount
                ? try amount(.paymentAmount, texts, invoice.total.currency).minor : invoice.total.minor,
            method: method)
    }

    /// Years outside 1900 to 2199 are slips of the pen, and would be astonishing debts.
    private func date(_ target: ImportMapping.Target, _ texts: Texts) throws(Flaw) -> Day? {
        guard let text = try texts.optional(target, upTo: 40) else { return nil }
        guard let day = mapping.dates.day(text) else {
            throw texts.flaw(target, "not_a_date", "is not a date of the form \(mapping.dates.text)")
        }
        guard (1900...2199).contains(day.year) else {
            throw texts.flaw(target, "date_out_of_range", "is not between the years 1900 and 2199")
        }
        return day
    }

    private func amount(
        _ target: ImportMapping.Target, _ texts: Texts, _ currency: Currency
    ) throws(Flaw) -> Money {
        var text = try texts.required(target, upTo: 40)
        if mapping.decimal == "," {
            guard !text.contains(".") else {
                throw texts.flaw(
                    target, MoneyError.groupingSeparator.label, "has a dot where the comma separates decimals")
            }
            text = String(text.map { $0 == "," ? "." : $0 })
        }
        let money: Money
        do throws(MoneyError) {
            money = try Money.parse(decimal: text, currency)
        } catch {
            throw texts.flaw(
                target, error.label,
                "is not an amount in \(currency.code) with \"\(mapping.decimal)\" before its decimals")
        }
        guard money.minor > 0 else {
            throw texts.flaw(target, "not_positive", "is not above zero; credit notes cannot be imported yet")
        }
        return money
    }
}
