package import Foundation
package import Postgres

/// A row for the hot queue: a step run, the drain of a tenant's dirty cases, the planning of one customer's, the settling of an
/// unknown message, the folding of a tenant's rollups, an import, the pruning of what is old, a simulation, the move of a workflow's
/// cases to one of its versions, the judging of promises, a run of reassignment, or the deadline of a task that a case waits for.
package struct NewDue: Sendable {
    package enum Kind: String, Sendable {
        case step, drain, plan, settle, fold, `import`, prune, simulate, move, judge, reassign, watch, note, wake
    }

    package let kind: Kind
    /// The subject; it is the row's id as well, so that staging and planning the same step meet on one row.
    package let ref: UUID
    package let lane: UUID
    package let runAt: Timestamp
    /// Goes before what was planned.
    package let isUrgent: Bool

    package init(kind: Kind, ref: UUID, lane: UUID, runAt: Timestamp, isUrgent: Bool = false) {
        self.kind = kind
        self.ref = ref
        self.lane = lane
        self.runAt = runAt
        self.isUrgent = isUrgent
    }
}

extension Transaction {
    /// Puts rows into the hot queue; one already there is drawn nearer.
    package mutating func enqueue(_ due: [NewDue]) throws(PostgresError) {
        guard !due.isEmpty else { return }
        try post(
            "due_insert", tenantID, due.map(\.ref), due.map(\.lane), due.map(\.kind.rawValue), due.map(\.ref),
            due.map(\.runAt), due.map { $0.isUrgent ? 0 : 1 })
    }

    /// Dead letters of one kind get another try.
    package mutating func revive(
        _ kind: NewDue.Kind, _ refs: [UUID], at now: some PostgresValue
    ) throws(PostgresError) {
        guard !refs.isEmpty else { return }
        try post("due_revive", tenantID, kind.rawValue, refs, now)
    }

    /// A lane whose gateway refuses us as a whole rests until then.
    package mutating func pauseLane(_ lane: UUID, until: some PostgresValue, reason: String) throws(PostgresError) {
        try post("due_pause_lane", tenantID, lane, until, reason)
    }
}
