/// The server's side of one SMTP session (RFC 5321): bytes in, steps out. It owns no socket, clock or journal.
///
/// Feed it with ``receive(_:)`` and pull steps with ``next(_:)`` until it returns `nil`. After a
/// ``Step/pause(milliseconds:)`` the caller waits before it pulls on; the client may well be gone by then,
/// and the remaining steps still happen.
struct SMTPConversation: Sendable {
    enum Step: Sendable, Equatable {
        case write([UInt8])
        case pause(milliseconds: Int)
        case authenticated(Credentials, accepted: Bool)
        /// All bytes of a mail are here; nobody has taken responsibility for it yet.
        case received
        /// A mail's story is over. `Content` is `nil` when it ended before its bytes came.
        case ended(Envelope, Content?, Fate)
        case close(Answer.Close)
    }

    /// Finds the reaction for a stage; the recipients are those known at that stage.
    typealias Book = (Stage, [String]) -> Reaction?

    private enum Phase { case opening, refusing, working, closed }

    static let mostRecipients = 1_000

    private let host: String
    private let sizeLimit: Int
    private var phase = Phase.opening
    private var input = LineReader()
    private var pending: [Step] = []
    private var isGreeted = false
    private var user: String?
    private var dialogue: AuthDialogue?
    private var envelope: Envelope?
    private var body: DotReader?

    /// - Parameter sizeLimit: the largest mail taken, in bytes.
    init(host: String, sizeLimit: Int) {
        self.host = host
        self.sizeLimit = sizeLimit
    }

    /// Bytes that came and were not looked at yet, because a pause holds the session up.
    var backlog: Int { input.waitingBytes }

    mutating func receive(_ bytes: some Sequence<UInt8>) {
        guard phase != .closed else { return }
        input.append(bytes)
    }

    /// The client was silent for too long (RFC 5321, 4.5.3.2.7).
    mutating func timeOut() {
        finish(SMTPReply(421, "4.4.2 \(host) idle for too long, closing"))
    }

    /// The next thing to do, or `nil` until more bytes came.
    mutating func next(_ book: Book) -> Step? {
        while pending.isEmpty {
            guard advance(book) else { return nil }
        }
        let step = pending.removeFirst()
        if case .close = step {
            phase = .closed
            pending = []
            input.empty()
        }
        return step
    }

    private mutating func advance(_ book: Book) -> Bool {
        switch phase {
        case .closed:
            return false
        case .opening:
            let usual = SMTPReply(220, "\(host) ESMTP recoup-sandbox")
            let answer = Answer(usual: usual, at: .connect, reaction: book(.connect, []))
            phase = answer.isPositive ? .working : .refusing
            perform(answer)
            return true
        case .refusing, .working:
            guard body == nil else { return readBody(book) }
            do throws(SMTPRefusal) {
                guard let line = try input.next() else { return false }
                try obey(line, book)
            } catch {
                pending.append(.write(error.reply.bytes))
            }
            return true
        }
    }

    private mutating func obey(_ line: String, _ book: Book) throws(SMTPRefusal) {
        if var asked = dialogue.take() {
            return follow(try asked.take(line), in: asked, book)
        }
        let command = try SMTPCommand(parsing: line)
        if phase == .refusing, command != .quit { throw SMTPRefusal(503, "5.5.1 no service here, say QUIT") }
        switch command {
        case .ehlo(let name):
            let lines = ["\(host) greets \(name)", "SIZE \(sizeLimit)", "PIPELINING", "AUTH PLAIN LOGIN"]
            greet(Answer(usual: SMTPReply(250, lines), at: .ehlo, reaction: book(.ehlo, [])))
        case .helo:
            greet(Answer(usual: SMTPReply(250, host), at: .ehlo, reaction: book(.ehlo, [])))
        case .auth(let mechanism, let initial): try authenticate(mechanism, initial, book)
        case .mail(let from, let size): try begin(from, size, book)
        case .rcpt(let to): try address(to, book)
        case .data: try openBody(book)
        case .rset:
            envelope = nil
            say(250, "2.0.0 ok")
        case .noop: say(250, "2.0.0 ok")
        case .vrfy: say(252, "2.5.2 send some mail, it will be looked at")
        case .help: say(214, "2.0.0 see RFC 5321")
        case .quit: finish(SMTPReply(221, "2.0.0 \(host) closing"))
        }
    }

    // MARK: Mail

    private mutating func greet(_ answer: Answer) {
        envelope = nil
        isGreeted = answer.isPositive
        perform(answer)
    }

    private mutating func begin(_ from: String, _ size: Int?, _ book: Book) throws(SMTPRefusal) {
        guard isGreeted else { throw SMTPRefusal(503, "5.5.1 say EHLO first") }
        guard envelope == nil else { throw SMTPRefusal(503, "5.5.1 a mail is already begun") }
        guard size ?? 0 <= sizeLimit else { throw SMTPRefusal(552, "5.3.4 larger than \(sizeLimit) bytes") }
        let begun = Envelope(from: from, to: [], user: user)
        let answer = Answer(usual: SMTPReply(250, "2.1.0 ok"), at: .mail, reaction: book(.mail, []))
        if answer.isPositive { envelope = begun }
        perform(answer, ending: answer.isPositive ? nil : .ended(begun, nil, answer.fate(at: .mail)))
    }

    private mutating func address(_ to: String, _ book: Book) throws(SMTPRefusal) {
        guard let begun = envelope else { throw SMTPRefusal(503, "5.5.1 say MAIL first") }
        guard begun.to.count < Self.mostRecipients else { throw SMTPRefusal(452, "4.5.3 too many recipients") }
        let answer = Answer(usual: SMTPReply(250, "2.1.5 ok"), at: .rcpt, reaction: book(.rcpt, [to]))
        if answer.isPositive {
            envelope?.to.append(to)
            perform(answer)
        } else {
            let refused = Envelope(from: begun.from, to: [to], user: user)
            perform(answer, ending: .ended(refused, nil, answer.fate(at: .rcpt)))
        }
    }

    private mutating func openBody(_ book: Book) throws(SMTPRefusal) {
        guard let begun = envelope else { throw SMTPRefusal(503, "5.5.1 say MAIL first") }
        guard !begun.to.isEmpty else { throw SMTPRefusal(503, "5.5.1 say RCPT first") }
        let usual = SMTPReply(354, "end with <CR><LF>.<CR><LF>")
        let answer = Answer(usual: usual, at: .data, reaction: book(.data, begun.to))
        if answer.isPositive {
            body = DotReader(limit: sizeLimit)
            perform(answer)
        } else {
            envelope = nil
            perform(answer, ending: .ended(begun, nil, answer.fate(at: .data)))
        }
    }

    private mutating func readBody(_ book: Book) -> Bool {
        guard var reader = body.take() else { return false }
        input.feed(&reader)
        guard reader.isFinished, let whole = envelope else {
            body = reader
            return false
        }
        envelope = nil
        let content = Content(raw: reader.content, wireSize: reader.wireSize)
        let answer = self.answer(to: reader, for: whole, book)
        pending.append(.received)
        perform(answer, ending: .ended(whole, content, answer.fate(at: .dot)))
        return true
    }

    /// What is wrong with the mail itself comes before what the script wants.
    private func answer(to reader: DotReader, for envelope: Envelope, _ book: Book) -> Answer {
        let refusal: SMTPReply? =
            if reader.isTooLarge {
                SMTPReply(552, "5.3.4 larger than \(sizeLimit) bytes")
            } else if reader.hasBareNewline {
                SMTPReply(554, "5.6.0 the mail holds a bare CR or LF")
            } else {
                nil
            }
        if let refusal { return Answer(usual: refusal, at: .dot, reaction: nil) }
        return Answer(usual: SMTPReply(250, "2.0.0 accepted"), at: .dot, reaction: book(.dot, envelope.to))
    }

    // MARK: AUTH

    private mutating func authenticate(_ mechanism: String, _ initial: String?, _ book: Book) throws(SMTPRefusal) {
        guard isGreeted else { throw SMTPRefusal(503, "5.5.1 say EHLO first") }
        guard user == nil else { throw SMTPRefusal(503, "5.5.1 already authenticated") }
        guard envelope == nil else { throw SMTPRefusal(503, "5.5.1 not while a mail is begun") }
        var begun = try AuthDialogue(mechanism: mechanism)
        follow(try begun.begin(with: initial), in: begun, book)
    }

    private mutating func follow(_ turn: AuthDialogue.Turn, in dialogue: AuthDialogue, _ book: Book) {
        switch turn {
        case .ask(let prompt):
            self.dialogue = dialogue
            // RFC 4954 wants the space even when the prompt is empty.
            pending.append(.write(Array("334 \(prompt)\r\n".utf8)))
        case .done(let credentials):
            settle(credentials, book)
        }
    }

    private mutating func settle(_ credentials: Credentials, _ book: Book) {
        let usual = SMTPReply(235, "2.7.0 welcome")
        let answer = Answer(usual: usual, at: .auth, reaction: book(.auth, []))
        if answer.isPositive { user = credentials.user }
        perform(answer, ending: .authenticated(credentials, accepted: answer.isPositive))
    }

    // MARK: Answering

    private mutating func say(_ code: Int, _ text: String) {
        pending.append(.write(SMTPReply(code, text).bytes))
    }

    private mutating func finish(_ reply: SMTPReply) {
        pending += [.write(reply.bytes), .close(.orderly)]
    }

    /// Lines an answer up. What it decides happens after the delay, unless the script says `before`.
    private mutating func perform(_ answer: Answer, ending: Step? = nil) {
        let delay = answer.delay
        if let ending, delay?.before == true { pending.append(ending) }
        if let delay, delay.milliseconds > 0 { pending.append(.pause(milliseconds: delay.milliseconds)) }
        if let ending, delay?.before != true { pending.append(ending) }
        if !answer.bytes.isEmpty { pending.append(.write(answer.bytes)) }
        if let close = answer.close { pending.append(.close(close)) }
    }
}
