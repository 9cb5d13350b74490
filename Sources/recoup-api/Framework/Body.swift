import HTTPTypes
import Hummingbird
import NIOCore

/// Bodies of requests, bounded while they arrive: what is too large is never in memory.
enum Body {
    static let jsonLimit = 1_048_576
    static let fileLimit = 10_485_760

    enum Problem: Error, Sendable, Hashable {
        case tooLarge(limit: Int)
        /// What would be taken instead.
        case wrongType(expected: String)
    }

    static func json(of request: Request) async throws -> [UInt8] {
        try await bytes(of: request, type: "application/json", upTo: jsonLimit)
    }

    static func csv(of request: Request) async throws -> [UInt8] {
        try await bytes(of: request, type: "text/csv", upTo: fileLimit)
    }

    private static func bytes(of request: Request, type: String, upTo limit: Int) async throws -> [UInt8] {
        // Parameters such as a charset follow a semicolon; JSON is UTF-8 whatever they say.
        let declared = (request.headers[.contentType] ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
        guard declared == type else { throw Problem.wrongType(expected: type) }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw Problem.tooLarge(limit: limit)
        }
        do {
            let buffer = try await request.body.collect(upTo: limit)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: limit)
        }
    }
}
