import Curl
package import Foundation

/// HTTP to a program on this machine.
///
/// Over libcurl as the workers speak it: `URLSession` on Linux ends the whole process now and then when it looks for a task
/// that has just finished ("a task that in not in the registry", swift-corelibs-foundation 3505).
package enum Browser {
    package struct Answer: Sendable {
        package let status: Int
        /// By name in lower case.
        package let headers: [String: String]
        package let body: Data

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    private static let loop = Result { try HTTPLoop() }

    /// What the program answered; throws when it did not.
    package static func answer(
        _ method: String = "GET", port: Int, _ path: String, headers: [String: String] = [:], body: Data = Data(),
        isRepeatable: Bool = true
    ) async throws -> Answer {
        guard let method = HTTPRequest.Method(rawValue: method) else { throw Unhelpful("no method: \(method)") }
        let request = try HTTPRequest(
            method, at: "http://127.0.0.1:\(port)\(path)",
            headers: headers.map { HTTPRequest.Header($0.key, $0.value) }, body: Array(body),
            isRepeatable: isRepeatable, privateAllowed: true,
            limits: .init(whole: .seconds(60), answerBytes: 256 << 20))
        guard let exchange = await (try loop.get()).send(request), exchange.curlCode == .ok else {
            throw Unhelpful("no answer from \(path)")
        }
        return Answer(status: exchange.status, headers: exchange.headers, body: Data(exchange.answer))
    }
}
