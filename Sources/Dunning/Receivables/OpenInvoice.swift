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
    package let inFlight: Int64
    /// When the money under way expires if it never arrives.
    package let inFlightUntil: Instant?
    /// When a hold on this very invoice ends; nil without a hold, ``ActiveHold/forever`` without an end.
    package let heldUntil: Instant?

    package init(
        id: ID<Invoice>, number: String, issueDate: Day?, dueDate: Day?, currency: Currency, total: Int64,
        allocated: Int64 = 0, inFlight: Int64 = 0, inFlightUntil: Instant? = nil, heldUntil: Instant? = nil
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
        self.heldUntil = heldUntil
    }

    /// What may be asked for when nothing holds: total less what is covered or under way, never negative.
    ///
    /// The one formula of planner, gate and messages.
    package var collectable: Int64 { max(0, total - allocated - inFlight) }

    /// Until when this invoice may not be asked for though money is missing: held, or covered only by money under way.
    package func blockedUntil(at now: Instant) -> Instant? {
        if isHeld(at: now) { return heldUntil }
        return total > allocated && collectable == 0 ? inFlightUntil : nil
    }

    package func isHeld(at now: Instant) -> Bool { heldUntil.map { $0 > now } ?? false }

    /// Overdue from the start of the day after due + grace, in the brand's zone (architecture 5.6).
    package func isOverdue(on today: Day, graceDays: Int) -> Bool {
        dueDate.map { today > $0.adding(graceDays) } ?? false
    }

    /// Civil days since the due date; negative before it.
    package func daysOverdue(on today: Day) -> Int {
        dueDate.map { Int(today.number) - Int($0.number) } ?? 0
    }

    /// The same invoice with a hold that ends at `instant`.
    package func held(until instant: Instant) -> OpenInvoice {
        OpenInvoice(
            id: id, number: number, issueDate: issueDate, dueDate: dueDate, currency: currency, total: total,
            allocated: allocated, inFlight: inFlight, inFlightUntil: inFlightUntil, heldUntil: instant)
    }

    /// As it will be at `instant` if the money under way does not arrive.
    package func projected(to instant: Instant) -> OpenInvoice {
        guard inFlight > 0, let inFlightUntil, inFlightUntil <= instant else { return self }
        return OpenInvoice(
            id: id, number: number, issueDate: issueDate, dueDate: dueDate, currency: currency, total: total,
            allocated: allocated, heldUntil: heldUntil)
    }
}
