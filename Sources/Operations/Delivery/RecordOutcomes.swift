import Dunning
package import Foundation
package import Postgres
import Queue
import Store

/// Transaction B: what became of armed messages. Fenced by the lease: a report of a worker that lost its lease changes
/// nothing. Cases advance, the next steps are planned, all in one transaction for a batch of one lane.
package struct RecordOutcomes: Sendable {
    /// How long evidence may settle an unknown outcome (architecture 4.11).
    package static let settleHours = 24

    package let worker: UUID

    package init(worker: UUID) { self.worker = worker }

    /// Returns how many reports were still ours.
    package func run(
        _ reports: [DeliveryReport], lane: UUID, in tx: inout Transaction, _ context: Context,
        using generator: inout some RandomNumberGenerator
    ) throws -> Int {
        let steps = reports.map { ID<StepRun>($0.lease.due) }
        let messages = try tx.messages(ofSteps: steps)
        let customers = Array(Set(messages.values.map(\.customer)))
        try tx.lockCases(customers: customers)
        let travelling = Dictionary(
            grouping: try tx.travellingSteps(of: messages.values.map(\.id)), by: \.message)
        let known = try tx.openAttempts(of: messages.values.map(\.id))
        let cases = try tx.loadCases(customers: customers, now: context.now)
        var outcome = OutcomeBatch(now: context.now, lane: lane, cases: cases)
        for report in reports {
            guard let message = messages[ID<StepRun>(report.lease.due)] else { continue }
            outcome.add(
                report, message: message, steps: travelling[message.id] ?? [],
                attempt: report.attempt ?? known[message.id], using: &generator)
        }
        let mine = try outcome.fence(worker: worker, in: &tx)
        try outcome.write(mine, in: &tx, context)
        if !mine.isEmpty {
            try PlanCases.replan(customers: customers, cause: "delivery", in: &tx, context)
        }
        return mine.count
    }
}
