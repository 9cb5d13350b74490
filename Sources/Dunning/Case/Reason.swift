/// Why a step was not sent, or not yet: the closed list. Skips are results, not errors.
package enum Reason: String, Hashable, Sendable, CaseIterable, Codable {
    // Final: the step is skipped.
    case paid
    case notOverdue = "not_overdue"
    case beforeEnrolment = "before_enrolment"
    case superseded
    case late
    case noAddress = "no_address"
    case optedOut = "opted_out"
    case undeliverable
    case noDueDate = "no_due_date"
    case restored
    case conditionFalse = "condition_false"
    case maxContacts = "max_contacts"
    case maxDays = "max_days"
    case notApproved = "not_approved"
    case vetoed
    case excluded
    case reassigned
    case merged
    case handedOver = "handed_over"
    case skippedByHand = "skipped_by_hand"
    // For now: the step waits.
    case held
    case disputed
    case promised
    case underWay = "under_way"
    case review
    case exhausted
    case dirty
    case window
    case cap
    case shadow
    case systemHold = "system_hold"
    case systemSwitch = "system_switch"
    case tenantSwitch = "tenant_switch"
    case brandSwitch = "brand_switch"
    case workflowSwitch = "workflow_switch"
    case noGateway = "no_gateway"
    case resting
    case belowThreshold = "below_threshold"
    case stale
    case quota
    case veto
    case snoozed
    case coolDown = "cool_down"
    case awaited

    /// The reason as a person would say it, to follow "not sent: " or "waiting: ".
    package var words: String {
        switch self {
        case .paid: "nothing is left to collect"
        case .notOverdue: "nothing is overdue any more"
        case .beforeEnrolment: "this step lies before the stage at which the case entered"
        case .superseded: "another step took its place"
        case .late: "its day has passed"
        case .noAddress: "no contact of the customer has a usable address for it"
        case .optedOut: "every contact of the customer has opted out"
        case .undeliverable: "the gateway refused the address for good"
        case .noDueDate: "no open invoice has a due date"
        case .restored: "the database was restored or cloned; a person must confirm the case"
        case .conditionFalse: "the condition of the step does not hold"
        case .maxContacts: "the workflow allows no further contact in this cycle"
        case .maxDays: "the workflow contacts nobody after so many days"
        case .notApproved: "a person was asked to approve it and did not"
        case .vetoed: "a person or a system of the tenant stopped it"
        case .excluded: "the customer is excluded from dunning"
        case .reassigned: "the case was given to another workflow"
        case .merged: "customers were merged, and it goes on in the case of the one that stayed"
        case .handedOver: "the case was handed over to a collector"
        case .skippedByHand: "a person skipped it"
        case .held: "a hold is in force"
        case .disputed: "the customer disputes what is owed, and the dispute is not resolved"
        case .promised: "the customer has promised to pay, at once or by a plan, and its day has not passed"
        case .underWay: "money for it is under way"
        case .review: "the case waits for a person to confirm it"
        case .exhausted: "the workflow has no further step; a call task is open"
        case .dirty: "new data is being worked in"
        case .window: "outside the hours in which this customer may be contacted"
        case .cap: "this address was contacted recently; the contact cap applies"
        case .shadow: "the tenant is in shadow mode: planned and shown, never sent"
        case .systemHold: "the whole system is on hold"
        case .systemSwitch: "sending is switched off for the whole system"
        case .tenantSwitch: "sending is switched off for this tenant"
        case .brandSwitch: "sending is switched off for this brand"
        case .workflowSwitch: "sending is switched off for this workflow"
        case .noGateway: "the brand has no gateway to send it through"
        case .resting: "the customer wrote back or paid a part of it, and the workflow rests for some days"
        case .belowThreshold: "what is owed is below the least amount the workflow asks for"
        case .stale: "a source has been silent for too long, and payments may be missing"
        case .quota: "only so many customers are written to for the first time on one day, and its day comes later"
        case .veto: "it was announced, and may still be vetoed"
        case .snoozed: "a person has put the case off"
        case .coolDown: "a payment was taken back, and the case rests for some days while somebody looks at it"
        case .awaited: "a person was asked how the case goes on, and has not answered yet"
        }
    }
}

extension Reason {
    /// Whether the case goes on to its next step when one was skipped for this; for the others planning finds out where it
    /// stands.
    package var passesOver: Bool {
        switch self {
        case .noAddress, .optedOut, .undeliverable, .late, .conditionFalse, .maxContacts, .maxDays, .notApproved,
            .vetoed, .skippedByHand:
            true
        default: false
        }
    }
}
