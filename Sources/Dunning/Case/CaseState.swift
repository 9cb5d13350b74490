/// Where one case stands: one customer's dunning at one brand, in one currency, on one track.
package struct CaseState: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable, CaseIterable {
        case pending, active, exhausted
        /// An agency has it.
        case handedOver = "handed_over"
        case exited
    }

    package enum Track: String, Hashable, Sendable, CaseIterable {
        case receivable
        case chargeFailure = "charge_failure"
        case preDunning = "pre_dunning"
    }

    package let id: ID<Enrolment>
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let currency: Currency
    package var status: Status
    package var stage: Int
    package let cycle: Int
    /// The stage at which the previous cycle ended; 0 in the first.
    package let priorStage: Int
    /// The last finished step after due, and the civil day it was finished.
    package var position: String?
    package var positionDay: Day?
    /// Where it goes next when that is not simply what follows its position: a step key, or `end`.
    package var nextKey: String?
    /// How often a repeat has led it back in this cycle.
    package var round: Int
    /// The last event that had happened when it came to its position; a wait listens for later ones.
    package var heard: Int
    package var anchor: ID<Invoice>?
    /// In the contact's zone.
    package var lastContactDay: Day?
    /// How it enters, until the planner has applied it.
    package var entry: EntryPolicy?
    package var isDirty: Bool

    package init(
        id: ID<Enrolment>, customer: ID<Customer>, brand: ID<Brand>, currency: Currency, status: Status = .active,
        stage: Int = 0, cycle: Int = 1, priorStage: Int = 0, position: String? = nil, positionDay: Day? = nil,
        anchor: ID<Invoice>? = nil, lastContactDay: Day? = nil, entry: EntryPolicy? = nil, isDirty: Bool = false,
        nextKey: String? = nil, round: Int = 0, heard: Int = 0
    ) {
        self.id = id
        self.customer = customer
        self.brand = brand
        self.currency = currency
        self.status = status
        self.stage = stage
        self.cycle = cycle
        self.priorStage = priorStage
        self.position = position
        self.positionDay = positionDay
        self.anchor = anchor
        self.lastContactDay = lastContactDay
        self.entry = entry
        self.isDirty = isDirty
        self.nextKey = nextKey
        self.round = round
        self.heard = heard
    }
}
