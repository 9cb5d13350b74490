package import Dunning
import Gateways
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
    let sender: Change<String>
    let maxParts: Change<Int>
    let recipe: Change<String>
    let hookSecret: Change<String?>

    package init(
        _ gateway: ID<Gateway>, name: Change<String> = .keep, host: Change<String> = .keep, port: Change<Int> = .keep,
        tls: Change<GatewayRecord.Security> = .keep, username: Change<String?> = .keep,
        password: Change<String?> = .keep,
        ehloName: Change<String> = .keep, sessions: Change<Int> = .keep, sender: Change<String> = .keep,
        maxParts: Change<Int> = .keep, recipe: Change<String> = .keep, hookSecret: Change<String?> = .keep
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
        self.sender = sender
        self.maxParts = maxParts
        self.recipe = recipe
        self.hookSecret = hookSecret
    }

    package func run(
        in tx: inout Transaction, _ context: Context, checks: GatewayChecks, secrets: SecretBox
    ) throws -> GatewayRecord {
        guard let old = try tx.lockedGateway(gateway) else { throw Rejection.notFound("gateway") }
        let new = applied(to: old)
        let problems = self.problems(from: old, to: new, checks)
        guard problems.isEmpty else { throw Rejection.invalid(problems) }
        guard new != old || !password.isKept || !hookSecret.isKept else { return old }
        try tx.update(new, at: context.now)
        if case .to(let password) = password {
            let place = SecretBox.Place.gatewayPassword(gateway, of: context.tenant)
            try tx.setPassword(of: gateway, sealed: try password.map { try secrets.seal($0, for: place) })
        }
        if case .to(let secret) = hookSecret {
            let place = SecretBox.Place.hookSecret(gateway, of: context.tenant)
            try tx.setHookSecret(of: gateway, sealed: try secret.map { try secrets.seal($0, for: place) })
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
        if let text = old.text {
            new.text?.sender = sender.applied(to: text.sender)
            new.text?.maxParts = maxParts.applied(to: text.maxParts)
            if case .to(let json) = recipe {
                new.text?.recipe = CreateGateway.NewText.canonical(json) ?? text.recipe
                new.text?.preset = SMSPreset.generic.rawValue
            }
        }
        return new
    }

    private func problems(from old: GatewayRecord, to new: GatewayRecord, _ checks: GatewayChecks) -> [FieldProblem] {
        var problems = textProblems(old)
        let isElsewhere =
            (old.host, old.port, old.tls) != (new.host, new.port, new.tls) || old.username != new.username
            || old.text?.recipe != new.text?.recipe
        switch password {
        case .keep:
            guard !(isElsewhere && old.hasPassword) else {
                return [
                    FieldProblem(
                        pointer: "/password", code: "password_required",
                        detail: "must be given again when server, user name, TLS or recipe change")
                ]
            }
            problems += checks.problems(of: new, hasPassword: old.hasPassword)
        case .to(let password):
            problems += checks.problems(of: new, hasPassword: password != nil) + GatewayChecks.check(password: password)
        }
        return problems
    }

    /// Mail gateways have none of what only text gateways have.
    private func textProblems(_ old: GatewayRecord) -> [FieldProblem] {
        if old.text == nil {
            let asked = [
                ("sender", sender.isKept), ("max_parts", maxParts.isKept), ("recipe", recipe.isKept),
                ("hook_secret", hookSecret.isKept),
            ]
            return asked.filter { !$0.1 }.map {
                FieldProblem(pointer: "/\($0.0)", code: "wrong_kind", detail: "only a gateway of kind sms has it")
            }
        }
        guard case .to(let secret) = hookSecret else { return [] }
        return GatewayChecks.check(password: secret, at: "/hook_secret")
    }
}
