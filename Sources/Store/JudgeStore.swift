package import Dunning
package import Foundation
package import Postgres

/// Promises and plans whose day has passed.
extension Transaction {
    /// Tenants that have any; for the dispatch role, in a transaction without a tenant.
    package mutating func tenantsToJudge(at now: Instant) throws(PostgresError) -> [UUID] {
        try rows("judge_tenants", now).map { row throws(PostgresError) in try row("tenant_id") }
    }

    package mutating func promisesToJudge(
        at now: Instant, limit: Int
    ) throws(PostgresError) -> [(id: ID<Promise>, customer: ID<Customer>)] {
        try rows("judge_promises", tenantID, now, limit).map { row throws(PostgresError) in
            (try row("promise_id"), try row("customer_id"))
        }
    }

    package mutating func plansToJudge(
        at now: Instant, limit: Int
    ) throws(PostgresError) -> [(id: ID<PaymentPlan>, customer: ID<Customer>)] {
        try rows("judge_plans", tenantID, now, limit).map { row throws(PostgresError) in
            (try row("payment_plan_id"), try row("customer_id"))
        }
    }

    /// Money that came for these invoices in these days, in minor units, less what was taken back.
    package mutating func received(
        for invoices: [ID<Invoice>], from first: Day, through last: Day
    ) throws(PostgresError) -> Int64 {
        try row("judge_received", tenantID, invoices, first, last)("received")
    }

    /// False when it was judged or cancelled before.
    package mutating func judge(
        _ promise: ID<Promise>, _ standing: PromiseToPay.Standing, at now: Instant
    ) throws(PostgresError) -> Bool {
        try run("judge_promise", tenantID, promise, standing.rawValue, now) > 0
    }

    /// How many promises about this debt were not kept since its case was opened.
    package mutating func brokenPromises(of key: LedgerKey) throws(PostgresError) -> Int {
        try row("judge_broken_before", tenantID, key.customer, key.brand, key.currency)("broken")
    }
}
