import Foundation
import Support
import Synchronization

/// A text-message gateway on loopback that answers each request as the test says and remembers all of them.
final class FakeGateway: Sendable {
    struct Request: Sendable {
        /// Counted over all connections, from 1.
        let number: Int
        /// Counted on its connection, from 1.
        let onConnection: Int
        let line: String
        let headers: [String: String]
        let body: String
    }

    enum Answer: Sendable {
        case reply(status: Int, body: String, headers: [String: String] = [:])
        case drop
        case wait(seconds: Double, status: Int)
    }

    private let peer: ScriptedPeer
    private let journal: Journal

    init(_ script: @escaping @Sendable (Request) -> Answer) {
        let journal = Journal()
        self.journal = journal
        peer = ScriptedPeer { line in
            for onConnection in 1... {
                guard let (head, body) = line.hearRequest() else { return }
                let request = journal.begin(head, body, onConnection)
                let answer = script(request)
                if case .wait(let seconds, _) = answer { line.wait(seconds) }
                journal.end()
                switch answer {
                case .drop: return
                case .reply(let status, let body, let headers):
                    line.answer("\(status) X", body, headers: headers.map { "\($0.key): \($0.value)" })
                case .wait(_, let status): line.answer("\(status) X", "{}")
                }
            }
        }
    }

    var port: Int { peer.port }
    var requests: [Request] { journal.state.withLock { $0.requests } }
    /// The most requests that were under way at a time.
    var mostAtOnce: Int { journal.state.withLock { $0.most } }
}

extension FakeGateway {
    private final class Journal: Sendable {
        let state = Mutex((requests: [Request](), now: 0, most: 0))

        func begin(_ head: [String], _ body: String, _ onConnection: Int) -> Request {
            var headers: [String: String] = [:]
            for line in head.dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { continue }
                headers[line[..<colon].lowercased()] =
                    line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            }
            return state.withLock { [headers] state in
                state.now += 1
                state.most = max(state.most, state.now)
                let request = Request(
                    number: state.requests.count + 1, onConnection: onConnection, line: head.first ?? "",
                    headers: headers, body: body)
                state.requests.append(request)
                return request
            }
        }

        func end() { state.withLock { $0.now -= 1 } }
    }
}
