import Foundation
import Host
import Logging
import Operations
import Postgres

/// Writes down what became of a lane's messages, in batches, and does not give up while the process lives: the outcome is known
/// only here.
struct LaneOutcomes: Sendable {
    private static let most = 200
    /// While more is flying a batch looks for it, so often at most, and so often in a row for nothing: one transaction for ten
    /// costs little more than for one, and beside a slow message the others wait 16 ms, not for it.
    private static let looks = (most: 20, idle: 8)
    private static let look = Duration.milliseconds(2)

    let tenant: UUID
    let lane: UUID
    /// The id under which the lane claimed.
    let worker: UUID
    let world: WorkerWorld
    let flights: Flights
    let inbox: Inbox<DeliveryReport>

    private var leases: LaneLeases { LaneLeases(tenant: tenant, lane: lane, world: world) }

    /// Until the inbox is closed and empty.
    ///
    /// - Parameter landed: called after each batch.
    func record(landed: () async -> Void) async {
        while var reports = await inbox.next(Self.most) {
            var idle = 0
            for _ in 0..<Self.looks.most where idle < Self.looks.idle {
                guard reports.count < min(flights.count, Self.most) else { break }
                try? await Task.sleep(for: Self.look)
                let more = await inbox.rest(Self.most - reports.count)
                idle = more.isEmpty ? idle + 1 : 0
                reports += more
            }
            await write(reports)
            world.turns.landed(flights.land(reports))
            await landed()
        }
    }

    /// Meanwhile others count on the room there will be.
    private func write(_ reports: [DeliveryReport]) async {
        let known = flights.known(reports)
        var pause = Duration.milliseconds(50)
        for attempt in 0..<world.recordTries {
            // What failed once nobody counts on any more.
            let landing = attempt == 0 ? known : 0
            world.turns.landing(landing, of: tenant)
            defer { world.turns.landing(-landing, of: tenant) }
            do {
                let (context, operation) = (world.context(tenant), RecordOutcomes(worker: worker))
                let recorded = try await world.work.write(as: .tenant(tenant)) { [lane] tx in
                    var generator = SystemRandomNumberGenerator()
                    return try operation.run(reports, lane: lane, in: &tx, context, using: &generator)
                }
                for outcome in recorded.late { world.counters.late.add(1, outcome) }
                return
            } catch {
                leases.note(error, "recording failed")
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(1))
            }
        }
    }
}
