package import Dunning
import Foundation
package import Postgres

/// A movement to be written, with whose account it is on.
package struct NewEntry: Sendable {
    package let key: LedgerKey
    package let movement: Movement
    /// Makes a movement known to its source, so that it is booked once; nil for what follows from others.
    package let name: SourceName?
    package let note: String?

    package init(_ movement: Movement, on key: LedgerKey, name: SourceName? = nil, note: String? = nil) {
        self.key = key
        self.movement = movement
        self.name = name
        self.note = note
    }
}

/// What a thing is called where it comes from.
package struct SourceName: Hashable, Sendable {
    /// The source of what is written by single requests.
    package static let api = "api"

    package let source: String
    package let externalID: String

    package init(_ externalID: String, source: String = SourceName.api) {
        self.source = source
        self.externalID = externalID
    }
}

extension Transaction {
    /// One transaction at a time books the money of these customers; returns those that exist. Lock their cases before.
    @discardableResult
    package mutating func lockAccounts(_ customers: [ID<Customer>]) throws(PostgresError) -> Set<ID<Customer>> {
        var found: Set<ID<Customer>> = []
        for row in try rows("account_lock", tenantID, customers) { found.insert(try row("customer_id")) }
        return found
    }

    /// Accounts in which one movement may shift others.
    package mutating func wideAccounts(_ customers: [ID<Customer>]) throws(PostgresError) -> Set<ID<Customer>> {
        var found: Set<ID<Customer>> = []
        for row in try rows("account_wide", tenantID, customers) { found.insert(try row("customer_id")) }
        return found
    }

    /// All debts and documents of some customers, and those about single invoices of others.
    /// - Parameters:
    ///   - fresh: documents received and not booked yet.
    ///   - locked: whose accounts are locked. A source may name an invoice that turns out to be somebody else's.
    package mutating func accounts(
        of customers: [ID<Customer>], about invoices: [ID<Invoice>], fresh: Set<ID<Payment>>,
        among locked: [ID<Customer>]
    ) throws(PostgresError) -> (accounts: [LedgerKey: Account], expiries: [ID<Payment>: Instant]) {
        var accounts: [LedgerKey: Account] = [:]
        var expiries: [ID<Payment>: Instant] = [:]
        for row in try rows("account_debts", tenantID, customers, invoices, locked) {
            accounts[try Self.ledgerKey(row), default: Account()].debts.append(
                Account.Debt(
                    invoice: try row("invoice_id"), externalID: try row("external_id"),
                    dueDate: try row.optional("due_date"), issuedOn: try row("issued_on"), amount: try row("amount"),
                    writtenOff: try row("written_off"), writtenOffOn: try row.optional("written_off_on"),
                    recovered: try row("recovered"), claimedOpen: try row.optional("claimed_open"),
                    settled: try row("settled")))
        }
        let debts = accounts.values.flatMap { $0.debts.map(\.invoice) }
        var documents: [(LedgerKey, Account.Document)] = []
        for row in try rows("account_documents", tenantID, customers, invoices, Array(fresh), locked) {
            let id: ID<Payment> = try row("payment_id")
            let isPending: Bool = try row("pending")
            let state: Account.Document.State = isPending ? .pending : fresh.contains(id) ? .fresh : .booked
            let (amount, booked): (Int64, Int64) = (try row("amount"), try row("booked"))
            if isPending { expiries[id] = try row("expires_at") }
            documents.append(
                (
                    try Self.ledgerKey(row),
                    Account.Document(
                        payment: id, kind: try row("kind"), valueDate: try row("value_date"),
                        isAutomatic: try row("automatic"), state: state,
                        amount: state == .booked ? booked : amount, isUndone: state == .booked && booked != amount)
                ))
        }
        let ids = documents.map(\.1.payment)
        let instructions = try shares("account_instructions", ids, debts)
        let covered = try shares("account_covered", ids, debts)
        for (key, document) in documents {
            var document = document
            document.instructions = instructions[document.payment] ?? [:]
            document.covered = covered[document.payment] ?? [:]
            accounts[key, default: Account()].documents.append(document)
        }
        return (accounts, expiries)
    }

    /// What was booked of these debts and documents, by day, with what is about to be.
    package mutating func histories(
        of accounts: [Account], with movements: [Movement]
    ) throws(PostgresError) -> [AccountHistory] {
        guard !accounts.isEmpty else { return [] }
        var debts: [ID<Invoice>: Int] = [:]
        var documents: [ID<Payment>: Int] = [:]
        for (index, account) in accounts.enumerated() {
            for debt in account.debts { debts[debt.invoice] = index }
            for document in account.documents { documents[document.payment] = index }
        }
        let booked = try entries(of: Array(debts.keys), Array(documents.keys))
        var entries = accounts.map { _ in [AccountHistory.Entry]() }
        for entry in booked + movements.map(AccountHistory.Entry.init) {
            let places = [entry.invoice.flatMap { debts[$0] }, entry.payment.flatMap { documents[$0] }]
            for index in Set(places.compactMap(\.self)) { entries[index].append(entry) }
        }
        return zip(accounts, entries).map { AccountHistory(of: $0, entries: $1) }
    }

    /// What was booked of these documents, by day, with what is about to be.
    package mutating func entries(
        of payments: [ID<Payment>], with movements: [Movement]
    ) throws(PostgresError) -> [AccountHistory.Entry] {
        let asked = Set(payments)
        return try entries(of: [], payments)
            + movements.filter { $0.payment.map(asked.contains) ?? false }.map(AccountHistory.Entry.init)
    }

    private mutating func entries(
        of invoices: [ID<Invoice>], _ payments: [ID<Payment>]
    ) throws(PostgresError) -> [AccountHistory.Entry] {
        try rows("account_entries", tenantID, invoices, payments).map { row throws(PostgresError) in
            AccountHistory.Entry(
                invoice: try row.optional("invoice_id"), payment: try row.optional("payment_id"),
                kind: try row("kind"), day: try row("day"), amount: try row("amount"))
        }
    }

    /// Writes movements, and says under which ids.
    @discardableResult
    package mutating func book(_ entries: [NewEntry], at now: Instant) throws(PostgresError) -> [ID<LedgerEntry>] {
        guard !entries.isEmpty else { return [] }
        let ids = entries.map { _ in ID<LedgerEntry>.make(at: now) }
        try run(
            "account_book", tenantID, ids, entries.map(\.movement.kind.rawValue), entries.map(\.key.customer),
            entries.map(\.key.brand), entries.map { $0.movement.invoice?.uuid.uuidString ?? "" },
            entries.map { $0.movement.payment?.uuid.uuidString ?? "" }, entries.map(\.key.currency),
            entries.map(\.movement.amount), entries.map(\.movement.valueDate), entries.map { $0.name?.source ?? "" },
            entries.map { $0.name?.externalID ?? "" }, entries.map { $0.note ?? "" }, now)
        return ids
    }

    /// Brings the caches of these invoices and documents in line with their entries.
    package mutating func refresh(
        invoices: [ID<Invoice>], payments: [ID<Payment>], at now: Instant
    ) throws(PostgresError) {
        if !invoices.isEmpty { try run("account_cache_invoices", tenantID, invoices, now) }
        if !payments.isEmpty { try run("account_cache_payments", tenantID, payments) }
    }

    /// What of money under way is for which invoice.
    package mutating func spreadInFlight(
        _ shares: [(payment: ID<Payment>, share: InvoiceShare, expires: Instant)], instead payments: [ID<Payment>]
    ) throws(PostgresError) {
        if !payments.isEmpty { try run("account_in_flight_clear", tenantID, payments) }
        guard !shares.isEmpty else { return }
        try run(
            "account_in_flight_add", tenantID, shares.map(\.payment), shares.map(\.share.invoice),
            shares.map(\.share.amount), shares.map(\.expires))
    }

    /// What the source says this document is for; invoices it does not know yet may be named.
    package mutating func instruct(
        _ payment: ID<Payment>, _ shares: [(invoice: SourceName, amount: Int64)]
    ) throws(PostgresError) {
        guard !shares.isEmpty else { return }
        try run(
            "account_instruct", tenantID, shares.map { _ in payment }, shares.map(\.invoice.source),
            shares.map(\.invoice.externalID), shares.map(\.amount))
    }

    private mutating func shares(
        _ query: String, _ payments: [ID<Payment>], _ invoices: [ID<Invoice>]
    ) throws(PostgresError) -> [ID<Payment>: [ID<Invoice>: Int64]] {
        guard !payments.isEmpty, !invoices.isEmpty else { return [:] }
        var found: [ID<Payment>: [ID<Invoice>: Int64]] = [:]
        for row in try rows(query, tenantID, payments, invoices) {
            found[try row("payment_id"), default: [:]][try row("invoice_id"), default: 0] += try row("amount")
        }
        return found
    }

    private static func ledgerKey(_ row: Row) throws(PostgresError) -> LedgerKey {
        LedgerKey(customer: try row("customer_id"), brand: try row("brand_id"), currency: try row("currency"))
    }
}

extension Movement.Kind: PostgresValue {}
