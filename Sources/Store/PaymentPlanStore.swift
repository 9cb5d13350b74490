package import Dunning
package import Postgres

/// Instalments by agreement as shown.
package struct PaymentPlanRecord: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable, PostgresValue { case running, kept, missed, cancelled }

    package let id: ID<PaymentPlan>
    package let key: LedgerKey
    package let madeOn: Day
    package let note: String
    package let state: State
    /// When the next instalment's day and grace have passed; nil once it has ended.
    package let checkAt: Instant?
    /// In the order in which they are due.
    package let parts: [PlanPart]
    package let invoices: [ID<Invoice>]
    package let createdAt: Instant
    package let endedAt: Instant?

    package init(
        id: ID<PaymentPlan>, key: LedgerKey, madeOn: Day, note: String, checkAt: Instant, parts: [PlanPart],
        invoices: [ID<Invoice>], at now: Instant
    ) {
        self.id = id
        self.key = key
        self.madeOn = madeOn
        self.note = note
        state = .running
        self.checkAt = checkAt
        self.parts = parts
        self.invoices = invoices
        createdAt = now
        endedAt = nil
    }

    init(_ row: Row) throws(PostgresError) {
        id = try row("payment_plan_id")
        key = LedgerKey(customer: try row("customer_id"), brand: try row("brand_id"), currency: try row("currency"))
        madeOn = try row("made_on")
        note = try row("note")
        state = try row("state")
        checkAt = try row.optional("check_at")
        let (dues, amounts): ([Day], [Int64]) = (try row("dues"), try row("amounts"))
        parts = zip(dues, amounts).map { PlanPart(dueOn: $0, amount: $1) }
        invoices = try row("invoices")
        createdAt = try row("created_at")
        endedAt = try row.optional("ended_at")
    }
}

extension Transaction {
    package mutating func insert(_ plan: PaymentPlanRecord) throws(PostgresError) {
        try must(
            "payment_plan_add", tenantID, plan.id, plan.key.customer, plan.key.brand, plan.key.currency, plan.madeOn,
            plan.note, plan.checkAt, plan.createdAt)
        try must(
            "payment_plan_add_parts", tenantID, plan.id, Array(1...plan.parts.count), plan.parts.map(\.dueOn),
            plan.parts.map(\.amount))
        try must("payment_plan_add_invoices", tenantID, plan.id, plan.invoices)
    }

    package mutating func plan(_ id: ID<PaymentPlan>) throws(PostgresError) -> PaymentPlanRecord? {
        try first("payment_plan_list", tenantID, id, nil as ID<Customer>?, nil as String?, nil as ID<PaymentPlan>?, 1)
            .map { row throws(PostgresError) in try PaymentPlanRecord(row) }
    }

    package mutating func plans(
        _ page: Page<PaymentPlan>, of customer: ID<Customer>? = nil, in state: PaymentPlanRecord.State? = nil
    ) throws(PostgresError) -> [PaymentPlanRecord] {
        try rows("payment_plan_list", tenantID, nil as ID<PaymentPlan>?, customer, state, page.before, page.count)
            .map { row throws(PostgresError) in try PaymentPlanRecord(row) }
    }

    package mutating func runningPlans(about invoices: [ID<Invoice>]) throws(PostgresError) -> [ID<PaymentPlan>] {
        try rows("payment_plan_running", tenantID, invoices).map { row throws(PostgresError) in
            try row("payment_plan_id")
        }
    }

    /// False when it had ended before. Lock the customer's cases before.
    package mutating func end(
        _ plan: ID<PaymentPlan>, as state: PaymentPlanRecord.State, at now: Instant
    ) throws(PostgresError) -> Bool {
        try run("payment_plan_end", tenantID, plan, state, now) > 0
    }

    /// This instalment is paid: the next one is looked at then.
    package mutating func watch(_ plan: ID<PaymentPlan>, at instant: Instant) throws(PostgresError) {
        try must("payment_plan_watch", tenantID, plan, instant)
    }
}
