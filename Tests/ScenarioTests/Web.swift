import Foundation
import Support

/// JSON over HTTP to a program on this machine.
struct Web: Sendable {
    let port: Int

    struct Answer: Sendable {
        let status: Int
        let retryAfter: String?
        let body: Data

        var text: String { String(decoding: body, as: UTF8.self) }

        /// The body of a success.
        func read<Value: Decodable>(_: Value.Type = Value.self) throws -> Value {
            guard (200..<300).contains(status) else { throw Unhelpful("\(status): \(text)") }
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Value.self, from: body)
        }
    }

    func ask(_ method: String, _ path: String, key: String? = nil, _ json: String? = nil) async throws -> Answer {
        var headers: [String: String] = [:]
        if let key { headers["Authorization"] = "Bearer \(key)" }
        if json != nil { headers["Content-Type"] = "application/json" }
        let answer = try await Browser.answer(
            method, port: port, path, headers: headers, body: json.map { Data($0.utf8) } ?? Data())
        return Answer(
            status: answer.status, retryAfter: answer.headers["retry-after"], body: answer.body)
    }
}

/// What most answers hold.
struct Made: Decodable, Sendable {
    let id: String
}

struct Page<Item: Decodable & Sendable>: Decodable, Sendable {
    let data: [Item]
    let nextCursor: String?
}

struct Amount: Decodable, Sendable {
    let amount: String
    let currency: String

    /// Minor units of a currency with two digits.
    var cents: Int {
        get throws {
            guard let cents = Int(amount.filter { $0 != "." }) else { throw Unhelpful("no amount: \(amount)") }
            return cents
        }
    }
}

/// A mail as the pretend relay's journal tells of it.
struct Mail: Decodable, Sendable {
    let outcome: String
    let to: [String]
    let subject: String?
    let attempt: String?
    let text: String?

    var recipient: String { to.first ?? "" }
}
