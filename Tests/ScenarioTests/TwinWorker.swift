import Dunning
import Foundation
import Gateways
import Host
import Logging
import Operations
import Postgres
import Queue
import SQL
import Store
import Support

@testable import recoup_worker

/// The worker's own loops inside the test process, so that a part of them can be exchanged for a broken one.
final class TwinWorker: Sendable {
    private let databases: [Database]
    private let running: Task<Void, Never>

    static func start(
        in world: World, gate: @escaping ArmBatch.Gatekeeper = { Gate.verdict(for: $0, given: $1, now: $2) },
        recordTries: Int = .max
    ) async throws -> TwinWorker {
        let work = try database(.worker, of: world, connections: 6)
        let bulk = try database(.bulk, of: world, connections: 2)
        let dispatch = try database(.dispatch, of: world)
        let pulse = try database(.dispatch, of: world)
        let twin = WorkerWorld(
            work: work, bulk: bulk, dispatch: dispatch,
            heartbeat: Heartbeat(database: pulse, host: "twin", worker: UUID()),
            sessions: MailSessions(
                processCap: 8, allowedPrivate: [], sandboxes: ["127.0.0.1:\(world.ports.smtp)"],
                logger: TestServer.quiet),
            texts: try TextWires(sandboxes: ["127.0.0.1:\(world.ports.http)"], logger: TestServer.quiet),
            publicURL: "http://127.0.0.1:\(world.ports.api)",
            secrets: SecretBox(key: World.secretsKey), connections: 6,
            clock: Clock(offset: try await InstanceClock.offset(dispatch)),
            counters: WorkerCounters(in: Registry()), logger: TestServer.quiet, gate: gate, recordTries: recordTries)
        return TwinWorker(twin, databases: [pulse, dispatch, bulk, work])
    }

    static func database(_ role: DatabaseRole, of world: World, connections: Int = 1) throws -> Database {
        Database(
            DatabaseSettings(
                url: world.pooler?.url ?? world.url, user: role.user, password: world.pooler?.password,
                connections: connections, applicationName: "recoup-worker twin"),
            catalogue: try Catalogue(SQL.queries.map(\.text)), logger: TestServer.quiet)
    }

    private init(_ world: WorkerWorld, databases: [Database]) {
        self.databases = databases
        running = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await Dispatcher(world: world).run() }
                group.addTask { await Pulse(world: world).run() }
                group.addTask { await Timekeeper(world: world).run() }
                await group.waitForAll()
                await world.sessions.stop(grace: .seconds(2))
                await world.texts.stop(grace: .seconds(2))
            }
        }
    }

    func stop() async {
        running.cancel()
        await running.value
        for database in databases { await database.stop() }
    }
}

extension World {
    /// Runs the broken twin beside `body`, and stops it whatever happens.
    func withTwin<R>(_ twin: TwinWorker, _ body: () async throws -> R) async throws -> R {
        let result: Result<R, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        await twin.stop()
        return try result.get()
    }
}
