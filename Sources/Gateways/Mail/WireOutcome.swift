/// What came of one message on the wire.
package enum WireOutcome: Sendable, Hashable {
    /// The relay took responsibility for it.
    case accepted(Acceptance)
    /// It was certainly not taken.
    case refused(Refusal)
    /// The relay may have it: it got every byte, and no answer arrived. It must not be sent again by itself.
    case unknown(evidence: String)
    /// No byte of its content left, and no server was asked; it counts as no attempt.
    case notBegun(NotBegun)

    package enum NotBegun: String, Sendable, Hashable, CaseIterable {
        /// The caller's fence said no.
        case fenced
        /// The process is stopping.
        case stopped
        /// The calling task was cancelled while it waited for a session.
        case cancelled
    }
}

/// The relay's yes, with its words: they usually hold the relay's own id of the mail.
package struct Acceptance: Sendable, Hashable {
    package let code: Int
    package let enhanced: String?
    /// At most 512 bytes, without mail addresses.
    package let text: String
    /// The gateway's own id of the message, where it gives one apart from its words.
    package let providerID: String?

    package init(code: Int, enhanced: String?, text: String, providerID: String? = nil) {
        self.code = code
        self.enhanced = enhanced
        self.text = text
        self.providerID = providerID
    }
}

/// A mail that was certainly not taken, and whose fault that is.
package struct Refusal: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Later may go better.
        case transient
        /// The address does not exist or takes no mail.
        case recipient
        /// This message is not wanted or is too big; another one may be.
        case content
        /// The sender or its domain is not accepted. The recipient is not to blame and must not be suppressed.
        case sender
        /// The gateway's settings or its login are wrong: nothing will pass until someone acts.
        case gateway
        /// The gateway asks for less; the mail itself was not judged.
        case throttled
    }

    package var kind: Kind
    /// The server's reply code; 0 when there was none.
    package var code: Int
    package var enhanced: String?
    /// The server's words or ours: at most 512 bytes, without mail addresses.
    package var text: String
    /// Seconds to wait before the next attempt, if the server or the kind of refusal names them.
    package var retryAfter: Int?
    /// How far the dialogue had come, a bounded word.
    package var stage: String
    /// libcurl's code; 0 when libcurl was not asked.
    package var curlCode: Int
    /// Whether this speaks against the gateway rather than this mail, for a breaker that counts.
    package var strikesGateway: Bool
    /// A soft refusal that becomes the recipient's if it is seen again and again.
    package var isMailboxFull: Bool

    package init(
        kind: Kind, code: Int = 0, enhanced: String? = nil, text: String, retryAfter: Int? = nil, stage: String = "",
        curlCode: Int = 0, strikesGateway: Bool = false, isMailboxFull: Bool = false
    ) {
        self.kind = kind
        self.code = code
        self.enhanced = enhanced
        self.text = text
        self.retryAfter = retryAfter
        self.stage = stage
        self.curlCode = curlCode
        self.strikesGateway = strikesGateway
        self.isMailboxFull = isMailboxFull
    }
}
