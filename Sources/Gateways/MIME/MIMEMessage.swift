/// The bytes of one reminder: CRLF line ends, seven bits, the same for the same parameters.
///
/// The plain part comes first and is always there. We write the bytes ourselves so that a retry, a signature and a test
/// all see the very same ones. Header names are fixed here; values go through ``Mailbox``, encoded words or a check,
/// never as they come.
package struct MIMEMessage: Sendable {
    package let bytes: [UInt8]

    /// - Parameters:
    ///   - date: microseconds since 1970-01-01T00:00Z; written in UTC.
    ///   - language: a tag of BCP 47 (RFC 3282), so that a reader's voice or translator need not guess.
    ///   - messageID: `left@right`, with or without angle brackets; the same for every retry.
    ///   - references: message ids, the root of the thread first. The root is also what the message answers, so mails
    ///     stay together even where a relay rewrites ids. Of the others the last ten are kept.
    ///   - attempt: the token that a receipt or a bounce brings back.
    ///   - text: UTF-8 text with any kind of line ends.
    ///   - html: likewise, a whole document.
    ///   - boundarySeed: at least 16 random bytes.
    package init(
        date: Int64, from: Mailbox, to: Mailbox, replyTo: Mailbox?, subject: String, language: String,
        messageID: String,
        references: [String], attempt: String, text: String, html: String, boundarySeed: [UInt8]
    ) throws(MIMEError) {
        guard boundarySeed.count >= 16 else { throw .boundarySeed }
        var head = HeaderText.line("Date", [try MailDate.text(date)])
        head += HeaderText.line("From", try from.words(for: "From"))
        head += HeaderText.line("To", try to.words(for: "To"))
        if let replyTo { head += HeaderText.line("Reply-To", try replyTo.words(for: "Reply-To")) }
        let checkedSubject = try HeaderText.checked(subject, header: "Subject", limit: 2_000)
        head += HeaderText.line("Subject", HeaderText.words(checkedSubject, for: "Subject"))
        head += HeaderText.line("Message-ID", [try Self.identifier(messageID, header: "Message-ID")])
        head += try Self.thread(references)
        head += HeaderText.line("Content-Language", [try Self.language(language)])
        head += HeaderText.line("MIME-Version", ["1.0"])
        // RFC 3834: nobody's absence notice should answer this.
        head += HeaderText.line("Auto-Submitted", ["auto-generated"])
        head += HeaderText.line("X-Recoup-Attempt", [try Self.token(attempt)])
        // Quoted-printable writes "=" only before a digit, a letter or a line end, so no part can hold "=_".
        let boundary = "=_" + Self.base32(boundarySeed.prefix(16))
        head += HeaderText.line("Content-Type", ["multipart/alternative;", "boundary=\"\(boundary)\""])
        var bytes = Array(head.utf8) + [0x0D, 0x0A]
        bytes += Self.part("plain", text, boundary)
        bytes += Self.part("html", html, boundary)
        bytes += Array("--\(boundary)--\r\n".utf8)
        self.bytes = bytes
    }

    private static func part(_ kind: String, _ text: String, _ boundary: String) -> [UInt8] {
        let head =
            "--\(boundary)\r\nContent-Type: text/\(kind); charset=utf-8\r\n"
            + "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        return Array(head.utf8) + QuotedPrintable.encode(text) + [0x0D, 0x0A]
    }

    private static func thread(_ references: [String]) throws(MIMEError) -> String {
        guard let first = references.first else { return "" }
        let root = try identifier(first, header: "References")
        var identifiers = [root]
        for earlier in references.dropFirst().suffix(10) {
            identifiers.append(try identifier(earlier, header: "References"))
        }
        return HeaderText.line("In-Reply-To", [root]) + HeaderText.line("References", identifiers)
    }

    /// A message id with its angle brackets (RFC 5322 section 3.6.4, without quoted and literal forms).
    private static func identifier(_ text: String, header: String) throws(MIMEError) -> String {
        let hasBrackets = text.hasPrefix("<") && text.hasSuffix(">") && text.count > 2
        let inner = hasBrackets ? text.dropFirst().dropLast() : text[...]
        let sides = inner.split(separator: "@", omittingEmptySubsequences: false)
        guard sides.count == 2, sides.allSatisfy(isDotAtom), inner.utf8.count <= 250 else { throw .messageID(header) }
        return "<\(inner)>"
    }

    private static func isDotAtom(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty
                && atom.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E: true
                    default: false
                    }
                }
        }
    }

    private static func token(_ text: String) throws(MIMEError) -> String {
        let isVisible = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isVisible, (1...200).contains(text.utf8.count) else { throw .attempt }
        return text
    }

    private static func language(_ text: String) throws(MIMEError) -> String {
        let isTag = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x2D, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: false
            }
        }
        guard isTag, (2...35).contains(text.utf8.count) else { throw .language }
        return text
    }

    private static func base32(_ bytes: ArraySlice<UInt8>) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        var text: [UInt8] = [], bits = 0, count = 0
        for byte in bytes {
            bits = (bits << 8 | Int(byte)) & 0xFFFF
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[bits >> count & 31])
            }
        }
        if count > 0 { text.append(alphabet[bits << (5 - count) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }
}
