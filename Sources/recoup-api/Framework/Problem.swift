import Dunning
import HTTPTypes
import Hummingbird
import NIOCore
import Operations
import Postgres

/// A refusal as clients see it (RFC 9457): the one place where errors become answers. SQL and its messages never leave
/// here.
struct Problem: Sendable {
    let status: Int
    /// Stable; `type` is made of it.
    let code: String
    let detail: String
    var errors: [FieldProblem] = []
    var headers: HTTPFields = [:]
    /// What to confirm instead, where a confirmation was out of date.
    var preview: ActivationResponse?

    init(_ error: any Error, for request: Request) {
        self =
            switch error {
            case let rejection as Rejection: Problem(rejection)
            case let refusal as Refusal: Problem(refusal)
            case HookRefused.forged: Problem(status: 403, "forged", "The request does not prove where it comes from.")
            case HookRefused.unreadable:
                Problem(status: 422, "unreadable", "The request is not what this gateway's recipe says it sends.")
            case let error as JSONError: Problem(error)
            case let error as QueryError: Problem(error)
            case let problem as Body.Problem: Problem(problem)
            case let error as ReceiveImport.TooLarge: Problem(Body.Problem.tooLarge(limit: error.limit))
            case let error as PostgresError: Problem(error)
            case let error as HTTPError: Problem(error, for: request)
            case let changed as PreviewChanged: Problem(changed)
            default: .ours
            }
    }

    private init(
        status: Int, _ code: String, _ detail: String, _ errors: [FieldProblem] = [], headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = headers
    }

    /// A fault of ours: the log knows more, under the id of the request.
    private static let ours = Problem(status: 500, "internal", "Something went wrong on our side.")

    private init(_ rejection: Rejection) {
        switch rejection {
        case .invalid(let problems):
            self.init(status: 422, "invalid", "The request holds values that cannot be accepted.", problems)
        case .notFound(let noun):
            self.init(status: 404, "not_found", "There is no such \(noun).")
        case .conflict(let noun, let identifier):
            self.init(
                status: 409, "conflict", "There is another \(noun) with the identifier \(identifier) and other content."
            )
        case .forbiddenByState(let code, let detail):
            self.init(status: 409, code, detail)
        }
    }

    private init(_ refusal: Refusal) {
        switch refusal {
        case .unknown:
            self.init(
                status: 401, "unauthorized", "Send a valid key as: Authorization: Bearer …",
                headers: [.wwwAuthenticate: "Bearer"])
        case .wrongKind(let needed):
            self.init(status: 403, "wrong_kind_of_key", "This takes \(needed).")
        }
    }

    private init(_ error: JSONError) {
        self.init(
            status: 400, "malformed_json", "The body is not the JSON it should be.",
            [FieldProblem(pointer: error.pointer, code: error.code.rawValue, detail: error.detail)])
    }

    private init(_ error: QueryError) {
        self.init(
            status: 400, error.code, "The parameter \(error.parameter) \(error.detail).",
            [FieldProblem(pointer: "?\(error.parameter)", code: error.code, detail: error.detail)])
    }

    private init(_ problem: Body.Problem) {
        switch problem {
        case .tooLarge(let limit):
            self.init(
                status: 413, "too_large", "The body may have at most \(limit) bytes.", headers: [.connection: "close"])
        case .wrongType(let expected):
            self.init(status: 415, "unsupported_media_type", "Send the body as \(expected).")
        }
    }

    private init(_ changed: PreviewChanged) {
        self.init(
            status: 409, "preview_changed",
            "The numbers are not those that were confirmed; look again and confirm these.")
        preview = ActivationResponse(
            changed.proposal.preview, changed.proposal.simulation, status: "preview")
    }

    private init(_ error: HTTPError, for request: Request) {
        switch error.status {
        case .notFound:
            let methods = Route.methods(at: request.uri.path).map(\.rawValue).sorted().joined(separator: ", ")
            if methods.isEmpty {
                self.init(status: 404, "no_such_route", "There is nothing at this address.")
            } else {
                self.init(
                    status: 405, "method_not_allowed", "This address takes \(methods).", headers: [.allow: methods])
            }
        default:
            self = error.status.code >= 500 ? .ours : Problem(status: error.status.code, "bad_request", "Bad request.")
        }
    }

    private init(_ error: PostgresError) {
        switch error.kind {
        case .connect, .connectionLost, .stopped, .cancelled:
            self = .unavailable(
                "database_unavailable", "The database cannot be reached; nothing was changed. Try again.")
        case .lostAtCommit:
            self = .unavailable(
                "outcome_unknown",
                "The database was lost while it saved this; it may be saved. Ask again, or send it again.")
        case .busy:
            self = .unavailable("busy", "Too much is asked at once; nothing was changed. Try again.")
        case .server:
            self = Self.refused(error)
        case .decoding, .noRow, .manyRows, .unknownQuery:
            self = .ours
        }
    }

    private static func refused(_ error: PostgresError) -> Problem {
        if let constraint = error.constraint, let violation = ConstraintViolation.known[constraint] {
            return Problem(
                status: violation.status, violation.code, violation.detail,
                [FieldProblem(pointer: violation.pointer, code: violation.code, detail: violation.detail)])
        }
        switch error.sqlState ?? "" {
        case "55P03", "40001", "40P01":
            return .unavailable("busy", "Others are changing the same; nothing was changed. Try again.")
        case "57014":
            return .unavailable("took_too_long", "This took too long and was given up; nothing was changed.")
        case let state where state.hasPrefix("53") || state.hasPrefix("57P"):
            return .unavailable("database_unavailable", "The database is not ready; nothing was changed. Try again.")
        default: return .ours
        }
    }

    private static func unavailable(_ code: String, _ detail: String) -> Problem {
        Problem(status: 503, code, detail, headers: [.retryAfter: "2"])
    }

    /// What the log says about an error: bounded, without values of anybody's rows.
    static func cause(of error: any Error) -> String {
        guard let error = error as? PostgresError else { return "\(type(of: error))" }
        return [error.label, error.query, error.constraint, error.sqlState].compactMap { $0 }.joined(separator: " ")
    }
}

extension Problem {
    private struct Document: Encodable {
        struct Field: Encodable {
            let pointer: String
            let code: String
            let detail: String
        }

        let type: String
        let title: String
        let status: Int
        let code: String
        let detail: String
        let instance: String
        let errors: [Field]?
        let preview: ActivationResponse?
    }

    /// The code as a person would write it; the same for all problems of a type (RFC 9457 section 3.1.4).
    private var title: String {
        let words = code.replacing("_", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    func response(requestID: String) -> Response {
        let document = Document(
            type: "urn:recoup:problem:\(code)", title: title, status: status, code: code, detail: detail,
            instance: "urn:recoup:request:\(requestID)",
            errors: errors.isEmpty
                ? nil : errors.map { .init(pointer: $0.pointer, code: $0.code, detail: $0.detail) },
            preview: preview)
        do {
            return try Answer.response(
                HTTPResponse.Status(code: status), type: "application/problem+json", document, headers: headers)
        } catch {
            // Nothing in the document can fail to encode; an empty answer is still better than none.
            return Response(status: HTTPResponse.Status(code: status), headers: headers)
        }
    }
}
