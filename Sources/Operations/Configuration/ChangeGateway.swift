package import Dunning
package import Postgres
package import Store

/// Changes a gateway; open sessions of the older configuration end by themselves.
///
/// The stored password stays where it was meant to go: whoever changes server, user or TLS has to give it again, or a
/// key could be used to have the password sent somewhere else.
package struct ChangeGateway: Sendable {
    let gateway: ID<Gateway>
    let name: Change<String>
    let host: Change<String>
    let port: Change<Int>
    let tls: Change<GatewayRecord.Security>
    let username: Change<String?>
    let password: Change<String?>
    let ehloName: Change<String>
    let sessions: Change<Int>

    package init(
        _ gateway: ID<Gateway>, name: Change<String> = .keep, host: Change<String> = .keep, port: Change<Int> = .keep,
        tls: Change<GatewayRecord.Security> = .keep, username: Change<String?> = .keep,
        password: Change<String?> = .keep,
        ehloName: Change<String> = .keep, sessions: Change<Int> = .keep
    ) {
        self.gateway = gateway
        self.name = name
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
        guard let old = try tx.lockedGateway(gateway) else { throw Rejection.notFound("gateway") }
        let new = applied(to: old)
        let problems = self.problems(from: old, to: new, checks)
        guard problems.isEmpty else { throw Rejection.invalid(problems) }
        guard new != old || !password.isKept else { return old }
        try tx.update(new, at: context.now)
        if case .to(let password) = password {
            let place = SecretBox.Place.gatewayPassword(gateway, of: context.tenant)
            try tx.setPassword(of: gateway, sealed: try password.map { try secrets.seal($0, for: place) })
        }
        try tx.audit(
            context, action: "gateway.changed", subject: gateway.uuid,
            detail: [
                "name": new.name, "host": new.host, "port": "\(new.port)", "tls": new.tls.rawValue,
                "password": password.isKept ? "kept" : "replaced",
            ])
        guard let record = try tx.gateway(gateway) else { preconditionFailure("the gateway is locked") }
        return record
    }

    private func applied(to old: GatewayRecord) -> GatewayRecord {
        var new = old
        new.name = name.applied(to: old.name)
        new.host = host.applied(to: old.host)
        new.port = port.applied(to: old.port)
        new.tls = tls.applied(to: old.tls)
        new.username = username.applied(to: old.username)
        new.ehloName = ehloName.applied(to: old.ehloName)
        new.sessions = sessions.applied(to: old.sessions)
        return new
    }

    private func problems(from old: GatewayRecord, to new: GatewayRecord, _ checks: GatewayChecks) -> [FieldProblem] {
        let isElsewhere =
            (old.host, old.port, old.tls) != (new.host, new.port, new.tls) || old.username != new.username
        switch password {
        case .keep:
            guard !(isElsewhere && old.hasPassword) else {
                return [
                    FieldProblem(
                        pointer: "/password", code: "password_required",
                        detail: "must be given again when server, user name or TLS change")
                ]
            }
            return checks.problems(of: new, hasPassword: old.hasPassword)
        case .to(let password):
            return checks.problems(of: new, hasPassword: password != nil) + GatewayChecks.check(password: password)
        }
    }
}
