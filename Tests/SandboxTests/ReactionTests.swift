import Foundation
import Testing

@testable import recoup_sandbox

@Suite struct `Reaction scripts` {
    private func parse(_ json: String) throws -> [Reaction] {
        try ReactionScript(parsing: Data(json.utf8)).reactions
    }

    @Test func `every field is understood`() throws {
        let reactions = try parse(
            """
            [{"stage": "dot", "to": "*@slow.example", "first": 2, "action": "accept", "delay": {"ms": 50, "before": true}},
             {"stage": "rcpt", "to": "Anna@X.example", "action": "reply", "code": 451, "text": "one\\ntwo"},
             {"stage": "auth", "action": "reply", "code": 535},
             {"stage": "ehlo", "to": "*", "action": "partial_reply", "bytes": 4},
             {"stage": "data", "action": "drop", "reset": true},
             {"stage": "dot", "action": "accept_then_drop"}]
            """)
        #expect(reactions.map(\.stage) == [.dot, .rcpt, .auth, .ehlo, .data, .dot])
        #expect(reactions[0].delay == Reaction.Delay(milliseconds: 50, before: true))
        #expect(reactions[0].first == 2)
        #expect(reactions[1].act == .reply(SMTPReply(451, ["one", "two"])))
        #expect(reactions[1].to.matches("anna@x.EXAMPLE"))
        #expect(reactions[2].act == .reply(SMTPReply(535, "5.7.8 credentials refused")))
        #expect(reactions[3].act == .partialReply(nil, bytes: 4))
        #expect(reactions[4].act == .drop(.reset))
        #expect(reactions[5].act == .acceptThenDrop(.orderly))
    }

    @Test(
        arguments: [
            (#"{"stage": "dot"}"#, nil), ("[", nil), ("[1]", "[0]"), (#"[{"action": "drop"}]"#, "[0].stage"),
            (#"[{"stage": "dot"}]"#, "[0].action"), (#"[{"stage": "bye", "action": "drop"}]"#, "[0].stage"),
            (#"[{"stage": "dot", "action": "explode"}]"#, "[0].action"),
            (#"[{"stage": 1, "action": "drop"}]"#, "[0].stage"),
            (#"[{"stage": "dot", "action": "drop"}, {"stage": "dot", "acton": "drop"}]"#, "[1].acton"),
            (#"[{"stage": "dot", "action": "reply"}]"#, "[0].code"),
            (#"[{"stage": "dot", "action": "reply", "code": 600}]"#, "[0].code"),
            (#"[{"stage": "dot", "action": "reply", "code": "250"}]"#, "[0].code"),
            (#"[{"stage": "dot", "action": "reply", "code": 250, "text": "a\r\nQUIT"}]"#, "[0].text"),
            (#"[{"stage": "dot", "action": "reply", "code": 250, "text": "ü"}]"#, "[0].text"),
            (#"[{"stage": "dot", "action": "drop", "code": 250}]"#, "[0].code"),
            (#"[{"stage": "dot", "action": "accept", "reset": true}]"#, "[0].reset"),
            (#"[{"stage": "dot", "action": "drop", "first": 0}]"#, "[0].first"),
            (#"[{"stage": "dot", "action": "drop", "to": "nobody"}]"#, "[0].to"),
            (#"[{"stage": "mail", "action": "drop", "to": "*@x.example"}]"#, "[0].to"),
            (#"[{"stage": "rcpt", "action": "accept_then_drop"}]"#, "[0].action"),
            (#"[{"stage": "dot", "action": "partial_reply", "text": "x"}]"#, "[0].text"),
            (#"[{"stage": "dot", "action": "accept", "delay": 5}]"#, "[0].delay"),
            (#"[{"stage": "dot", "action": "accept", "delay": {"ms": -1}}]"#, "[0].delay.ms"),
            (#"[{"stage": "dot", "action": "accept", "delay": {"ms": 3600001}}]"#, "[0].delay.ms"),
            (#"[{"stage": "dot", "action": "accept", "delay": {"before": true}}]"#, "[0].delay.ms"),
            (#"[{"stage": "dot", "action": "accept", "delay": {"ms": 1, "after": true}}]"#, "[0].delay.after"),
            (#"[{"stage": "rcpt", "action": "accept", "delay": {"ms": 1, "before": true}}]"#, "[0].delay.before"),
            (#"[{"stage": "dot", "action": "drop", "delay": {"ms": 1, "before": true}}]"#, "[0].delay.before"),
        ] as [(String, String?)])
    func `a mistake is named by its field`(json: String, field: String?) {
        #expect { try parse(json) } throws: { error in
            let problem = error as? Problem
            return problem?.field == field && problem?.message.isEmpty == false
        }
    }

    @Test func `the first line that matches and is not spent decides`() throws {
        let book = ReactionBook()
        book.replace(
            with: try parse(
                """
                [{"stage": "rcpt", "to": "a@x.example", "first": 2, "action": "reply", "code": 450},
                 {"stage": "rcpt", "to": "*@x.example", "action": "reply", "code": 550}]
                """))
        func code(_ to: String) -> Int? {
            if case .reply(let reply) = book.take(.rcpt, for: [to])?.act { reply.code } else { nil }
        }
        #expect(
            ["A@x.example", "a@x.example", "a@x.example", "b@X.example", "a@y.example"].map(code) == [
                450, 450, 550, 550, nil,
            ])
        #expect(book.take(.dot, for: ["a@x.example"]) == nil)
        #expect(book.current.map(\.used) == [2, 2])
    }

    @Test func `first n is exactly n under many hands`() async throws {
        let book = ReactionBook()
        book.replace(with: try parse(#"[{"stage": "dot", "first": 50, "action": "drop"}]"#))
        let hits = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<100).count { _ in book.take(.dot, for: ["a@x.example"]) != nil } }
            }
            return await group.reduce(0, +)
        }
        #expect(hits == 50)
    }

    @Test(arguments: [
        ("*", true), ("*@example.com", true), ("*@EXAMPLE.com", true), ("*@ample.com", false), ("b@example.com", true),
        ("c@example.com", false),
    ])
    func `patterns match whole addresses`(pattern: String, matches: Bool) throws {
        #expect(try #require(RecipientPattern(pattern)).matches("B@Example.com") == matches)
    }

    @Test(arguments: ["", "@x", "*@", "*a@x.example", "a", "*@*"]) func `other patterns are none`(text: String) {
        #expect(RecipientPattern(text) == nil)
    }
}
