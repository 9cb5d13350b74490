package import Dunning
package import Postgres
import Store

/// Gives up a debt, whole or in part. A payment that names the invoice later brings it back as far as it goes.
package struct WriteOff: Sendable {
    let invoice: ID<Invoice>
    let request: PostingRequest

    package init(_ invoice: ID<Invoice>, _ request: PostingRequest) {
        self.invoice = invoice
        self.request = request
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> Posted {
        guard let found = try tx.invoice(invoice) else { throw Rejection.notFound("invoice") }
        try Debtor.lock(found.customer, in: &tx)
        if let stored = try request.repeated(.writeOff, about: invoice.description, in: &tx) {
            return try Posted(stored, isNew: false)
        }
        let standing = try tx.standing(of: invoice)
        guard standing.balance > 0 else {
            throw Rejection.forbiddenByState(code: "nothing_open", detail: "Nothing of this invoice is open.")
        }
        let key = found.key
        let amount = try request.amount(
            of: Money(minor: standing.balance, currency: key.currency),
            excess: ("exceeds_open", "more than what is open"))
        let day = try request.day(from: standing.issuedOn, today: try tx.today(of: key.brand, context))
        try tx.know(source: request.name.source, at: context.now)
        try BookAccounts.run(
            customers: [key.customer], invoices: [invoice],
            entries: request.entries(
                [Movement(kind: .writeOff, invoice: invoice, amount: -amount, valueDate: day)], on: key),
            in: &tx, context)
        let crossing = try Crossing.flag([invoice], of: key.customer, in: &tx)
        let posting = PostingRecord(
            id: .make(at: context.now), kind: .writeOff, key: key, invoice: invoice, name: request.name, amount: amount,
            valueDate: day, reason: request.reason, note: request.note, answer: try crossing.kept(),
            recordedAt: context.now)
        try tx.insert(posting, request: request.canonical(about: invoice.description))
        try Watch.hear(request.name.source, in: &tx, context)
        try tx.audit(
            context, action: "invoice.written_off", subject: invoice.uuid, customer: key.customer,
            detail: ["amount": posting.amount.decimal, "currency": key.currency.code, "reason": request.reason])
        try PlanCases.replan(customers: [key.customer], cause: "write_off", in: &tx, context)
        return try Posted(posting, isNew: true)
    }
}
