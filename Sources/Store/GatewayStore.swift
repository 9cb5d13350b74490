package import Dunning
package import Postgres

/// A tenant's account at a delivery service, as people see it: of the password only whether there is one.
package struct GatewayRecord: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable, PostgresValue {
        case smtp
        /// Text messages over HTTP.
        case sms
    }

    /// What only a text gateway has.
    package struct Text: Sendable, Equatable {
        /// The recipe it began with.
        package var preset: String
        /// How it is talked to, as JSON.
        package var recipe: String
        /// The number or name that recipients see.
        package var sender: String
        /// Parts of a message at most.
        package var maxParts: Int
        package let hasHookSecret: Bool
        /// Requests under its address that did not prove to come from it.
        package let refusedHooks: Int

        package init(
            preset: String, recipe: String, sender: String, maxParts: Int, hasHookSecret: Bool, refusedHooks: Int = 0
        ) {
            self.preset = preset
            self.recipe = recipe
            self.sender = sender
            self.maxParts = maxParts
            self.hasHookSecret = hasHookSecret
            self.refusedHooks = refusedHooks
        }
    }

    /// How the connection is secured.
    package enum Security: String, Sendable, CaseIterable, PostgresValue {
        /// Plain at first, then TLS or nothing; never without.
        case starttls
        /// TLS from the first byte.
        case implicit
        /// Only for gateways the operator lists as a sandbox.
        case none
    }

    package let id: ID<Gateway>
    package var name: String
    package let kind: Kind
    package var host: String
    package var port: Int
    package var tls: Security
    package var username: String?
    package let hasPassword: Bool
    /// What we call ourselves to the server.
    package var ehloName: String
    /// Connections open at most at a time.
    package var sessions: Int
    /// `nil` for mail.
    package var text: Text?
    /// Grows with each change.
    package let version: Int
    package let createdAt: Instant
    package let updatedAt: Instant

    init(_ row: Row) throws(PostgresError) {
        id = try row("gateway_id")
        name = try row("name")
        kind = try row("kind")
        host = try row("host")
        port = try row("port")
        tls = try row("tls")
        username = try row.optional("username")
        hasPassword = try row("has_password")
        ehloName = try row("ehlo_name")
        sessions = try row("sessions")
        if let recipe = try row.optional("recipe") as String? {
            text = Text(
                preset: try row.optional("preset") ?? "generic", recipe: recipe,
                sender: try row.optional("sender") ?? "", maxParts: try row.optional("max_parts") ?? 1,
                hasHookSecret: try row("has_hook_secret"), refusedHooks: try row("refused_hooks"))
        } else {
            text = nil
        }
        version = try row("version")
        createdAt = try row("created_at")
        updatedAt = try row("updated_at")
    }

    /// A gateway that is not stored yet.
    package init(
        id: ID<Gateway>, name: String, kind: Kind, host: String, port: Int, tls: Security, username: String?,
        hasPassword: Bool, ehloName: String, sessions: Int, text: Text? = nil, at instant: Instant
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.host = host
        self.port = port
        self.tls = tls
        self.username = username
        self.hasPassword = hasPassword
        self.ehloName = ehloName
        self.sessions = sessions
        self.text = text
        version = 1
        createdAt = instant
        updatedAt = instant
    }
}

extension Transaction {
    /// Stores a gateway and opens its lane in the queue.
    package mutating func insert(_ gateway: GatewayRecord, sealedPassword: Bytes?, sealedHookSecret: Bytes? = nil)
        throws(PostgresError)
    {
        try must(
            "gateway_insert", tenantID, gateway.id, gateway.name, gateway.kind, gateway.host, gateway.port,
            gateway.tls, gateway.username, sealedPassword, gateway.ehloName, gateway.sessions, gateway.createdAt,
            gateway.text?.preset, gateway.text?.recipe, gateway.text?.sender, gateway.text?.maxParts, sealedHookSecret)
        try openLane(gateway.kind == .sms ? .sms(gateway.id) : .mail(gateway.id))
    }

    package mutating func gateway(_ id: ID<Gateway>) throws(PostgresError) -> GatewayRecord? {
        try first("gateway_by_id", tenantID, id).map { row throws(PostgresError) in try GatewayRecord(row) }
    }

    package mutating func gateways(_ page: Page<Gateway>) throws(PostgresError) -> [GatewayRecord] {
        try rows("gateway_page", tenantID, page.before, page.count)
            .map { row throws(PostgresError) in try GatewayRecord(row) }
    }

    /// The gateway, and nobody else changes it until this transaction ends.
    package mutating func lockedGateway(_ id: ID<Gateway>) throws(PostgresError) -> GatewayRecord? {
        guard try first("gateway_lock", tenantID, id) != nil else { return nil }
        return try gateway(id)
    }

    /// Writes all but the password.
    package mutating func update(_ gateway: GatewayRecord, at instant: Instant) throws(PostgresError) {
        try must(
            "gateway_update", tenantID, gateway.id, gateway.name, gateway.host, gateway.port, gateway.tls,
            gateway.username, gateway.ehloName, gateway.sessions, instant, gateway.text?.recipe,
            gateway.text?.sender, gateway.text?.maxParts)
    }

    package mutating func setPassword(of id: ID<Gateway>, sealed: Bytes?) throws(PostgresError) {
        try must("gateway_set_password", tenantID, id, sealed)
    }

    package mutating func setHookSecret(of id: ID<Gateway>, sealed: Bytes?) throws(PostgresError) {
        try must("gateway_set_hook_secret", tenantID, id, sealed)
    }
}

/// A queue of its own: one for each gateway, and one for a tenant's internal jobs.
package enum NewLane: Sendable {
    case mail(ID<Gateway>)
    case sms(ID<Gateway>)
    case internalJobs
}

extension Transaction {
    /// A gateway's lane carries its id, the internal one that of its tenant.
    package mutating func openLane(_ lane: NewLane) throws(PostgresError) {
        switch lane {
        case .mail(let gateway): try must("lane_open", tenantID, gateway, "mail")
        case .sms(let gateway): try must("lane_open", tenantID, gateway, "sms")
        case .internalJobs: try must("lane_open", tenantID, tenantID, "internal")
        }
    }
}

/// How reports of a text gateway are read and proven; secrets are still sealed.
package struct HookAccess: Sendable {
    package let recipe: String
    package let sealedPassword: Bytes?
    package let sealedHookSecret: Bytes?
}

extension Transaction {
    /// Nil for a gateway that is absent, or is none for text messages.
    package mutating func hookAccess(_ gateway: ID<Gateway>) throws(PostgresError) -> HookAccess? {
        guard let row = try first("gateway_hooks", tenantID, gateway),
            let recipe = try row.optional("recipe") as String?
        else { return nil }
        return HookAccess(
            recipe: recipe, sealedPassword: try row.optional("password_sealed"),
            sealedHookSecret: try row.optional("hook_secret_sealed"))
    }

    package mutating func refuseHook(of gateway: ID<Gateway>) throws(PostgresError) {
        try run("gateway_refuse_hook", tenantID, gateway)
    }
}
