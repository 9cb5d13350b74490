import Configuration
import Host
import Logging
import Operations
import Postgres
import SQL
import ServiceLifecycle

/// `recoup-metrics`: the operators' Prometheus endpoint. Reads across tenants, names no customer, writes nothing.
@main
enum Metrics {
    static func main() async {
        await Program.run("recoup-metrics") {
            let config = ConfigReader(provider: EnvironmentVariablesProvider())
            let host = try HostSettings(reading: config)
            let keys = try DatabaseKeys(reading: config)
            let settings = try MetricsSettings(reading: config)
            let logger = LogWriter.start(program: "recoup-metrics", host)

            let pool = keys[.metrics]
            let database = Database(
                DatabaseSettings(
                    url: keys.url.revealed, user: pool.user, password: pool.password?.revealed,
                    connections: pool.connections, waitLimit: keys.waitLimit, applicationName: "recoup-metrics",
                    connectTimeout: keys.connectTimeout),
                catalogue: try Catalogue(SQL.queries.map(\.text)), logger: logger)
            let clock = Clock()
            let registry = Registry()
            let process = ProcessGauges(in: registry, clock: clock)
            let queue = QueueGauges(in: registry, database: database, clock: clock)
            let health = Health(
                ready: [
                    Health.Check("database") {
                        await queue.refresh() ? .ok : .failed("the database does not answer")
                    }
                ])
            let server = OperatorServer(
                host: settings.host, port: settings.port, setting: "METRICS_PORT", health: health, registry: registry,
                logger: logger,
                refresh: {
                    process.refresh()
                    _ = await queue.refresh()
                })
            try await ServiceHost.run(
                [Connections(database: database), server], health: health, stopLimit: host.stopLimit, logger: logger)
        }
    }
}

/// Keeps the pool open while anything may use it.
struct Connections: Service {
    let database: Database

    func run() async throws {
        try await gracefulShutdown()
        await database.stop()
    }
}
