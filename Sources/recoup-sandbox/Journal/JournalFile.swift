import Foundation
import Logging
import Synchronization

/// Accepted mails, one JSON object per line. Appended without fsync: it survives a restart, not a power cut.
final class JournalFile: Sendable {
    private struct Line: Codable {
        let seq: Int
        let connection: Int
        let received_at: Date?
        let accepted_at: Date
        let from: String
        let to: [String]
        let auth_user: String?
        let reply: String?
        let wire_size: Int
        let raw: Data
    }

    private static let chunk = 1 << 20

    private let handle: Mutex<FileHandle>
    private let logger: Logger

    /// - Parameter fresh: empties the file.
    /// - Throws: when the file cannot be opened for writing.
    init(path: String, fresh: Bool, logger: Logger) throws {
        let isThere = FileManager.default.fileExists(atPath: path)
        guard isThere || FileManager.default.createFile(atPath: path, contents: nil) else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
        }
        let opened = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        if fresh { try opened.truncate(atOffset: 0) }
        handle = Mutex(opened)
        self.logger = logger
    }

    /// Hands over every mail, oldest first. A line that a crash cut short is passed over.
    func read(_ each: (Mail) -> Void) throws {
        try handle.withLock { handle in
            try handle.seek(toOffset: 0)
            let decoder = JSONDecoder()
            var rest = Data()
            while let chunk = try handle.read(upToCount: Self.chunk), !chunk.isEmpty {
                rest.append(chunk)
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    hand(rest[..<end], decoder, to: each)
                    rest = rest[(end + 1)...]
                }
                rest = Data(rest)
            }
            if !rest.isEmpty { try handle.write(contentsOf: Data("\n".utf8)) }
        }
    }

    private func hand(_ line: Data, _ decoder: JSONDecoder, to each: (Mail) -> Void) {
        do {
            each(mail(try decoder.decode(Line.self, from: line)))
        } catch {
            logger.warning("a line of the journal file was passed over", metadata: ["bytes": "\(line.count)"])
        }
    }

    func append(_ mail: Mail) throws {
        let line = Line(
            seq: mail.seq, connection: mail.connection, received_at: mail.receivedAt, accepted_at: mail.endedAt,
            from: mail.envelope.from, to: mail.envelope.to, auth_user: mail.envelope.user, reply: mail.fate.reply,
            wire_size: mail.content?.wireSize ?? 0, raw: Data(mail.content?.raw ?? []))
        var data = try JSONEncoder().encode(line)
        data.append(UInt8(ascii: "\n"))
        try handle.withLock { handle in
            try handle.seekToEnd()
            try handle.write(contentsOf: data)
        }
    }

    func empty() throws {
        try handle.withLock { try $0.truncate(atOffset: 0) }
    }

    private func mail(_ line: Line) -> Mail {
        Mail(
            seq: line.seq, connection: line.connection,
            envelope: Envelope(from: line.from, to: line.to, user: line.auth_user),
            content: Content(raw: Array(line.raw), wireSize: line.wire_size),
            fate: Fate(outcome: .accepted, stage: .dot, reply: line.reply),
            receivedAt: line.received_at, endedAt: line.accepted_at)
    }
}
