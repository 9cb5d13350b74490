import Curl
import Support
import Testing

/// Runs one piece of work on a mail thread and waits for its result.
func on<Value: Sendable>(
    _ thread: MailThread, _ work: @escaping @Sendable (inout MailSession) -> Value
) async -> Value {
    await withCheckedContinuation { answer in
        thread.run { answer.resume(returning: work(&$0)) }
    }
}

func endpoint(
    _ port: Int, reply: Duration = .seconds(30), mailsPerConnection: Int = 100
) throws -> MailEndpoint {
    var limits = MailEndpoint.Limits()
    limits.reply = reply
    // Between two mails a busy machine may let a minute pass.
    limits.idleReuse = .seconds(600)
    limits.mailsPerConnection = mailsPerConnection
    return try MailEndpoint(
        host: "127.0.0.1", port: port, encryption: .none, greetingName: "worker.recoup.test",
        privateAllowed: true, limits: limits)
}

func thread(_ endpoint: MailEndpoint) throws -> MailThread {
    try MailThread(endpoint, idle: .seconds(600), mayEnd: { false }, ended: {})
}

let mail = Array("Subject: hello\r\n\r\n.first line\r\n".utf8)

@Suite struct `Sending over a session` {
    private func send(_ peer: ScriptedPeer, reply: Duration = .seconds(30)) async throws -> Transfer {
        let wireMail = try WireMail(sender: "a@ex.test", recipient: "b@ex.test", bytes: mail)
        return await on(try thread(try endpoint(peer.port, reply: reply))) { $0.send(wireMail) }
    }

    @Test func `an accepted mail reports the reply to its dot, and the wire shows what we meant`() async throws {
        let peer = ScriptedPeer { $0.agree() }
        let transfer = try await send(peer)
        #expect(transfer.curlCode == .ok)
        #expect(transfer.dotReply == Reply(code: 250, text: "2.0.0 Ok: queued as A1"))
        #expect(transfer.replyText == "2.0.0 Ok: queued as A1")
        #expect(transfer.enhancedStatus == "2.0.0")
        #expect(transfer.stage == .dot)
        #expect(transfer.allBytesHandedOver)
        #expect(transfer.bytesSent == mail.count)
        #expect(!transfer.connectionReused)
        let wire = peer.lines[0]
        #expect(wire.prefix(3) == ["EHLO worker.recoup.test", "MAIL FROM:<a@ex.test>", "RCPT TO:<b@ex.test>"])
        #expect(wire.contains("..first line"))
    }

    @Test func `mails of one session share one connection until its number is used up`() async throws {
        let peer = ScriptedPeer { $0.agree() }
        let thread = try thread(try endpoint(peer.port, mailsPerConnection: 3))
        let wireMail = try WireMail(sender: "", recipient: "b@ex.test", bytes: mail)
        var reused: [Bool] = []
        for _ in 1...7 {
            let transfer = await on(thread) { $0.send(wireMail) }
            #expect(transfer.curlCode == .ok)
            #expect(transfer.replyCode == 250, "not the 221 of the closing connection")
            reused.append(transfer.connectionReused)
        }
        #expect(reused == [false, true, true, false, true, true, false])
        #expect(peer.lines.count == 3)
        #expect(peer.lines[0].filter { $0 == "MAIL FROM:<>" }.count == 3)
    }

    @Test func `a refused recipient is told from a refused sender`() async throws {
        let badRecipient = ScriptedPeer {
            $0.agree { command, _ in command == "RCPT" ? "550-5.1.1 no\r\n550 5.1.1 such user" : nil }
        }
        let recipient = try await send(badRecipient)
        #expect(recipient.curlCode == .sendError)
        #expect(recipient.stage == .recipient)
        #expect(recipient.replyCode == 550)
        #expect(recipient.replyText == "5.1.1 no 5.1.1 such user")
        #expect(recipient.enhancedStatus == "5.1.1")
        #expect(recipient.bytesSent == 0)
        let badSender = ScriptedPeer { $0.agree { command, _ in command == "MAIL" ? "553 not you" : nil } }
        let sender = try await send(badSender)
        #expect(sender.stage == .sender)
        #expect(sender.replyText == "not you")
    }

    @Test func `another 2xx than 250 to the dot is seen although libcurl calls it an error`() async throws {
        let peer = ScriptedPeer { $0.agree { command, _ in command == "DOT" ? "251 will forward" : nil } }
        let transfer = try await send(peer)
        #expect(transfer.curlCode == .weirdServerReply)
        #expect(transfer.dotReply == Reply(code: 251, text: "will forward"))
    }

    @Test func `half a reply is no reply`() async throws {
        let peer = ScriptedPeer { line in
            line.agree { command, line in
                guard command == "DOT" else { return nil }
                line.say("250-2.0.0 almost")
                line.close()
                return ""
            }
        }
        let transfer = try await send(peer)
        #expect(transfer.curlCode == .receiveError)
        #expect(transfer.dotReply == nil)
        #expect(transfer.stage == .dot)
        #expect(transfer.allBytesHandedOver)
    }

    @Test func `a dot answered too late leaves no answer`() async throws {
        let peer = ScriptedPeer { line in
            line.agree { command, line in
                guard command == "DOT" else { return nil }
                line.wait(60)
                return "250 2.0.0 late"
            }
        }
        let transfer = try await send(peer, reply: .seconds(1))
        #expect(transfer.curlCode == .timedOut)
        #expect(transfer.replyCode == 354)
        #expect(transfer.dotReply == nil)
        #expect(transfer.allBytesHandedOver)
    }

    @Test func `a private address is refused before anything is sent`() async throws {
        let peer = ScriptedPeer { $0.agree() }
        let wireMail = try WireMail(sender: "a@ex.test", recipient: "b@ex.test", bytes: mail)
        for host in ["127.0.0.1", "2130706433", "0x7f.1", "0", "localhost", "::1", "::ffff:7f00:1"] {
            let endpoint = try MailEndpoint(
                host: host, port: peer.port, encryption: .none, greetingName: "worker.test")
            let transfer = await on(try thread(endpoint)) { $0.send(wireMail) }
            #expect(transfer.curlCode == .couldNotConnect, "\(host)")
            #expect(transfer.addressRefused, "\(host)")
        }
        #expect(peer.lines.isEmpty)
    }

    @Test func `nobody listening is not a refused address`() async throws {
        let wireMail = try WireMail(sender: "a@ex.test", recipient: "b@ex.test", bytes: mail)
        let transfer = await on(try thread(try endpoint(1))) { $0.send(wireMail) }
        #expect(transfer.curlCode == .couldNotConnect)
        #expect(!transfer.addressRefused)
        #expect(transfer.stage == .connect)
    }

    @Test func `an abort ends the wait for the dot`() async throws {
        let peer = ScriptedPeer { line in
            line.agree { command, line in
                guard command == "DOT" else { return nil }
                line.wait(60)
                return nil
            }
        }
        let slow = try thread(try endpoint(peer.port, reply: .seconds(120)))
        let wireMail = try WireMail(sender: "a@ex.test", recipient: "b@ex.test", bytes: mail)
        async let transfer = on(slow) { $0.send(wireMail) }
        while peer.lines.first?.contains(".") != true { try await Task.sleep(for: .milliseconds(10)) }
        slow.abort()
        let aborted = await transfer
        #expect(aborted.curlCode == .aborted)
        #expect(aborted.allBytesHandedOver)
        #expect(aborted.dotReply == nil)
    }
}

@Suite struct `A mail thread` {
    @Test func `finishes its work before it ends, and says goodbye`() async throws {
        let peer = ScriptedPeer { $0.agree() }
        let wireMail = try WireMail(sender: "a@ex.test", recipient: "b@ex.test", bytes: mail)
        let endpoint = try endpoint(peer.port)
        await withCheckedContinuation { ended in
            let thread = try? MailThread(endpoint, idle: .seconds(600), mayEnd: { false }, ended: { ended.resume() })
            thread?.run { _ = $0.send(wireMail) }
            thread?.run { _ = $0.send(wireMail) }
            thread?.close()
        }
        #expect(peer.lines.count == 1)
        #expect(peer.lines[0].filter { $0.hasPrefix("MAIL") }.count == 2)
        #expect(peer.lines[0].last == "QUIT")
    }

    @Test func `asks before it ends for want of work`() async throws {
        let (asked, ask) = AsyncStream.makeStream(of: Int.self)
        let count = Counter()
        let thread = try MailThread(
            try endpoint(1), idle: .milliseconds(20),
            mayEnd: {
                ask.yield(count.next())
                return count.value == 3
            }, ended: { ask.finish() })
        var answers: [Int] = []
        for await answer in asked { answers.append(answer) }
        #expect(answers == [1, 2, 3])
        withExtendedLifetime(thread) {}
    }
}
