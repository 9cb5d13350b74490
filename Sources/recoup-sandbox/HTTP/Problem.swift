import Foundation
import HTTPTypes
import Hummingbird

/// A request that cannot be served, with the field that is wrong where there is one.
struct Problem: HTTPResponseError, Equatable {
    let status: HTTPResponse.Status
    /// Path of the field, as in `[2].code`, or the name of a query parameter.
    let field: String?
    let message: String

    static func badRequest(_ message: String, field: String? = nil) -> Problem {
        Problem(status: .badRequest, field: field, message: message)
    }

    static func notFound(_ message: String) -> Problem {
        Problem(status: .notFound, field: nil, message: message)
    }

    init(status: HTTPResponse.Status, field: String?, message: String) {
        self.status = status
        self.field = field
        self.message = message
    }

    /// Says what a JSON decoder found wrong, and where.
    init(reading error: any Error) {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            self = .badRequest("is needed", field: Self.path(context.codingPath + [key]))
        case DecodingError.typeMismatch(let type, let context):
            self = .badRequest("must be \(Self.name(of: type))", field: Self.path(context.codingPath))
        case DecodingError.valueNotFound(let type, let context):
            self = .badRequest("must be \(Self.name(of: type)), not null", field: Self.path(context.codingPath))
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            self = .badRequest(context.debugDescription, field: Self.path(context.codingPath))
        default:
            self = .badRequest("the body is not JSON")
        }
    }

    /// `nil` when the whole body is meant.
    private static func path(_ keys: [any CodingKey]) -> String? {
        guard !keys.isEmpty else { return nil }
        return keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "text"
        case is Int.Type: "a whole number"
        case is Bool.Type: "true or false"
        case is [Any].Type: "a list"
        default: "an object"
        }
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        try .json(Body(error: message, field: field), status: status)
    }

    private struct Body: Encodable {
        let error: String
        let field: String?

        enum Key: CodingKey { case error, field }

        func encode(to encoder: any Encoder) throws {
            var all = encoder.container(keyedBy: Key.self)
            try all.encode(error, forKey: .error)
            try all.encode(field, forKey: .field)
        }
    }
}
