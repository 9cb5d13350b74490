package import Dunning
package import Postgres
package import Store

/// Puts customers into a segment that is a list, and takes others out.
package struct ChangeMembers: Sendable {
    /// Customers in one request.
    package static let most = 1_000
    /// More of them are planned by the worker.
    private static let inline = 20

    let segment: ID<Segment>
    let add: [ID<Customer>]
    let remove: [ID<Customer>]

    package init(
        _ segment: ID<Segment>, add: [ID<Customer>] = [], remove: [ID<Customer>] = []
    ) throws(Rejection) {
        let both = Set(add).intersection(remove)
        guard both.isEmpty else {
            throw .invalid("/remove", "one_of", "\(both.count) customers are to be added and removed at once")
        }
        self.segment = segment
        self.add = Array(Set(add)).sorted()
        self.remove = Array(Set(remove)).sorted()
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> SegmentRecord {
        let customers = (add + remove).sorted()
        try PlanCases.lock(customers: customers, in: &tx)
        guard let record = try tx.lockedSegment(segment) else { throw Rejection.notFound("segment") }
        guard record.condition == nil else {
            throw Rejection.forbiddenByState(
                code: "is_a_condition", detail: "The segment is a condition: whoever fulfils it is in it.")
        }
        let known = try tx.knownCustomers(customers)
        for (name, listed) in [("add", add), ("remove", remove)] {
            if let stranger = listed.first(where: { !known.contains($0) }) {
                throw Rejection.invalid("/\(name)", "unknown_customer", "there is no customer \(stranger)")
            }
        }
        let joined = add.isEmpty ? [] : try tx.join(segment, add, at: context.now)
        let left = remove.isEmpty ? [] : try tx.leave(segment, remove)
        try tx.audit(
            context,
            joined.map { entry("segment.joined", $0) } + left.map { entry("segment.left", $0) })
        try tx.record(joined.map { (customer: $0, kind: CaseEvent.Kind.segmentJoined(record.name)) }, at: context.now)
        // A rule may name a workflow for one who had none.
        let changed = (joined + left).sorted()
        if changed.count > Self.inline {
            try PlanCases.markDirty(customers: changed, entry: .firstStage, in: &tx, context)
        } else if !changed.isEmpty {
            try PlanCases.replan(customers: changed, cause: "segment", in: &tx, context)
        }
        return try tx.segment(segment) ?? record
    }

    private func entry(_ action: String, _ customer: ID<Customer>) -> AuditEntry {
        AuditEntry(action: action, subject: segment.uuid, customer: customer)
    }
}
