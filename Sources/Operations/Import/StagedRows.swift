import Dunning
import Foundation
import Postgres
import Store

/// Rows of a file on their way into the staging table, laid out as `import_row_copy` wants them.
struct StagedRows {
    private let job: ImportJob
    private let keys: RowKeys
    private let today: Day
    private let head: [UInt8]
    private var seq = 0
    private var id: [UInt8] = []
    private(set) var copy = CopyRows(columns: Self.columns, capacity: 0)

    private static let columns = 38
    /// In `refused`: some part of the row was, when it was read.
    private static let wasFaulty = 16

    init(_ job: ImportJob, today: Day) {
        self.job = job
        self.today = today
        keys = RowKeys(job.id, at: job.receivedAt)
        head = Array(job.id.uuid.postgresText.utf8)
    }

    /// Hands over what there is, and begins anew.
    mutating func take(capacity: Int) -> CopyRows {
        let full = copy
        copy = CopyRows(columns: Self.columns, capacity: capacity)
        return full
    }

    /// A row whose document is made for its own invoice is one staged row; a document for another invoice stands apart.
    mutating func add(_ row: LedgerRow, tenant: [UInt8]) {
        var documents: [Document] = []
        if let payment = row.payment { documents.append(Document(payment)) }
        if let credit = row.credit { documents.append(Document(credit, today: today)) }
        var beside: Document?
        if let first = documents.first, row.invoice == nil || first.invoice == row.invoice?.externalID {
            beside = documents.removeFirst()
        }
        if row.customer != nil || beside != nil { stage(row, beside, tenant) }
        for document in documents {
            var rest = LedgerRow(line: row.line, number: row.number)
            rest.customer = row.customer
            rest.hasProblem = row.hasProblem
            stage(rest, document, tenant)
        }
    }

    private mutating func stage(_ row: LedgerRow, _ document: Document?, _ tenant: [UInt8]) {
        let customer = row.customer?.externalID ?? document?.customer
        // Whose it is will be known when its invoice is found.
        let hash = keys.hash(customer ?? document?.invoice ?? "")
        let slot = keys.slot(hash)
        seq += 1
        copy.text(utf8: tenant[...])
        copy.text(utf8: head[...])
        copy.integer(slot)
        copy.integer(seq)
        copy.integer(row.number)
        copy.integer(row.line)
        copy.integer(row.hasProblem ? Self.wasFaulty : 0)
        copy.text(customer)
        key(customer == nil ? nil : keys.customer(hash))
        copy.text(makesCustomer(row, document) ? "t" : "f")
        copy.text(row.customer?.name)
        copy.text(row.customer?.kind)
        copy.text(row.customer?.locale)
        copy.text(row.customer?.zone)
        copy.text(row.customer.flatMap { Self.traits($0.traits) })
        copy.text(row.contact?.name)
        copy.text(row.contact?.email?.text)
        copy.text((row.contact?.email).map { AddressKey($0).text })
        copy.text(row.contact?.phone?.text)
        add(row.invoice, slot)
        add(document, slot)
        copy.endRow()
    }

    /// A payment alone makes nobody a customer; anything else does.
    private func makesCustomer(_ row: LedgerRow, _ document: Document?) -> Bool {
        guard let customer = row.customer else { return false }
        return row.invoice != nil || row.contact != nil || document == nil || customer.name != nil
            || customer.kind != nil || !customer.traits.isEmpty
    }

    private mutating func add(_ invoice: LedgerRow.InvoicePart?, _ slot: Int) {
        copy.text(invoice?.externalID)
        key(invoice == nil ? nil : keys.document(slot: slot, seq: seq, isPayment: false))
        copy.text(invoice?.number)
        copy.value(invoice?.issueDate)
        copy.value(invoice?.dueDate)
        copy.text(invoice?.total.currency.code)
        copy.integer(invoice?.total.minor)
        copy.integer(invoice?.version)
        copy.integer(invoice.flatMap(Self.claim))
        copy.text(invoice.flatMap(Self.terms))
    }

    private mutating func add(_ document: Document?, _ slot: Int) {
        copy.text(document?.externalID)
        key(document == nil ? nil : keys.document(slot: slot, seq: seq, isPayment: true))
        copy.text(document?.kind.rawValue)
        copy.text(document?.invoice)
        copy.value(document?.valueDate)
        copy.integer(document?.amount.minor)
        copy.text(document?.amount.currency.code)
        copy.text(document?.method)
        copy.integer(document?.version)
    }

    private mutating func key(_ key: RowKeys.Key?) {
        guard let key else { return copy.text(nil) }
        key.write(into: &id)
        copy.text(utf8: id[...])
    }

    /// What the source says is still to be paid; `nil` where it says nothing.
    private static func claim(_ invoice: LedgerRow.InvoicePart) -> Int64? {
        if let open = invoice.open { return open.minor }
        return invoice.status.map { $0 == .paid ? 0 : invoice.total.minor }
    }

    private static func traits(_ traits: LedgerRow.CustomerTraits) -> String? {
        guard !traits.isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Plain texts always encode.
        return (try? encoder.encode(traits)).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func terms(_ invoice: LedgerRow.InvoicePart) -> String? {
        guard !invoice.instalments.isEmpty else { return nil }
        let terms = invoice.instalments.map { "{\"amount\":\($0.amount.minor),\"due_date\":\"\($0.dueDate)\"}" }
        return "[\(terms.joined(separator: ","))]"
    }
}

extension StagedRows {
    /// A payment or a credit note, which are stored alike.
    private struct Document {
        let externalID: String
        let kind: Movement.Kind
        let customer: String?
        let invoice: String?
        let valueDate: Day
        let amount: Money
        let method: String
        let version: Int64

        init(_ part: LedgerRow.PaymentPart) {
            externalID = part.externalID
            kind = .payment
            customer = part.customer
            invoice = part.invoice
            valueDate = part.valueDate
            amount = part.amount
            method = part.method
            version = part.version
        }

        init(_ part: LedgerRow.CreditPart, today: Day) {
            externalID = part.externalID
            kind = .creditNote
            customer = part.customer
            invoice = part.invoice
            valueDate = part.valueDate ?? today
            amount = part.amount
            method = PaymentRecord.Method.other.rawValue
            version = part.version
        }
    }
}
