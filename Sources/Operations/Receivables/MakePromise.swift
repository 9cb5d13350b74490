package import Dunning
package import Postgres
package import Store

/// Records when the customer says it will pay: the promised invoices are not asked for until that day and two of grace have
/// passed, unless two promises about the debt were broken before. A newer promise about any of them takes the place of the
/// older; the same again on the same day is the same promise.
package struct MakePromise: Sendable {
    /// The furthest a promise may lie ahead.
    package static let horizonDays = 366
    /// With so many promises about a debt broken, another one is kept in mind and holds nothing back.
    package static let brokenLimit = 2

    let invoices: [ID<Invoice>]
    /// Nil: all that is open.
    let amount: Money?
    let dueOn: Day
    let note: String

    package init(
        about invoices: [ID<Invoice>], amount: Money? = nil, dueOn: Day, note: String = ""
    ) throws(Rejection) {
        try TextRule.lines(upTo: 2_000).check(note, at: "/note")
        guard (1...1_000).contains(invoices.count), Set(invoices).count == invoices.count else {
            throw .invalid("/invoices", "out_of_range", "name 1 to 1000 invoices, each once")
        }
        if let amount, amount.minor <= 0 {
            throw .invalid("/amount/amount", "not_positive", "must be more than nothing")
        }
        self.invoices = invoices
        self.amount = amount
        self.dueOn = dueOn
        self.note = note
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> (promise: PromiseRecord, isNew: Bool) {
        let key = try tx.account(of: invoices)
        try Debtor.lock(key.customer, in: &tx)
        let found = try records(in: &tx)
        guard let zone = try tx.brandDays()[key.brand]?.zone else { throw Rejection.notFound("brand") }
        let today = zone.day(of: context.now)
        guard today <= dueOn, dueOn <= today.adding(Self.horizonDays) else {
            throw Rejection.invalid(
                "/due_on", "out_of_range", "must be from today to \(Self.horizonDays) days ahead")
        }
        for (index, invoice) in found.enumerated() where invoice.open.minor == 0 {
            throw Rejection.invalid("/invoices/\(index)", "nothing_open", "nothing of this invoice is open")
        }
        let open = Money(minor: found.reduce(0) { $0 + $1.open.minor }, currency: key.currency)
        if let amount, amount.currency != key.currency {
            throw Rejection.invalid("/amount/currency", "wrong_currency", "must be \(key.currency.code)")
        }
        guard (amount ?? open).minor <= open.minor else {
            throw Rejection.invalid("/amount/amount", "exceeds_open", "more than the \(open.formatted()) that are open")
        }
        guard try tx.runningPlans(about: invoices).isEmpty else {
            throw Rejection.forbiddenByState(
                code: "in_plan", detail: "A plan about one of these invoices runs: cancel it first.")
        }
        let promise = PromiseRecord(
            id: .make(at: context.now), key: key, amount: (amount ?? open).minor, madeOn: today, dueOn: dueOn,
            note: note, pauses: try tx.brokenPromises(of: key) < Self.brokenLimit, invoices: invoices.sorted(),
            at: context.now)
        let running = try tx.runningPromises(about: invoices, on: today)
        for id in running {
            if let old = try tx.promise(id), promise.isSame(as: old) { return (old, false) }
        }
        try tx.cancel(running, .replaced, on: today)
        try tx.insert(promise, checkAt: zone.startOfDay(dueOn.adding(PromiseToPay.graceDays + 1)))
        try tx.audit(
            context, action: "promise.made", subject: promise.id.uuid, customer: key.customer,
            detail: [
                "amount": promise.amount.decimal, "currency": key.currency.code, "due_on": dueOn.description,
                "replaces": running.map(\.description).joined(separator: ","), "pauses": "\(promise.pauses)",
            ])
        try tx.record(
            [(customer: key.customer, kind: .promiseMade)], brand: key.brand, currency: key.currency, at: context.now)
        try tx.emit(
            context,
            running.map {
                Emission(.promiseCancelled, $0, customer: key.customer, ["reason": "replaced"])
            } + [
                Emission(
                    .promiseMade, promise.id, customer: key.customer,
                    [
                        "amount": .text(promise.amount.decimal), "currency": .text(key.currency.code),
                        "due_on": .text(dueOn.description),
                    ])
            ])
        try PlanCases.replan(customers: [key.customer], cause: "promise.made", in: &tx, context)
        return (promise, true)
    }

    private func records(in tx: inout Transaction) throws -> [InvoiceRecord] {
        try invoices.enumerated().map { index, id in
            guard let record = try tx.invoice(id) else {
                throw Rejection.invalid("/invoices/\(index)", "unknown_invoice", "there is no such invoice")
            }
            return record
        }
    }

}

extension PromiseRecord {
    fileprivate func isSame(as other: PromiseRecord) -> Bool {
        amount == other.amount && madeOn == other.madeOn && dueOn == other.dueOn && note == other.note
            && invoices == other.invoices
    }
}
