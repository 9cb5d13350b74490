import Configuration
import Dunning
import Host
import Logging
import Operations
import Postgres
import SQL
import ServiceLifecycle

/// The JSON API: settings, pools, the world of the handlers, and the services that run until the program is told to
/// stop.
@main
struct RecoupAPI {
    static func main() async {
        await Program.run("recoup-api") {
            let setup = try APISetup(reading: ConfigReader(provider: EnvironmentVariablesProvider()))
            let logger = LogWriter.start(program: "recoup-api", setup.host)
            let pools = try Pools(setup.database, logger: logger)
            let world = World(setup, pools)
            let clock = ClockFollower(world.clock, logger: logger) { try await InstanceClock.offset(pools.dispatch) }
            await lookAround(world, clock, environment: setup.host.environment, logger: logger)
            let server = PublicServer(world: world, host: setup.api.host, port: setup.api.port, logger: logger)
            try await ServiceHost.run(
                [pools, clock, server], health: world.health, stopLimit: setup.host.stopLimit, logger: logger)
        }
    }

    /// What time it is, and whether this is the database it says it is. A database that is away does not keep the API
    /// from starting: it answers 503 until then, and the worker asks both again before anything is sent.
    private static func lookAround(
        _ world: World, _ clock: ClockFollower, environment: String, logger: Logger
    ) async {
        do {
            try await clock.follow()
            let hold = try await InstanceGuard.check(world.dispatch, environment: environment, now: world.now)
            if let hold { logger.warning("the instance is on hold", metadata: ["reason": "\(hold)"]) }
        } catch {
            logger.warning("the database cannot be read yet", metadata: ["cause": "\(Problem.cause(of: error))"])
        }
    }
}
