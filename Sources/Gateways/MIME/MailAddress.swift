/// Why a text is not a mail address we can write to.
package enum AddressError: Error, Sendable, Hashable {
    case empty
    /// Over 64 octets before the `@`, or over 254 in all (RFC 5321 section 4.5.3.1).
    case tooLong
    /// Not exactly one `@` with something on both sides.
    case notOneAt
    /// A character that would need quoting, or could end the command or header the address stands in.
    case forbiddenCharacter
    /// Letters outside ASCII before the `@` need SMTPUTF8, which relays rarely offer.
    case unicodeLocalPart
    /// Dots at the ends, or two in a row, before the `@`.
    case misplacedDot
    case domain
}

/// One address in the form `local@domain`, the domain in ASCII; no comments, groups, quotes or literals.
///
/// Source: RFC 5321 section 4.1.2, without the forms nobody uses to receive mail and everybody uses to attack parsers.
package struct MailAddress: Sendable, Hashable, CustomStringConvertible {
    package let local: String
    /// In lower case; international labels are encoded.
    package let domain: String

    package init(_ text: String) throws(AddressError) {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= 512 else { throw .tooLong }
        guard !text.unicodeScalars.contains(where: Self.isForbidden) else { throw .forbiddenCharacter }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw .notOneAt }
        let local = String(parts[0])
        guard local.utf8.allSatisfy({ $0 < 0x80 }) else { throw .unicodeLocalPart }
        guard !local.hasPrefix("."), !local.hasSuffix("."), !local.contains("..") else { throw .misplacedDot }
        guard let domain = DomainName.ascii(String(parts[1])) else { throw .domain }
        guard local.utf8.count <= 64, local.utf8.count + 1 + domain.utf8.count <= 254 else { throw .tooLong }
        self.local = local
        self.domain = domain
    }

    package var description: String { "\(local)@\(domain)" }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "<", ">", "(", ")", "[", "]", ",", ";", ":", "\\", "\"": true
        default: scalar.properties.isWhitespace || HeaderText.isControl(scalar)
        }
    }
}
