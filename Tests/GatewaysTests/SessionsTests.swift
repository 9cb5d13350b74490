import Foundation
import Gateways
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Sessions with a relay` {
    @Test func `many mails share one connection`() async throws {
        let relay = try FakeRelay()
        let sessions = relay.sessions(), gateway = relay.gateway(sessions: 1)
        for number in 1...30 {
            #expect(await sessions.send(.to("b\(number)@ex.test"), through: gateway).word == "accepted")
        }
        #expect(try relay.count("opened") == 1)
        #expect(try relay.count("accepted") == 30)
        #expect(try relay.commands.filter { $0.hasPrefix("EHLO") } == ["EHLO worker.recoup.test"])
    }

    @Test func `a gateway never holds more connections than it allows`() async throws {
        let relay = try FakeRelay(.step("DOT", .delay, seconds: 0.05))
        let sessions = relay.sessions(), gateway = relay.gateway(sessions: 3)
        let words = await withTaskGroup { group in
            for number in 1...24 {
                group.addTask { await sessions.send(.to("b\(number)@ex.test"), through: gateway).word }
            }
            return await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(words == ["accepted": 24])
        #expect(try relay.count("opened") == 3)
        #expect(sessions.free(for: gateway) == 3)
    }

    @Test func `free sessions are the allowed ones less the busy and the awaited`() async throws {
        let relay = try FakeRelay(.step("DOT", .delay, seconds: 2))
        let sessions = relay.sessions(cap: 3)
        let gateway = relay.gateway(sessions: 2), other = relay.gateway(sessions: 4)
        #expect(sessions.free(for: gateway) == 2)
        #expect(sessions.free(for: other) == 3, "bounded by the process")
        async let first = sessions.send(.to("b@ex.test"), through: gateway)
        try await relay.wait(for: "mail")
        #expect(sessions.free(for: gateway) == 1)
        #expect(sessions.free(for: other) == 2)
        #expect(await first.word == "accepted")
        #expect(sessions.free(for: gateway) == 2)
    }

    @Test func `another version of a gateway never uses the connection of the first`() async throws {
        let relay = try FakeRelay(RelayScript(login: "new", requiresLogin: true))
        let sessions = relay.sessions(), id = UUID()
        let old = relay.gateway(id: id, version: 1, username: "acme", password: "old")
        let new = relay.gateway(id: id, version: 2, username: "acme", password: "new")
        #expect(await sessions.send(.to("b@ex.test"), through: old).word == "gateway")
        #expect(await sessions.send(.to("b@ex.test"), through: new).word == "accepted")
        #expect(await sessions.send(.to("b@ex.test"), through: new).word == "accepted")
        #expect(try relay.count("opened") == 2)
        let tenant = relay.gateway(username: "acme", password: "new")
        #expect(await sessions.send(.to("b@ex.test"), through: tenant).word == "accepted")
        #expect(try relay.count("opened") == 3, "equal settings of another gateway are another session")
    }

    @Test func `a connection in clear is not used after TLS was switched on`() async throws {
        let relay = try FakeRelay(RelayScript(tls: .starttls))
        let sessions = relay.sessions(trusting: relay.certificate), id = UUID()
        let clear = relay.gateway(id: id, version: 1, tls: .none)
        let secure = relay.gateway(id: id, version: 2, tls: .starttls, host: "localhost")
        #expect(await sessions.send(.to("b@ex.test"), through: clear).word == "accepted")
        #expect(await sessions.send(.to("b@ex.test"), through: secure).word == "accepted")
        #expect(try relay.count("secured") == 1)
        try await relay.wait(for: "closed")
        #expect(try relay.journal.first { $0.event == "closed" }?.connection == 0, "the outdated one is closed at once")
    }

    @Test func `a connection that died while idle costs nothing`() async throws {
        for script in [RelayScript(idle: 0.5), RelayScript(closesAfterMail: true)] {
            let relay = try FakeRelay(script)
            let sessions = relay.sessions(), gateway = relay.gateway(sessions: 1)
            for number in 1...3 {
                let outcome = await sessions.send(.to("b\(number)@ex.test"), through: gateway)
                #expect(outcome.word == "accepted", "\(outcome)")
                try await relay.wait(for: "closed", count: number)
            }
            #expect(try relay.count("accepted") == 3)
            #expect(try relay.count("mail") == 3, "no mail was given twice")
        }
    }

    @Test func `a mail on a connection that says 421 is tried again at once, on a fresh one`() async throws {
        // The second mail finds its connection alive and is told that it is not wanted there any more.
        let relay = try FakeRelay(.step("MAIL", .reply, "421 4.4.2 closing", on: [0], holding: "second"))
        let sessions = relay.sessions(), gateway = relay.gateway(sessions: 1)
        #expect(await sessions.send(.to("b@ex.test"), through: gateway).word == "accepted")
        let second = OutgoingMail(
            envelopeFrom: "second@acme.test", recipient: "b@ex.test", bytes: Array("Subject: x\r\n\r\nx\r\n".utf8))
        let asked = Mutex(0)
        let outcome = await sessions.send(second, through: gateway) {
            asked.withLock { $0 += 1 }
            return true
        }
        #expect(outcome.word == "accepted")
        #expect(try relay.count("opened") == 2)
        #expect(asked.withLock { $0 } == 2, "the fence is asked before each try")
    }

    @Test func `an idle session says goodbye`() async throws {
        let relay = try FakeRelay()
        let sessions = relay.sessions(idleClose: .milliseconds(100)), gateway = relay.gateway()
        #expect(await sessions.send(.to("b@ex.test"), through: gateway).word == "accepted")
        try await relay.wait(for: "closed")
        #expect(try relay.commands.last == "QUIT")
        #expect(await sessions.send(.to("b@ex.test"), through: gateway).word == "accepted")
        #expect(try relay.count("opened") == 2)
    }

    @Test func `the cap of the process moves a session from an idle gateway to one that waits`() async throws {
        let relay = try FakeRelay()
        let sessions = relay.sessions(cap: 1)
        #expect(await sessions.send(.to("b@ex.test"), through: relay.gateway()).word == "accepted")
        #expect(await sessions.send(.to("b@ex.test"), through: relay.gateway()).word == "accepted")
        try await relay.wait(for: "closed")
        #expect(try relay.count("opened") == 2)
    }

    @Test func `a closed fence sends nothing`() async throws {
        let relay = try FakeRelay()
        let outcome = await relay.sessions().send(.to("b@ex.test"), through: relay.gateway()) { false }
        #expect(outcome == .notBegun(.fenced))
        #expect(try relay.count("opened") == 0)
    }

    @Test func `a mail that waits can be withdrawn, one on the wire cannot`() async throws {
        // Longer than a busy machine may take over the lines below.
        let relay = try FakeRelay(.step("DOT", .delay, seconds: 10))
        let sessions = relay.sessions(), gateway = relay.gateway(sessions: 1)
        let first = Task { await sessions.send(.to("first@ex.test"), through: gateway) }
        try await relay.wait(for: "mail")
        let early = Task { await sessions.send(.to("early@ex.test"), through: gateway) }
        early.cancel()
        let late = Task { await sessions.send(.to("late@ex.test"), through: gateway) }
        // Long enough to be in line; if it is not, this is the case of `early` once more.
        try await Task.sleep(for: .milliseconds(200))
        late.cancel()
        first.cancel()
        #expect(await early.value == .notBegun(.cancelled))
        #expect(await late.value == .notBegun(.cancelled))
        #expect(await first.value.word == "accepted")
        #expect(try relay.count("mail") == 1)
    }
}

@Suite(.timeLimit(.minutes(5))) struct `Stopping` {
    @Test func `a mail that waits for the answer to its dot is seen through`() async throws {
        let relay = try FakeRelay(.step("DOT", .delay, seconds: 2))
        let sessions = relay.sessions(), gateway = relay.gateway(sessions: 1)
        async let first = sessions.send(.to("first@ex.test"), through: gateway)
        try await relay.wait(for: "mail")
        async let second = sessions.send(.to("second@ex.test"), through: gateway)
        await sessions.stop(grace: .seconds(20))
        #expect(await first.word == "accepted")
        #expect(await second == .notBegun(.stopped))
        #expect(await sessions.send(.to("third@ex.test"), through: gateway) == .notBegun(.stopped))
        #expect(sessions.free(for: gateway) == 0)
        #expect(try relay.count("accepted") == 1)
        #expect(try relay.commands.last == "QUIT")
    }

    @Test func `what outlasts the grace is unknown`() async throws {
        let relay = try FakeRelay(.step("DOT", .hang, seconds: 10))
        let sessions = relay.sessions(), gateway = relay.gateway()
        async let outcome = sessions.send(.to("b@ex.test"), through: gateway)
        try await relay.wait(for: "mail")
        await sessions.stop(grace: .milliseconds(100))
        #expect(await outcome.word == "unknown")
    }

    @Test func `what had not given its body yet is as if never begun`() async throws {
        let relay = try FakeRelay(.step("RCPT", .hang, seconds: 10))
        let sessions = relay.sessions(), gateway = relay.gateway()
        async let outcome = sessions.send(.to("b@ex.test"), through: gateway)
        while try !relay.commands.contains(where: { $0.hasPrefix("RCPT") }) { await Task.yield() }
        await sessions.stop(grace: .milliseconds(100))
        #expect(await outcome == .notBegun(.stopped))
    }

    @Test func `a task that is itself cancelled still waits for the wire`() async throws {
        let relay = try FakeRelay(.step("DOT", .delay, seconds: 1))
        let sessions = relay.sessions(), gateway = relay.gateway()
        async let outcome = sessions.send(.to("b@ex.test"), through: gateway)
        try await relay.wait(for: "mail")
        let stop = Task {
            while !Task.isCancelled { await Task.yield() }
            await sessions.stop(grace: .seconds(20))
        }
        stop.cancel()
        await stop.value
        #expect(await outcome.word == "accepted")
    }
}

@Suite(.timeLimit(.minutes(5))) struct `What never reaches a relay` {
    @Test(arguments: [
        "b@ex.test>\r\nRSET\r\nRCPT TO:<c@ex.test", "b@ex.test\r\nDATA", "b@ex.test c@ex.test", "jörg@ex.test",
        "b@ex.test,c@ex.test", "@ex.test", "b@", "",
    ])
    func `an address that is none, or more than one`(recipient: String) async throws {
        let relay = try FakeRelay()
        let sessions = relay.sessions(), gateway = relay.gateway()
        #expect(await sessions.send(.to(recipient), through: gateway).word == "recipient")
        guard !recipient.isEmpty else { return }
        let forged = OutgoingMail(envelopeFrom: recipient, recipient: "b@ex.test", bytes: OutgoingMail.to("b").bytes)
        #expect(await sessions.send(forged, through: gateway).word == "sender")
        #expect(try relay.count("opened") == 0)
        // And the session is unharmed.
        #expect(await sessions.send(.to("b@ex.test"), through: gateway).word == "accepted")
        let commands = try relay.commands
        #expect(!commands.contains { $0.hasPrefix("RSET") })
        #expect(commands.count { $0.hasPrefix("RCPT") } == 1)
    }

    @Test(arguments: [
        "a\n.\nMAIL FROM:<evil@x>", "bare\rreturn", "nul\0", "acht: ü", String(repeating: "x", count: 999),
    ])
    func `bytes that are not plain lines`(body: String) async throws {
        let relay = try FakeRelay()
        #expect(await relay.sessions().send(.to("b@ex.test", body: body), through: relay.gateway()).word == "content")
        #expect(try relay.count("opened") == 0)
    }

    @Test func `an international domain is written in ASCII`() async throws {
        let relay = try FakeRelay()
        #expect(await relay.sessions().send(.to("b@bücher.example"), through: relay.gateway()).word == "accepted")
        #expect(try relay.commands.contains { $0.hasPrefix("RCPT TO:<b@xn--bcher-kva.example>") })
    }

    @Test func `a gateway on a private address the operator did not list`() async throws {
        let relay = try FakeRelay(RelayScript(tls: .starttls))
        let sessions = MailSessions(allowedPrivate: ["localhost:1"], logger: quietLogger)
        for host in ["127.0.0.1", "localhost", "2130706433", "::1"] {
            let outcome = await sessions.send(.to("b@ex.test"), through: relay.gateway(tls: .starttls, host: host))
            #expect(outcome.refusal?.kind == .gateway, "\(host)")
            #expect(outcome.refusal?.curlCode == 7, "\(host)")
        }
        #expect(try relay.count("opened") == 0)
    }

    @Test func `a gateway without TLS that is no sandbox`() async throws {
        let relay = try FakeRelay()
        let sessions = MailSessions(allowedPrivate: ["127.0.0.1:\(relay.port)"], logger: quietLogger)
        #expect(await sessions.send(.to("b@ex.test"), through: relay.gateway()).word == "gateway")
        #expect(try relay.count("opened") == 0)
    }

    @Test func `settings no session can be opened with`() async throws {
        let relay = try FakeRelay()
        let sessions = MailSessions(allowedPrivate: [], logger: quietLogger)
        for host in ["user@host", "host/path", "[::1]", ""] {
            let outcome = await sessions.send(.to("b@ex.test"), through: relay.gateway(tls: .starttls, host: host))
            #expect(outcome.word == "gateway", "\(host)")
            #expect(sessions.free(for: relay.gateway()) == 4)
        }
    }

    @Test func `a password in print`() {
        let gateway = MailGateway(
            id: UUID(), version: 1, host: "h", port: 25, username: "acme", password: Secret("hunter2"),
            ehloName: "w.test")
        var dumped = ""
        dump(gateway, to: &dumped)
        for text in ["\(gateway)", String(reflecting: gateway), dumped, "\(Secret("hunter2"))"] {
            #expect(!text.contains("hunter2"))
        }
        #expect(gateway.password?.revealed == "hunter2")
    }
}
