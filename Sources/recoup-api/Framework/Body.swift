import HTTPTypes
import Hummingbird
import NIOCore

/// Bodies of requests, bounded while they arrive: what is too large is never in memory.
enum Body {
    static let jsonLimit = 1_048_576

    enum Problem: Error, Sendable, Hashable {
        case tooLarge(limit: Int)
        /// What would be taken instead.
        case wrongType(expected: String)
    }

    static func json(of request: Request) async throws -> [UInt8] {
        try await bytes(of: request, type: "application/json", upTo: jsonLimit)
    }

    /// A document in YAML, of which JSON is a part.
    static func yaml(of request: Request) async throws -> [UInt8] {
        let declared = (request.headers[.contentType] ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
        guard yamlTypes.contains(declared) else {
            throw Problem.wrongType(expected: yamlTypes.joined(separator: ", "))
        }
        return try await bytes(of: request, upTo: jsonLimit)
    }

    private static let yamlTypes = ["application/yaml", "text/yaml", "application/x-yaml", "application/json"]

    /// A file as it comes, to be kept piece by piece. What is inside decides, not the header; but what is no file at all,
    /// or packed in a way nobody here unpacks, is refused.
    static func file(of request: Request) throws -> AsyncMapSequence<RequestBody, ByteBufferView> {
        let declared = (request.headers[.contentType] ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
        guard fileTypes.contains(declared) else {
            throw Problem.wrongType(expected: fileTypes.joined(separator: ", "))
        }
        let packed = (request.headers[.contentEncoding] ?? "identity").lowercased()
        guard ["identity", "gzip", "x-gzip"].contains(packed) else {
            throw Problem.wrongType(expected: "gzip, or as it is")
        }
        return request.body.map(\.readableBytesView)
    }

    private static let fileTypes = [
        "text/csv", "application/x-ndjson", "application/ndjson", "application/gzip", "application/octet-stream",
    ]

    private static func bytes(of request: Request, type: String, upTo limit: Int) async throws -> [UInt8] {
        // Parameters such as a charset follow a semicolon; JSON is UTF-8 whatever they say.
        let declared = (request.headers[.contentType] ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
        guard declared == type else { throw Problem.wrongType(expected: type) }
        return try await bytes(of: request, upTo: limit)
    }

    /// The body whatever it is called.
    static func bytes(of request: Request, upTo limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        var seen = 0
        // What is too large is read on and thrown away, up to a point: a client that sends before it listens would
        // otherwise never come to hear that it was too much.
        for try await part in request.body {
            seen += part.readableBytes
            if seen <= limit {
                bytes += part.readableBytesView
            } else {
                bytes = []
                if seen > patience { break }
            }
        }
        guard seen <= limit else { throw Problem.tooLarge(limit: limit) }
        return bytes
    }

    /// Bytes read of a body that is too large before the connection is left to itself.
    private static let patience = 256 * 1_048_576
}
