import Foundation
import Glibc
import Synchronization

/// A server on loopback that does to each connection what the test says, on a thread of its own.
package final class ScriptedPeer: Sendable {
    package let port: Int
    private let socket: Int32
    private let heard = Mutex<[[String]]>([])

    package init(_ script: @escaping @Sendable (Line) -> Void) {
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
                serve(connection, script)
            }
        }
    }

    private func serve(_ connection: Int32, _ script: @escaping @Sendable (Line) -> Void) {
        let number = heard.withLock { heard in
            heard.append([])
            return heard.count - 1
        }
        Thread.detachNewThread { [self] in
            let line = Line(connection, number: number) { text in
                self.heard.withLock { $0[number].append(text) }
            }
            script(line)
            line.close()
        }
    }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    /// The lines each connection sent so far.
    package var lines: [[String]] { heard.withLock { $0 } }
}

/// One connection, seen from the server's side.
package final class Line {
    /// Counts the connections of its server, from 0.
    package let number: Int
    private let socket: Int32
    private let record: (String) -> Void
    private var input: [UInt8] = []
    private var isOpen = true

    init(_ socket: Int32, number: Int, record: @escaping (String) -> Void) {
        self.socket = socket
        self.number = number
        self.record = record
    }

    package func say(_ text: String, end: String = "\r\n") {
        let bytes = Array((text + end).utf8)
        unsafe bytes.withUnsafeBytes { _ = unsafe send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// The next line without its end; nil when the client is gone.
    package func hear() -> String? {
        while true {
            if let end = input.firstIndex(of: 0x0A) {
                let text = String(decoding: input[..<end], as: UTF8.self).trimmingCharacters(in: ["\r"])
                input.removeSubrange(...end)
                record(text)
                return text
            }
            guard fill() else { return nil }
        }
    }

    /// So many bytes as text; nil when the client goes before.
    package func hear(bytes count: Int) -> String? {
        while input.count < count {
            guard fill() else { return nil }
        }
        defer { input.removeFirst(count) }
        return String(decoding: input.prefix(count), as: UTF8.self)
    }

    private func fill() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(socket, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return false }
        input += buffer.prefix(count)
        return true
    }

    package func hearMail() {
        while let text = hear(), text != "." {}
    }

    package func wait(_ seconds: Double) {
        Thread.sleep(forTimeInterval: seconds)
    }

    package func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(socket)
    }

    /// Plays an agreeable server; `answer` may say something else to a command (`DOT` stands for the final dot), or act
    /// itself and return an empty text.
    package func agree(_ answer: (_ command: String, _ line: Line) -> String? = { _, _ in nil }) {
        func reply(_ command: String, _ usual: String) {
            let text = answer(command, self) ?? usual
            if !text.isEmpty, isOpen { say(text) }
        }
        reply("GREETING", "220 peer.test ESMTP")
        while isOpen, let command = hear() {
            let verb = String(command.prefix(4))
            switch verb {
            case "DATA":
                reply(verb, "354 go on")
                guard isOpen else { return }
                hearMail()
                reply("DOT", "250 2.0.0 Ok: queued as A1")
            case "QUIT":
                reply(verb, "221 bye")
                return
            default: reply(verb, "250 fine")
            }
        }
    }
}

extension Line {
    /// One HTTP request: its head's lines and its body; nil when the client is gone.
    package func hearRequest() -> (head: [String], body: String)? {
        var head: [String] = []
        while let text = hear() {
            guard text.isEmpty else {
                head.append(text)
                continue
            }
            let length = head.first { $0.lowercased().hasPrefix("content-length:") }.flatMap { line in
                Int(line.split(separator: ":")[1].trimmingCharacters(in: .whitespaces))
            }
            guard let body = hear(bytes: length ?? 0) else { return nil }
            return (head, body)
        }
        return nil
    }

    /// Answers with a body of its own length, the connection staying open.
    package func answer(_ status: String, _ body: String = "", headers: [String] = []) {
        let head = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        say(head.joined(separator: "\r\n") + "\r\n\r\n" + body, end: "")
    }
}
