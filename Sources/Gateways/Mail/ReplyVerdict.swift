/// What a refusing reply means: the basic code of RFC 5321, made precise by the enhanced status of RFC 3463.
///
/// Where the enhanced status knows the reason it wins. A reply is permanent only if neither part calls it temporary:
/// a needless retry costs less than a reminder that is lost.
struct ReplyVerdict: Equatable {
    var kind: Refusal.Kind
    var isMailboxFull = false
    var retryAfter: Int?

    /// Full mailboxes empty slowly.
    static let mailboxFullWait = 6 * 3_600
    /// A daily quota frees up by the hour at best.
    static let quotaWait = 3_600

    init(_ kind: Refusal.Kind) {
        self.kind = kind
    }

    /// - Parameters:
    ///   - enhanced: such as `5.1.1`.
    ///   - stage: the command that was refused: `sender`, `recipient`, `data` or `dot`.
    init(code: Int, enhanced: String?, text: String, stage: Stage) {
        let status = enhanced.map { $0.split(separator: ".").compactMap { Int($0) } } ?? []
        let isTemporary = (400..<500).contains(code) || status.first == 4
        let reason = status.count == 3 ? (status[1], status[2]) : nil
        if Self.isMailboxFull(code, reason, text, stage) {
            self.init(.transient)
            isMailboxFull = true
            retryAfter = (isTemporary ? ServerWords.retryAfter(in: text) : nil) ?? Self.mailboxFullWait
        } else if isTemporary {
            self.init(Self.isThrottle(code, reason, text) ? .throttled : .transient)
            retryAfter = ServerWords.retryAfter(in: text)
        } else {
            self.init(Self.permanent(code, reason, text, stage))
            retryAfter = kind == .throttled ? Self.quotaWait : nil
        }
    }

    enum Stage { case sender, recipient, data, dot }

    private typealias Reason = (subject: Int, detail: Int)

    private static func isMailboxFull(_ code: Int, _ reason: Reason?, _ text: String, _ stage: Stage) -> Bool {
        if let reason, reason != (0, 0), reason != (5, 0) { return reason == (2, 2) }
        guard code == 552 || code == 452, stage != .sender else { return false }
        if ServerWords.holds(text, anyOf: ["too many", "too big", "too large", "size", "exceeds the"]) { return false }
        return code == 552 || ServerWords.holds(text, anyOf: ["full", "quota", "mailbox"])
    }

    private static func isThrottle(_ code: Int, _ reason: Reason?, _ text: String) -> Bool {
        // Greylisting names this one pair of addresses; it says nothing about the gateway.
        if ServerWords.holds(text, anyOf: ["greylist", "graylist", "grey list"]) { return false }
        if code == 421 || reason?.subject == 7 { return true }
        return ServerWords.holds(text, anyOf: ["too many", "throttl", "rate limit", "ratelimit", "sending rate"])
    }

    private static func permanent(_ code: Int, _ reason: Reason?, _ text: String, _ stage: Stage) -> Refusal.Kind {
        // Asking for a login or for TLS is about the account, whatever status comes along.
        if [523, 524, 525, 530, 534, 535, 538].contains(code) { return .gateway }
        switch reason {
        case (1, 7)?, (1, 8)?, (7, _)?: return .sender
        case (1, 1)?, (1, 2)?, (1, 3)?, (1, 4)?, (1, 6)?, (1, 10)?, (2, 1)?, (2, 4)?: return .recipient
        case (4, 1)?, (4, 4)?: return stage == .sender ? .sender : .recipient
        case (4, 5)?: return .throttled
        case (2, 3)?, (3, 4)?, (6, _)?: return .content
        default: return plain(code, text, stage)
        }
    }

    /// Without a telling status: the code, the command, and at the last the words.
    private static func plain(_ code: Int, _ text: String, _ stage: Stage) -> Refusal.Kind {
        if code == 552 { return .content }
        switch stage {
        // A server that does not know a command of the standard is no mail relay. 555 is a parameter it lacks.
        case .sender: return [500, 502, 503, 504, 555].contains(code) ? .gateway : .sender
        case .recipient where [500, 502, 503, 504, 555].contains(code): return .gateway
        case .recipient where code == 554 || blamesSender(text): return .sender
        case .recipient: return .recipient
        case .data, .dot: break
        }
        if [500, 502, 503, 504].contains(code) { return .gateway }
        if blamesSender(text) { return .sender }
        let blamesRecipient = ServerWords.holds(
            text, anyOf: ["user unknown", "unknown user", "no such user", "mailbox not found"])
        return blamesRecipient ? .recipient : .content
    }

    private static func blamesSender(_ text: String) -> Bool {
        ServerWords.holds(
            text,
            anyOf: [
                "spf", "dkim", "dmarc", "blacklist", "blocklist", "block list", "blocked", "reputation", "policy",
                "relay", "not authorized", "not authorised", "access denied", "reverse dns",
            ])
    }
}
