package import Dunning
package import Postgres
package import Store

/// Places a dated reason not to contact. On a customer or an invoice it re-plans the case; above them it takes effect
/// at the next message that is armed (architecture 4.8).
package struct PlaceHold: Sendable {
    /// What the request names.
    package enum Target: Sendable, Hashable {
        case tenant
        case brand(ID<Brand>)
        case customer(ID<Customer>)
        case invoice(ID<Invoice>)
    }

    let target: Target
    let reason: String
    let note: String
    let from: Instant?
    let until: Instant?

    /// - Parameters:
    ///   - reason: a word of a-z, 0-9 and `_`, such as `dispute` or `insolvency`.
    ///   - from: now when not given.
    ///   - until: without an end when not given.
    package init(
        on target: Target, reason: String, note: String = "", from: Instant? = nil, until: Instant? = nil
    ) throws(Rejection) {
        try Word.check(reason, at: "/reason")
        try TextRule.lines(upTo: 2_000).check(note, at: "/note")
        self.target = target
        self.reason = reason
        self.note = note
        self.from = from
        self.until = until
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> HoldRecord {
        let start = from ?? context.now
        if let until, until <= max(start, context.now) {
            throw Rejection.invalid("/until", "in_the_past", "must be later than now and than the start of the hold")
        }
        let scope = try scope(in: &tx)
        if let customer = scope.customer {
            try PlanCases.lock(customers: [customer], in: &tx)
            try tx.mustKeep(customer)
        }
        let hold = HoldRecord(
            id: .make(at: context.now), scope: scope, reason: reason, note: note, from: start, until: until,
            at: context.now)
        try tx.place(context, hold)
        if let customer = scope.customer {
            try PlanCases.replan(customers: [customer], cause: "hold.placed", in: &tx, context)
        }
        return hold
    }

    private func scope(in tx: inout Transaction) throws -> HoldScope {
        switch target {
        case .tenant: return .tenant
        case .brand(let id):
            guard try tx.brand(id) != nil else {
                throw Rejection.invalid("/brand_id", "unknown_brand", "there is no such brand")
            }
            return .brand(id)
        case .customer(let id):
            guard let customer = try tx.customer(id) else {
                throw Rejection.invalid("/customer_id", "unknown_customer", "there is no such customer")
            }
            if let other = customer.mergedInto { throw Rejection.merged(into: other, at: "/customer_id") }
            return .customer(id)
        case .invoice(let id):
            guard let customer = try tx.customer(of: id) else {
                throw Rejection.invalid("/invoice_id", "unknown_invoice", "there is no such invoice")
            }
            return .invoice(id, of: customer)
        }
    }
}

extension Transaction {
    /// Writes a hold, notes it in the trail and tells the outside. The customer's cases are locked; whoever asks plans them again.
    ///
    /// - Parameter step: the key of the step that places it.
    mutating func place(_ context: Context, _ hold: HoldRecord, step: String? = nil) throws(PostgresError) {
        try insert(hold)
        var detail = [
            "scope": hold.scope.kind.rawValue, "reason": hold.reason, "until": hold.until?.description ?? "",
        ]
        if let step { detail["step"] = step }
        try audit(
            context, action: "hold.placed", subject: hold.id.uuid, customer: hold.scope.customer, detail: detail)
        try emit(
            context,
            Emission(
                .holdPlaced, hold.id, customer: hold.scope.customer,
                [
                    "scope": .text(hold.scope.kind.rawValue), "reason": .text(hold.reason),
                    "until": hold.until.map { .text($0.description) } ?? .none,
                ]))
    }
}

extension Emission {
    /// An invoice that an entry policy leaves alone.
    static func leftAlone(_ hold: ID<Hold>, _ customer: ID<Customer>) -> Emission {
        Emission(
            .holdPlaced, hold, customer: customer,
            ["scope": "invoice", "reason": .text(Reason.beforeEnrolment.rawValue), "until": .none])
    }
}

/// A short word chosen by the caller and counted in reports: reasons of holds, outcomes of tasks.
enum Word {
    static func check(_ text: String, at pointer: String) throws(Rejection) {
        let isWord =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") }
        guard isWord else {
            throw .invalid(pointer, "not_a_word", "must be 1 to 64 of a-z, 0-9 and _, such as wrong_number")
        }
    }
}
