import Foundation
import Support
import Testing

/// HTTP to the sandbox, as a tool would speak it.
struct Web: Sendable {
    let port: Int

    func get(_ path: String) async throws -> (status: Int, body: String) {
        let (status, data, _) = try await send("GET", path)
        return (status, String(decoding: data, as: UTF8.self))
    }

    func put(_ path: String, _ body: String) async throws -> (status: Int, body: String) {
        let (status, data, _) = try await send("PUT", path, Data(body.utf8))
        return (status, String(decoding: data, as: UTF8.self))
    }

    func delete(_ path: String) async throws -> Int {
        try await send("DELETE", path).status
    }

    func send(
        _ method: String, _ path: String, _ body: Data? = nil
    ) async throws -> (status: Int, data: Data, headers: [String: String]) {
        let answer = try await Browser.answer(method, port: port, path, body: body ?? Data())
        return (answer.status, answer.body, answer.headers)
    }

    /// A JSON answer, decoded.
    func json<Value: Decodable>(_ path: String, as _: Value.Type = Value.self) async throws -> Value {
        let (status, data, _) = try await send("GET", path)
        try #require(status == 200)
        return try JSONDecoder().decode(Value.self, from: data)
    }

    func journal(_ query: String = "") async throws -> [Entry] { try await json("/journal\(query)") }
    func stats() async throws -> Counts { try await json("/journal/stats") }
}

/// The journal's answer, written down a second time: a field that is renamed breaks tests here first.
struct Entry: Decodable, Sendable, Equatable {
    struct Header: Decodable, Sendable, Equatable {
        let name: String
        let value: String
    }

    struct Attachment: Decodable, Sendable, Equatable {
        let name: String?
        let type: String
        let size: Int
    }

    let seq: Int
    let outcome: String
    let stage: String
    let reply: String?
    let received_at: String?
    let accepted_at: String?
    let ended_at: String
    let connection: Int
    let auth_user: String?
    let from: String
    let to: [String]
    let subject: String?
    let message_id: String?
    let attempt: String?
    let size: Int
    let wire_size: Int
    let headers: [Header]?
    let text: String?
    let html: String?
    let attachments: [Attachment]?
}

struct Counts: Decodable, Sendable, Equatable {
    struct Connections: Decodable, Sendable, Equatable {
        let open: Int
        let total: Int
    }

    let accepted: Int
    let refused: Int
    let dropped: Int
    let waiting: Int
    let kept: Int
    let forgotten: Int
    let auths: Int
    let connections: Connections
}
