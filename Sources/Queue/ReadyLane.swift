package import Foundation
import Postgres

/// A lane with something to claim now, and its place in the order of turns.
package struct ReadyLane: Hashable, Sendable {
    /// Mail or text messages of one gateway, a tenant's internal jobs, its imports, or the upkeep of its data.
    package enum Kind: String, Sendable, PostgresValue { case mail, sms, `internal`, bulk, upkeep }

    package let tenant: UUID
    package let lane: UUID
    package let kind: Kind
    /// The tenant's share of what is short; 100 is one share.
    package let weight: Int
    /// Where its turn stands in the queue's time: the smallest is next.
    package let start: Int64
    /// Something there goes before all that was planned.
    package let isUrgent: Bool
    /// Found by a look at everything: the first claim must look at everything, too.
    package let isFull: Bool
}

/// How a claim looks and what it knows, beside whose it is.
package struct Turn: Hashable, Sendable {
    /// Where it stands in the queue's time; nil: where the lane stood.
    package var start: Int64?
    /// Looks at all that is due, not only from the lane's floor on.
    package var isFull = true
    /// Messages of this lane that the worker has: claimed, armed or on the wire.
    package var held = 0
    /// Sessions of the gateway that those of them which are armed may come to use.
    package var flying = 0

    package init(start: Int64? = nil, isFull: Bool = true) {
        self.start = start
        self.isFull = isFull
    }

    package init(of lane: ReadyLane) {
        self.init(start: lane.start, isFull: lane.isFull)
    }
}

/// A leased row, as the claim handed it out.
package struct Claim: Hashable, Sendable {
    package let lease: Lease
    package let kind: NewDue.Kind
    package let ref: UUID
    package let attempts: Int
    /// How often it failed for reasons of ours.
    package let failures: Int
    package let isUrgent: Bool
    /// How many sessions of the lane's gateway this worker may use from now on; nil where there is no gateway.
    package let sessions: Int?
}

/// What a dead worker left behind.
package struct Orphan: Sendable {
    package let tenant: UUID
    package let lane: UUID
    package let lease: Lease
    package let kind: NewDue.Kind
    package let isArmed: Bool
}
