package import Dunning
package import Postgres
package import Store

/// Ends a hold now. Ending it again changes nothing.
package struct ReleaseHold: Sendable {
    let hold: ID<Hold>

    package init(_ hold: ID<Hold>) {
        self.hold = hold
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> HoldRecord {
        guard let record = try tx.hold(hold) else { throw Rejection.notFound("hold") }
        let customer = record.scope.customer
        if let customer { try PlanCases.lock(customers: [customer], in: &tx) }
        guard try tx.releaseHold(hold, at: context.now) else { return try tx.hold(hold) ?? record }
        try tx.audit(
            context, action: "hold.released", subject: hold.uuid, customer: customer,
            detail: ["scope": record.scope.kind.rawValue, "reason": record.reason])
        try tx.emit(
            context,
            Emission(
                .holdReleased, hold, customer: customer,
                ["scope": .text(record.scope.kind.rawValue), "reason": .text(record.reason)]))
        if let customer {
            try PlanCases.replan(customers: [customer], cause: "hold.released", in: &tx, context)
        }
        guard let released = try tx.hold(hold) else { preconditionFailure("holds are never deleted") }
        return released
    }
}
