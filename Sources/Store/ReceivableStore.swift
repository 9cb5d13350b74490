package import Dunning
package import Foundation
package import Postgres

/// Where the rollups of a tenant differ from its entries.
package struct Drift: Hashable, Sendable {
    package let finding: String
    package let brand: ID<Brand>
    package let currency: Currency
    package let day: Day
}

/// Keeps the rollups in step with the ledger: every transaction that changes what an invoice contributes says so before it
/// commits, while it holds the customer's account.
extension Transaction {
    /// After entries were booked on these invoices, or on credit: appends what changed.
    package mutating func restate(
        _ invoices: [ID<Invoice>], entries: [ID<LedgerEntry>], at now: Instant
    ) throws(PostgresError) {
        guard !entries.isEmpty else { return }
        _ = try row("receivable_booked", tenantID, Self.batch(now), invoices, entries)
    }

    /// Before due dates, terms or disputes of these invoices change: takes out what they contribute.
    package mutating func retract(_ invoices: [ID<Invoice>], at now: Instant) throws(PostgresError) {
        guard !invoices.isEmpty else { return }
        _ = try row("receivable_retract", tenantID, Self.batch(now), invoices)
    }

    /// After that change: puts in what they contribute now.
    package mutating func restate(_ invoices: [ID<Invoice>], at now: Instant) throws(PostgresError) {
        guard !invoices.isEmpty else { return }
        _ = try row("receivable_restate", tenantID, Self.batch(now), invoices)
    }

    /// Adds up to that many deltas of each kind to the rollups; false when there was nothing left to add.
    package mutating func foldReceivables(limit: Int) throws(PostgresError) -> Bool {
        let rows: Int = try row("receivable_fold", tenantID, limit)("rows")
        return rows > 0
    }

    package mutating func hasReceivableDeltas() throws(PostgresError) -> Bool {
        try row("receivable_has_deltas", tenantID)("found")
    }

    /// Tenants whose rollups have something to add; asked by the dispatch role, outside any tenant.
    package mutating func tenantsToFold() throws(PostgresError) -> [UUID] {
        try rows("receivable_pending").map { row throws(PostgresError) in try row("tenant_id") }
    }

    /// The edges this tenant wants, and those its rollups were made with.
    package mutating func agingEdges() throws(PostgresError) -> (wanted: AgingEdges, made: AgingEdges) {
        let row = try row("receivable_wanted_edges", tenantID)
        return (try row("wanted"), try row("made"))
    }

    /// Empties the rollups and keeps every writer out until this transaction ends.
    package mutating func clearReceivables(edges: AgingEdges) throws(PostgresError) {
        try run("receivable_clear", tenantID, edges.days)
    }

    /// Makes the contribution of the next invoices after `last`; the last of them, or `nil` when there are no more.
    package mutating func makeReceivables(
        after last: ID<Invoice>?, limit: Int, at now: Instant
    ) throws(PostgresError) -> ID<Invoice>? {
        try row("receivable_make", tenantID, Self.batch(now), last, limit).optional("last")
    }

    /// The same for entries on credit accounts.
    package mutating func makeCredits(
        after last: ID<LedgerEntry>?, limit: Int, at now: Instant
    ) throws(PostgresError) -> ID<LedgerEntry>? {
        try row("receivable_make_credit", tenantID, Self.batch(now), last, limit).optional("last")
    }

    package mutating func receivableDrift() throws(PostgresError) -> [Drift] {
        try rows("receivable_drift", tenantID).map { row throws(PostgresError) in
            Drift(
                finding: try row("finding"), brand: try row("brand_id"), currency: try row("currency"),
                day: try row("day"))
        }
    }

    /// Deltas of one call stand together in their index.
    static func batch(_ now: Instant) -> UUID { ID<LedgerEntry>.make(at: now).uuid }
}

extension AgingEdges: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        guard let edges = AgingEdges(try [Int](postgresText: postgresText)) else { throw .undecodable("aging edges") }
        self = edges
    }
    package var postgresText: String { days.postgresText }
}
