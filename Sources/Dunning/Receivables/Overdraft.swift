/// Money of a document that was taken on a past day from where it was not: another debt or its credit has it twice.
///
/// What moves money takes it from where it stands now. Told late, it was not there yet on that day, or was elsewhere in
/// between. What is missing is taken from credit, then from the youngest debts, until the day on which it is there.
package enum Overdraft {
    /// What has to be booked so that nothing of a document is below nothing on any day. What stands at the end stays.
    /// - Parameters:
    ///   - entries: all of these documents, with those about to be booked.
    ///   - debts: the youngest first; others come after them.
    package static func corrections(of entries: [AccountHistory.Entry], among debts: [ID<Invoice>]) -> [Movement] {
        var own: [ID<Payment>: [AccountHistory.Entry]] = [:]
        for entry in entries { if let payment = entry.payment { own[payment, default: []].append(entry) } }
        return own.keys.sorted().flatMap { corrections(of: $0, own[$0] ?? [], among: debts) }
    }

    private static func corrections(
        of payment: ID<Payment>, _ entries: [AccountHistory.Entry], among debts: [ID<Invoice>]
    ) -> [Movement] {
        let touched = Set(entries.compactMap(\.invoice))
        let order: [ID<Invoice>?] = [nil] + debts.filter(touched.contains) + touched.subtracting(debts).sorted()
        let byDay = Dictionary(grouping: entries, by: \.day)
        /// By account; nil: credit.
        var standing: [ID<Invoice>?: Int64] = [:]
        var taken: [ID<Invoice>?: Int64] = [:]
        var found: [Movement] = []
        for day in byDay.keys.sorted() {
            for entry in byDay[day] ?? [] { standing[entry.invoice, default: 0] -= entry.amount }
            // More was taken than there is of it at all: nothing can make up for that.
            let isWhole = standing.values.reduce(0, +) >= 0
            var lack = isWhole ? standing.values.reduce(0) { $0 + max(0, -$1) } : 0
            for account in order {
                let share = isWhole ? min(lack, standing[account] ?? 0) : 0
                lack -= max(0, share)
                let change = share - (taken[account] ?? 0)
                taken[account] = share
                guard change != 0 else { continue }
                found.append(
                    Movement(kind: .transfer, invoice: account, payment: payment, amount: change, valueDate: day))
            }
        }
        return found
    }
}
