/// A dated reason not to contact, in force now.
package struct ActiveHold: Hashable, Sendable {
    package enum Scope: String, Hashable, Sendable, CaseIterable { case tenant, brand, customer, invoice }

    package let id: ID<Hold>
    package let scope: Scope
    package let reason: String
    /// Nil: until somebody releases it.
    package let until: Instant?

    package init(id: ID<Hold>, scope: Scope, reason: String, until: Instant?) {
        self.id = id
        self.scope = scope
        self.reason = reason
        self.until = until
    }

    /// What a hold is called that somebody placed to come back to the case later.
    package static let snoozed = "snoozed"

    /// What the hold is called that a case rests by after a payment was taken back.
    package static let reversed = "payment_reversed"

    /// Why a step waits that it keeps back.
    package var blocks: Reason {
        switch reason {
        case Self.snoozed: .snoozed
        case Self.reversed: .coolDown
        default: .held
        }
    }

    /// Stands for "no end": 9999-12-31.
    package static let forever = Instant(microseconds: 253_402_214_400_000_000)
}
