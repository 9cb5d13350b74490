import Foundation
import FoundationNetworking
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

    /// One session for all, since each has threads of its own.
    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 30
        configuration.httpMaximumConnectionsPerHost = 16
        return URLSession(configuration: configuration)
    }()

    func ask(_ method: String, _ path: String, key: String? = nil, _ json: String? = nil) async throws -> Answer {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw Unhelpful("no address: \(path)") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
        if let json {
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            request.httpBody = Data(json.utf8)
        }
        let sent = request
        // A task of its own, never cancelled: URLSession can trap when a cancellation meets an answer.
        let (data, response) = try await Task { try await Self.session.data(for: sent) }.value
        guard let answer = response as? HTTPURLResponse else { throw Unhelpful("no HTTP answer from \(path)") }
        return Answer(
            status: answer.statusCode, retryAfter: answer.value(forHTTPHeaderField: "Retry-After"), body: data)
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
