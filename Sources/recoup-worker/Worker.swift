import Configuration
import Dunning
import Foundation
import Gateways
import Host
import Logging
import Operations
import Postgres
import Queue
import SQL
import ServiceLifecycle

/// `recoup-worker`: plans, claims, delivers, records. Any number of them, side by side.
@main
enum Worker {
    static func main() async {
        await Program.run("recoup-worker") {
            let config = ConfigReader(provider: EnvironmentVariablesProvider())
            let host = try HostSettings(reading: config)
            let keys = try DatabaseKeys(reading: config)
            let settings = try WorkerSettings(reading: config)
            let secrets = try SecretsSettings(reading: config)
            let logger = LogWriter.start(program: "recoup-worker", host)

            let catalogue = try Catalogue(SQL.queries.map(\.text))
            let pools = Pools(keys: keys, catalogue: catalogue, logger: logger)
            let clock = Clock()
            let follower = ClockFollower(clock, logger: logger) { try await InstanceClock.offset(pools.dispatch) }
            try await follower.follow()
            let now = Instant(microseconds: clock.microseconds())
            if let hold = try await InstanceGuard.check(pools.dispatch, environment: host.environment, now: now) {
                logger.critical(
                    "the system is on hold; nothing is sent until `recoup doctor --adopt`",
                    metadata: ["reason": "\(hold)"])
            }

            let registry = Registry()
            let process = ProcessGauges(in: registry, clock: clock)
            let sandboxes = host.sandboxList.map(\.description)
            let world = WorkerWorld(
                work: pools.work, bulk: pools.bulk, dispatch: pools.dispatch,
                heartbeat: Heartbeat(
                    database: pools.pulse, host: ProcessInfo.processInfo.hostName, worker: UUID()),
                sessions: MailSessions(
                    processCap: settings.concurrency, allowedPrivate: [], sandboxes: sandboxes, logger: logger),
                texts: try TextWires(sandboxes: sandboxes, logger: logger), publicURL: host.publicURL,
                secrets: SecretBox(key: secrets.key.bytes), connections: keys[.worker].connections,
                messages: 2 * settings.concurrency, retention: settings.retentionDays, clock: clock,
                counters: WorkerCounters(in: registry), logger: logger)
            let health = Health(ready: [Health.Check("database") { await pools.isReachable() }])

            var services: [any Service] = [
                pools, Wires(sessions: world.sessions, texts: world.texts), follower, Pulse(world: world),
            ]
            if let port = settings.healthPort {
                services.append(
                    OperatorServer(
                        host: settings.healthHost, port: port, setting: "WORKER_HEALTH_PORT", health: health,
                        registry: registry, logger: logger, refresh: { process.refresh() }))
            }
            services += [Timekeeper(world: world), Dispatcher(world: world)] as [any Service]
            try await ServiceHost.run(services, health: health, stopLimit: host.stopLimit, logger: logger)
        }
    }
}

/// The worker's database pools, one login role each; the heartbeat has a connection of its own.
struct Pools: Service {
    let work: Database
    /// Imports: what takes long, takes no connection of what must not wait.
    let bulk: Database
    let dispatch: Database
    let pulse: Database

    init(keys: DatabaseKeys, catalogue: Catalogue, logger: Logger) {
        func pool(_ role: DatabaseRole, connections: Int? = nil, name: String) -> Database {
            let pool = keys[role]
            return Database(
                DatabaseSettings(
                    url: keys.url.revealed, user: pool.user, password: pool.password?.revealed,
                    connections: connections ?? pool.connections, waitLimit: keys.waitLimit,
                    applicationName: "recoup-worker \(name)", connectTimeout: keys.connectTimeout),
                catalogue: catalogue, logger: logger)
        }
        work = pool(.worker, name: "work")
        bulk = pool(.bulk, name: "bulk")
        dispatch = pool(.dispatch, name: "dispatch")
        pulse = pool(.dispatch, connections: 1, name: "pulse")
    }

    func isReachable() async -> HealthState {
        do {
            _ = try await InstanceClock.offset(dispatch)
            return .ok
        } catch {
            return .failed("the database does not answer")
        }
    }

    /// Listed first, stopped last: everything else has ended when the connections close.
    func run() async throws {
        try await gracefulShutdown()
        await pulse.stop()
        await dispatch.stop()
        await bulk.stop()
        await work.stop()
    }
}

/// The ways to mail relays and text gateways; stopped after the dispatcher has drained.
struct Wires: Service {
    let sessions: MailSessions
    let texts: TextWires

    func run() async throws {
        try await gracefulShutdown()
        async let mail: Void = sessions.stop(grace: .seconds(20))
        await texts.stop(grace: .seconds(20))
        await mail
    }
}
