import Dunning
import Foundation
import HTTPTypes
import Hummingbird
import Operations
import Postgres
import Store

/// One request on its way through a handler: who asks, what for, and what to answer it with.
struct Call<Caller: Sendable>: Sendable {
    let caller: Caller
    let world: World
    let request: Request
    let context: APIContext
    /// Only parameters that the route knows.
    let query: QueryParameters
    /// The product's present, the same throughout the request.
    let now: Instant

    init(caller: Caller, world: World, request: Request, context: APIContext, query allowed: [String])
        throws(QueryError)
    {
        self.caller = caller
        self.world = world
        self.request = request
        self.context = context
        query = try QueryParameters(request.uri.query, allowed: Set(allowed))
        now = world.now
    }

    /// The id in the path; one that cannot be is absent like one that is not there.
    func id<Kind>(_ kind: Kind.Type, _ noun: String, at name: String = "id") throws(Rejection) -> ID<Kind> {
        guard let text = context.parameters.get(name), let id = ID<Kind>(text) else { throw .notFound(noun) }
        return id
    }

    /// Has the request answered, a list as it was asked for.
    func answered(_ handler: (Self) async throws -> Answer) async throws -> Response {
        // Before anything is done: a format that is not known is refused.
        let listing = try Listing(request, query)
        return try listing.response(await handler(self))
    }

    /// What a thing is called in the path by whoever sends it.
    func externalName(at name: String = "id") throws(Rejection) -> String {
        guard let text = context.parameters.get(name)?.removingPercentEncoding else { throw .notFound("name") }
        return text
    }

    /// Whose names these are: `source`, or the API's own.
    var source: String { query.text("source") ?? SourceName.api }

    /// Reads the body as JSON and makes something of it; throws with everything that is wrong with it.
    ///
    /// All members have to be read before anything is thrown: the others would count as unknown.
    func body<T>(_ read: (inout Fields) throws -> T) async throws -> T {
        let bytes = try await Body.json(of: request)
        return try Fields.read(try JSONParser.parse(bytes), read)
    }
}

extension Call where Caller == TenantKey {
    /// Who asks, for which tenant, and when, as operations want it.
    var operation: Operations.Context {
        Operations.Context(tenant: caller.tenant, actor: caller.actor, now: now)
    }

    /// Runs one transaction in the caller's tenant.
    func write<R: Sendable>(
        _ body: @escaping @Sendable (inout Transaction, Operations.Context) throws -> R
    ) async throws -> R {
        let operation = operation
        return try await world.database.write(as: .tenant(caller.tenant.uuid)) { tx in try body(&tx, operation) }
    }

    /// The same on the pool for long work.
    func writeBulk<R: Sendable>(
        _ body: @escaping @Sendable (inout Transaction, Operations.Context) throws -> R
    ) async throws -> R {
        let operation = operation
        return try await world.bulk.write(as: .tenant(caller.tenant.uuid)) { tx in try body(&tx, operation) }
    }

    func read<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
        try await world.database.read(as: .tenant(caller.tenant.uuid), body)
    }

    /// Reads one thing; what is absent, or somebody else's, is not found.
    func find<R: Sendable>(
        _ noun: String, _ body: @escaping @Sendable (inout Transaction) throws -> R?
    ) async throws -> R {
        guard let found = try await read(body) else { throw Rejection.notFound(noun) }
        return found
    }
}

extension Call where Caller == Platform {
    /// Runs one transaction in the tenant the platform works on.
    func write<R: Sendable>(
        in tenant: ID<Tenant>, _ body: @escaping @Sendable (inout Transaction, Operations.Context) throws -> R
    ) async throws -> R {
        let operation = Operations.Context(tenant: tenant, actor: "platform", now: now)
        return try await world.database.write(as: .tenant(tenant.uuid)) { tx in try body(&tx, operation) }
    }

    func read<R: Sendable>(
        in tenant: ID<Tenant>, _ body: @escaping @Sendable (inout Transaction) throws -> R
    ) async throws -> R {
        try await world.database.read(as: .tenant(tenant.uuid), body)
    }
}
