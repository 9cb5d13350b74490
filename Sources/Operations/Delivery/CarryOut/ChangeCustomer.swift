import Dunning
import Postgres
import Store

extension CarryOut {
    /// Puts the customer into a segment that is a list, or takes it out. A list that is not there yet is made; a segment that is a
    /// condition cannot be joined, and the trail says so.
    func changeSegment(_ step: Step, in tx: inout Transaction, _ context: Context) throws {
        guard case .segment(let name, let isRemoved) = step.effect else { return }
        var segment = try tx.segments(named: [name])[name]
        if segment == nil, !isRemoved {
            let made = SegmentRecord(id: .make(at: context.now), name: name, condition: nil, at: context.now)
            if try tx.insert(made) {
                try tx.audit(context, action: "segment.created", subject: made.id.uuid, detail: ["kind": "list"])
            }
            segment = try tx.segments(named: [name])[name]
        }
        guard let segment else { return }
        guard !segment.isCondition else {
            return try tx.audit(
                context, action: "segment.refused", subject: segment.id.uuid, customer: customer,
                detail: ["step": step.key, "reason": "the segment is a condition"])
        }
        let changed =
            isRemoved
            ? try tx.leave(segment.id, [customer]) : try tx.join(segment.id, [customer], at: context.now)
        guard !changed.isEmpty else { return }
        if !isRemoved {
            try tx.record([(customer: customer, kind: CaseEvent.Kind.segmentJoined(name))], at: context.now)
        }
        try tx.audit(
            context, action: isRemoved ? "segment.left" : "segment.joined", subject: segment.id.uuid,
            customer: customer, detail: ["step": step.key])
    }
}
