package import Dunning
package import Postgres
package import Store

/// Stops claiming in lanes of a tenant until somebody lets them go on. What is armed is sent; planning goes on.
package struct PauseLanes: Sendable {
    let lanes: LaneChoice
    let reason: String

    package init(_ lanes: LaneChoice, reason: String) throws(Rejection) {
        try TextRule.line(upTo: 200).check(reason, at: "/reason")
        self.lanes = lanes
        self.reason = reason
    }

    /// Returns how many lanes are paused by it.
    package func run(in tx: inout Transaction, _ context: Context) throws -> Int {
        guard try tx.tenantRecord() != nil else { throw Rejection.notFound("tenant") }
        let count = try tx.holdLanes(lanes, reason: reason)
        guard count > 0 else { throw Rejection.notFound("lane") }
        try tx.audit(
            context, action: "lanes.paused", subject: context.tenant.uuid,
            detail: ["lanes": lanes.words, "reason": reason])
        return count
    }
}

/// Lets lanes go on, whoever paused them.
package struct ResumeLanes: Sendable {
    let lanes: LaneChoice

    package init(_ lanes: LaneChoice) { self.lanes = lanes }

    /// Returns how many go on.
    package func run(in tx: inout Transaction, _ context: Context) throws -> Int {
        guard try tx.tenantRecord() != nil else { throw Rejection.notFound("tenant") }
        let count = try tx.resumeLanes(lanes)
        if count > 0 {
            try tx.audit(
                context, action: "lanes.resumed", subject: context.tenant.uuid, detail: ["lanes": lanes.words])
        }
        return count
    }
}

extension LaneChoice {
    /// For the audit trail.
    fileprivate var words: String {
        switch self {
        case .all: "all"
        case .gateway(let id): id.description
        case .kind(let kind): kind
        }
    }
}
