package import Dunning
import Postgres
package import Store

/// What of a payment or a credit note is for one invoice, as its source says.
package struct PaymentShare: Sendable, Hashable {
    package enum Target: Sendable, Hashable {
        case id(ID<Invoice>)
        /// May not be known yet: the money waits for it.
        case name(SourceName)
    }

    package let target: Target
    /// Minor units of the document's currency.
    package let amount: Int64

    package init(_ target: Target, _ amount: Int64) {
        self.target = target
        self.amount = amount
    }

    var text: String {
        switch target {
        case .id(let id): "\(id)=\(amount)"
        case .name(let name): "\(name.source)/\(name.externalID)=\(amount)"
        }
    }

    /// Throws for shares that are no positive part of `amount`, or name an invoice twice.
    static func check(_ shares: [PaymentShare], of amount: Money) throws(Rejection) {
        for (index, share) in shares.enumerated() where share.amount <= 0 {
            throw .invalid("/allocations/\(index)/amount", "not_positive", "a share is more than nothing")
        }
        guard Set(shares.map(\.target)).count == shares.count else {
            throw .invalid("/allocations", "invoice_twice", "name each invoice once")
        }
        guard shares.reduce(0, { $0 + $1.amount }) <= amount.minor else {
            throw .invalid("/allocations", "exceeds_amount", "the shares exceed the amount")
        }
    }

    /// The shares by the names of their invoices, none of which is asked what is open of it.
    static func named(_ shares: [PaymentShare], in tx: inout Transaction) throws -> [SourceName: Int64] {
        let known = try tx.coverable(
            shares.compactMap { if case .id(let id) = $0.target { id } else { nil } })
        var told: [SourceName: Int64] = [:]
        for (index, share) in shares.enumerated() {
            switch share.target {
            case .name(let name): told[name, default: 0] += share.amount
            case .id(let id):
                guard let invoice = known[id] else {
                    throw Rejection.invalid(
                        "/allocations/\(index)/invoice_id", "unknown_invoice", "there is no invoice with this id")
                }
                told[invoice.name, default: 0] += share.amount
            }
        }
        return told
    }

    /// The shares by the names of their invoices. One given by our id is known, and is not asked to take more than is open;
    /// one given by name may come later, and takes what it needs.
    static func instructions(
        _ shares: [PaymentShare], on key: LedgerKey, in tx: inout Transaction
    ) throws -> [(invoice: SourceName, amount: Int64)] {
        let known = try tx.coverable(
            shares.compactMap { if case .id(let id) = $0.target { id } else { nil } })
        var told: [SourceName: Int64] = [:]
        for (index, share) in shares.enumerated() {
            switch share.target {
            case .name(let name): told[name, default: 0] += share.amount
            case .id(let id):
                guard let invoice = known[id], invoice.key == key, invoice.open > 0 else {
                    throw Rejection.invalid(
                        "/allocations/\(index)/invoice_id", "unknown_invoice",
                        "there is no open invoice of this customer, brand and currency with this id")
                }
                guard share.amount <= invoice.open else {
                    throw Rejection.invalid(
                        "/allocations/\(index)/amount", "exceeds_open", "more than what is open")
                }
                told[invoice.name, default: 0] += share.amount
            }
        }
        return told.sorted { ($0.key.source, $0.key.externalID) < ($1.key.source, $1.key.externalID) }
            .map { (invoice: $0.key, amount: $0.value) }
    }
}
