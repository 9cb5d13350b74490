package import Dunning
package import Postgres
package import Store

/// Agrees with a customer that it pays in instalments: nothing is asked of the named invoices while they are paid as agreed.
/// Promises about them end. The instalments sum up to what is open.
package struct MakePlan: Sendable {
    /// The furthest the last instalment may lie ahead.
    package static let horizonDays = 1_100
    package static let limit = 60

    let invoices: [ID<Invoice>]
    let parts: [PlanPart]
    let currency: Currency
    let note: String

    package init(
        about invoices: [ID<Invoice>], parts: [(dueOn: Day, amount: Money)], note: String = ""
    ) throws(Rejection) {
        try TextRule.lines(upTo: 2_000).check(note, at: "/note")
        guard (1...1_000).contains(invoices.count), Set(invoices).count == invoices.count else {
            throw .invalid("/invoices", "out_of_range", "name 1 to 1000 invoices, each once")
        }
        guard let first = parts.first, parts.count <= Self.limit else {
            throw .invalid("/instalments", "out_of_range", "agree on 1 to \(Self.limit) instalments")
        }
        for (index, part) in parts.enumerated() {
            if part.amount.minor <= 0 {
                throw .invalid("/instalments/\(index)/amount/amount", "not_positive", "must be more than nothing")
            }
            if part.amount.currency != first.amount.currency {
                throw .invalid(
                    "/instalments/\(index)/amount/currency", "wrong_currency",
                    "must be \(first.amount.currency.code) as in the first")
            }
            if index > 0, part.dueOn <= parts[index - 1].dueOn {
                throw .invalid("/instalments/\(index)/due_on", "not_later", "must be later than the one before")
            }
        }
        self.invoices = invoices
        self.parts = parts.map { PlanPart(dueOn: $0.dueOn, amount: $0.amount.minor) }
        currency = first.amount.currency
        self.note = note
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> PaymentPlanRecord {
        let key = try tx.account(of: invoices)
        try Debtor.lock(key.customer, in: &tx)
        guard currency == key.currency else {
            throw Rejection.invalid("/instalments/0/amount/currency", "wrong_currency", "must be \(key.currency.code)")
        }
        guard try tx.runningPlans(about: invoices).isEmpty else {
            throw Rejection.forbiddenByState(
                code: "in_plan", detail: "A plan about one of these invoices runs: cancel it first.")
        }
        guard let zone = try tx.brandDays()[key.brand]?.zone else { throw Rejection.notFound("brand") }
        let today = zone.day(of: context.now)
        for (index, part) in parts.enumerated()
        where part.dueOn < today || part.dueOn > today.adding(Self.horizonDays) {
            throw Rejection.invalid(
                "/instalments/\(index)/due_on", "out_of_range",
                "must be from today to \(Self.horizonDays) days ahead")
        }
        let open = try invoices.reduce(0) { $0 + (try tx.invoice($1)?.open.minor ?? 0) }
        let sum = parts.reduce(0) { $0 + $1.amount }
        guard sum == open else {
            throw Rejection.invalid(
                "/instalments", "sum_differs",
                "sum up to \(Money(minor: sum, currency: currency).formatted()), and "
                    + "\(Money(minor: open, currency: currency).formatted()) are open")
        }
        let plan = PaymentPlanRecord(
            id: .make(at: context.now), key: key, madeOn: today, note: note, checkAt: parts[0].checkAt(in: zone),
            parts: parts, invoices: invoices.sorted(), at: context.now)
        let promises = try tx.runningPromises(about: invoices, on: today)
        try tx.cancel(promises, .replaced, on: today)
        try tx.insert(plan)
        try tx.emit(
            context,
            promises.map { Emission(.promiseCancelled, $0, customer: key.customer, ["reason": "replaced"]) } + [
                Emission(
                    .planMade, plan.id, customer: key.customer,
                    [
                        "amount": .text(Money(minor: sum, currency: currency).decimal),
                        "currency": .text(currency.code), "instalments": .number(parts.count),
                        "last_due_on": .text(parts[parts.count - 1].dueOn.description),
                    ])
            ])
        try tx.audit(
            context, action: "payment_plan.made", subject: plan.id.uuid, customer: key.customer,
            detail: [
                "amount": Money(minor: sum, currency: currency).decimal, "currency": currency.code,
                "instalments": String(parts.count), "last_due_on": parts[parts.count - 1].dueOn.description,
            ])
        try PlanCases.replan(customers: [key.customer], cause: "payment_plan.made", in: &tx, context)
        return plan
    }
}

extension PlanPart {
    /// When its day and the grace of promises have passed.
    func checkAt(in zone: Zone) -> Instant { zone.startOfDay(dueOn.adding(PromiseToPay.graceDays + 1)) }
}

extension Transaction {
    /// Whose these invoices are, at which brand and in which currency: the same for all of them.
    mutating func account(of invoices: [ID<Invoice>]) throws -> LedgerKey {
        var key: LedgerKey?
        for (index, id) in invoices.enumerated() {
            guard let found = try invoice(id)?.key else {
                throw Rejection.invalid("/invoices/\(index)", "unknown_invoice", "there is no such invoice")
            }
            if let key, key != found {
                throw Rejection.invalid(
                    "/invoices/\(index)", "other_account",
                    "must be of the same customer, brand and currency as the first")
            }
            key = found
        }
        guard let key else { throw Rejection.invalid("/invoices", "missing", "name at least one invoice") }
        return key
    }
}

/// Ends a plan before its time: what is open is asked for again. Ending it again changes nothing.
package struct CancelPlan: Sendable {
    let plan: ID<PaymentPlan>

    package init(_ plan: ID<PaymentPlan>) { self.plan = plan }

    package func run(in tx: inout Transaction, _ context: Context) throws -> PaymentPlanRecord {
        guard let found = try tx.plan(plan) else { throw Rejection.notFound("payment_plan") }
        try Debtor.lock(found.key.customer, in: &tx)
        if try tx.end(plan, as: .cancelled, at: context.now) {
            try tx.audit(
                context, action: "payment_plan.cancelled", subject: plan.uuid, customer: found.key.customer)
            try tx.emit(
                context, Emission(.planEnded, plan, customer: found.key.customer, ["state": "cancelled"]))
            try PlanCases.replan(
                customers: [found.key.customer], cause: "payment_plan.cancelled", in: &tx, context)
        }
        guard let record = try tx.plan(plan) else { preconditionFailure("plans are never deleted") }
        return record
    }
}
