/// What should become of a case: its new standing, and its one next step or why there is none.
package struct Plan: Hashable, Sendable {
    package var state: CaseState
    /// Set when the case ends.
    package var exit: Reason?
    package var next: PlannedStep?
    /// Why no step is planned while the case stays open.
    package var idle: Reason?
    /// Steps passed over by the entry policy, in order.
    package var passedOver: [String] = []
    /// Invoices the entry policy leaves alone; they get a hold.
    package var ignored: [ID<Invoice>] = []
    /// The case ran out of steps just now: a person is asked to call.
    package var becameExhausted = false
    /// Set while a person's answer decides whether the case is at its end: the deadline.
    package var lookAgainAt: Instant?
    /// Set when a first contact has to wait for a day with a place for it.
    package var wish: Wish?

    /// From which day on a place is of use, and how much it is about, in minor units.
    package struct Wish: Hashable, Sendable {
        package let day: Day
        package let value: Int64
    }
}

/// The next step of a case.
package struct PlannedStep: Hashable, Sendable {
    package let key: String
    package let kind: Step.Kind
    /// Day number of the due date this step belongs to: a step goes once per due date it counts from. Of a step that answers
    /// an event the event's number.
    package let occurrence: Int
    /// How often a repeat had led the case back.
    package let round: Int
    package let stage: Int
    package let dueAt: Instant

    package init(key: String, kind: Step.Kind, occurrence: Int, round: Int = 0, stage: Int, dueAt: Instant) {
        self.key = key
        self.kind = kind
        self.occurrence = occurrence
        self.round = round
        self.stage = stage
        self.dueAt = dueAt
    }
}

extension PlannedStep {
    /// The same step at another time.
    package func moved(to instant: Instant) -> PlannedStep {
        PlannedStep(key: key, kind: kind, occurrence: occurrence, round: round, stage: stage, dueAt: instant)
    }
}
