import Curl
package import Logging
import Synchronization

/// The process's open sessions to mail relays: one thread each, never shared between two configurations.
///
/// It sends one mail per call and decides nothing about the next one, except that a mail whose kept connection had died
/// before it is tried again at once, once.
package final class MailSessions: Sendable {
    private let idleClose: Duration
    private let allowedPrivate: Set<String>
    private let sandboxes: Set<String>
    private let certificateAuthorities: String?
    private let limits: MailLimits
    private let logger: Logger
    private let watch = QuietWatch()
    private let room: Mutex<Room>

    private struct Room {
        var book: SessionBook
        var threads: [SessionBook.Seat: MailThread] = [:]
        var letters: [SessionBook.Ticket: Letter] = [:]
        /// Gateways whose last attempt failed in the TLS handshake.
        var failedHandshakes: Set<MailGateway> = []
        /// Somebody waits for a session to have been idle for long enough, and it will be looked again then.
        var isLookingAgain = false
        var isStopping = false
    }

    private struct Letter {
        let mail: WireMail
        let gateway: MailGateway
        let mayBegin: @Sendable () -> Bool
        let answer: CheckedContinuation<WireOutcome, Never>
    }

    /// - Parameters:
    ///   - processCap: the most sessions of this process, over all gateways.
    ///   - idleClose: a session without mail for this long closes.
    ///   - allowedPrivate: `host:port` of gateways that may have a loopback or private address.
    ///   - sandboxes: `host:port` of pretend gateways: they may have such an address and may do without TLS.
    ///   - certificateAuthorities: a PEM file that replaces the system's list of trusted certificates.
    package init(
        processCap: Int = 64, idleClose: Duration = .seconds(30), allowedPrivate: [String], sandboxes: [String] = [],
        certificateAuthorities: String? = nil, limits: MailLimits = MailLimits(), logger: Logger
    ) {
        self.idleClose = idleClose
        self.sandboxes = Set(sandboxes.map(MailGateway.listed))
        self.allowedPrivate = self.sandboxes.union(allowedPrivate.map(MailGateway.listed))
        self.certificateAuthorities = certificateAuthorities
        self.limits = limits
        self.logger = logger
        room = Mutex(Room(book: SessionBook(processCap: processCap)))
    }

    /// Waits for a session of this gateway, hands the mail over, and tells what came of it.
    ///
    /// - Parameter mayBegin: the caller's fence, asked on the session's thread just before anything of this mail can
    ///   leave, and again before a second try on a new connection. It must not block.
    ///
    /// Cancelling the calling task withdraws a mail that waits; one that has begun is seen through to its answer.
    package func send(
        _ mail: OutgoingMail, through gateway: MailGateway, mayBegin: @escaping @Sendable () -> Bool
    ) async -> WireOutcome {
        let wireMail: WireMail
        switch check(mail, gateway) {
        case .sound(let mail): wireMail = mail
        case .refused(let refusal): return .refused(refusal)
        }
        let ticket = Mutex<SessionBook.Ticket?>(nil)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { answer in
                let letter = Letter(mail: wireMail, gateway: gateway, mayBegin: mayBegin, answer: answer)
                guard let number = queue(letter) else { return answer.resume(returning: .notBegun(.stopped)) }
                ticket.withLock { $0 = number }
                if Task.isCancelled { withdraw(number) }
            }
        } onCancel: {
            if let number = ticket.withLock({ $0 }) { withdraw(number) }
        }
    }

    /// How many more mails of this gateway could go onto the wire at once: its sessions less those busy and those
    /// waited for, bounded by what the process has left.
    package func free(for gateway: MailGateway) -> Int {
        room.withLock { $0.isStopping ? 0 : $0.book.free(for: gateway) }
    }

    /// Takes no new mail, sends back what waits, and lets what is on the wire finish.
    ///
    /// What still runs after `grace` is aborted: a mail that was handed over is then unknown.
    package func stop(grace: Duration) async {
        let (waiting, idle) = room.withLock { room in
            room.isStopping = true
            let letters = room.book.withdrawAll().compactMap { room.letters.removeValue(forKey: $0) }
            return (letters, room.book.vacateIdle().compactMap { room.threads.removeValue(forKey: $0) })
        }
        for letter in waiting { letter.answer.resume(returning: .notBegun(.stopped)) }
        for thread in idle { thread.close() }
        if await !watch.reached(.noMail, within: grace) {
            let busy = room.withLock { Array($0.threads.values) }
            logger.warning("mails on the wire were aborted", metadata: ["count": "\(busy.count)"])
            for thread in busy { thread.abort() }
            _ = await watch.reached(.noMail, within: .seconds(5))
        }
        // Saying goodbye is a courtesy; a relay that does not answer it is not waited for.
        _ = await watch.reached(.noSession, within: min(grace, .seconds(2)))
    }

    private enum Check {
        case sound(WireMail)
        case refused(Refusal)
    }

    /// What can be refused without asking a server is; libcurl sees only addresses that were taken apart and rebuilt.
    private func check(_ mail: OutgoingMail, _ gateway: MailGateway) -> Check {
        if gateway.tls == .none, !sandboxes.contains(gateway.address) {
            return .refused(Refusal(kind: .gateway, text: "a gateway without TLS is not allowed"))
        }
        if let fault = mail.fault { return .refused(Refusal(kind: .content, text: fault)) }
        let recipient: MailAddress
        do {
            recipient = try MailAddress(mail.recipient)
        } catch {
            return .refused(Refusal(kind: .recipient, text: "the recipient is no mail address"))
        }
        do {
            let sender = mail.envelopeFrom.isEmpty ? "" : try MailAddress(mail.envelopeFrom).description
            return .sound(try WireMail(sender: sender, recipient: recipient.description, bytes: mail.bytes))
        } catch {
            return .refused(Refusal(kind: .sender, text: "the return path is no mail address"))
        }
    }
}

extension MailSessions {
    private func queue(_ letter: Letter) -> SessionBook.Ticket? {
        let ticket: SessionBook.Ticket? = room.withLock { room in
            guard !room.isStopping else { return nil }
            let ticket = room.book.wait(for: letter.gateway)
            room.letters[ticket] = letter
            return ticket
        }
        if ticket != nil { proceed() }
        return ticket
    }

    private func withdraw(_ ticket: SessionBook.Ticket) {
        let letter = room.withLock { room in
            room.book.withdraw(ticket) ? room.letters.removeValue(forKey: ticket) : nil
        }
        letter?.answer.resume(returning: .notBegun(.cancelled))
    }

    /// Carries out what the book decides.
    private func proceed() {
        let now = ContinuousClock.now
        let (orphans, again) = room.withLock { room -> ([Letter], ContinuousClock.Instant?) in
            var orphans: [Letter] = []
            for decision in room.book.decide(at: now) {
                switch decision {
                case .close(let seat): room.threads.removeValue(forKey: seat)?.close()
                case .open(let seat, let gateway): room.threads[seat] = thread(for: seat, gateway)
                case .assign(let ticket, let seat):
                    guard let letter = room.letters[ticket] else { continue }
                    if let thread = room.threads[seat] {
                        watch.change(mails: 1)
                        thread.run { [self] session in finish(ticket, seat, outcome(of: letter, &session)) }
                    } else {
                        room.letters[ticket] = nil
                        room.book.release(seat, at: now)
                        _ = room.book.vacate(seat)
                        orphans.append(letter)
                    }
                }
            }
            guard let again = room.book.nextRested, !room.isLookingAgain else { return (orphans, nil) }
            room.isLookingAgain = true
            return (orphans, again)
        }
        if let again { lookAgain(at: again) }
        guard !orphans.isEmpty else { return }
        for orphan in orphans { orphan.answer.resume(returning: .refused(Self.noSession)) }
        proceed()
    }

    private func lookAgain(at moment: ContinuousClock.Instant) {
        Task { [self] in
            try? await Task.sleep(until: moment, clock: .continuous)
            room.withLock { $0.isLookingAgain = false }
            proceed()
        }
    }

    private static let noSession = Refusal(kind: .gateway, text: "no session can be opened with these settings")

    private func thread(for seat: SessionBook.Seat, _ gateway: MailGateway) -> MailThread? {
        let login = gateway.username.map { MailEndpoint.Login(user: $0, password: gateway.password?.revealed ?? "") }
        do throws(CurlError) {
            let endpoint = try MailEndpoint(
                host: DomainName.ascii(gateway.host) ?? gateway.host, port: gateway.port,
                encryption: gateway.encryption, login: login, greetingName: gateway.ehloName,
                certificateAuthorities: certificateAuthorities,
                privateAllowed: allowedPrivate.contains(gateway.address), limits: limits.curl)
            let thread = try MailThread(
                endpoint, idle: idleClose,
                mayEnd: { [weak self] in self?.leave(seat) ?? true },
                ended: { [watch] in watch.change(sessions: -1) })
            watch.change(sessions: 1)
            return thread
        } catch {
            logger.error(
                "no session for a gateway", metadata: ["gateway": "\(gateway.id)", "reason": "\(error.label)"])
            return nil
        }
    }

    /// Runs on the session's thread.
    private func outcome(of letter: Letter, _ session: inout MailSession) -> WireOutcome {
        guard letter.mayBegin() else { return .notBegun(.fenced) }
        var transfer = session.send(letter.mail)
        if deservesFreshConnection(transfer), letter.mayBegin() {
            transfer = session.send(letter.mail, onFreshConnection: true)
        }
        let failedBefore = room.withLock { room in
            if transfer.curlCode == .handshakeFailed { return !room.failedHandshakes.insert(letter.gateway).inserted }
            room.failedHandshakes.remove(letter.gateway)
            return false
        }
        return classify(transfer, handshakeFailedBefore: failedBefore)
    }

    private func finish(_ ticket: SessionBook.Ticket, _ seat: SessionBook.Seat, _ outcome: WireOutcome) {
        let letter = room.withLock { room in
            room.book.release(seat, at: .now)
            if room.isStopping, room.book.vacate(seat) { room.threads.removeValue(forKey: seat)?.close() }
            return room.letters.removeValue(forKey: ticket)
        }
        letter?.answer.resume(returning: outcome)
        proceed()
        watch.change(mails: -1)
    }

    private func leave(_ seat: SessionBook.Seat) -> Bool {
        room.withLock { room in
            guard room.book.vacate(seat) else { return false }
            room.threads[seat] = nil
            return true
        }
    }
}

extension MailGateway {
    fileprivate var encryption: MailEndpoint.Encryption {
        switch tls {
        case .starttls: .starttls
        case .implicit: .implicit
        case .none: .none
        }
    }
}

extension MailLimits {
    fileprivate var curl: MailEndpoint.Limits {
        MailEndpoint.Limits(
            connect: connect, reply: reply, whole: whole, idleReuse: idleReuse, mailsPerConnection: mailsPerConnection)
    }
}
