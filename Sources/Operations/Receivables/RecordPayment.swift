package import Dunning
package import Postgres
package import Store

/// Takes in one payment or credit note, once. From its commit on, no reminder about what it covers passes its gate; messages
/// already on the wire are flagged and named in the answer (architecture 4.8).
package struct RecordPayment: Sendable {
    package let name: SourceName
    let kind: Movement.Kind
    let version: Int64
    let customer: Debtor
    let brand: ID<Brand>?
    let amount: Money
    let valueDate: Day
    let method: PaymentRecord.Method
    let status: PaymentRecord.Status
    /// Nil: its source names no invoice.
    let shares: [PaymentShare]?

    /// Throws ``Rejection/invalid(_:)`` for an amount that is not positive, or shares that exceed it.
    /// - Parameter kind: `payment` or `creditNote`.
    package init(
        _ name: SourceName, kind: Movement.Kind = .payment, version: Int64 = 0, customer: Debtor,
        brand: ID<Brand>? = nil, amount: Money, valueDate: Day, method: PaymentRecord.Method = .transfer,
        status: PaymentRecord.Status = .succeeded, shares: [PaymentShare]? = nil
    ) throws(Rejection) {
        try TextRule.line(upTo: 200).check(name.externalID, at: "/external_id")
        try SourceRule.check(name.source)
        guard amount.minor > 0 else {
            throw .invalid("/amount/amount", "not_positive", "must be more than nothing")
        }
        if let shares { try PaymentShare.check(shares, of: amount) }
        self.name = name
        self.kind = kind
        self.version = version
        self.customer = customer
        self.brand = brand
        self.amount = amount
        self.valueDate = valueDate
        self.method = method
        self.status = status
        self.shares = shares
    }

    package typealias Result = (payment: PaymentRecord, answer: Crossing, isNew: Bool)

    package func run(in tx: inout Transaction, _ context: Context) throws -> Result {
        let customer = try customer.lock(in: &tx)
        let (brand, day) = try BrandChoice.pick(brand, in: &tx)
        guard valueDate <= day.zone.day(of: context.now) else {
            throw Rejection.invalid("/value_date", "in_future", "money is recorded when it has come, not before")
        }
        if let stored = try tx.payment(name, kind: kind, request: request) {
            return try repeated(stored, in: &tx)
        }
        let key = LedgerKey(customer: customer, brand: brand, currency: amount.currency)
        let told = try shares.map { try PaymentShare.instructions($0, on: key, in: &tx) } ?? []
        let payment = PaymentRecord(
            id: .make(at: context.now), customer: customer, brand: brand, kind: kind, name: name, version: version,
            amount: amount, status: status, method: method, valueDate: valueDate, recordedAt: context.now)
        try tx.know(source: name.source, at: context.now)
        guard try tx.insert(payment, isAutomatic: shares == nil, request: request) else {
            guard let stored = try tx.payment(name, kind: kind, request: request) else { throw conflict }
            return try repeated(stored, in: &tx)
        }
        try tx.instruct(payment.id, told)
        try BookAccounts.run(
            customers: [customer], invoices: try tx.invoices(named: payment.id),
            fresh: status == .succeeded ? [payment.id] : [], in: &tx, context)
        try Watch.hear(name.source, in: &tx, context)
        try tx.audit(
            context, action: "\(kind.rawValue).recorded", subject: payment.id.uuid, customer: customer,
            detail: [
                "external_id": name.externalID, "amount": amount.decimal, "currency": amount.currency.code,
                "status": status.rawValue,
            ])
        return try Self.answered(payment.id, cause: kind.rawValue, in: &tx, context)
    }

    /// The last act of whatever brought a document's money in, or said anew what it is for: crossed messages, promises, the next
    /// step.
    ///
    /// - Parameter isMoney: whether it has come just now.
    static func answered(
        _ id: ID<Payment>, cause: String, isMoney: Bool = true, in tx: inout Transaction, _ context: Context
    ) throws -> Result {
        guard let booked = try tx.payment(id) else { preconditionFailure("payments are never deleted") }
        let invoices = booked.shares.map(\.invoice)
        let crossing = try Crossing.flag(invoices, of: booked.customer, in: &tx)
        try tx.answer(id, with: try crossing.kept())
        if booked.kind == .creditNote {
            let ended = try tx.cancelCreditedPromises(
                about: invoices, on: try tx.today(of: booked.brand, context))
            try tx.emit(
                context, ended.map { Emission(.promiseCancelled, $0.id, customer: $0.customer, ["reason": "credit"]) })
        }
        if isMoney, booked.kind == .payment, booked.status == .succeeded {
            // Where it covers all that is owed, the case ends, and nobody hears of the part.
            try tx.record(
                [(customer: booked.customer, kind: .partPayment)], brand: booked.brand,
                currency: booked.amount.currency, at: context.now)
        }
        try PlanCases.replan(customers: [booked.customer], cause: cause, in: &tx, context)
        return (booked, crossing, true)
    }

    private var conflict: Rejection {
        .conflict(noun: kind == .payment ? "payment" : "credit note", identifier: name.externalID)
    }

    private func repeated(_ stored: (id: ID<Payment>, isSame: Bool), in tx: inout Transaction) throws -> Result {
        guard stored.isSame, let record = try tx.payment(stored.id) else { throw conflict }
        return (record, try Crossing(record.answer), false)
    }

    private var request: JSONText {
        CanonicalRequest.json([
            "external_id": name.externalID, "customer": customer.text, "brand_id": brand?.description,
            "amount": amount.decimal, "currency": amount.currency.code, "value_date": valueDate.description,
            "method": method.rawValue, "status": status.rawValue,
            "allocations": shares.map { $0.map(\.text).joined(separator: ",") },
        ])
    }
}
