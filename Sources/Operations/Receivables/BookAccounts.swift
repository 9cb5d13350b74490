import Dunning
import Postgres
import Store

/// The one door to the ledger: writes movements, brings the accounts they touch back to the standing rule
/// (``Dunning/Account``), and keeps the caches.
///
/// The customers' cases and accounts are locked before.
enum BookAccounts {
    /// - Parameters:
    ///   - invoices: those whose coverage may have to change; in wide accounts all are looked at anyway.
    ///   - fresh: documents written in this transaction and not booked yet.
    ///   - entries: movements of their own (an invoice, a write-off, a reversal), written first.
    ///   - since: the day of a change that no movement tells of, such as another due date.
    static func run(
        customers: [ID<Customer>], invoices: [ID<Invoice>] = [], fresh: Set<ID<Payment>> = [],
        entries: [NewEntry] = [], since: Day? = nil, in tx: inout Transaction, _ context: Context
    ) throws {
        var booked = try tx.book(entries, at: context.now)
        let wide = try tx.wideAccounts(customers)
        let (accounts, expiries) = try tx.accounts(of: Array(wide), about: invoices, fresh: fresh)
        var movements: [NewEntry] = []
        let brandDays = accounts.values.contains { $0.hasClaims } ? try tx.brandDays() : [:]
        var underWay: [(payment: ID<Payment>, share: InvoiceShare, expires: Instant)] = []
        for (key, account) in accounts {
            // What was booked before moves no earlier than what moves it.
            let days =
                [since].compactMap(\.self) + entries.filter { $0.key == key }.map(\.movement.valueDate)
                + account.documents.filter { $0.state == .fresh }.map(\.valueDate)
            movements += account.movements(since: days.max()).map { NewEntry($0, on: key) }
            if let day = brandDays[key.brand] {
                movements += account.settlements(on: day.zone.day(of: context.now)).map { NewEntry($0, on: key) }
            }
            guard account.documents.contains(where: { $0.state == .pending }) else { continue }
            let shares = account.shares()
            for document in account.documents where document.state == .pending {
                guard let expires = expiries[document.payment] else { continue }
                underWay += (shares[document.payment] ?? [:]).map {
                    (document.payment, InvoiceShare(invoice: $0.key, amount: $0.value), expires)
                }
            }
        }
        booked += try tx.book(movements, at: context.now)
        try tx.spreadInFlight(underWay, instead: Array(expiries.keys))
        let all = entries + movements
        let touched = Array(Set(all.compactMap(\.movement.invoice)))
        try tx.restate(touched, entries: booked, at: context.now)
        try tx.refresh(
            invoices: touched, payments: Array(Set(all.compactMap(\.movement.payment))), at: context.now)
    }
}
