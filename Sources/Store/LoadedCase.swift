package import Dunning
package import Foundation

/// A case as planner, gate and renderer need it: facts, its open step, and the names that go into a message.
package struct LoadedCase: Hashable, Sendable {
    package var facts: CaseFacts
    package var open: OpenStep?
    /// The days that the message of the open step took for itself, by address: they are not among the contacted ones yet.
    package var reserved: [String: [Day]]
    package var customer: CaseCustomer
    package var sender: Sender

    package var id: ID<Enrolment> { facts.state.id }
}

/// The open cases of some customers.
package struct CaseLookup: Sendable {
    package let cases: [LoadedCase]
    /// Customers with an open invoice for whose brand and currency there is no case; whether there should be one is another
    /// question. All that were asked about when none of them has a case: their invoices were not read.
    package let uncovered: Set<ID<Customer>>
}

/// The one step of a case that is planned or on the wire.
package struct OpenStep: Hashable, Sendable {
    package let id: ID<StepRun>
    package let step: PlannedStep
    /// The gateway's id, or the tenant's own for steps without a wire.
    package let lane: UUID
    package let isSending: Bool
    /// Set once a message was armed for it: a retry keeps its message.
    package let message: ID<Message>?
    /// When it was said that it will be sent.
    package let announcedAt: Instant?
}

package struct CaseCustomer: Hashable, Sendable {
    package let id: ID<Customer>
    package let externalID: String
    package let name: String
    package let kind: CustomerRecord.Kind
    package let locale: LanguageTag?
}

/// How a brand appears in its messages and on the envelope.
package struct Sender: Hashable, Sendable {
    package let brand: ID<Brand>
    package let identity: BrandIdentity
    package let fromName: String
    package let fromAddress: String
    package let replyTo: String?
}
