import Dunning
import Gateways
import HTTPTypes
import Operations
import Store

extension Route {
    static let gateways: [Route] = [
        .tenant(.post, "/v1/gateways") { call in
            let create = try await call.body { $0.newGateway() }
            let (checks, secrets) = (call.world.gatewayChecks, call.world.secrets)
            let record = try await call.write { try create.run(in: &$0, $1, checks: checks, secrets: secrets) }
            return .created(try call.response(record))
        },
        .tenant(.get, "/v1/gateways", query: ["limit", "cursor"]) { call in
            let page: Page<Gateway> = try call.query.page()
            return .page(page, try await call.read { try $0.gateways(page) }, id: \.id) { GatewayResponse($0) }
        },
        .tenant(.get, "/v1/gateways/{id}") { call in
            let id = try call.id(Gateway.self, "gateway")
            return .ok(try call.response(try await call.find("gateway") { try $0.gateway(id) }))
        },
        .tenant(.patch, "/v1/gateways/{id}") { call in
            let id = try call.id(Gateway.self, "gateway")
            let change = try await call.body { $0.gatewayChange(id) }
            let (checks, secrets) = (call.world.gatewayChecks, call.world.secrets)
            let record = try await call.write { try change.run(in: &$0, $1, checks: checks, secrets: secrets) }
            return .ok(try call.response(record))
        },
    ]
}

extension Call where Caller == TenantKey {
    /// One gateway with everything a person needs to connect it.
    fileprivate func response(_ record: GatewayRecord) throws -> GatewayResponse {
        var response = GatewayResponse(record)
        guard let text = record.text else { return response }
        let token = HookToken(tenant: caller.tenant, gateway: record.id, secrets: world.secrets)
        response.recipe = JSONBody(value: try JSONParser.parse(Array(text.recipe.utf8)))
        response.receiptUrl = token.url(.receipt, base: world.publicURL)
        response.inboundUrl = token.url(.inbound, base: world.publicURL)
        return response
    }
}

extension Fields {
    fileprivate mutating func newGateway() -> CreateGateway {
        let kind: GatewayRecord.Kind = choice(optional: "kind") ?? .smtp
        let preset: SMSPreset = choice(optional: "preset") ?? .generic
        let text: CreateGateway.NewText? =
            kind == .sms
            ? CreateGateway.NewText(
                preset: preset, recipe: json(optional: "recipe"), sender: line("sender", upTo: 40),
                maxParts: int(optional: "max_parts", in: 1...10) ?? TextLint.usualParts,
                hookSecret: line(optional: "hook_secret", upTo: 1_000)) : nil
        // A service with one address for everybody need not be told its own.
        let host = kind == .sms ? line(optional: "host", upTo: 253) ?? preset.host : nil
        let port = kind == .sms ? int(optional: "port", in: 1...65_535) ?? 443 : nil
        return CreateGateway(
            name: line("name", upTo: 200), kind: kind, host: host ?? line("host", upTo: 253),
            port: port ?? int("port", in: 1...65_535),
            tls: choice(optional: "tls") ?? (kind == .sms ? .implicit : .starttls),
            username: line(optional: "username", upTo: 320), password: line(optional: "password", upTo: 1_000),
            ehloName: line(optional: "ehlo_name", upTo: 253) ?? "localhost",
            sessions: int(optional: "sessions", in: 1...64) ?? 4, text: text)
    }

    fileprivate mutating func gatewayChange(_ id: ID<Gateway>) -> ChangeGateway {
        ChangeGateway(
            id,
            name: change("name") { $0.line($1, upTo: 200) },
            host: change("host") { $0.line($1, upTo: 253) },
            port: change("port") { $0.int($1, in: 1...65_535) },
            tls: change("tls") { $0.choice($1) },
            username: change("username") { $0.line(optional: $1, upTo: 320) },
            password: change("password") { $0.line(optional: $1, upTo: 1_000) },
            ehloName: change("ehlo_name") { $0.line($1, upTo: 253) },
            sessions: change("sessions") { $0.int($1, in: 1...64) },
            sender: change("sender") { $0.line($1, upTo: 40) },
            maxParts: change("max_parts") { $0.int($1, in: 1...10) },
            recipe: change("recipe") { $0.json($1) },
            hookSecret: change("hook_secret") { $0.line(optional: $1, upTo: 1_000) })
    }
}

struct GatewayResponse: Encodable, Sendable {
    /// All that is ever told of a secret.
    struct Hidden: Encodable, Sendable {
        let set: Bool
    }

    let id: ID<Gateway>
    let name: String
    let kind: String
    let host: String
    let port: Int
    let tls: String
    @OrNull var username: String?
    let password: Hidden
    let ehloName: String
    let sessions: Int
    @OrNull var preset: String?
    @OrNull var sender: String?
    @OrNull var maxParts: Int?
    let hookSecret: Hidden
    let refusedHooks: Int
    /// Only where one gateway is shown.
    var recipe: JSONBody?
    var receiptUrl: String?
    var inboundUrl: String?
    let version: Int
    let createdAt: Instant
    let updatedAt: Instant

    init(_ record: GatewayRecord) {
        id = record.id
        name = record.name
        kind = record.kind.rawValue
        host = record.host
        port = record.port
        tls = record.tls.rawValue
        username = record.username
        password = Hidden(set: record.hasPassword)
        ehloName = record.ehloName
        sessions = record.sessions
        preset = record.text?.preset
        sender = record.text?.sender
        maxParts = record.text?.maxParts
        hookSecret = Hidden(set: record.text?.hasHookSecret ?? false)
        refusedHooks = record.text?.refusedHooks ?? 0
        version = record.version
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }
}
