import Foundation
import Testing

@testable import recoup_sandbox

/// Over real sockets: what a client sees, and what the journal says became of the mail.
@Suite(.timeLimit(.minutes(10))) struct `Sessions over the wire` {
    @Test func `a mail arrives with everything the journal promises`() async throws {
        try await withSandbox { sandbox in
            let wire = try await sandbox.session()
            #expect(await wire.ask("AUTH PLAIN AGhhbGRlbgBzZWNyZXQ=")?.hasPrefix("235") == true)
            let mail =
                "Message-ID: <1@halden.example>\r\nX-Recoup-Attempt: 3\r\nSubject: =?UTF-8?Q?=C3=BCber?=\r\n"
                + "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nplain\r\n"
                + "--b\r\nContent-Type: text/html\r\n\r\n<p>rich</p>\r\n--b--\r\n"
            #expect(await wire.deliver(mail) == "250 2.0.0 accepted")
            #expect(await wire.ask("QUIT")?.hasPrefix("221") == true)
            let entry = try #require(try await sandbox.web.journal().first)
            #expect(entry.seq == 1 && entry.outcome == "accepted" && entry.stage == "dot" && entry.connection == 1)
            #expect(entry.from == "a@halden.example" && entry.to == ["b@example.com"] && entry.auth_user == "halden")
            #expect(entry.subject == "über" && entry.message_id == "<1@halden.example>" && entry.attempt == "3")
            #expect(entry.text == "plain" && entry.html == "<p>rich</p>" && entry.attachments == [])
            #expect(entry.size == mail.utf8.count && entry.wire_size == mail.utf8.count + 3)
            #expect(
                entry.headers?.map(\.name) == [
                    "Message-ID", "X-Recoup-Attempt", "Subject", "MIME-Version", "Content-Type",
                ])
            #expect(entry.received_at != nil && entry.accepted_at != nil && entry.reply == "250 2.0.0 accepted")
        }
    }

    @Test func `the raw mail is the client's mail, byte for byte`() async throws {
        try await withSandbox { sandbox in
            let mail: [UInt8] =
                Array("Subject: x\r\n\r\n".utf8) + (0...255).filter { $0 != 13 && $0 != 10 }.map { UInt8($0) }
                + Array("\r\n".utf8)
            let wire = try await sandbox.session()
            for line in ["MAIL FROM:<>", "RCPT TO:<b@example.com>", "DATA"] { _ = await wire.ask(line) }
            wire.write(mail + Array("..\r\n...two\r\n.\r\n".utf8))
            #expect(await wire.reply()?.hasPrefix("250") == true)
            let (status, data, headers) = try await sandbox.web.send("GET", "/journal/1/raw")
            #expect(status == 200 && headers["content-type"] == "message/rfc822")
            #expect(Array(data) == mail + Array(".\r\n..two\r\n".utf8))
        }
    }

    @Test func `a session that is written in one piece is served in order`() async throws {
        try await withSandbox { sandbox in
            let wire = try await sandbox.connect()
            let mail = "MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\n\(String.simple).\r\n"
            wire.write("EHLO c\r\n" + mail + mail + "QUIT\r\n")
            let codes = await wire.rest().split(separator: "\r\n").map { $0.prefix(4) }
            #expect(
                codes == [
                    "220 ", "250-", "250-", "250-", "250 ", "250 ", "250 ", "354 ", "250 ", "250 ", "250 ", "354 ",
                    "250 ", "221 ",
                ])
            #expect(sandbox.world.journal.stats.accepted == 2)
        }
    }

    /// Where a session stands before each stage, and what it says to get there.
    private func reach(_ stage: Stage, in sandbox: Running) async throws -> Wire {
        let wire = try await sandbox.connect()
        if stage == .connect { return wire }
        _ = await wire.reply()
        let commands = ["EHLO c", "MAIL FROM:<a@x.example>", "RCPT TO:<b@y.example>", "DATA"]
        let trigger = ["ehlo": 0, "mail": 1, "rcpt": 2, "data": 3, "dot": 4, "auth": 1][stage.rawValue] ?? 0
        for command in commands.prefix(trigger) { _ = await wire.ask(command) }
        switch stage {
        case .auth: wire.write("AUTH PLAIN AGEAYg==\r\n")
        case .dot: wire.write(.simple + ".\r\n")
        default: wire.write(commands[trigger] + "\r\n")
        }
        return wire
    }

    @Test(arguments: Stage.allCases, [421, 451, 550])
    func `any reply can be given at any stage`(stage: Stage, code: Int) async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(
                #"[{"stage": "\#(stage)", "action": "reply", "code": \#(code), "text": "4.9.9 as told"}]"#)
            let wire = try await reach(stage, in: sandbox)
            #expect(await wire.reply() == "\(code) 4.9.9 as told")
            if code == 421 {
                #expect(await wire.rest() == "")
            } else {
                #expect(await wire.ask("QUIT")?.hasPrefix("221") == true)
            }
            let isMail = stage == .mail || stage.knowsRecipients
            let entries = try await sandbox.web.journal()
            #expect(entries.map(\.outcome) == (isMail ? ["refused"] : []))
            #expect(
                entries.allSatisfy {
                    $0.stage == stage.rawValue && $0.accepted_at == nil && $0.reply == "\(code) 4.9.9 as told"
                })
            #expect(entries.allSatisfy { ($0.received_at != nil) == (stage == .dot) })
        }
    }

    @Test(arguments: Stage.allCases, [false, true])
    func `the line can go dead at any stage without a word`(stage: Stage, reset: Bool) async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(#"[{"stage": "\#(stage)", "action": "drop", "reset": \#(reset)}]"#)
            do {
                let wire = try await reach(stage, in: sandbox)
                #expect(await wire.rest() == "")
                if stage != .connect { #expect(wire.wasReset == reset) }
            } catch {
                // A connection may be gone before it was seen to be there.
                guard stage == .connect, reset else { throw error }
            }
            let isMail = stage == .mail || stage.knowsRecipients
            let stats = try await sandbox.web.stats()
            #expect(stats.dropped == (isMail ? 1 : 0) && stats.accepted == 0 && stats.refused == 0)
        }
    }

    @Test(arguments: Stage.allCases) func `a reply can break off at any stage`(stage: Stage) async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(#"[{"stage": "\#(stage)", "action": "partial_reply", "bytes": 2}]"#)
            let wire = try await reach(stage, in: sandbox)
            let usual = [Stage.connect: "22", .auth: "23", .data: "35"][stage] ?? "25"
            #expect(await wire.rest() == usual)
            #expect(sandbox.world.journal.stats.accepted == (stage == .dot ? 1 : 0))
        }
    }

    @Test func `a broken off refusal is a refusal`() async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(#"[{"stage": "dot", "action": "partial_reply", "code": 554, "bytes": 3}]"#)
            let wire = try await reach(.dot, in: sandbox)
            #expect(await wire.rest() == "554")
            #expect(try await sandbox.web.journal().map(\.outcome) == ["refused"])
        }
    }

    @Test(arguments: Stage.allCases) func `a reply can be late at any stage`(stage: Stage) async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(#"[{"stage": "\#(stage)", "action": "accept", "delay": {"ms": 60}}]"#)
            let start = ContinuousClock.now
            let wire = try await reach(stage, in: sandbox)
            #expect(await wire.reply()?.first.map { "23".contains($0) } == true)
            #expect(ContinuousClock.now - start >= .milliseconds(55))
        }
    }

    @Test func `other good codes and bare codes at the dot accept too`() async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(
                """
                [{"stage": "dot", "first": 1, "action": "reply", "code": 251, "text": "two\\nlines"},
                 {"stage": "dot", "first": 1, "action": "reply", "code": 250, "text": ""}]
                """)
            #expect(try await sandbox.send() == "251-two|251 lines")
            #expect(try await sandbox.send() == "250")
            #expect(try await sandbox.send() == "250 2.0.0 accepted")
            #expect(try await sandbox.web.stats().accepted == 3)
        }
    }

    @Test func `a mail can be accepted and the client never told`() async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(#"[{"stage": "dot", "to": "*@y.example", "action": "accept_then_drop"}]"#)
            let wire = try await reach(.dot, in: sandbox)
            #expect(await wire.rest() == "")
            let entry = try #require(try await sandbox.web.journal("?state=accepted").first)
            #expect(entry.accepted_at != nil && entry.reply == nil)
        }
    }

    @Test func `a client that leaves during the delay leaves a mail that is accepted all the same`() async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(#"[{"stage": "dot", "action": "accept", "delay": {"ms": 400}}]"#)
            let wire = try await reach(.dot, in: sandbox)
            wire.close()
            try await eventually { try await sandbox.web.stats().accepted == 1 }
            let entry = try #require(try await sandbox.web.journal().first)
            #expect(try await sandbox.web.stats().waiting == 0)
            #expect(try #require(entry.received_at) < #require(entry.accepted_at))
        }
    }

    @Test func `with before the mail is accepted while the client still waits`() async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(
                #"[{"stage": "dot", "action": "accept", "delay": {"ms": 3600000, "before": true}}]"#)
            let wire = try await reach(.dot, in: sandbox)
            try await eventually { try await sandbox.web.stats().accepted == 1 }
            #expect(try await sandbox.web.stats().waiting == 0)
            wire.close()
        }
    }

    @Test func `half a mail is no mail`() async throws {
        try await withSandbox { sandbox in
            let wire = try await sandbox.session()
            for line in ["MAIL FROM:<a@x.example>", "RCPT TO:<b@y.example>", "DATA"] { _ = await wire.ask(line) }
            wire.write("Subject: x\r\n\r\n.\r")
            wire.close()
            try await eventually { try await sandbox.web.stats().connections.open == 0 }
            #expect(try await sandbox.web.journal().isEmpty)
        }
    }

    @Test func `an injected command in a body stays body`() async throws {
        try await withSandbox { sandbox in
            let wire = try await sandbox.session()
            let reply = await wire.deliver("Subject: x\r\n\r\na\n.\nMAIL FROM:<evil@x.example>\r\n")
            #expect(reply == "554 5.6.0 the mail holds a bare CR or LF")
            #expect(try await sandbox.web.journal().map(\.outcome) == ["refused"])
        }
    }

    @Test func `a silent session is closed with 421`() async throws {
        var settings = Settings.free
        // Long enough for a busy machine to get through the greeting first.
        settings.idleSeconds = 30
        try await withSandbox(settings) { sandbox in
            let wire = try await sandbox.session()
            #expect(await wire.reply()?.hasPrefix("421 4.4.2") == true)
            #expect(await wire.rest() == "")
        }
    }

    @Test func `sixty-four sessions at once lose nothing and count right`() async throws {
        try await withSandbox { sandbox in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for session in 1...64 {
                    group.addTask {
                        let wire = try await sandbox.session()
                        var accepted = 0
                        for number in 1...20 {
                            let reply = await wire.deliver("Message-ID: <\(session).\(number)@x>\r\n\r\nx\r\n")
                            if reply?.hasPrefix("250") == true { accepted += 1 }
                        }
                        wire.close()
                        return accepted
                    }
                }
                let accepted = try await group.reduce(0, +)
                #expect(accepted == 1_280)
            }
            #expect(try await sandbox.web.stats().accepted == 1_280)
            let ids = try await sandbox.web.journal("?brief=true").compactMap(\.message_id)
            #expect(Set(ids).count == 1_280)
        }
    }

    @Test func `a mail of twenty megabytes passes, one above the limit does not`() async throws {
        try await withSandbox { sandbox in
            let line = String(repeating: "x", count: 998) + "\r\n"
            let wire = try await sandbox.session()
            #expect(await wire.deliver("\r\n" + String(repeating: line, count: 20_000)) == "250 2.0.0 accepted")
            #expect(await wire.deliver("\r\n" + String(repeating: line, count: 26_300))?.hasPrefix("552 5.3.4") == true)
            #expect(sandbox.world.journal.mail(1)?.content?.raw.count == 20_000_002)
            #expect(await wire.ask("NOOP")?.hasPrefix("250") == true)
        }
    }

    @Test func `stopping ends open sessions`() async throws {
        let wire = try await withSandbox { try await $0.session() }
        #expect(await wire.rest() == "")
    }
}
