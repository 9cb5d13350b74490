package import Dunning
package import Postgres
package import Store

/// Makes a segment, a condition or a list, or changes its name or condition.
package struct SaveSegment: Sendable {
    package enum Target: Sendable {
        case new(name: String, condition: Condition?)
        case change(ID<Segment>, name: Change<String>, condition: Condition?)
    }

    let target: Target

    package init(_ target: Target) throws(Rejection) {
        switch target {
        case .new(let name, _), .change(_, .to(let name), _):
            try TextRule.line(upTo: 64).check(name, at: "/name")
        case .change(_, .keep, _): break
        }
        self.target = target
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> SegmentRecord {
        switch target {
        case .new(let name, let condition):
            if let condition { try Self.check(condition, in: &tx) }
            let segment = SegmentRecord(
                id: .make(at: context.now), name: name, condition: condition, at: context.now)
            guard try tx.insert(segment) else { throw Rejection.conflict(noun: "segment", identifier: name) }
            try tx.audit(
                context, action: "segment.created", subject: segment.id.uuid,
                detail: ["kind": condition == nil ? "list" : "condition"])
            return segment
        case .change(let id, let name, let condition):
            guard var segment = try tx.lockedSegment(id) else { throw Rejection.notFound("segment") }
            let old = segment
            if case .to(let name) = name, name != segment.name {
                try checkFree(name, in: &tx)
                segment.name = name
            }
            if let condition {
                guard segment.condition != nil else {
                    throw Rejection.invalid(
                        "/condition", "is_a_list", "a segment that is a list has no condition; make another one")
                }
                try Self.check(condition, in: &tx)
                segment.condition = condition
            }
            guard segment != old else { return old }
            try tx.update(segment, at: context.now)
            try tx.audit(context, action: "segment.changed", subject: id.uuid)
            return try tx.segment(id) ?? segment
        }
    }

    /// Rules and workflows know segments by name: one that is used keeps it.
    private func checkFree(_ name: String, in tx: inout Transaction) throws {
        guard try tx.segments(named: [name]).isEmpty else {
            throw Rejection.conflict(noun: "segment", identifier: name)
        }
    }

    /// Beside being there, what it names has to be a list: conditions that look at one another have no order.
    private static func check(_ condition: Condition, in tx: inout Transaction) throws {
        try ConditionNames.check(condition, in: &tx)
        let known = try tx.segments(named: condition.texts(of: .segment).sorted())
        for (name, segment) in known.sorted(by: { $0.key < $1.key }) where segment.isCondition {
            throw Rejection.invalid(
                "/condition", "segment_of_segments",
                "the segment \(name) is a condition itself; a condition of a segment may only name lists")
        }
    }
}
