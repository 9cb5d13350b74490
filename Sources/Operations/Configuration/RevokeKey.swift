package import Dunning
package import Postgres
package import Store

/// Ends a key at once; ending it again changes nothing.
package struct RevokeKey: Sendable {
    let key: ID<APIKey>

    package init(key: ID<APIKey>) {
        self.key = key
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> APIKeyRecord {
        let wasValid = try tx.revokeAPIKey(key, at: context.now)
        guard let record = try tx.apiKey(key) else { throw Rejection.notFound("key") }
        if wasValid {
            try tx.audit(context, action: "api_key.revoked", subject: key.uuid, detail: ["name": record.name])
        }
        return record
    }
}
