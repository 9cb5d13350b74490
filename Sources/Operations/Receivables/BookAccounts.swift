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
    ///   - opened: those of the invoices that are new and stand in the ledger already.
    ///   - since: the day of a change that no movement tells of, such as another due date.
    static func run(
        customers: [ID<Customer>], invoices: [ID<Invoice>] = [], fresh: Set<ID<Payment>> = [],
        opened: Set<ID<Invoice>> = [], entries: [NewEntry] = [], since: Day? = nil, in tx: inout Transaction,
        _ context: Context
    ) throws {
        var booked = try tx.book(entries, at: context.now)
        let wide = try tx.wideAccounts(customers)
        let (accounts, expiries) = try tx.accounts(
            of: Array(wide), about: invoices, fresh: fresh, among: customers)
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
        let corrections = try Self.corrections(
            accounts, wide: wide, news: (Set(invoices), opened, entries, since), movements, in: &tx)
        if !corrections.isEmpty { movements = Self.summed(movements + corrections) }
        let overdrafts = try Self.overdrafts(accounts, entries, movements, fresh: fresh, in: &tx)
        if !overdrafts.isEmpty { movements = Self.summed(movements + overdrafts) }
        booked += try tx.book(movements, at: context.now)
        try tx.spreadInFlight(underWay, instead: Array(expiries.keys))
        let all = entries + movements
        let touched = Array(Set(all.compactMap(\.movement.invoice)))
        try tx.restate(touched, entries: booked, at: context.now)
        try tx.refresh(
            invoices: touched, payments: Array(Set(all.compactMap(\.movement.payment))), at: context.now)
    }

    /// What days that are over looked like, where what has come tells of them: something was undone or given up, or several
    /// things have come at once and have moved what was there.
    private static func corrections(
        _ accounts: [LedgerKey: Account], wide: Set<ID<Customer>>,
        news: (invoices: Set<ID<Invoice>>, opened: Set<ID<Invoice>>, entries: [NewEntry], since: Day?),
        _ movements: [NewEntry], in tx: inout Transaction
    ) throws -> [NewEntry] {
        let own = Dictionary(grouping: news.entries, by: \.key)
        let moved = Dictionary(grouping: movements.filter { $0.movement.kind == .transfer }, by: \.key)
        var looked: [(key: LedgerKey, debts: Set<ID<Invoice>>, documents: Set<ID<Payment>>, first: Day)] = []
        for (key, account) in accounts {
            let own = (own[key] ?? []).map(\.movement)
            let fresh = account.documents.filter { $0.state == .fresh }
            let opened = account.debts.filter { news.opened.contains($0.invoice) }
            let days =
                [news.since].compactMap(\.self) + own.map(\.valueDate) + fresh.map(\.valueDate)
                + opened.map(\.issuedOn)
            guard let first = days.min() else { continue }
            var debts: Set<ID<Invoice>> = []
            var documents: Set<ID<Payment>> = []
            if account.hasPast {
                debts = Set(
                    account.debts.map(\.invoice).filter { news.invoices.contains($0) || news.opened.contains($0) })
                debts.formUnion(own.compactMap(\.invoice))
                documents = Set(fresh.map(\.payment) + own.compactMap(\.payment))
            } else if days.count > 1, let moved = moved[key]?.map(\.movement) {
                let fresh = Set(fresh.map(\.payment))
                let old = moved.filter { $0.payment.map { !fresh.contains($0) } ?? false }
                debts = Set(old.compactMap(\.invoice))
            }
            if !debts.isEmpty || !documents.isEmpty { looked.append((key, debts, documents, first)) }
        }
        // Of others only what has to do with single invoices was read.
        let narrow = Set(looked.map(\.key.customer)).subtracting(wide)
        let whole =
            narrow.isEmpty
            ? [:] : try tx.accounts(of: Array(narrow), about: [], fresh: [], among: Array(narrow)).accounts
        var parts: [(key: LedgerKey, account: Account, first: Day)] = []
        for (key, debts, documents, first) in looked {
            for part in (whole[key] ?? accounts[key])?.parts(around: debts, documents) ?? [] {
                parts.append((key, part, first))
            }
        }
        let histories = try tx.histories(of: parts.map(\.account), with: movements.map(\.movement))
        return zip(parts, histories).flatMap { part, history in
            history.corrections(since: part.first).map { NewEntry($0, on: part.key) }
        }
    }

    /// Money that was booked before and moves now, on a day on which it was elsewhere: it covers nothing twice.
    private static func overdrafts(
        _ accounts: [LedgerKey: Account], _ entries: [NewEntry], _ movements: [NewEntry], fresh: Set<ID<Payment>>,
        in tx: inout Transaction
    ) throws -> [NewEntry] {
        var keys: [ID<Payment>: LedgerKey] = [:]
        for entry in entries + movements {
            guard let payment = entry.movement.payment, !fresh.contains(payment) else { continue }
            keys[payment] = entry.key
        }
        guard !keys.isEmpty else { return [] }
        let youngestFirst = accounts.values.flatMap(\.debts).sorted { Account.isOlder($1, $0) }.map(\.invoice)
        let booked = try tx.entries(of: Array(keys.keys), with: movements.map(\.movement))
        return Overdraft.corrections(of: booked, among: youngestFirst).compactMap { movement in
            movement.payment.flatMap { keys[$0] }.map { NewEntry(movement, on: $0) }
        }
    }

    /// What moves to and fro on one day does not move.
    private static func summed(_ movements: [NewEntry]) -> [NewEntry] {
        struct Way: Hashable {
            let key: LedgerKey
            let kind: Movement.Kind
            let invoice: ID<Invoice>?
            let payment: ID<Payment>?
            let day: Day
        }
        var sums: [Way: Int64] = [:]
        var order: [Way] = []
        for entry in movements {
            let movement = entry.movement
            let way = Way(
                key: entry.key, kind: movement.kind, invoice: movement.invoice, payment: movement.payment,
                day: movement.valueDate)
            if sums[way] == nil { order.append(way) }
            sums[way, default: 0] += movement.amount
        }
        return order.compactMap { way in
            guard let amount = sums[way], amount != 0 else { return nil }
            return NewEntry(
                Movement(
                    kind: way.kind, invoice: way.invoice, payment: way.payment, amount: amount, valueDate: way.day),
                on: way.key)
        }
    }
}
