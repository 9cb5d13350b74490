import Foundation
import Logging
import Testing

@testable import recoup_sandbox

@Suite struct `The journal` {
    private let moment = Date(timeIntervalSince1970: 1_795_528_800)

    private func journal(mails: Int = 100, bytes: Int = 1_000_000, _ file: JournalFile? = nil) throws -> Journal {
        try Journal(limits: Journal.Limits(mails: mails, bytes: bytes), file: file, logger: .silent)
    }

    private func add(
        _ journal: Journal, to: String = "b@y.example", raw: [UInt8] = [120], _ outcome: Fate.Outcome = .accepted
    ) {
        journal.mailReceived()
        journal.record(
            Envelope(from: "a@x.example", to: [to], user: "u"), Content(raw: raw, wireSize: raw.count + 3),
            Fate(outcome: outcome, stage: .dot, reply: "250 ok"), connection: 1, receivedAt: moment, at: moment)
    }

    private func withFile<R>(_ body: (String) throws -> R) rethrows -> R {
        let path = NSTemporaryDirectory() + "journal-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    private func file(_ path: String, fresh: Bool = false) throws -> JournalFile {
        try JournalFile(path: path, fresh: fresh, logger: .silent)
    }

    @Test func `the oldest mails are forgotten, by number and by size, and counts stay`() throws {
        let journal = try journal(mails: 3, bytes: 10)
        for _ in 1...5 { add(journal) }
        #expect(journal.mails(after: 0, matching: MailFilter(), limit: 9).map(\.seq) == [3, 4, 5])
        add(journal, raw: Array(repeating: 120, count: 10))
        #expect(journal.mails(after: 0, matching: MailFilter(), limit: 9).map(\.seq) == [6])
        #expect(journal.stats.accepted == 6 && journal.stats.forgotten == 5 && journal.stats.kept == 1)
        #expect(journal.mail(5) == nil && journal.mail(6)?.seq == 6 && journal.mail(7) == nil)
    }

    @Test func `since, filters and pages agree`() throws {
        let journal = try journal()
        for number in 1...10 {
            add(journal, to: "r\(number)@y.example", number.isMultiple(of: 2) ? .accepted : .refused)
        }
        let accepted = MailFilter(outcome: .accepted)
        #expect(journal.mails(after: 4, matching: accepted, limit: 2).map(\.seq) == [6, 8])
        #expect(journal.page(2, of: 2, matching: accepted).mails.map(\.seq) == [6, 4])
        #expect(journal.page(2, of: 2, matching: accepted).total == 5)
        #expect(journal.page(9, of: 2, matching: accepted).mails.isEmpty)
        #expect(journal.page(1, of: 9, matching: MailFilter(fragment: "R1")).mails.map(\.seq) == [10, 1])
        #expect(journal.neighbours(of: 1) == (2, nil))
        #expect(journal.neighbours(of: 10) == (nil, 9))
    }

    @Test func `a restart keeps accepted mails byte for byte, and numbers go on`() throws {
        try withFile { path in
            let bytes = (0...255).map { UInt8($0) }
            let first = try journal(try file(path))
            add(first, raw: bytes)
            add(first, .refused)
            add(first)
            let second = try journal(try file(path))
            #expect(second.mails(after: 0, matching: MailFilter(), limit: 9).map(\.seq) == [1, 3])
            let mail = try #require(second.mail(1))
            #expect(mail.content == Content(raw: bytes, wireSize: 259))
            #expect(mail.receivedAt == moment && mail.acceptedAt == moment && mail.envelope.user == "u")
            #expect(second.stats.accepted == 2 && second.stats.refused == 0)
            add(second)
            #expect(second.lastSeq == 4)
        }
    }

    @Test func `a torn last line costs that mail only`() throws {
        try withFile { path in
            add(try journal(try file(path)))
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(#"{"seq":2,"conn"#.utf8))
            try handle.close()
            let second = try journal(try file(path))
            add(second)
            let third = try journal(try file(path))
            #expect(third.mails(after: 0, matching: MailFilter(), limit: 9).map(\.seq) == [1, 2])
        }
    }

    @Test func `fresh and clear empty the file`() throws {
        try withFile { path in
            add(try journal(try file(path)))
            let second = try journal(try file(path, fresh: true))
            #expect(second.lastSeq == 0)
            add(second)
            try second.clear()
            #expect(second.stats.accepted == 0 && second.stats.kept == 0)
            add(second)
            let third = try journal(try file(path))
            #expect(third.mails(after: 0, matching: MailFilter(), limit: 9).map(\.seq) == [2])
        }
    }

    @Test func `clearing keeps what is on the wire`() throws {
        let journal = try journal()
        _ = journal.connectionOpened()
        journal.mailReceived()
        try journal.clear()
        #expect(journal.stats.waiting == 1 && journal.stats.connections.open == 1)
    }

    @Test func `a path that cannot be written is an error`() {
        #expect(throws: (any Error).self) { try file("/no/such/folder/journal.jsonl") }
    }
}
