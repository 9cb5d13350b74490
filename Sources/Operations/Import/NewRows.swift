import Dunning
import Postgres
import Store

/// From the parts of a row to what is stored.
extension NewCustomer {
    init(_ externalID: String, _ part: LedgerRow.CustomerPart, at now: Instant) {
        let name = part.name ?? externalID
        let kind = part.kind ?? CustomerRecord.Kind.business.rawValue
        self.init(
            id: .make(at: now), externalID: externalID, name: name, kind: kind,
            request: CanonicalRequest.json(["external_id": externalID, "name": name, "kind": kind]))
    }
}

extension NewInvoice {
    init(_ part: LedgerRow.InvoicePart, of customer: ID<Customer>, plan: ImportPlan, at now: Instant) {
        self.init(
            id: .make(at: now), customer: customer, externalID: part.externalID, number: part.number,
            issueDate: part.issueDate, dueDate: part.dueDate, total: part.total,
            valueDate: part.issueDate ?? plan.today,
            // As a single request would say it, so that the same invoice may come by either way.
            request: CanonicalRequest.json([
                "external_id": part.externalID, "number": part.number, "customer_id": customer.description,
                "brand_id": plan.namedBrand?.description, "issue_date": part.issueDate?.description,
                "due_date": part.dueDate?.description, "amount": part.total.decimal,
                "currency": part.total.currency.code,
            ]))
    }
}

extension NewPayment {
    init(
        _ part: LedgerRow.PaymentPart, for invoice: ChunkState.Invoice, plan: ImportPlan, at now: Instant
    ) {
        let amount = part.amount
        self.init(
            id: .make(at: now), customer: invoice.customer, invoice: invoice.id, externalID: part.externalID,
            amount: amount, invoiceName: SourceName(part.invoice ?? ""), method: part.method, valueDate: part.valueDate,
            request: CanonicalRequest.json([
                "external_id": part.externalID, "customer_id": invoice.customer.description,
                "brand_id": plan.namedBrand?.description, "amount": amount.decimal, "currency": amount.currency.code,
                "value_date": part.valueDate.description, "method": part.method, "status": "succeeded",
                "allocations": "\(invoice.id)=\(amount.minor)",
            ]))
    }
}

extension ImportProblem {
    var record: ImportErrorRecord {
        ImportErrorRecord(line: line, part: part.rawValue, field: field, code: code, message: message)
    }
}

extension ImportMapping {
    func fills(_ target: ImportTarget) -> Bool { sources[target] != nil }
}
