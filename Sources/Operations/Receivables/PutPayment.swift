import Dunning
package import Postgres
package import Store

/// Takes in what a source says of one of its payments or credit notes now: makes it, or brings it up to date.
///
/// Money received is a fact: its amount, day and customer stay. What may change is what it is for, and, while it is under way,
/// whether it has come.
package struct PutPayment: Sendable {
    package enum Status: String, Sendable, CaseIterable { case succeeded, pending, failed }

    let record: RecordPayment
    let status: Status

    /// - Parameter record: as it would be recorded if it were not known; its status is replaced by `status`.
    package init(_ record: RecordPayment, status: Status) {
        self.record = record
        self.status = status
    }

    package typealias Result = (payment: PaymentRecord, outcome: Upsert, crossing: Crossing)

    package func run(in tx: inout Transaction, _ context: Context) throws -> Result {
        let customer = try record.customer.lock(in: &tx)
        guard let known = try tx.payment(named: record.name, kind: record.kind), let stored = try tx.payment(known.id)
        else {
            let made = try record.run(in: &tx, context)
            guard status == .failed else { return (made.payment, .created, made.answer) }
            let failed = try FinishPayment(made.payment.id, .failed).run(in: &tx, context)
            return (failed.payment, .created, Crossing())
        }
        guard stored.customer == customer, stored.amount == record.amount,
            record.brand.map({ $0 == stored.brand }) ?? true,
            stored.valueDate == record.valueDate || stored.status == .pending
        else {
            throw Rejection.forbiddenByState(
                code: "payment_differs",
                detail: "Customer, brand, amount and day of money received stay what they are: reverse it and record "
                    + "another.")
        }
        if let verdict = Upsert.verdict(stored: stored.version, stated: record.version) {
            return (stored, verdict, Crossing())
        }
        let isTold = try tell(stored, in: &tx, context)
        let isFinished = try finish(stored, in: &tx, context)
        try Watch.hear(record.name.source, in: &tx, context)
        guard isTold || isFinished else { return (stored, .unchanged, Crossing()) }
        let answered = try RecordPayment.answered(
            stored.id, cause: record.kind.rawValue, isMoney: false, in: &tx, context)
        return (answered.payment, .updated, answered.answer)
    }

    /// Whether what it is for was said anew. Left out keeps what was said before.
    private func tell(_ stored: PaymentRecord, in tx: inout Transaction, _ context: Context) throws -> Bool {
        let before = try tx.told(of: stored.id)
        if record.version > stored.version || record.shares != nil {
            try tx.turn(
                stored, to: stored.status, version: max(stored.version, record.version),
                isAutomatic: record.shares == nil && before.isAutomatic)
        }
        guard let shares = record.shares else { return false }
        let told = try PaymentShare.named(shares, in: &tx)
        guard told != before.shares || before.isAutomatic else { return false }
        let invoices = try tx.invoices(named: stored.id)
        try tx.forgetInstructions(of: stored.id)
        try tx.instruct(stored.id, told.map { ($0.key, $0.value) })
        try BookAccounts.run(
            customers: [stored.customer], invoices: Array(Set(invoices + (try tx.invoices(named: stored.id)))),
            since: try tx.today(of: stored.brand, context), in: &tx, context)
        try tx.audit(
            context, action: "\(record.kind.rawValue).reallocated", subject: stored.id.uuid, customer: stored.customer,
            detail: ["invoices": "\(told.count)"])
        return true
    }

    private func finish(_ stored: PaymentRecord, in tx: inout Transaction, _ context: Context) throws -> Bool {
        switch (stored.status, status) {
        case (.pending, .succeeded):
            return try FinishPayment(stored.id, .succeeded(on: record.valueDate)).run(in: &tx, context).isNew
        case (.pending, .failed), (.succeeded, .failed):
            return try FinishPayment(stored.id, .failed).run(in: &tx, context).isNew
        case (.failed, .succeeded), (.failed, .pending), (.succeeded, .pending):
            throw Rejection.forbiddenByState(
                code: "payment_\(stored.status.rawValue)", detail: "The payment has \(stored.status.rawValue) already.")
        default: return false
        }
    }
}
