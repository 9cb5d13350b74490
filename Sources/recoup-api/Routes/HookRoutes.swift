import Dunning
import Gateways
import HTTPTypes
import Hummingbird
import Operations
import Postgres

/// What gateways send us, under addresses that say whose they are. They have no key; their signature is looked at instead.
extension Route {
    static let hooks: [Route] = [
        .anybody(.post, "/in/sms/{token}/receipt", query: [SMSRecipe.refParameter]) { try await $0.hook(.receipt) },
        .anybody(.post, "/in/sms/{token}/inbound") { try await $0.hook(.inbound) },
    ]
}

extension Call where Caller == Anybody {
    private static var longest: Int { 65_536 }

    fileprivate func hook(_ kind: HookToken.Kind) async throws -> Response {
        guard let text = context.parameters.get("token"), let token = HookToken(text, secrets: world.secrets) else {
            throw Rejection.notFound("gateway")
        }
        let body = try await Body.bytes(of: request, upTo: Self.longest)
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        // The address as the gateway was told it: what stands before us may have another name for this machine.
        let query = request.uri.query.map { "?\($0)" } ?? ""
        let hook = TextHook(url: token.url(kind, base: world.publicURL) + query, headers: headers, body: body)
        let take = GatewayHooks(token.gateway, hook, secrets: world.secrets)
        let operation = Operations.Context(tenant: token.tenant, actor: "gateway:\(token.gateway)", now: now)
        let result = try await world.database.write(as: .tenant(token.tenant.uuid)) { tx in
            try take.run(kind, in: &tx, operation)
        }
        switch result {
        case .taken, .repeated: return Response(status: .noContent)
        case .refused(.unknown): throw Rejection.notFound("gateway")
        case .refused(.forged): throw HookRefused.forged
        case .refused(.unreadable): throw HookRefused.unreadable
        }
    }
}

/// A request of a gateway that was not taken.
enum HookRefused: Error, Sendable, Hashable {
    case forged
    case unreadable
}
