import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// The pretend world: a relay and two text gateways, their scripts, their journals, and the pages that show it all.
struct World: Sendable {
    let journal: Journal
    let book = ReactionBook()
    let texts: TextDesk
    let board: AddressBoard
    private let settings: Settings
    private let logger: Logger
    private let now: @Sendable () -> Date

    /// - Throws: when the journal file cannot be read.
    init(_ settings: Settings, logger: Logger, now: @escaping @Sendable () -> Date = { Date() }) throws {
        let file = try settings.journal.map { try JournalFile(path: $0, fresh: settings.isFresh, logger: logger) }
        let limits = Journal.Limits(mails: settings.keep, bytes: settings.keepMegabytes * 1_000_000)
        journal = try Journal(limits: limits, file: file, logger: logger)
        texts = TextDesk(
            journal: TextJournal(limit: settings.keep), reportsByItself: settings.sendsReceipts, now: now)
        board = AddressBoard(host: settings.host)
        self.settings = settings
        self.logger = logger
        self.now = now
    }

    /// Both servers as one group; it stops when `signals` arrive, or when one of the two cannot go on.
    func group(stoppingOn signals: [UnixSignal] = [.sigterm, .sigint]) -> ServiceGroup {
        ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: smtp), .init(service: http)],
                gracefulShutdownSignals: signals, logger: logger))
    }

    private var smtp: SMTPServer {
        let desk = SMTPDesk(journal: journal, book: book, now: now)
        return SMTPServer(settings: settings, desk: desk, board: board, logger: logger)
    }

    private var http: HTTPServer {
        HTTPServer(settings: settings, journal: journal, book: book, texts: texts, board: board, logger: logger)
    }
}
