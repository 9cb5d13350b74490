/// What of a case an agency would get, and what is still missing for it. Pure: same facts, same answer.
package struct HandoverCheck: Hashable, Sendable {
    /// A final notice that arrived, and an invoice it listed.
    package struct Notice: Hashable, Sendable {
        package let message: ID<Message>
        package let day: Day
        package let invoice: ID<Invoice>

        package init(message: ID<Message>, day: Day, invoice: ID<Invoice>) {
            self.message = message
            self.day = day
            self.invoice = invoice
        }
    }

    /// Overdue invoices whose final notice was not answered in time: only these are handed over.
    package let shares: [InvoiceShare]
    package let amount: Int64
    /// The newest of the notices that listed them.
    package let notice: ID<Message>?
    /// Sentences for people; none where the case is ready.
    package let unmet: [String]

    package init(_ facts: CaseFacts, terms: AgencyTerms, notices: [Notice], now: Instant) {
        let currency = facts.state.currency
        let today = facts.brand.zone.day(of: now)
        let overdue = facts.overdue(facts.asked(at: now), on: today)
        let answered = notices.filter { $0.day.adding(terms.responseDays) < today }
        let noticed = Set(answered.map(\.invoice))
        let ready = overdue.filter { noticed.contains($0.id) }
        var sums: [ID<Invoice>: Int64] = [:]
        for invoice in ready { sums[invoice.id, default: 0] += invoice.collectable }
        shares = sums.map { InvoiceShare(invoice: $0.key, amount: $0.value) }.sorted { $0.invoice < $1.invoice }
        amount = max(0, shares.reduce(0) { $0 + $1.amount } - facts.credit)
        notice = answered.last { sums[$0.invoice] != nil }?.message

        func money(_ minor: Int64) -> String { Money(minor: minor, currency: currency).formatted() }
        var unmet: [String] = []
        if overdue.isEmpty { unmet.append("nothing is overdue that may be asked for now") }
        if let minimum = terms.minimum(in: currency) {
            if amount < minimum.minor || amount == 0 {
                unmet.append(
                    "\(money(amount)) could be handed over, and the agency takes \(minimum.formatted()) at least")
            }
        } else {
            unmet.append("the agency takes no debts in \(currency.code)")
        }
        let age = overdue.map { $0.daysOverdue(on: today) }.max() ?? 0
        if age < terms.minimumAgeDays {
            unmet.append(
                "the oldest debt is overdue for \(age) days, and the agency takes them from "
                    + "\(terms.minimumAgeDays) days on")
        }
        if notices.isEmpty {
            unmet.append("no final notice has arrived")
        } else if ready.isEmpty, !overdue.isEmpty {
            let listed = notices.filter { notice in overdue.contains { $0.id == notice.invoice } }
            if let day = listed.map(\.day).min() {
                unmet.append(
                    "the customer has until \(day.adding(terms.responseDays)) to answer the final notice of \(day)")
            } else {
                unmet.append("no final notice listed what is overdue now")
            }
        }
        self.unmet = unmet
    }
}
