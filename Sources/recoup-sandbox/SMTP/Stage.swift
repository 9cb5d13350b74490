/// The moments of a session at which the server answers, and so may be told to answer differently.
enum Stage: String, Sendable, Codable, CaseIterable {
    case connect, ehlo, auth, mail, rcpt, data, dot

    /// Before RCPT nobody knows whom the mail is for, so only the pattern `*` can match.
    var knowsRecipients: Bool {
        switch self {
        case .rcpt, .data, .dot: true
        case .connect, .ehlo, .auth, .mail: false
        }
    }
}
