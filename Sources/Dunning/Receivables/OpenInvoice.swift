/// An invoice not yet covered, with the sums that decide what may be asked for.
package struct OpenInvoice: Hashable, Sendable {
    package let id: ID<Invoice>
    package let number: String
    package let issueDate: Day?
    /// Civil day; without one no step counts from it.
    package let dueDate: Day?
    package let currency: Currency
    /// Minor units, as are all amounts here.
    package let total: Int64
    package let allocated: Int64
    /// Covered by money under way that has not expired: 5 days for a card, 10 for others (architecture 5.4).
    package private(set) var inFlight: Int64
    /// When the money under way expires if it never arrives.
    package private(set) var inFlightUntil: Instant?
    /// Until a dispute is resolved, this part is not asked for.
    package private(set) var disputed: Int64
    /// What is too little to ask for, in the invoice's currency.
    package let tolerance: Int64
    /// When a hold on this very invoice, or a promise to pay it, ends; nil without one, ``ActiveHold/forever`` without an
    /// end.
    package private(set) var heldUntil: Instant?
    /// Whether what ends last of these is a promise.
    package private(set) var isPromised: Bool

    package init(
        id: ID<Invoice>, number: String, issueDate: Day?, dueDate: Day?, currency: Currency, total: Int64,
        allocated: Int64 = 0, inFlight: Int64 = 0, inFlightUntil: Instant? = nil, disputed: Int64 = 0,
        tolerance: Int64 = 0, heldUntil: Instant? = nil, isPromised: Bool = false
    ) {
        self.id = id
        self.number = number
        self.issueDate = issueDate
        self.dueDate = dueDate
        self.currency = currency
        self.total = total
        self.allocated = allocated
        self.inFlight = inFlight
        self.inFlightUntil = inFlightUntil
        self.disputed = disputed
        self.tolerance = tolerance
        self.heldUntil = heldUntil
        self.isPromised = isPromised
    }

    /// What may be asked for when nothing holds: total less what is covered, under way or disputed; nothing where that is
    /// within the tolerance.
    ///
    /// The one formula of planner, gate and messages.
    package var collectable: Int64 {
        let left = total - allocated - inFlight - disputed
        return left > tolerance ? left : 0
    }

    /// More is missing than the tolerance lets pass.
    package var isMissed: Bool { total - allocated > tolerance }

    /// Until when this invoice may not be asked for though money is missing: held, disputed, or covered only by money under
    /// way.
    package func blockedUntil(at now: Instant) -> Instant? {
        guard isMissed else { return nil }
        if isHeld(at: now) { return heldUntil }
        guard collectable == 0 else { return nil }
        return total - allocated - disputed > tolerance ? inFlightUntil : ActiveHold.forever
    }

    /// Why it may not be asked for though money is missing; nil where it may.
    package func blockedBy(at now: Instant) -> Reason? {
        guard let until = blockedUntil(at: now) else { return nil }
        if isHeld(at: now) { return isPromised ? .promised : .held }
        return until == ActiveHold.forever ? .disputed : .underWay
    }

    package func isHeld(at now: Instant) -> Bool { heldUntil.map { $0 > now } ?? false }

    /// Civil days since the due date; negative before it.
    package func daysOverdue(on today: Day) -> Int {
        dueDate.map { Int(today.number) - Int($0.number) } ?? 0
    }

    /// The same invoice with a hold that ends at `instant`.
    package func held(until instant: Instant) -> OpenInvoice {
        var invoice = self
        (invoice.heldUntil, invoice.isPromised) = (instant, false)
        return invoice
    }

    /// As it will be at `instant` if the money under way does not arrive.
    package func projected(to instant: Instant) -> OpenInvoice {
        guard inFlight > 0, let inFlightUntil, inFlightUntil <= instant else { return self }
        var invoice = self
        (invoice.inFlight, invoice.inFlightUntil) = (0, nil)
        return invoice
    }

    /// One part for each instalment that is not covered yet, the oldest covered first; numbered "2041 (2/3)" where there
    /// are several. What is disputed is taken off the youngest; the tolerance is that of
    /// the whole.
    package func instalments(_ terms: [Instalment]) -> [OpenInvoice] {
        guard !terms.isEmpty else { return [self] }
        var (inFlight, disputed) = (inFlight, disputed)
        var parts: [OpenInvoice] = []
        for (index, part) in Instalment.parts(of: total, covered: allocated, terms).enumerated() {
            let coming = min(part.amount - part.covered, inFlight)
            inFlight -= coming
            guard part.amount > part.covered else { continue }
            parts.append(
                OpenInvoice(
                    id: id, number: terms.count > 1 ? "\(number) (\(index + 1)/\(terms.count))" : number,
                    issueDate: issueDate, dueDate: part.dueDate, currency: currency, total: part.amount,
                    allocated: part.covered, inFlight: coming, inFlightUntil: coming > 0 ? inFlightUntil : nil,
                    tolerance: isMissed ? 0 : tolerance, heldUntil: heldUntil, isPromised: isPromised))
        }
        for index in parts.indices.reversed() where disputed > 0 {
            parts[index].disputed = min(disputed, parts[index].total - parts[index].allocated)
            disputed -= parts[index].disputed
        }
        return parts
    }
}
