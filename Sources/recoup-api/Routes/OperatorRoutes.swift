import HTTPTypes
import Host
import Hummingbird
import NIOCore
import Postgres
import Store

extension Route {
    /// For whoever runs the process.
    static let health: [Route] = [
        .anybody(.get, "/health/live") { call in
            try HealthResponse(await call.world.health.live()).response()
        },
        .anybody(.get, "/health/ready") { call in
            let report = await call.world.health.ready()
            // A system on hold serves its people: they have to see why nothing is sent.
            let hold = report.isOK ? try await call.world.holdReason() : nil
            return try HealthResponse(report, hold: hold).response()
        },
    ]

    static let description: [Route] = [
        .anybody(.get, "/openapi.yaml") { call in
            var headers = HTTPFields()
            headers[.contentType] = "application/yaml"
            headers[.cacheControl] = "max-age=300"
            return Response(
                status: .ok, headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(string: call.world.description)))
        }
    ]
}

extension World {
    /// Why the instance sends nothing; `nil` when it is not on hold.
    fileprivate func holdReason() async throws -> String? {
        try await database.read(as: .none) { try $0.holdReason() }
    }

    /// Ready means: the database answers.
    static func health(of database: Database) -> Health {
        Health(ready: [
            Health.Check("database") {
                do {
                    _ = try await database.read(as: .none) { try $0.holdReason() }
                    return .ok
                } catch let error as PostgresError {
                    return .failed(error.label)
                } catch {
                    return .failed("\(type(of: error))")
                }
            }
        ])
    }
}

private struct HealthResponse: Encodable {
    let status: String
    let checks: [String: String]
    @OrNull var hold: String?
    private let isOK: Bool

    private enum CodingKeys: CodingKey {
        case status, checks, hold
    }

    init(_ report: HealthReport, hold: String? = nil) {
        isOK = report.isOK
        status = !report.isOK ? "failed" : hold == nil ? "ok" : "hold"
        checks = report.checks.mapValues { state in
            switch state {
            case .ok: "ok"
            case .failed(let reason): "failed: \(reason)"
            }
        }
        self.hold = hold
    }

    func response() throws -> Response {
        try Answer.response(isOK ? .ok : .serviceUnavailable, type: "application/json", self)
    }
}
