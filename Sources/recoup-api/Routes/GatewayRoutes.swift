import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let gateways: [Route] = [
        .tenant(.post, "/v1/gateways") { call in
            let create = try await call.body { fields in
                CreateGateway(
                    name: fields.line("name", upTo: 200), kind: fields.choice(optional: "kind") ?? .smtp,
                    host: fields.line("host", upTo: 253), port: fields.int("port", in: 1...65_535),
                    tls: fields.choice(optional: "tls") ?? .starttls,
                    username: fields.line(optional: "username", upTo: 320),
                    password: fields.line(optional: "password", upTo: 1_000),
                    ehloName: fields.line(optional: "ehlo_name", upTo: 253) ?? "localhost",
                    sessions: fields.int(optional: "sessions", in: 1...64) ?? 4)
            }
            let (checks, secrets) = (call.world.gatewayChecks, call.world.secrets)
            let record = try await call.write { try create.run(in: &$0, $1, checks: checks, secrets: secrets) }
            return .created(GatewayResponse(record))
        },
        .tenant(.get, "/v1/gateways", query: ["limit", "cursor"]) { call in
            let page: Page<Gateway> = try call.query.page()
            return .page(page, try await call.read { try $0.gateways(page) }, id: \.id, GatewayResponse.init)
        },
        .tenant(.get, "/v1/gateways/{id}") { call in
            let id = try call.id(Gateway.self, "gateway")
            return .ok(GatewayResponse(try await call.find("gateway") { try $0.gateway(id) }))
        },
        .tenant(.patch, "/v1/gateways/{id}") { call in
            let id = try call.id(Gateway.self, "gateway")
            let change = try await call.body { fields in
                ChangeGateway(
                    id,
                    name: fields.change("name") { $0.line($1, upTo: 200) },
                    host: fields.change("host") { $0.line($1, upTo: 253) },
                    port: fields.change("port") { $0.int($1, in: 1...65_535) },
                    tls: fields.change("tls") { $0.choice($1) },
                    username: fields.change("username") { $0.line(optional: $1, upTo: 320) },
                    password: fields.change("password") { $0.line(optional: $1, upTo: 1_000) },
                    ehloName: fields.change("ehlo_name") { $0.line($1, upTo: 253) },
                    sessions: fields.change("sessions") { $0.int($1, in: 1...64) })
            }
            let (checks, secrets) = (call.world.gatewayChecks, call.world.secrets)
            let record = try await call.write { try change.run(in: &$0, $1, checks: checks, secrets: secrets) }
            return .ok(GatewayResponse(record))
        },
    ]
}

struct GatewayResponse: Encodable, Sendable {
    /// All that is ever told of a password.
    struct Password: Encodable, Sendable {
        let set: Bool
    }

    let id: ID<Gateway>
    let name: String
    let kind: String
    let host: String
    let port: Int
    let tls: String
    @OrNull var username: String?
    let password: Password
    let ehloName: String
    let sessions: Int
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
        password = Password(set: record.hasPassword)
        ehloName = record.ehloName
        sessions = record.sessions
        version = record.version
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }
}
