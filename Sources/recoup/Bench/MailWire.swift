import Foundation
import Gateways
import Logging

/// The product's mail sessions to one server, kept full.
struct MailWire: Sendable {
    private let pool: MailSessions
    private let gateway: MailGateway
    private let mail: OutgoingMail
    private let sessions: Int

    init(port: Int, sessions: Int, bytes: Int) {
        self.sessions = sessions
        pool = MailSessions(
            processCap: sessions, allowedPrivate: [], sandboxes: ["127.0.0.1:\(port)"], logger: Logger(label: "bench"))
        gateway = MailGateway(
            id: UUID(), version: 1, host: "127.0.0.1", port: port, tls: .none, ehloName: "bench.example",
            sessions: sessions)
        let head = "From: billing@bench.example\r\nTo: debtor@bench.example\r\nSubject: Invoice\r\n\r\n"
        let line = String(repeating: "x", count: 70) + "\r\n"
        mail = OutgoingMail(
            envelopeFrom: "billing@bench.example", recipient: "debtor@bench.example",
            bytes: Array((head + String(repeating: line, count: max(1, bytes / line.utf8.count))).utf8))
    }

    /// Sends that many; mails a second.
    func send(_ count: Int) async throws -> Double {
        let begin = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            // As many wait as the worker arms: twice the sessions.
            for number in 0..<count {
                if number >= 2 * sessions { try await group.next() }
                group.addTask {
                    let outcome = await pool.send(mail, through: gateway, mayBegin: { true })
                    guard case .accepted = outcome else { throw Complaint("a mail was not taken: \(outcome)") }
                }
            }
            try await group.waitForAll()
        }
        return Double(count) / (ContinuousClock.now - begin).inSeconds
    }

    func stop() async { await pool.stop(grace: .seconds(5)) }
}
