import Dunning
import Foundation
import Postgres
import Store

/// What a worker reports that lost its lease meanwhile: it can change nothing of the queue, but it knows what the gateway
/// said. A message that was called unknown is settled by what was said for good, and is never sent again.
struct LateReports {
    let worker: UUID
    let reports: [DeliveryReport]

    /// Returns the names of the outcomes that settled a message.
    func write(in tx: inout Transaction, _ context: Context) throws -> [String] {
        var known: [ID<Attempt>: DeliveryReport] = [:]
        for report in reports where report.result != .unknown {
            if let attempt = report.attempt { known[attempt] = report }
        }
        let late = try tx.reportLate(known.map { ($0.key, $0.value.name) }, worker: worker, at: context.now)
        var byMessage: [ID<Message>: DeliveryReport] = [:]
        for (attempt, message) in late {
            guard let report = known[attempt], report.result.isForGood else { continue }
            byMessage[message] = report
        }
        let resolved = try tx.resolve(
            byMessage.map { ($0.key, $0.value.result == .accepted ? .accepted : .refused, $0.value.reply) },
            at: context.now)
        try tx.callOff(context, about: resolved.map(\.id))
        let bounced = resolved.filter { byMessage[$0.id]?.result == .permanent(suppresses: true) }
        try tx.suppress(bounced.map(\.contact), reason: "hard_bounce", at: context.now)
        try tx.record(bounced.map { (customer: $0.customer, kind: CaseEvent.Kind.messageBounced) }, at: context.now)
        try tx.audit(
            context,
            resolved.map {
                AuditEntry(
                    action: "message.late_report", subject: $0.id.uuid, customer: $0.customer,
                    detail: ["outcome": byMessage[$0.id]?.name ?? "", "state": $0.state.rawValue])
            })
        try tx.emit(
            context,
            resolved.map {
                Emission(
                    .messageSettled, $0.id, customer: $0.customer,
                    ["state": .text($0.state.rawValue), "by": "late_report"])
            })
        return resolved.compactMap { byMessage[$0.id]?.name }
    }
}

extension DeliveryReport.Result {
    /// Whether nothing more would come of it. What a lease would have been given back for, to be tried again, stays unknown
    /// until a person decides: nobody was reached, its case has gone on, and nobody else would notice.
    fileprivate var isForGood: Bool {
        switch self {
        case .accepted, .permanent: true
        case .transient, .gatewayRefused, .notBegun, .unknown: false
        }
    }
}
