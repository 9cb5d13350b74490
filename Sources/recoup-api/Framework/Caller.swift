import Dunning
import HTTPTypes
import Host
import Hummingbird
import Operations
import Postgres

/// Anybody: health and the description of the API.
struct Anybody: Sendable {}

/// The operator of the platform.
struct Platform: Sendable {}

/// Holder of a tenant's key.
struct TenantKey: Sendable {
    let tenant: ID<Tenant>
    let key: ID<APIKey>

    /// As the audit trail names it.
    var actor: String { "key:\(key)" }
}

/// Why somebody is not let in.
enum Refusal: Error, Sendable, Hashable {
    /// No key, or one that opens nothing (401).
    case unknown
    /// A good key of the other kind (403).
    case wrongKind(needed: String)
}

/// Looks at the key of a request and says who asks.
struct Door: Sendable {
    private enum Presented {
        case platform
        case tenant(KeyToken)
        case nothing
    }

    let world: World

    func platform(_ request: Request, _ context: APIContext) async throws -> Platform {
        switch presented(in: request) {
        case .platform:
            context.admitted.caller = "platform"
            return Platform()
        case .tenant(let token):
            guard try await isValid(token) else { throw Refusal.unknown }
            throw Refusal.wrongKind(needed: "the platform's key")
        case .nothing: throw Refusal.unknown
        }
    }

    func tenant(_ request: Request, _ context: APIContext) async throws -> TenantKey {
        switch presented(in: request) {
        case .platform: throw Refusal.wrongKind(needed: "a tenant's key")
        case .tenant(let token):
            guard try await isValid(token) else { throw Refusal.unknown }
            let caller = TenantKey(tenant: token.tenant, key: token.key)
            context.admitted.caller = caller.actor
            return caller
        case .nothing: throw Refusal.unknown
        }
    }

    private func isValid(_ token: KeyToken) async throws -> Bool {
        try await world.database.read(as: .tenant(token.tenant.uuid)) { tx in
            try Authenticate(token).run(in: &tx)
        }
    }

    /// A key counts in the Authorization header alone: addresses end up in logs.
    private func presented(in request: Request) -> Presented {
        guard let header = request.headers[.authorization] else { return .nothing }
        let words = header.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return .nothing }
        let key = String(words[1])
        if let token = KeyToken(key) { return .tenant(token) }
        return Authenticate.areEqual(key, world.platformKey.revealed) ? .platform : .nothing
    }
}
