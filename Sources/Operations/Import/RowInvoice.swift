import Dunning
import Files

/// The invoice of a row, which may turn out to be a credit note.
extension RowParser {
    /// Whether the row has one at all: a row may carry a customer or a payment alone.
    func hasInvoice(_ texts: RowTexts) -> Bool {
        guard has.invoice else { return false }
        let telling: [ImportTarget] = [
            .invoiceExternalID, .invoiceAmount, .invoiceNumber, .invoiceDueDate, .invoiceIssueDate,
        ]
        return telling.contains { bindings[$0.rawValue].isOfRecord && !texts.bytes($0).isEmpty }
    }

    mutating func takeInvoice(_ texts: RowTexts, into row: inout LedgerRow) throws(Flaw) {
        guard let customer = row.customer?.externalID, hasInvoice(texts) else { return }
        let externalID = try texts.required(.invoiceExternalID, upTo: 200)
        let currency = try currency(.invoiceCurrency, texts, nil)
        let issueDate = try date(.invoiceIssueDate, texts)
        let dueDate = try date(.invoiceDueDate, texts)
        let isCredit = mapping.negative == .creditNote
        let total = try amount(.invoiceAmount, texts, currency, atLeast: isCredit ? -Money.largest : 1)
        if total.minor < 0 {
            guard row.credit == nil else {
                throw texts.flaw(.invoiceAmount, "two_credit_notes", "is a credit note in a row that has one")
            }
            row.credit = LedgerRow.CreditPart(
                externalID: externalID, customer: customer, invoice: try texts.optional(.creditInvoice, upTo: 200),
                valueDate: issueDate, amount: -total, version: try version(.invoiceVersion, texts))
            return
        }
        guard total.minor > 0 else { throw texts.flaw(.invoiceAmount, "not_positive", "is not above zero") }
        if let issueDate, let dueDate, dueDate < issueDate {
            throw texts.flaw(.invoiceDueDate, "before_issue_date", "lies before the issue date, \(issueDate)")
        }
        var invoice = LedgerRow.InvoicePart(
            externalID: externalID, customer: customer,
            number: try texts.optional(.invoiceNumber, upTo: 100) ?? externalID, issueDate: issueDate,
            dueDate: dueDate, total: total)
        invoice.status = try texts.choice(.invoiceStatus, ["open", "paid"]).flatMap { .init(rawValue: $0) }
        if !texts.bytes(.invoiceOpenAmount).isEmpty {
            let open = try amount(.invoiceOpenAmount, texts, currency, atLeast: 0)
            guard open.minor <= total.minor else {
                throw texts.flaw(.invoiceOpenAmount, "above_total", "is more than the invoice's total")
            }
            invoice.open = open
        }
        invoice.version = try version(.invoiceVersion, texts)
        invoice.instalments = try instalments(texts, of: invoice)
        row.invoice = invoice
    }

    private mutating func instalments(
        _ texts: RowTexts, of invoice: LedgerRow.InvoicePart
    ) throws(Flaw) -> [LedgerRow.InvoicePart.Instalment] {
        let target = ImportTarget.invoiceInstalments
        let bytes = texts.bytes(target)
        guard !bytes.isEmpty else { return [] }
        guard let records = instalments.records(in: bytes) else {
            throw texts.flaw(target, "wrong_type", "is not an array of objects with due_date and amount")
        }
        guard records.count <= 120 else { throw texts.flaw(target, "too_many", "has more than 120 entries") }
        var found: [LedgerRow.InvoicePart.Instalment] = []
        var sum: Int64 = 0
        for (index, record) in records.enumerated() {
            func flaw(_ code: String, _ sentence: String) -> Flaw {
                texts.flaw(target, code, "has a wrong entry \(index + 1): \(sentence)")
            }
            guard case .day(let day) = mapping.dates.read(record[0].trimmed), Self.years.contains(day.year) else {
                throw flaw("not_a_date", "its due_date is not of the form \(mapping.dates.description)")
            }
            let minor: Int64
            do throws(NumberForm.Flaw) {
                minor = try mapping.numbers.read(record[1].trimmed, exponent: invoice.total.currency.exponent)
            } catch {
                throw flaw(error.label, "its amount is not an amount")
            }
            guard minor > 0 else { throw flaw("not_positive", "its amount is not above zero") }
            if let last = found.last, day <= last.dueDate { throw flaw("not_in_order", "its due_date is not later") }
            if let issueDate = invoice.issueDate, day < issueDate {
                throw flaw("before_issue_date", "its due_date lies before the issue date")
            }
            // At most 120 amounts below 2^53 add up within 64 bits.
            sum += minor
            found.append(.init(dueDate: day, amount: Money(minor: minor, currency: invoice.total.currency)))
        }
        guard found.isEmpty || sum == invoice.total.minor else {
            throw texts.flaw(target, "wrong_sum", "does not add up to the invoice's total")
        }
        return found
    }
}
