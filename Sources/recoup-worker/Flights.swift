import Operations
import Queue
import Synchronization

/// What of a lane is armed and not recorded yet, in this process's memory.
final class Flights: Sendable {
    private let flights = Mutex<[Lease: Flight]>([:])

    var count: Int { flights.withLock { $0.count } }
    var leases: Set<Lease> { flights.withLock { Set($0.keys) } }

    /// The most sessions these may come to use, whatever lands first. What waits for a session counts no more than one that
    /// has it: else a lane that always arms more than it can send would never give a session away.
    var sessionsInUse: Int { flights.withLock { min($0.count, $0.values.map(\.sessions).max() ?? 0) } }

    func add(_ fresh: [Flight]) {
        flights.withLock { flights in for flight in fresh { flights[flight.armed.lease] = flight } }
    }

    /// How many of the reports are of these.
    func known(_ reports: [DeliveryReport]) -> Int {
        flights.withLock { flights in reports.count { flights[$0.lease] != nil } }
    }

    /// The outcomes are recorded; of how many of these.
    func land(_ reports: [DeliveryReport]) -> Int {
        flights.withLock { flights in reports.count { flights.removeValue(forKey: $0.lease) != nil } }
    }
}
