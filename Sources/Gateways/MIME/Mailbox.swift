/// A person or a company with an address, as in From and To.
package struct Mailbox: Sendable, Hashable {
    package let name: String?
    package let address: MailAddress

    package init(name: String?, address: MailAddress) {
        self.name = name
        self.address = address
    }

    /// The pieces a header line may be folded between (RFC 5322 section 3.4, RFC 2047 section 5).
    func words(for header: String) throws(MIMEError) -> [String] {
        guard let name, !name.isEmpty else { return ["\(address)"] }
        let checked = try HeaderText.checked(name, header: header, limit: 256)
        return Self.phrase(checked, for: header) + ["<\(address)>"]
    }

    private static func phrase(_ name: String, for header: String) -> [String] {
        let isPlain = name.utf8.allSatisfy { (0x20...0x7E).contains($0) } && name.utf8.count <= 60
        guard isPlain, !name.contains("=?") else { return HeaderText.encoded(name, for: header) }
        let isAtoms =
            name.utf8.allSatisfy(isAtom) && !name.hasPrefix(" ") && !name.hasSuffix(" ") && !name.contains("  ")
        if isAtoms { return [name] }
        let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return ["\"\(escaped)\""]
    }

    private static func isAtom(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x20: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E: true
        default: false
        }
    }
}
