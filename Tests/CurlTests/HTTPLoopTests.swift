import Curl
import Support
import Synchronization
import Testing

@Suite struct `Requests on the loop` {
    /// What a peer was asked, in order.
    final class Heard: Sendable {
        private let bodies = Mutex<[String]>([])
        func add(_ body: String) { bodies.withLock { $0.append(body) } }
        var all: [String] { bodies.withLock { $0 } }
    }

    private func post(
        _ peer: ScriptedPeer, _ body: String, isRepeatable: Bool = false, privateAllowed: Bool = true,
        // Between two requests a busy machine may let a minute pass.
        limits: HTTPRequest.Limits = .init(idleReuse: .seconds(600))
    ) throws -> HTTPRequest {
        try HTTPRequest(
            .post, isSecure: false, host: "127.0.0.1", port: peer.port, target: "/messages?x=1",
            headers: [.init("Content-Type", "text/plain"), .init("X-Token", "t")], body: Array(body.utf8),
            isRepeatable: isRepeatable, privateAllowed: privateAllowed, limits: limits)
    }

    @Test func `leave as they were meant, and the answer is read`() async throws {
        let peer = ScriptedPeer { line in
            while line.hearRequest() != nil { line.answer("201 Created", #"{"id":"a"}"#, headers: ["Retry-After:  7"]) }
        }
        let exchange = try #require(try await HTTPLoop().send(try post(peer, "hello")))
        #expect(exchange.curlCode == .ok)
        #expect(exchange.status == 201)
        #expect(String(decoding: exchange.answer, as: UTF8.self) == #"{"id":"a"}"#)
        #expect(exchange.headers["retry-after"] == "7")
        #expect(exchange.allBytesHandedOver && exchange.bytesSent == 5 && !exchange.connectionReused)
        let head = peer.lines[0]
        #expect(head.first == "POST /messages?x=1 HTTP/1.1")
        #expect(
            head.contains("X-Token: t") && head.contains("Content-Length: 5")
                && head.contains("Content-Type: text/plain"))
        #expect(!head.contains { $0.hasPrefix("Expect") })
    }

    /// Answers the first request of a connection, reads the second to its end and closes without a word.
    private func forgetfulPeer(_ heard: Heard) -> ScriptedPeer {
        ScriptedPeer { line in
            for number in 1... {
                guard let request = line.hearRequest() else { return }
                heard.add(request.body)
                if line.number == 0, number == 2 { return }
                line.answer("201 Created")
            }
        }
    }

    @Test func `on a kept connection that dies leave exactly once, and nobody knows what came of them`() async throws {
        let heard = Heard()
        let peer = forgetfulPeer(heard)
        let loop = try HTTPLoop()
        let first = try #require(await loop.send(try post(peer, "first")))
        let second = try #require(await loop.send(try post(peer, "second")))
        #expect(first.status == 201)
        #expect(second.curlCode == .cannotRewind)
        #expect(second.allBytesHandedOver, "so it counts as unknown")
        // The peer may be slow to take up the connection.
        for _ in 0..<500 where peer.lines.count < 2 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(peer.lines.count == 2, "libcurl had gone on to another connection before it was stopped")
        #expect(heard.all == ["first", "second"])
        print("second request on a dead connection: \(second.curlCode), POSTs heard \(heard.all.count)")
    }

    @Test func `the twin that may be repeated is sent again by libcurl, which says nothing of it`() async throws {
        let heard = Heard()
        let peer = forgetfulPeer(heard)
        let loop = try HTTPLoop()
        _ = await loop.send(try post(peer, "first", isRepeatable: true))
        let second = try #require(await loop.send(try post(peer, "second", isRepeatable: true)))
        #expect(second.curlCode == .ok && second.status == 201)
        #expect(heard.all == ["first", "second", "second"])
    }

    @Test func `go to no private address unless that is allowed`() async throws {
        let peer = ScriptedPeer { line in while line.hearRequest() != nil { line.answer("200 OK") } }
        let exchange = try #require(try await HTTPLoop().send(try post(peer, "x", privateAllowed: false)))
        #expect(exchange.curlCode == .couldNotConnect && exchange.addressRefused && !exchange.allBytesHandedOver)
        #expect(peer.lines.isEmpty)
    }

    @Test func `read no more of an answer than the limit, follow nothing, and wait no longer than told`() async throws {
        let peer = ScriptedPeer { line in
            while let request = line.hearRequest() {
                switch request.body {
                case "long": line.answer("200 OK", String(repeating: "a", count: 200_000))
                case "elsewhere": line.answer("307 Temporary Redirect", headers: ["Location: http://127.0.0.1:1/"])
                default: line.wait(2)
                }
            }
        }
        let loop = try HTTPLoop()
        let long = try #require(await loop.send(try post(peer, "long")))
        #expect(long.curlCode == .writeError && long.status == 200 && long.answer.count <= 65_536)
        #expect(try #require(await loop.send(try post(peer, "elsewhere"))).status == 307)
        let silent = try #require(
            await loop.send(try post(peer, "silent", limits: .init(whole: .milliseconds(200)))))
        #expect(silent.curlCode == .timedOut && silent.allBytesHandedOver && silent.status == 0)
    }

    @Test func `that may not begin leave no trace, and those under way can be ended`() async throws {
        let heard = Heard()
        let peer = ScriptedPeer { line in
            while let request = line.hearRequest() {
                heard.add(request.body)
                if request.body == "slow" { line.wait(600) } else { line.answer("200 OK") }
            }
        }
        let loop = try HTTPLoop()
        #expect(await loop.send(try post(peer, "fenced")) { false } == nil)
        async let slow = loop.send(try post(peer, "slow"))
        while heard.all.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        // A slow one keeps nobody waiting.
        #expect(await loop.send(try post(peer, "quick"))?.status == 200)
        loop.abort()
        #expect(try await slow?.curlCode == .aborted)
        loop.close()
        #expect(await loop.send(try post(peer, "late")) == nil)
        #expect(heard.all == ["slow", "quick"])
    }

    @Test func `with a line end in a header, a blank in the path or a strange host are never made`() {
        func make(host: String = "ex.test", target: String = "/", name: String = "X", value: String = "y") throws {
            _ = try HTTPRequest(.get, host: host, port: 443, target: target, headers: [.init(name, value)])
        }
        #expect(throws: CurlError.header) { try make(value: "a\r\nX-Other: b") }
        #expect(throws: CurlError.header) { try make(name: "X Y") }
        #expect(throws: CurlError.header) { try make(name: "Content-Length", value: "0") }
        #expect(throws: CurlError.target) { try make(target: "/a b") }
        #expect(throws: CurlError.target) { try make(target: "a") }
        #expect(throws: CurlError.host) { try make(host: "ex.test/@evil") }
        #expect(throws: Never.self) { try make() }
    }
}
