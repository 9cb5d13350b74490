import Configuration
import Host
import Logging
import Operations
import Postgres
import SQL
import ServiceLifecycle

/// `recoup-metrics`: the operators' Prometheus endpoint: health of queue and delivery, and to those who show its token every
/// tenant's numbers. Names no customer, writes nothing.
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
            // Numbers of tenants are for those who show the token.
            let numbers = settings.token.map { _ in TenantNumbers(database: database, clock: clock, logger: logger) }
            let health = Health(
                ready: [
                    Health.Check("database") {
                        await queue.refresh() ? .ok : .failed("the database does not answer")
                    }
                ])
            let server = OperatorServer(
                host: settings.host, port: settings.port, setting: "METRICS_PORT", health: health, registry: registry,
                logger: logger, token: settings.token,
                refresh: {
                    process.refresh()
                    _ = await queue.refresh()
                },
                more: { query in
                    guard let numbers else { return query.isEmpty ? "" : nil }
                    return await numbers.text(query)
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
