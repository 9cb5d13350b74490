import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    /// Keys of tenants, made and ended by the platform.
    static let keys: [Route] = [
        .platform(.post, "/v1/tenants/{tenant_id}/keys") { call in
            let tenant = try call.id(Tenant.self, "tenant", at: "tenant_id")
            let create = try await call.body { try CreateKey(name: $0.line("name", upTo: 200)) }
            let (record, token) = try await call.write(in: tenant) { try create.run(in: &$0, $1) }
            return .created(NewKeyResponse(record, token))
        },
        .platform(.get, "/v1/tenants/{tenant_id}/keys", query: ["limit", "cursor"]) { call in
            let tenant = try call.id(Tenant.self, "tenant", at: "tenant_id")
            let page: Page<APIKey> = try call.query.page()
            let records = try await call.read(in: tenant) { tx in
                guard try tx.tenantRecord() != nil else { throw Rejection.notFound("tenant") }
                return try tx.apiKeys(page)
            }
            return .page(page, records, id: \.id, KeyResponse.init)
        },
        .platform(.delete, "/v1/tenants/{tenant_id}/keys/{key_id}") { call in
            let tenant = try call.id(Tenant.self, "tenant", at: "tenant_id")
            let revoke = RevokeKey(key: try call.id(APIKey.self, "key", at: "key_id"))
            return .ok(KeyResponse(try await call.write(in: tenant) { try revoke.run(in: &$0, $1) }))
        },
    ]
}

struct KeyResponse: Encodable, Sendable {
    let id: ID<APIKey>
    let name: String
    let createdAt: Instant
    @OrNull var revokedAt: Instant?

    init(_ record: APIKeyRecord) {
        id = record.id
        name = record.name
        createdAt = record.createdAt
        revokedAt = record.revokedAt
    }
}

/// The one answer that holds the whole key.
struct NewKeyResponse: Encodable, Sendable {
    let id: ID<APIKey>
    let name: String
    let createdAt: Instant
    let key: String

    init(_ record: APIKeyRecord, _ token: KeyToken) {
        id = record.id
        name = record.name
        createdAt = record.createdAt
        key = token.revealed
    }
}
