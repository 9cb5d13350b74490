/// How the standing rule (``Account``) spreads documents over debts.
///
/// A payment that names an invoice brings back what was given up of it, with what it does not need for anything else it names:
/// money that was taken back brings back nothing, and neither does a credit note.
struct Spread {
    /// Which document covers how much of which invoice.
    private(set) var shares: [ID<Payment>: [ID<Invoice>: Int64]] = [:]
    /// How much of what was given up is paid after all, or was more than there was to give up.
    private(set) var recovered: [ID<Invoice>: Int64] = [:]

    /// Still to be covered, and given up.
    private var need: [ID<Invoice>: Int64] = [:]
    private var lost: [ID<Invoice>: Int64] = [:]
    /// Of documents, what covers nothing yet.
    private var rest: [ID<Payment>: Int64] = [:]

    init(of account: Account) {
        for debt in account.debts {
            let own = debt.amount - debt.recovered
            need[debt.invoice] = max(0, own)
            guard debt.writtenOff > 0 else { continue }
            let excess = min(debt.writtenOff, max(0, -own))
            recovered[debt.invoice] = excess
            lost[debt.invoice] = debt.writtenOff - excess
        }
        rest = Dictionary(uniqueKeysWithValues: account.documents.map { ($0.payment, max(0, $0.amount)) })
        let oldestFirst = account.debts.sorted(by: Account.isOlder)
        let rank = Dictionary(uniqueKeysWithValues: oldestFirst.enumerated().map { ($1.invoice, $0) })
        for isPending in [false, true] {
            let turn = account.documents.filter { ($0.state == .pending) == isPending }
                .sorted(by: Account.isEarlier)
            for document in turn {
                let told = document.instructions.compactMap { told in rank[told.key].map { ($0, told) } }
                let bringsBack = document.kind == .payment && !isPending
                for (_, told) in told.sorted(by: { $0.0 < $1.0 }) {
                    give(document.payment, told.key, upTo: told.value, bringsBack: bringsBack)
                }
            }
            for document in turn where document.isAutomatic {
                for debt in oldestFirst { give(document.payment, debt.invoice, upTo: .max, bringsBack: false) }
            }
        }
    }

    private mutating func give(
        _ payment: ID<Payment>, _ invoice: ID<Invoice>, upTo limit: Int64, bringsBack: Bool
    ) {
        let most = min(limit, rest[payment] ?? 0)
        var share = min(most, need[invoice] ?? 0)
        need[invoice]? -= share
        if bringsBack, let given = lost[invoice] {
            let back = min(most - share, given)
            lost[invoice] = given - back
            recovered[invoice, default: 0] += back
            share += back
        }
        guard share > 0 else { return }
        shares[payment, default: [:]][invoice, default: 0] += share
        rest[payment]? -= share
    }
}
