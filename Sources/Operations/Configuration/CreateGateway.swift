import Dunning
package import Gateways
package import Postgres
package import Store

/// Connects a tenant's account at a mail or text service and opens its lane.
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
    let text: NewText?

    /// What only a text gateway has.
    package struct NewText: Sendable {
        let preset: SMSPreset
        /// JSON; the preset's own when not given.
        let recipe: String?
        let sender: String
        let maxParts: Int
        let hookSecret: String?

        package init(
            preset: SMSPreset, recipe: String? = nil, sender: String, maxParts: Int = TextLint.usualParts,
            hookSecret: String? = nil
        ) {
            self.preset = preset
            self.recipe = recipe
            self.sender = sender
            self.maxParts = maxParts
            self.hookSecret = hookSecret
        }

        var stored: GatewayRecord.Text {
            GatewayRecord.Text(
                preset: preset.rawValue, recipe: Self.canonical(recipe) ?? preset.recipe.json, sender: sender,
                maxParts: maxParts, hasHookSecret: hookSecret != nil)
        }

        /// The form in which a sound recipe is stored; an unsound one stays as it is, to be refused with its mistakes.
        static func canonical(_ recipe: String?) -> String? {
            recipe.map { (try? SMSRecipe(json: $0))?.json ?? $0 }
        }
    }

    /// - Parameters:
    ///   - ehloName: what we call ourselves to the server; services behind a password do not look at it.
    ///   - sessions: connections open at most at a time, 1...64.
    package init(
        name: String, kind: GatewayRecord.Kind = .smtp, host: String, port: Int,
        tls: GatewayRecord.Security = .starttls,
        username: String? = nil, password: String? = nil, ehloName: String = "localhost", sessions: Int = 4,
        text: NewText? = nil
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
        self.text = text
    }

    package func run(
        in tx: inout Transaction, _ context: Context, checks: GatewayChecks, secrets: SecretBox
    ) throws -> GatewayRecord {
        let id = ID<Gateway>.make(at: context.now)
        let gateway = GatewayRecord(
            id: id, name: name, kind: kind, host: host, port: port, tls: tls, username: username,
            hasPassword: password != nil, ehloName: ehloName, sessions: sessions, text: text?.stored, at: context.now)
        let problems =
            checks.problems(of: gateway, hasPassword: password != nil) + GatewayChecks.check(password: password)
            + GatewayChecks.check(password: text?.hookSecret, at: "/hook_secret")
        guard problems.isEmpty else { throw Rejection.invalid(problems) }
        let sealed = try password.map { try secrets.seal($0, for: .gatewayPassword(id, of: context.tenant)) }
        let sealedHookSecret = try text?.hookSecret.map {
            try secrets.seal($0, for: .hookSecret(id, of: context.tenant))
        }
        try tx.insert(gateway, sealedPassword: sealed, sealedHookSecret: sealedHookSecret)
        try tx.audit(
            context, action: "gateway.created", subject: id.uuid,
            detail: ["name": name, "host": host, "port": "\(port)", "tls": tls.rawValue])
        return gateway
    }
}
