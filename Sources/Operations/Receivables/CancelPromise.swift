package import Dunning
package import Postgres
package import Store

/// Takes a promise back: what it held back is asked for again. Taking it back again changes nothing.
package struct CancelPromise: Sendable {
    let promise: ID<Promise>

    package init(_ promise: ID<Promise>) {
        self.promise = promise
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> PromiseRecord {
        guard let found = try tx.promise(promise) else { throw Rejection.notFound("promise") }
        try Debtor.lock(found.customer, in: &tx)
        let isNew = try tx.cancel([promise], .withdrawn, on: try tx.today(of: found.brand, context)) > 0
        if isNew {
            try tx.audit(
                context, action: "promise.cancelled", subject: promise.uuid, customer: found.customer, detail: [:])
            try tx.emit(
                context, Emission(.promiseCancelled, promise, customer: found.customer, ["reason": "withdrawn"]))
            try PlanCases.replan(customers: [found.customer], cause: "promise.cancelled", in: &tx, context)
        }
        guard let record = try tx.promise(promise) else { preconditionFailure("promises are never deleted") }
        return record
    }
}
