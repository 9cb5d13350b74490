import Dunning
package import Postgres
import Queue
import Store

/// Finds promises and instalments whose day and grace have passed, once each: kept, or broken, which is an event that the
/// workflow can react to.
///
/// Money counts as the rates of kept promises count it, so that a case and a report never differ.
package enum JudgeAgreements {
    /// Promises, and plans, judged in one transaction.
    package static let portion = 50

    /// Judges some; false when none was left.
    package static func step(in tx: inout Transaction, _ context: Context) throws -> Bool {
        let promises = try tx.promisesToJudge(at: context.now, limit: portion)
        let plans = try tx.plansToJudge(at: context.now, limit: portion)
        let customers = Array(Set(promises.map(\.customer) + plans.map(\.customer)))
        guard !customers.isEmpty else { return false }
        try PlanCases.lock(customers: customers, in: &tx)
        let zones = try tx.brandDays().mapValues(\.zone)
        for (id, _) in promises {
            guard let promise = try tx.promise(id), let zone = zones[promise.brand] else { continue }
            try judge(promise, on: zone.day(of: context.now), in: &tx, context)
        }
        for (id, _) in plans {
            guard let plan = try tx.plan(id), let zone = zones[plan.key.brand] else { continue }
            try judge(plan, zone, in: &tx, context)
        }
        try PlanCases.replan(customers: customers, cause: "promises", in: &tx, context)
        return true
    }

    /// Puts the tenant's judging into the queue, or draws it nearer.
    package static func queue(in tx: inout Transaction, _ context: Context) throws {
        try tx.enqueue([
            NewDue(
                kind: .judge, ref: TenantJob.judge.ref(of: tx.tenantID), lane: try tx.lane(.upkeep), runAt: context.now)
        ])
    }

    private static func judge(
        _ promise: PromiseRecord, on today: Day, in tx: inout Transaction, _ context: Context
    ) throws {
        let standing = try standing(
            of: promise.amount.minor, for: promise.invoices, made: promise.madeOn, due: promise.dueOn, on: today,
            in: &tx)
        guard standing != .pending, try tx.judge(promise.id, standing, at: context.now) else { return }
        if standing != .kept { try tell(.promiseBroken, promise.key, in: &tx, context) }
        try tx.audit(
            context, action: standing == .kept ? "promise.kept" : "promise.broken", subject: promise.id.uuid,
            customer: promise.customer,
            detail: [
                "standing": standing.rawValue, "amount": promise.amount.decimal,
                "currency": promise.amount.currency.code, "due_on": promise.dueOn.description,
            ])
        try tx.emit(
            context,
            Emission(
                standing == .kept ? .promiseKept : .promiseBroken, promise.id, customer: promise.customer,
                [
                    "standing": .text(standing.rawValue), "amount": .text(promise.amount.decimal),
                    "currency": .text(promise.amount.currency.code), "due_on": .text(promise.dueOn.description),
                ]))
    }

    private static func judge(
        _ plan: PaymentPlanRecord, _ zone: Zone, in tx: inout Transaction, _ context: Context
    ) throws {
        let today = zone.day(of: context.now)
        let passed = plan.parts.prefix { $0.dueOn.adding(PromiseToPay.graceDays) < today }
        guard plan.state == .running, let last = passed.last else { return }
        let standing = try standing(
            of: passed.reduce(0) { $0 + $1.amount }, for: plan.invoices, made: plan.madeOn, due: last.dueOn, on: today,
            in: &tx)
        if standing == .kept, passed.count < plan.parts.count, try isAnythingOpen(of: plan.invoices, in: &tx) {
            return try tx.watch(plan.id, at: plan.parts[passed.count].checkAt(in: zone))
        }
        let state: PaymentPlanRecord.State = standing == .kept ? .kept : .missed
        guard try tx.end(plan.id, as: state, at: context.now) else { return }
        if state == .missed { try tell(.instalmentMissed, plan.key, in: &tx, context) }
        try tx.audit(
            context, action: "payment_plan.\(state.rawValue)", subject: plan.id.uuid, customer: plan.key.customer,
            detail: ["instalment": String(passed.count), "due_on": last.dueOn.description])
        try tx.emit(
            context,
            Emission(
                state == .missed ? .planBroken : .planEnded, plan.id, customer: plan.key.customer,
                [
                    "state": .text(state.rawValue), "instalment": .number(passed.count),
                    "due_on": .text(last.dueOn.description),
                ]))
    }

    private static func tell(
        _ kind: CaseEvent.Kind, _ key: LedgerKey, in tx: inout Transaction, _ context: Context
    ) throws {
        try tx.record(
            [(customer: key.customer, kind: kind)], brand: key.brand, currency: key.currency, at: context.now)
    }

    /// Of what was to be paid by a day. Where nothing is open any more, it was kept however that came about.
    private static func standing(
        of amount: Int64, for invoices: [ID<Invoice>], made: Day, due: Day, on today: Day, in tx: inout Transaction
    ) throws -> PromiseToPay.Standing {
        let received = try tx.received(for: invoices, from: made, through: due.adding(PromiseToPay.graceDays))
        let standing = PromiseToPay(amount: amount, made: made, due: due, received: received).standing(asOf: today)
        guard standing != .kept, standing != .pending else { return standing }
        return try isAnythingOpen(of: invoices, in: &tx) ? standing : .kept
    }

    private static func isAnythingOpen(of invoices: [ID<Invoice>], in tx: inout Transaction) throws -> Bool {
        for id in invoices {
            if let invoice = try tx.invoice(id), invoice.open.minor > 0 { return true }
        }
        return false
    }
}
