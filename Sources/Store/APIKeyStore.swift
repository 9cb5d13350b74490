package import Dunning
package import Postgres

/// A key as the platform sees it after it was shown once.
package struct APIKeyRecord: Sendable, Equatable {
    package let id: ID<APIKey>
    package let name: String
    package let createdAt: Instant
    package let revokedAt: Instant?

    init(_ row: Row) throws(PostgresError) {
        id = try row("api_key_id")
        name = try row("name")
        createdAt = try row("created_at")
        revokedAt = try row.optional("revoked_at")
    }
}

extension Transaction {
    /// - Parameter hash: SHA-256 of the secret.
    package mutating func insertAPIKey(
        _ id: ID<APIKey>, named name: String, hash: Bytes, at instant: Instant
    ) throws(PostgresError) {
        try must("api_key_insert", tenantID, id, name, hash, instant)
    }

    /// The hash a key's secret must have; `nil` for a key that does not exist or was revoked.
    package mutating func validHash(of id: ID<APIKey>) throws(PostgresError) -> Bytes? {
        guard let row = try first("api_key_secret", tenantID, id) else { return nil }
        let revoked: Instant? = try row.optional("revoked_at")
        return revoked == nil ? try row("secret_hash") : nil
    }

    package mutating func apiKey(_ id: ID<APIKey>) throws(PostgresError) -> APIKeyRecord? {
        try first("api_key_by_id", tenantID, id).map { row throws(PostgresError) in try APIKeyRecord(row) }
    }

    package mutating func apiKeys(_ page: Page<APIKey>) throws(PostgresError) -> [APIKeyRecord] {
        try rows("api_key_page", tenantID, page.before, page.count)
            .map { row throws(PostgresError) in try APIKeyRecord(row) }
    }

    /// Whether the key was valid until now.
    package mutating func revokeAPIKey(_ id: ID<APIKey>, at instant: Instant) throws(PostgresError) -> Bool {
        try run("api_key_revoke", tenantID, id, instant) > 0
    }
}
