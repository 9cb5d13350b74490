import Foundation
import Logging
import NIOCore
import Synchronization

/// What this server did with every mail: the one truth a test compares against.
///
/// In memory, newest mails kept; with a file also across restarts.
/// An accepted mail is here before its reply is written.
final class Journal: Sendable {
    /// Beyond either, the oldest mails are forgotten; counts stay.
    struct Limits: Sendable {
        let mails: Int
        let bytes: Int
    }

    private struct State {
        var mails = CircularBuffer<Mail>()
        var bytes = 0
        var lastSeq = 0
        var auths: [Auth] = []
        var stats = Stats()
    }

    private static let keptAuths = 1_000

    private let limits: Limits
    private let file: JournalFile?
    private let logger: Logger
    private let state = Mutex(State())

    /// Reads back what `file` kept.
    /// - Throws: when the file cannot be read.
    init(limits: Limits, file: JournalFile? = nil, logger: Logger) throws {
        self.limits = limits
        self.file = file
        self.logger = logger
        try file?.read { mail in
            state.withLock { append(mail, to: &$0) }
        }
    }

    // MARK: Writing

    /// Returns the number of the connection, counted from 1.
    func connectionOpened() -> Int {
        state.withLock { state in
            state.stats.connections.total += 1
            state.stats.connections.open += 1
            return state.stats.connections.total
        }
    }

    func connectionClosed() {
        state.withLock { $0.stats.connections.open -= 1 }
    }

    func record(_ auth: Auth) {
        state.withLock { state in
            state.stats.auths += 1
            if state.auths.count == Self.keptAuths { state.auths.removeFirst() }
            state.auths.append(auth)
        }
    }

    /// All bytes of a mail are here; ``record(_:_:_:connection:receivedAt:at:)`` follows once it is decided.
    func mailReceived() {
        state.withLock { $0.stats.waiting += 1 }
    }

    func record(
        _ envelope: Envelope, _ content: Content?, _ fate: Fate, connection: Int, receivedAt: Date?, at now: Date
    ) {
        state.withLock { state in
            if content != nil { state.stats.waiting -= 1 }
            let mail = Mail(
                seq: state.lastSeq + 1, connection: connection, envelope: envelope, content: content, fate: fate,
                receivedAt: receivedAt, endedAt: now)
            append(mail, to: &state)
            guard fate.outcome == .accepted, let file else { return }
            do {
                try file.append(mail)
            } catch {
                logger.error("a mail could not be written to the journal file", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Forgets mails, auths and their counts, in the file too. Numbers go on rising.
    func clear() throws {
        try state.withLock { state in
            let old = state
            state = State()
            state.lastSeq = old.lastSeq
            state.stats.connections = old.stats.connections
            state.stats.waiting = old.stats.waiting
            try file?.empty()
        }
    }

    private func append(_ mail: Mail, to state: inout State) {
        state.lastSeq = mail.seq
        state.stats[mail.fate.outcome] += 1
        state.bytes += mail.content?.raw.count ?? 0
        state.mails.append(mail)
        while state.mails.count > limits.mails || (state.bytes > limits.bytes && state.mails.count > 1) {
            let oldest = state.mails.removeFirst()
            state.bytes -= oldest.content?.raw.count ?? 0
            state.stats.forgotten += 1
        }
        state.stats.kept = state.mails.count
    }

    // MARK: Reading

    var stats: Stats { state.withLock { $0.stats } }
    var auths: [Auth] { state.withLock { $0.auths } }
    var lastSeq: Int { state.withLock { $0.lastSeq } }

    func mail(_ seq: Int) -> Mail? {
        state.withLock { state in
            let index = Self.position(after: seq - 1, in: state.mails)
            guard index < state.mails.count else { return nil }
            let mail = state.mails[offset: index]
            return mail.seq == seq ? mail : nil
        }
    }

    /// The next mails that match, oldest first, numbered above `seq`.
    func mails(after seq: Int, matching filter: MailFilter, limit: Int) -> [Mail] {
        state.withLock { state in
            var found: [Mail] = []
            var index = Self.position(after: seq, in: state.mails)
            while index < state.mails.count, found.count < limit {
                let mail = state.mails[offset: index]
                if filter.matches(mail) { found.append(mail) }
                index += 1
            }
            return found
        }
    }

    /// One page, newest first, and how many match in all.
    func page(_ number: Int, of size: Int, matching filter: MailFilter) -> (mails: [Mail], total: Int) {
        state.withLock { state in
            var found: [Mail] = []
            var total = 0
            let first = (number - 1) * size
            for mail in state.mails.reversed() where filter.matches(mail) {
                if total >= first, found.count < size { found.append(mail) }
                total += 1
            }
            return (found, total)
        }
    }

    /// The mails that stand beside one, whatever became of them.
    func neighbours(of seq: Int) -> (newer: Int?, older: Int?) {
        state.withLock { state in
            let after = Self.position(after: seq, in: state.mails)
            let before = Self.position(after: seq - 1, in: state.mails) - 1
            return (
                after < state.mails.count ? state.mails[offset: after].seq : nil,
                before >= 0 ? state.mails[offset: before].seq : nil
            )
        }
    }

    /// Where the first mail numbered above `seq` stands. Numbers rise, though not without gaps after a restart.
    private static func position(after seq: Int, in mails: CircularBuffer<Mail>) -> Int {
        var low = 0
        var high = mails.count
        while low < high {
            let middle = (low + high) / 2
            if mails[offset: middle].seq > seq { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
