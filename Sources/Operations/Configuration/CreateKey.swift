package import Dunning
package import Postgres
package import Store

/// Makes a key for a tenant; its secret is answered once and kept only as a hash.
package struct CreateKey: Sendable {
    let name: String

    package init(name: String) throws(Rejection) {
        try TextRule.line(upTo: 200).check(name, at: "/name")
        self.name = name
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> (record: APIKeyRecord, token: KeyToken) {
        guard try tx.tenantRecord() != nil else { throw Rejection.notFound("tenant") }
        var generator = SystemRandomNumberGenerator()
        let token = KeyToken(tenant: context.tenant, key: .make(at: context.now), using: &generator)
        try tx.insertAPIKey(token.key, named: name, hash: token.hash, at: context.now)
        try tx.audit(context, action: "api_key.created", subject: token.key.uuid, detail: ["name": name])
        guard let record = try tx.apiKey(token.key) else { preconditionFailure("the key was inserted above") }
        return (record, token)
    }
}
