/// One mail to one recipient, frozen: the same bytes go out however often it is tried.
package struct OutgoingMail: Sendable {
    /// The return path; empty for the null sender.
    package let envelopeFrom: String
    package let recipient: String
    /// The whole message with CRLF line ends and seven-bit bytes; dots at line starts are not doubled here.
    package let bytes: [UInt8]

    package init(envelopeFrom: String, recipient: String, bytes: [UInt8]) {
        self.envelopeFrom = envelopeFrom
        self.recipient = recipient
        self.bytes = bytes
    }

    /// What is wrong with the bytes, if they could not travel as they are.
    ///
    /// A bare line feed is the dangerous one: libcurl doubles dots only after CRLF, and some servers end a mail at a
    /// dot between bare line feeds, so what follows it would be read as commands.
    var fault: String? {
        guard !bytes.isEmpty else { return "the message is empty" }
        var column = 0
        var previous: UInt8 = 0
        for byte in bytes {
            if byte == 0x0A, previous != 0x0D { return "the message holds a bare line feed" }
            if previous == 0x0D, byte != 0x0A { return "the message holds a bare carriage return" }
            if byte == 0 || byte > 0x7E { return "the message is not seven-bit text" }
            column = byte == 0x0A ? 0 : column + 1
            // 998 octets and the carriage return, RFC 5322 section 2.1.1.
            if column > 999 { return "the message holds a line that is too long" }
            previous = byte
        }
        return previous == 0x0A ? nil : "the message does not end with a line end"
    }
}
