import Foundation
import Glibc
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

    let port: Int
    private let socket: Int32
    private let script: @Sendable (Request) -> Answer
    private let heard = Mutex<[Request]>([])
    private let open = Mutex((now: 0, most: 0))

    init(_ script: @escaping @Sendable (Request) -> Answer) {
        self.script = script
        let listener = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutableBytes(of: &address) { bytes in
            let raw = unsafe bytes.assumingMemoryBound(to: sockaddr.self).baseAddress!
            unsafe precondition(bind(listener, raw, size) == 0 && listen(listener, 128) == 0)
            unsafe getsockname(listener, raw, &size)
        }
        socket = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0, let self else { return }
                Thread.detachNewThread { self.serve(connection) }
            }
        }
    }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    var requests: [Request] { heard.withLock { $0 } }
    /// The most requests that were under way at a time.
    var mostAtOnce: Int { open.withLock { $0.most } }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var input = Data()
        for onConnection in 1... {
            guard let request = next(from: connection, &input, onConnection) else { return }
            open.withLock { open in
                open.now += 1
                open.most = max(open.most, open.now)
            }
            let answer = script(request)
            if case .wait(let seconds, _) = answer { Thread.sleep(forTimeInterval: seconds) }
            open.withLock { $0.now -= 1 }
            switch answer {
            case .drop: return
            case .reply(let status, let body, let headers): say(connection, status, body, headers)
            case .wait(_, let status): say(connection, status, "{}", [:])
            }
        }
    }

    private func next(from connection: Int32, _ input: inout Data, _ onConnection: Int) -> Request? {
        let blank = Data("\r\n\r\n".utf8)
        while input.range(of: blank) == nil {
            guard let more = read(connection) else { return nil }
            input.append(more)
        }
        guard let end = input.range(of: blank) else { return nil }
        let lines = String(decoding: input[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] =
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while input.distance(from: end.upperBound, to: input.endIndex) < length {
            guard let more = read(connection) else { return nil }
            input.append(more)
        }
        let body = input[end.upperBound...].prefix(length)
        let text = String(decoding: body, as: UTF8.self)
        input = Data(input[end.upperBound...].dropFirst(length))
        return heard.withLock { heard in
            let request = Request(
                number: heard.count + 1, onConnection: onConnection, line: lines[0], headers: headers, body: text)
            heard.append(request)
            return request
        }
    }

    private func read(_ connection: Int32) -> Data? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(connection, $0.baseAddress, $0.count, 0) }
        return count > 0 ? Data(buffer.prefix(count)) : nil
    }

    private func say(_ connection: Int32, _ status: Int, _ body: String, _ headers: [String: String]) {
        let more = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
        let bytes = Array("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\(more)\r\n\(body)".utf8)
        unsafe bytes.withUnsafeBytes { _ = unsafe send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
}
