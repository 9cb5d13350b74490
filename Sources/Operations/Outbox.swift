package import Dunning
import Foundation
package import Postgres
package import Store

/// One thing told to the outside: what became true of what. Identifiers and amounts, never personal data.
package struct Emission: Sendable {
    /// The closed list of what is told. Each stands for a change of state, and is told in the transaction that makes it.
    package enum Kind: String, Sendable, CaseIterable {
        case caseOpened = "case.opened"
        case caseStageChanged = "case.stage_changed"
        case caseExhausted = "case.exhausted"
        case caseExited = "case.exited"
        /// It will leave at the time it names, unless somebody objects.
        case messagePlanned = "message.planned"
        case messageVetoed = "message.vetoed"
        /// It had been announced, and will not be sent: paid meanwhile, put on hold, or overtaken.
        case messageWithdrawn = "message.withdrawn"
        case messageAccepted = "message.accepted"
        case messageRefused = "message.refused"
        case messageUnknown = "message.unknown"
        case messageAssumedSent = "message.assumed_sent"
        case messageSettled = "message.settled"
        case messageDelivered = "message.delivered"
        case messageFailed = "message.failed"
        case promiseMade = "promise.made"
        case promiseKept = "promise.kept"
        case promiseBroken = "promise.broken"
        case promiseCancelled = "promise.cancelled"
        case disputeOpened = "dispute.opened"
        case disputeResolved = "dispute.resolved"
        case holdPlaced = "hold.placed"
        case holdReleased = "hold.released"
        case planMade = "plan.made"
        case planBroken = "plan.broken"
        case planEnded = "plan.ended"
        case taskOpened = "task.opened"
        case taskClosed = "task.closed"
        case handoverMade = "handover.made"
        case handoverRecalled = "handover.recalled"
        /// The case has ended while the agency had it: nothing is left to collect.
        case handoverClosed = "handover.closed"
        /// The customer it is about has all that its subject had.
        case customerMerged = "customer.merged"
        case sourceStale = "source.stale"
        case sourceFresh = "source.fresh"
        case tenantActivated = "tenant.activated"
        /// Steps of workflows that say something themselves.
        case teamNotified = "team.notified"
        case workflowEvent = "workflow.event"
        case serviceSignal = "service.signal"
    }

    let kind: Kind
    let subject: String
    let customer: ID<Customer>?
    let data: [String: EventValue]

    package init<Subject>(
        _ kind: Kind, _ subject: ID<Subject>, customer: ID<Customer>? = nil, _ data: [String: EventValue] = [:]
    ) {
        self.init(kind, named: subject.description, customer: customer, data)
    }

    /// Of something that has a name instead of an identifier: a source.
    package init(
        _ kind: Kind, named subject: String, customer: ID<Customer>? = nil, _ data: [String: EventValue] = [:]
    ) {
        self.kind = kind
        self.subject = subject
        self.customer = customer
        self.data = data
    }
}

extension Emission {
    /// A case was opened; its brand and currency are those of another, or as wanted.
    static func opened(_ id: ID<Enrolment>, like state: CaseState, cycle: Int) -> Emission {
        opened(id, of: state.customer, at: state.brand, in: state.currency, cycle: cycle)
    }

    static func opened(
        _ id: ID<Enrolment>, of customer: ID<Customer>, at brand: ID<Brand>, in currency: Currency, cycle: Int
    ) -> Emission {
        Emission(
            .caseOpened, id, customer: customer,
            ["brand_id": .text(brand.description), "currency": .text(currency.code), "cycle": .number(cycle)])
    }

    /// A message that was announced will not be sent.
    static func withdrawn(_ open: OpenStep, of state: CaseState, _ reason: Reason) -> Emission {
        Emission(
            .messageWithdrawn, open.id, customer: state.customer,
            ["case_id": .text(state.id.description), "reason": .text(reason.rawValue)])
    }

    /// What a case's change of standing tells.
    static func standing(from before: CaseState, to after: CaseState, exit: Reason? = nil) -> [Emission] {
        var told: [Emission] = []
        func tell(_ kind: Kind, _ data: [String: EventValue]) {
            told.append(Emission(kind, after.id, customer: after.customer, data))
        }
        if after.stage != before.stage {
            tell(.caseStageChanged, ["from": .number(before.stage), "to": .number(after.stage)])
        }
        if after.status != before.status {
            if after.status == .exhausted { tell(.caseExhausted, ["stage": .number(after.stage)]) }
            if after.status == .exited {
                tell(.caseExited, ["reason": .text(exit?.rawValue ?? ""), "stage": .number(after.stage)])
            }
        }
        return told
    }
}

extension Transaction {
    /// Tells the outside what this transaction makes true; what is rolled back was never said.
    package mutating func emit(_ context: Context, _ emissions: [Emission]) throws(PostgresError) {
        try insertEvents(
            emissions.map {
                NewEvent(type: $0.kind.rawValue, subject: $0.subject, customer: $0.customer, data: $0.data)
            }, at: context.now)
    }

    package mutating func emit(_ context: Context, _ emission: Emission) throws(PostgresError) {
        try emit(context, [emission])
    }
}
