package import Dunning
import Foundation
package import Postgres
package import Store

/// A worker's part of a simulation: plays the customers portion by portion, and notes after each how far it is, so that
/// whoever takes it up after a crash goes on there.
package struct RunSimulation: Sendable {
    package enum Outcome: Sendable, Hashable {
        case ended(SimulationRecord.State)
        /// The worker is to stop; another goes on.
        case stopped
    }

    let id: ID<SimulationRun>
    let outcome: Dunning.Simulation.Outcome
    let isStopping: @Sendable () -> Bool

    /// - Parameter outcome: whether a gateway takes a message to this address; it is supposed to.
    package init(
        _ id: ID<SimulationRun>, outcome: @escaping Dunning.Simulation.Outcome = { _ in true },
        isStopping: @escaping @Sendable () -> Bool = { false }
    ) {
        self.id = id
        self.outcome = outcome
        self.isStopping = isStopping
    }

    /// Runs on a database of role `recoup_bulk`. Throws ``PostgresError`` when it is to be taken up again.
    package func run(on database: Database, context: @Sendable () -> Context) async throws -> Outcome {
        let scope = Scope.tenant(context().tenant.uuid)
        let taken = try await database.write(as: scope) { [id] tx -> (Int, SimulationRecord)? in
            guard let run = try tx.takeSimulation(id), let record = try tx.simulation(id) else { return nil }
            return (run, record)
        }
        guard let (run, record) = taken else { return .ended(.done) }
        do {
            var progress = try Progress(record)
            let candidate = try SimulationCandidate(record)
            guard var tried = try await side(candidate, of: record, on: database, context()) else { return .stopped }
            var live: SimulationSide?
            if candidate != nil {
                live = try await side(nil, of: record, on: database, context())
                if live == nil { return .stopped }
            }
            while true {
                guard !isStopping() else { return .stopped }
                let customers = try await database.read(as: scope) { [last = progress.reached] tx in
                    try tx.owingCustomers(after: last, count: SimulationPortion.size)
                }
                guard !customers.isEmpty else { break }
                try await play(customers, of: record, run: run, &tried, &live, &progress, on: database, context())
            }
        } catch let rejection as Rejection {
            return try await end(.failed, run: run, problem: "\(rejection)", on: database, context())
        }
        return try await end(.done, run: run, problem: nil, on: database, context())
    }

    /// Where first contacts are limited, all who wait for one get their day before anybody is played. Nothing is kept of it: who
    /// takes the simulation up after a crash works it out again. `nil` when the worker is to stop.
    private func side(
        _ candidate: SimulationCandidate?, of record: SimulationRecord, on database: Database, _ context: Context
    ) async throws -> SimulationSide? {
        var side = SimulationSide(candidate)
        let scope = Scope.tenant(context.tenant.uuid)
        guard let perDay = try await database.read(as: scope, { tx in try tx.tenantRecord()?.firstContactsPerDay })
        else { return side }
        var waiting: [FirstContacts.Waiting] = []
        var last: ID<Customer>?
        while true {
            guard !isStopping() else { return nil }
            let customers = try await database.read(as: scope) { [last] tx in
                try tx.owingCustomers(after: last, count: SimulationPortion.size)
            }
            guard !customers.isEmpty else { break }
            waiting += try await SimulationPortion(record: record, customers: customers, side: side, outcome: outcome)
                .wanted(on: database, context)
            last = customers.last
        }
        let first = waiting.map(\.from).min() ?? Day(number: Int32(record.beginsAt.microseconds / 86_400_000_000))
        let contacts = try await database.read(as: scope) { tx in
            FirstContacts(
                perDay: perDay, taken: try tx.firstContactsTaken(since: first),
                sendDay: try tx.sendDays(now: record.beginsAt))
        }
        side.give(contacts, to: waiting)
        return side
    }

    private func play(
        _ customers: [ID<Customer>], of record: SimulationRecord, run: Int, _ side: inout SimulationSide,
        _ liveSide: inout SimulationSide?, _ progress: inout Progress, on database: Database, _ context: Context
    ) async throws {
        let tried = try await SimulationPortion(record: record, customers: customers, side: side, outcome: outcome)
            .run(on: database, context)
        side.firstContacts = tried.firstContacts
        if let inForce = liveSide {
            let live = try await SimulationPortion(
                record: record, customers: customers, side: inForce, outcome: outcome
            ).run(on: database, context)
            liveSide?.firstContacts = live.firstContacts
            progress.compare(tried, with: live)
        }
        progress.add(tried, upTo: customers)
        let rows = SimulationEventRows.rows(tried.events, customers: tried.customers)
        let (done, differing, sums, live) = (
            progress.customers, progress.differing, try Self.json(progress.sums), try progress.live.map(Self.json)
        )
        let isOurs = try await database.write(as: .tenant(context.tenant.uuid)) { [id] tx in
            guard
                try tx.reach(
                    customers[customers.count - 1], in: id, run: run, done: done, differing: differing, sums: sums,
                    liveSums: live)
            else { return false }
            try tx.insert(rows, of: id)
            return true
        }
        guard isOurs else { throw CancellationError() }
    }

    private func end(
        _ state: SimulationRecord.State, run: Int, problem: String?, on database: Database, _ context: Context
    ) async throws -> Outcome {
        try await database.write(as: .tenant(context.tenant.uuid)) { [id] tx in
            guard try tx.end(id, run: run, as: state, problem: problem, at: context.now) else { return }
            try tx.audit(context, action: "simulation.\(state.rawValue)", subject: id.uuid)
        }
        return .ended(state)
    }

    static func json(_ sums: SimulationSums) throws -> JSONText {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return JSONText(String(decoding: try encoder.encode(sums), as: UTF8.self))
    }

    /// What is known after some portions.
    private struct Progress {
        var reached: ID<Customer>?
        var customers: Int
        var differing: Int
        var sums: SimulationSums
        var live: SimulationSums?

        init(_ record: SimulationRecord) throws {
            reached = record.reached
            customers = record.customersDone
            differing = record.customersDiffering
            sums = try record.decodedSums()
            live = try record.decodedLiveSums()
        }

        mutating func add(_ outcome: SimulationPortion.Outcome, upTo customers: [ID<Customer>]) {
            reached = customers.last
            self.customers += customers.count
            sums.add(outcome.events)
        }

        mutating func compare(_ tried: SimulationPortion.Outcome, with live: SimulationPortion.Outcome) {
            var sums = self.live ?? SimulationSums()
            sums.add(live.events)
            self.live = sums
            let (new, old) = (Self.messages(tried.events), Self.messages(live.events))
            differing += Set(new.keys).union(old.keys).filter { new[$0] != old[$0] }.count
        }

        /// What each customer gets, on which days and at which stage.
        private static func messages(_ events: [SimulatedEvent]) -> [ID<Customer>: [String]] {
            var found: [ID<Customer>: [String]] = [:]
            for case .message(let message) in events where message.isAccepted {
                found[message.customer, default: []].append("\(message.day) \(message.channel) \(message.stage)")
            }
            return found
        }
    }
}

extension SimulationRecord {
    package func decodedSums() throws -> SimulationSums {
        try JSONDecoder().decode(SimulationSums.self, from: Data(sums.text.utf8))
    }

    package func decodedLiveSums() throws -> SimulationSums? {
        try liveSums.map { try JSONDecoder().decode(SimulationSums.self, from: Data($0.text.utf8)) }
    }
}
