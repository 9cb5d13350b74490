package import Dunning
import Foundation
package import Postgres
package import Store

/// Takes in one payment, once. From its commit on, no reminder about what it covers passes its gate; messages already on the
/// wire are flagged and named in the answer (architecture 4.8).
package struct RecordPayment: Sendable {
    let name: SourceName
    let customer: ID<Customer>
    let brand: ID<Brand>?
    let amount: Money
    let valueDate: Day
    let method: PaymentRecord.Method
    let status: PaymentRecord.Status
    let shares: [InvoiceShare]?

    /// Throws ``Rejection/invalid(_:)`` for an amount that is not positive, or shares that exceed it.
    package init(
        externalID: String, customer: ID<Customer>, brand: ID<Brand>? = nil, amount: Money, valueDate: Day,
        method: PaymentRecord.Method = .transfer, status: PaymentRecord.Status = .succeeded,
        shares: [InvoiceShare]? = nil
    ) throws(Rejection) {
        try TextRule.line(upTo: 200).check(externalID, at: "/external_id")
        guard amount.minor > 0 else {
            throw .invalid("/amount/amount", "not_positive", "a payment is more than nothing")
        }
        if let shares {
            for (index, share) in shares.enumerated() where share.amount <= 0 {
                throw .invalid("/allocations/\(index)/amount", "not_positive", "a share is more than nothing")
            }
            guard Set(shares.map(\.invoice)).count == shares.count else {
                throw .invalid("/allocations", "invoice_twice", "name each invoice once")
            }
            guard shares.reduce(0, { $0 + $1.amount }) <= amount.minor else {
                throw .invalid("/allocations", "exceeds_amount", "the shares exceed the amount of the payment")
            }
        }
        name = SourceName(externalID)
        self.customer = customer
        self.brand = brand
        self.amount = amount
        self.valueDate = valueDate
        self.method = method
        self.status = status
        self.shares = shares
    }

    /// What the answer says beside the payment: messages that asked for the paid invoices and may have gone out.
    package struct Answer: Sendable, Codable {
        package struct Message: Sendable, Codable {
            package let id: ID<Dunning.Message>
            /// `crossed`: on the wire while the payment came; else accepted, unknown, assumed_sent.
            package let state: String
            package let armedAt: Instant
        }

        package let messages: [Message]
    }

    package func run(
        in tx: inout Transaction, _ context: Context
    ) throws -> (payment: PaymentRecord, answer: Answer, isNew: Bool) {
        try PlanCases.lock(customers: [customer], in: &tx)
        guard try tx.lockAccounts([customer]).contains(customer) else {
            throw Rejection.invalid("/customer_id", "unknown_customer", "there is no such customer")
        }
        let (brand, day) = try BrandChoice.pick(brand, in: &tx)
        guard valueDate <= day.zone.day(of: context.now) else {
            throw Rejection.invalid("/value_date", "in_future", "money is recorded when it has come, not before")
        }
        if let stored = try tx.payment(name, kind: .payment, request: request) {
            return try repeated(stored, in: &tx)
        }
        let told = try instructions(at: brand, in: &tx)
        let payment = PaymentRecord(
            id: .make(at: context.now), customer: customer, brand: brand, name: name, amount: amount, status: status,
            method: method, valueDate: valueDate, recordedAt: context.now)
        guard try tx.insert(payment, isAutomatic: shares == nil, request: request) else {
            guard let stored = try tx.payment(name, kind: .payment, request: request) else {
                throw Rejection.conflict(noun: "payment", identifier: name.externalID)
            }
            return try repeated(stored, in: &tx)
        }
        try tx.instruct(payment.id, told)
        try BookAccounts.run(
            customers: [customer], invoices: shares?.map(\.invoice) ?? [],
            fresh: status == .succeeded ? [payment.id] : [], in: &tx, context)
        try tx.audit(
            context, action: "payment.recorded", subject: payment.id.uuid, customer: customer,
            detail: [
                "external_id": name.externalID, "amount": amount.decimal, "currency": amount.currency.code,
                "status": status.rawValue,
            ])
        guard let booked = try tx.payment(payment.id) else { throw Rejection.notFound("payment") }
        let answer = try crossing(booked, in: &tx)
        try PlanCases.replan(customers: [customer], cause: "payment", in: &tx, context)
        return (booked, answer, true)
    }

    private func crossing(_ payment: PaymentRecord, in tx: inout Transaction) throws -> Answer {
        let invoices = payment.shares.map(\.invoice)
        try tx.crossMessages(customer: customer, invoices: invoices)
        let answer = Answer(
            messages: try tx.messagesAbout(customer: customer, invoices: invoices).map {
                Answer.Message(id: $0.id, state: $0.state == "sending" ? "crossed" : $0.state, armedAt: $0.armedAt)
            })
        try tx.answer(payment.id, with: JSONText(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)))
        return answer
    }

    private func repeated(
        _ stored: (id: ID<Payment>, isSame: Bool), in tx: inout Transaction
    ) throws -> (payment: PaymentRecord, answer: Answer, isNew: Bool) {
        guard stored.isSame, let record = try tx.payment(stored.id) else {
            throw Rejection.conflict(noun: "payment", identifier: name.externalID)
        }
        let answer = try record.answer.map { try JSONDecoder().decode(Answer.self, from: Data($0.text.utf8)) }
        return (record, answer ?? Answer(messages: []), false)
    }

    /// The source's allocation wins, and what it leaves is credit.
    private func instructions(
        at brand: ID<Brand>, in tx: inout Transaction
    ) throws -> [(invoice: SourceName, amount: Int64)] {
        guard let shares else { return [] }
        let key = LedgerKey(customer: customer, brand: brand, currency: amount.currency)
        let open = try tx.coverable(shares.map(\.invoice))
        return try shares.enumerated().map { index, share in
            guard let invoice = open[share.invoice], invoice.key == key, invoice.open > 0 else {
                throw Rejection.invalid(
                    "/allocations/\(index)/invoice_id", "unknown_invoice",
                    "there is no open invoice of this customer, brand and currency with this id")
            }
            guard share.amount <= invoice.open else {
                throw Rejection.invalid("/allocations/\(index)/amount", "exceeds_open", "more than what is open")
            }
            return (invoice.name, share.amount)
        }
    }

    private var request: JSONText {
        CanonicalRequest.json([
            "external_id": name.externalID, "customer_id": customer.description, "brand_id": brand?.description,
            "amount": amount.decimal, "currency": amount.currency.code, "value_date": valueDate.description,
            "method": method.rawValue, "status": status.rawValue,
            "allocations": shares.map { shares in
                shares.map { "\($0.invoice)=\($0.amount)" }.joined(separator: ",")
            },
        ])
    }
}
