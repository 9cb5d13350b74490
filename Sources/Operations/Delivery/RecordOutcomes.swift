import Dunning
package import Foundation
package import Postgres
import Queue
import Store

/// Transaction B: what became of armed messages. Fenced by the lease: a report of a worker that lost its lease changes
/// nothing but what nobody knew (see `LateReports`). Cases advance, the next steps are planned, all in one transaction for a batch of one lane.
package struct RecordOutcomes: Sendable {
    /// How long evidence may settle an unknown outcome (architecture 4.11).
    package static let settleHours = 24

    package let worker: UUID

    package init(worker: UUID) { self.worker = worker }

    /// What came of the reports.
    package struct Recorded: Sendable, Hashable {
        /// Those whose lease was still ours.
        package var count = 0
        /// Outcomes of lost leases that settled a message nobody knew about.
        package var late: [String] = []
    }

    package func run(
        _ reports: [DeliveryReport], lane: UUID, in tx: inout Transaction, _ context: Context,
        using generator: inout some RandomNumberGenerator
    ) throws -> Recorded {
        let written = try write(reports, lane: lane, in: &tx, context, using: &generator)
        if written.recorded != Recorded() {
            try PlanCases.replan(
                known: written.known, uncovered: written.uncovered, unsure: written.unsure, cause: "delivery", in: &tx,
                context)
        }
        return written.recorded
    }

    /// What was written, before the next steps are planned.
    struct Written {
        let recorded: Recorded
        /// The cases as they stand now.
        let known: [LoadedCase]
        /// Who may lack one.
        let uncovered: Set<ID<Customer>>
        /// Whose cases have to be read again all the same.
        let unsure: Set<ID<Customer>>
    }

    func write(
        _ reports: [DeliveryReport], lane: UUID, in tx: inout Transaction, _ context: Context,
        using generator: inout some RandomNumberGenerator
    ) throws -> Written {
        let steps = reports.map { ID<StepRun>($0.lease.due) }
        let messages = try tx.messages(ofSteps: steps)
        let customers = Array(Set(messages.values.map(\.customer)))
        let locked = try PlanCases.lock(customers: customers, in: &tx)
        let travelling = Dictionary(
            grouping: try tx.travellingSteps(of: messages.values.map(\.id)), by: \.message)
        let known = try tx.openAttempts(of: messages.values.map(\.id))
        let found = try tx.lookUpCases(customers: customers, now: context.now)
        let cases = found.cases
        var outcome = OutcomeBatch(now: context.now, lane: lane, cases: cases)
        for report in reports {
            guard let message = messages[ID<StepRun>(report.lease.due)] else { continue }
            outcome.add(
                report, message: message, steps: travelling[message.id] ?? [],
                attempt: report.attempt ?? known[message.id], using: &generator)
        }
        let mine = try outcome.fence(worker: worker, in: &tx)
        try outcome.write(mine, in: &tx, context)
        let lost = reports.filter { !mine.contains($0.lease.due) }
        let late = try LateReports(worker: worker, reports: lost).write(in: &tx, context)
        let after = outcome.aftermath(mine)
        // What a lost lease still settled may have cost an address, too; and what somebody opened since the locks is not ours.
        let others = late.isEmpty ? cases.filter { !locked.contains($0.id) }.map(\.facts.state.customer) : customers
        return Written(
            recorded: Recorded(count: mine.count, late: late), known: after.known, uncovered: found.uncovered,
            unsure: after.unsure.union(others))
    }
}
