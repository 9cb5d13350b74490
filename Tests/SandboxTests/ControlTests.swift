import Foundation
import Testing

@testable import recoup_sandbox

@Suite(.timeLimit(.minutes(10))) struct `The control API` {
    @Test func `health and ports are told`() async throws {
        try await withSandbox { sandbox in
            #expect(try await sandbox.web.json("/health", as: [String: String].self) == ["status": "ok"])
            struct Ports: Decodable { let host: String, smtp: Int, http: Int }
            let ports = try await sandbox.web.json("/ports", as: Ports.self)
            #expect(
                ports.host == "127.0.0.1" && ports.smtp == sandbox.addresses.smtp
                    && ports.http == sandbox.addresses.http)
            #expect(ports.smtp > 0 && ports.http > 0)
        }
    }

    @Test func `what is put comes back, with its uses counted`() async throws {
        try await withSandbox { sandbox in
            let line =
                #"{"action":"reply","code":450,"delay":{"before":false,"ms":1},"first":1,"stage":"rcpt","text":"4.2.1 busy","to":"b@example.com""#
            let (_, put) = try await sandbox.web.put("/reactions", "[\(line)}]")
            #expect(put == "[\(line),\"used\":0}]")
            #expect(try await sandbox.send() == "450 4.2.1 busy")
            #expect(try await sandbox.send()?.hasPrefix("250") == true)
            #expect(try await sandbox.web.get("/reactions").body == "[\(line),\"used\":1}]")
            #expect(try await sandbox.web.delete("/reactions") == 204)
            #expect(try await sandbox.web.get("/reactions").body == "[]")
        }
    }

    @Test func `a bad script is refused, named, and changes nothing`() async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(#"[{"stage": "dot", "action": "drop"}]"#)
            let (status, body) = try await sandbox.web.put(
                "/reactions", #"[{"stage": "dot", "action": "reply", "code": 99}]"#)
            #expect(status == 400)
            #expect(body == #"{"error":"must be a whole number from 200 to 599","field":"[0].code"}"#)
            #expect(sandbox.world.book.current.count == 1)
        }
    }

    @Test func `the journal is read on from where one was`() async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(#"[{"stage": "rcpt", "to": "*@gone.example", "action": "reply", "code": 550}]"#)
            for to in ["a@x.example", "b@gone.example", "c@x.example"] { try await sandbox.send(to: to) }
            let web = sandbox.web
            #expect(try await web.journal().map(\.seq) == [1, 2, 3])
            #expect(try await web.journal("?since=1").map(\.to) == [["b@gone.example"], ["c@x.example"]])
            #expect(try await web.journal("?state=refused").map(\.seq) == [2])
            #expect(try await web.journal("?to=*@x.example&limit=1").map(\.seq) == [1])
            #expect(try await web.journal("?since=3").isEmpty)
            let brief = try #require(try await web.journal("?brief=true").first)
            #expect(brief.headers == nil && brief.text == nil && brief.subject == "Reminder")
            let lines = try await web.get("/journal?format=lines").body.split(separator: "\n")
            #expect(
                try lines.map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) } == (try await web.journal())
            )
            #expect(try await web.json("/journal/3", as: Entry.self).to == ["c@x.example"])
        }
    }

    @Test func `a long journal comes whole`() async throws {
        try await withSandbox { sandbox in
            let wire = try await sandbox.session()
            for _ in 1...250 { _ = await wire.deliver(.simple) }
            #expect(try await sandbox.web.journal().map(\.seq) == Array(1...250))
        }
    }

    @Test(arguments: [
        ("/journal?since=x", "since"), ("/journal?state=lost", "state"), ("/journal?sinse=1", "sinse"),
        ("/journal?limit=-1", "limit"),
        ("/journal?to=nobody", "to"), ("/journal?brief=1", "brief"), ("/journal?format=xml", "format"),
        ("/journal/x", "seq"),
    ])
    func `a bad question is named by its field`(path: String, field: String) async throws {
        try await withSandbox { sandbox in
            let (status, body) = try await sandbox.web.get(path)
            #expect(status == 400 && body.contains("\"field\":\"\(field)\""), "\(body)")
        }
    }

    @Test(arguments: ["/journal/9", "/journal/9/raw"]) func `a mail that is not there is not found`(path: String)
        async throws
    {
        try await withSandbox { sandbox in
            let status = try await sandbox.web.get(path).status
            #expect(status == 404)
        }
    }

    @Test func `a mail that never came has no bytes`() async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(#"[{"stage": "mail", "action": "drop"}]"#)
            try await sandbox.send()
            #expect(try await sandbox.web.get("/journal/1/raw").status == 404)
            let entry = try await sandbox.web.json("/journal/1", as: Entry.self)
            #expect(entry.outcome == "dropped" && entry.to == [] && entry.subject == nil && entry.received_at == nil)
        }
    }

    @Test func `clearing forgets mails and counts, and numbers go on`() async throws {
        try await withSandbox { sandbox in
            try await sandbox.send()
            #expect(try await sandbox.web.delete("/journal") == 204)
            #expect(try await sandbox.web.stats().accepted == 0)
            try await sandbox.send()
            #expect(try await sandbox.web.journal().map(\.seq) == [2])
        }
    }

    @Test func `every login is written down, refused ones too`() async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(#"[{"stage": "auth", "first": 1, "action": "reply", "code": 535}]"#)
            let wire = try await sandbox.session()
            #expect(await wire.ask("AUTH PLAIN AGEAYg==")?.hasPrefix("535") == true)
            #expect(await wire.ask("AUTH PLAIN AGEAYw==")?.hasPrefix("235") == true)
            struct Login: Decodable, Equatable {
                let user: String, password: String, mechanism: String, accepted: Bool, connection: Int
            }
            let logins = try await sandbox.web.json("/journal/auths", as: [Login].self)
            #expect(logins.map(\.accepted) == [false, true])
            #expect(logins.map(\.password) == ["b", "c"])
            #expect(try await sandbox.web.stats().auths == 2)
        }
    }

    @Test func `connections are counted as they come and go`() async throws {
        try await withSandbox { sandbox in
            let one = try await sandbox.session()
            let two = try await sandbox.session()
            #expect(try await sandbox.web.stats().connections == Counts.Connections(open: 2, total: 2))
            one.close()
            try await eventually { try await sandbox.web.stats().connections.open == 1 }
            two.close()
        }
    }
}
