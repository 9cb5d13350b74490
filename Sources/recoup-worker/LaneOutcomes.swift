import Foundation
import Host
import Logging
import Operations
import Postgres

/// Writes down what became of a lane's messages, in batches, and does not give up while the process lives: the outcome is known
/// only here.
struct LaneOutcomes: Sendable {
    private static let most = 200
    /// While more is flying a batch waits for it, so often: one transaction for ten costs little more than for one.
    private static let looks = 5
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
            for _ in 0..<Self.looks {
                guard reports.count < min(flights.count, Self.most) else { break }
                try? await Task.sleep(for: Self.look)
                reports += await inbox.rest(Self.most - reports.count)
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
