import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

/// The least client that can ask an API over a real connection: one connection per request.
struct HTTPClient: Sendable {
    let port: Int

    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        /// The body as Foundation reads it: another parser than the one under test.
        var json: [String: Any] {
            get throws { try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] ?? [:] }
        }
    }

    func ask(
        _ method: String, _ path: String, key: String? = nil, body: [UInt8]? = nil, type: String? = "application/json",
        headers extra: [String: String] = [:]
    ) async throws -> Answer {
        var headers = HTTPHeaders([("Host", "localhost"), ("Connection", "close")])
        if let key { headers.add(name: "Authorization", value: "Bearer \(key)") }
        if let body {
            headers.add(name: "Content-Length", value: "\(body.count)")
            if let type { headers.add(name: "Content-Type", value: type) }
        }
        for (name, value) in extra { headers.add(name: name, value: value) }
        let head = HTTPRequestHead(version: .http1_1, method: .RAW(value: method), uri: path, headers: headers)
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        let answer = try await channel.executeThenClose { inbound, outbound in
            do {
                try await outbound.write(.head(head))
                if let body { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
                try await outbound.write(.end(nil))
            } catch {
                // A server that has made up its mind may answer and close before it has read everything; what it said
                // is there to be read all the same, and if it is not, reading fails.
            }
            return try await Self.answer(from: inbound)
        }
        // Whatever a test is about: no answer may be other than openapi.yaml says.
        let description = try Description.shared.get()
        if let operation = description.operation(method, at: path) {
            let differences = description.differences(answer, to: operation)
            #expect(differences == [], "\(method) \(path): \(answer.text.prefix(500))")
        }
        return answer
    }

    /// Sends a body of `count` zeros in pieces and stops as soon as the server has answered.
    func pour(_ count: Int, at path: String, key: String, type: String = "application/json", declared: Bool)
        async throws -> Answer
    {
        var headers = HTTPHeaders([
            ("Host", "localhost"), ("Content-Type", type), ("Authorization", "Bearer \(key)"),
        ])
        if declared {
            headers.add(name: "Content-Length", value: "\((count / 65_536 + 1) * 65_536)")
        } else {
            headers.add(name: "Transfer-Encoding", value: "chunked")
        }
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: path, headers: headers)
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: Answer?.self) { group in
                group.addTask {
                    let piece = ByteBuffer(repeating: UInt8(ascii: "0"), count: 65_536)
                    try await outbound.write(.head(head))
                    for _ in 0...(count / 65_536) {
                        if Task.isCancelled { return nil }
                        try await outbound.write(.body(.byteBuffer(piece)))
                    }
                    try await outbound.write(.end(nil))
                    return nil
                }
                group.addTask { try await Self.answer(from: inbound) }
                defer { group.cancelAll() }
                while let result = try await group.next() {
                    if let result { return result }
                }
                throw ChannelError.eof
            }
        }
    }

    private static func answer(
        from inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
    ) async throws -> Answer {
        var status = 0
        var headers: [String: String] = [:]
        var body: [UInt8] = []
        for try await part in inbound {
            switch part {
            case .head(let head):
                status = Int(head.status.code)
                for (name, value) in head.headers { headers[name.lowercased()] = value }
            case .body(let buffer): body += Array(buffer.readableBytesView)
            case .end: return Answer(status: status, headers: headers, body: body)
            }
        }
        throw ChannelError.eof
    }
}
