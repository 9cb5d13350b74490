import Dunning
import Host
import Logging
import Operations
import Postgres
import ServiceLifecycle
import Support
import Testing

@testable import recoup_api

/// The API on a free port, over a database of its own, with one tenant.
struct RunningAPI: Sendable {
    static let platformKey = "platform-key-of-the-tests-000"
    static let secretKey = (0..<32).map { UInt8($0) }
    static let sandbox = Endpoint(host: "127.0.0.1", port: 2_525)

    let client: HTTPClient
    let database: TestDatabase
    let world: World
    /// Of the first tenant.
    let tenant: String
    let key: String

    /// Starts it, lends it, and takes everything down again.
    static func run(
        logger: Logger = TestServer.quiet, _ body: (RunningAPI) async throws -> Void
    ) async throws {
        let database = try await TestDatabase.create()
        let pools = [
            try database.pool("api", connections: 4), try database.pool("bulk"), try database.pool("dispatch"),
        ]
        let clock = Clock(offset: 0)
        let world = World(
            database: pools[0], bulk: pools[1], dispatch: pools[2], clock: clock, health: World.health(of: pools[0]),
            secrets: SecretBox(key: secretKey), platformKey: Secret(platformKey), sandboxes: [sandbox],
            publicURL: "https://recoup.test",
            description: APIDescription.text)
        let (ports, opened) = AsyncStream.makeStream(of: Int.self)
        let server = PublicServer(
            world: world, host: "127.0.0.1", port: 0,
            logger: logger
        ) { opened.yield($0) }
        let group = ServiceGroup(services: [server], logger: TestServer.quiet)
        let running = Task { try await group.run() }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        let result: Result<Void, any Error>
        do {
            let client = HTTPClient(port: port)
            let (tenant, key) = try await newTenant(client)
            try await body(RunningAPI(client: client, database: database, world: world, tenant: tenant, key: key))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        _ = await running.result
        try await database.drop()
        try result.get()
    }

    static func newTenant(_ client: HTTPClient) async throws -> (tenant: String, key: String) {
        let tenant = try await client.ask(
            "POST", "/v1/tenants", key: platformKey, body: Array(#"{"name": "Acme"}"#.utf8))
        let id = try #require(tenant.json["id"] as? String, "\(tenant.text)")
        let key = try await client.ask(
            "POST", "/v1/tenants/\(id)/keys", key: platformKey, body: Array(#"{"name": "first"}"#.utf8))
        return (id, try #require(key.json["key"] as? String, "\(key.text)"))
    }

    // MARK: Asking as the tenant

    func get(_ path: String) async throws -> HTTPClient.Answer {
        try await client.ask("GET", path, key: key)
    }

    /// The product's present.
    var clock: Clock { world.clock }

    func send(_ method: String, _ path: String, _ json: String) async throws -> HTTPClient.Answer {
        try await client.ask(method, path, key: key, body: Array(json.utf8))
    }

    func post(_ path: String, _ json: String) async throws -> HTTPClient.Answer {
        try await send("POST", path, json)
    }

    /// Posts and expects a new thing; its id.
    func create(_ path: String, _ json: String, sourceLocation: SourceLocation = #_sourceLocation) async throws
        -> String
    {
        let answer = try await post(path, json)
        #expect(answer.status == 201, "\(answer.text)", sourceLocation: sourceLocation)
        return try #require(answer.json["id"] as? String, sourceLocation: sourceLocation)
    }
}

extension HTTPClient.Answer {
    /// Expects a problem of this status that names this code at this place.
    func expect(
        _ status: Int, _ code: String, at pointer: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(self.status == status, "\(text)", sourceLocation: sourceLocation)
        #expect(headers["content-type"] == "application/problem+json", sourceLocation: sourceLocation)
        let json = try json
        #expect(json["status"] as? Int == status, sourceLocation: sourceLocation)
        #expect((json["type"] as? String)?.hasPrefix("urn:recoup:problem:") == true, sourceLocation: sourceLocation)
        #expect((json["title"] as? String)?.isEmpty == false, sourceLocation: sourceLocation)
        guard let pointer else {
            #expect(json["code"] as? String == code, "\(text)", sourceLocation: sourceLocation)
            return
        }
        let errors = json["errors"] as? [[String: String]] ?? []
        let isNamed = errors.contains {
            $0["pointer"] == pointer && $0["code"] == code && $0["detail"]?.isEmpty == false
        }
        #expect(isNamed, "no \(code) at \(pointer) in \(text)", sourceLocation: sourceLocation)
    }
}

extension RunningAPI {
    /// The same API as the holder of another key sees it.
    func with(key: String) -> RunningAPI {
        RunningAPI(client: client, database: database, world: world, tenant: tenant, key: key)
    }

    /// How many rows a tenant has in all tables together.
    func count(of tenant: String) async throws -> Int {
        let id = try #require(ID<Tenant>(tenant)).uuid
        let tables = try await database.admin(
            """
            select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
            where n.nspname in ('public', 'q') and c.relkind = 'r'
            """
        ).compactMap(\.first)
        #expect(tables.count > 25)
        let sums = tables.compactMap { $0 }.map { "(select count(*) from \($0) where tenant_id = '\(id)')" }
        return try await database.number("select " + sums.joined(separator: " + "))
    }
}
