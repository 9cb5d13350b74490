import HTTPTypes
import Hummingbird
import Logging

/// One line of the route table: what it answers to, and to whom.
struct Route: Sendable {
    enum Access: String, Sendable {
        case anybody, platform, tenant
    }

    let method: HTTPRequest.Method
    /// As in openapi.yaml: `/v1/brands/{id}`.
    let path: String
    /// The parameters of the query it knows; any other is refused.
    let query: [String]
    let access: Access
    let respond: @Sendable (Request, APIContext, World) async throws -> Response

    /// Answers without a key.
    static func anybody(
        _ method: HTTPRequest.Method, _ path: String, query: [String] = [],
        _ handler: @escaping @Sendable (Call<Anybody>) async throws -> Response
    ) -> Route {
        Route(method: method, path: path, query: query, access: .anybody) { request, context, world in
            try await handler(
                try Call(caller: Anybody(), world: world, request: request, context: context, query: query))
        }
    }

    /// Answers to the platform's key.
    static func platform(
        _ method: HTTPRequest.Method, _ path: String, query: [String] = [],
        _ handler: @escaping @Sendable (Call<Platform>) async throws -> Answer
    ) -> Route {
        let query = listQuery(query, method)
        return Route(method: method, path: path, query: query, access: .platform) { request, context, world in
            let caller = try await Door(world: world).platform(request, context)
            let call = try Call(caller: caller, world: world, request: request, context: context, query: query)
            return try await call.answered(handler)
        }
    }

    /// Answers to a tenant's key, within that tenant.
    static func tenant(
        _ method: HTTPRequest.Method, _ path: String, query: [String] = [],
        _ handler: @escaping @Sendable (Call<TenantKey>) async throws -> Answer
    ) -> Route {
        let query = listQuery(query, method)
        return Route(method: method, path: path, query: query, access: .tenant) { request, context, world in
            let caller = try await Door(world: world).tenant(request, context)
            let call = try Call(caller: caller, world: world, request: request, context: context, query: query)
            return try await call.answered(handler)
        }
    }

    /// The same with an answer that is no JSON.
    static func tenantText(
        _ method: HTTPRequest.Method, _ path: String, query: [String] = [],
        _ handler: @escaping @Sendable (Call<TenantKey>) async throws -> Response
    ) -> Route {
        Route(method: method, path: path, query: query, access: .tenant) { request, context, world in
            let caller = try await Door(world: world).tenant(request, context)
            return try await handler(
                try Call(caller: caller, world: world, request: request, context: context, query: query))
        }
    }

    /// What can be listed page by page can be had as a file, too.
    private static func listQuery(_ query: [String], _ method: HTTPRequest.Method) -> [String] {
        method == .get && query.contains("limit") ? query + ["format"] : query
    }

    /// Whether it answers a list.
    var isList: Bool { method == .get && query.contains("format") }

    /// Every route of the API.
    static let table: [Route] = [
        health, description, hooks, tenants, keys, queue, killSwitch, sending, ownTenant, calendars, gateways, brands,
        templates, workflows, workflowDocuments, catalogue, caseEvents, segments, assignment, customers, contacts,
        invoices, payments, creditNotes, postings, agreements, paymentPlans, sources, holds, tasks, people, agencies,
        imports, importMappings, activation, simulations, messages, explanations, events, dataQuality, insight,
        exchangeRates,
    ].flatMap { $0 }

    /// The methods that a path knows, to tell a wrong method from a wrong address.
    static func methods(at path: String) -> [HTTPRequest.Method] {
        let asked = path.split(separator: "/", omittingEmptySubsequences: false)
        return table.filter { route in
            let known = route.path.split(separator: "/", omittingEmptySubsequences: false)
            return known.count == asked.count
                && zip(known, asked).allSatisfy { $0.hasPrefix("{") ? !$1.isEmpty : $0 == $1 }
        }.map(\.method)
    }

    static func router(_ world: World, logger: Logger) -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        router.add(middleware: Frame(logger: logger))
        for route in table {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await route.respond(request, context, world)
            }
        }
        return router
    }
}
