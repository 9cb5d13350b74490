/// One mail as it goes onto the wire: an envelope with a single recipient, and the finished bytes.
package struct WireMail: Sendable {
    let sender: String
    let recipient: String
    let bytes: [UInt8]

    /// - Parameters:
    ///   - sender: the return path without angle brackets; empty for the null sender.
    ///   - bytes: the message with CRLF line ends; dots at line starts are doubled by libcurl.
    /// - Throws: ``CurlError/address``. libcurl 7.88 writes CR and LF of an address into the SMTP dialogue, so an
    ///   address that holds anything but visible ASCII other than angle brackets never gets that far.
    package init(sender: String, recipient: String, bytes: [UInt8]) throws(CurlError) {
        guard Self.isSafe(sender), Self.isSafe(recipient), !recipient.isEmpty else { throw .address }
        self.sender = sender
        self.recipient = recipient
        self.bytes = bytes
    }

    private static func isSafe(_ address: String) -> Bool {
        address.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3C && $0 != 0x3E }
    }
}
