import Dunning
import Host
import Logging
import Postgres
import SQL

/// The product's database pools over a throw-away server, inside the benchmark's own process.
struct BenchPools {
    let api: Database
    let work: Database
    let bulk: Database
    let dispatch: Database

    init(on server: ThrowawayServer, workers: Int) throws {
        let catalogue = try Catalogue(SQL.queries.map(\.text))
        func pool(_ role: DatabaseRole, _ connections: Int) -> Database {
            Database(
                DatabaseSettings(
                    url: server.url, user: role.user, connections: connections, waitLimit: .seconds(60),
                    applicationName: "recoup bench"),
                catalogue: catalogue, logger: Logger(label: "bench"))
        }
        (api, work) = (pool(.api, 2), pool(.worker, workers))
        (bulk, dispatch) = (pool(.bulk, 2), pool(.dispatch, 1))
    }

    func stop() async {
        for pool in [api, work, bulk, dispatch] { await pool.stop() }
    }
}
