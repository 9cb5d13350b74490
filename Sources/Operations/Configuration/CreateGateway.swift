import Dunning
package import Postgres
package import Store

/// Connects a tenant's account at a mail service and opens its lane.
package struct CreateGateway: Sendable {
    let name: String
    let kind: GatewayRecord.Kind
    let host: String
    let port: Int
    let tls: GatewayRecord.Security
    let username: String?
    let password: String?
    let ehloName: String
    let sessions: Int

    /// - Parameters:
    ///   - ehloName: what we call ourselves to the server; services behind a password do not look at it.
    ///   - sessions: connections open at most at a time, 1...64.
    package init(
        name: String, kind: GatewayRecord.Kind = .smtp, host: String, port: Int,
        tls: GatewayRecord.Security = .starttls,
        username: String? = nil, password: String? = nil, ehloName: String = "localhost", sessions: Int = 4
    ) {
        self.name = name
        self.kind = kind
        self.host = host
        self.port = port
        self.tls = tls
        self.username = username
        self.password = password
        self.ehloName = ehloName
        self.sessions = sessions
    }

    package func run(
        in tx: inout Transaction, _ context: Context, checks: GatewayChecks, secrets: SecretBox
    ) throws -> GatewayRecord {
        let id = ID<Gateway>.make(at: context.now)
        let gateway = GatewayRecord(
            id: id, name: name, kind: kind, host: host, port: port, tls: tls, username: username,
            hasPassword: password != nil, ehloName: ehloName, sessions: sessions, at: context.now)
        let problems =
            checks.problems(of: gateway, hasPassword: password != nil) + GatewayChecks.check(password: password)
        guard problems.isEmpty else { throw Rejection.invalid(problems) }
        let sealed = try password.map { try secrets.seal($0, for: .gatewayPassword(id, of: context.tenant)) }
        try tx.insert(gateway, sealedPassword: sealed)
        try tx.audit(
            context, action: "gateway.created", subject: id.uuid,
            detail: ["name": name, "host": host, "port": "\(port)", "tls": tls.rawValue])
        return gateway
    }
}
