/// Why a text is not an address that can be written to.
package enum EmailAddressError: Error, Hashable, Sendable, CaseIterable {
    case empty
    /// More than 64 octets before the `@`, or more than 254 in all (RFC 5321 section 4.5.3.1).
    case tooLong
    /// No `@`, or several.
    case notOneAt
    /// A character that a plain local part cannot have (among them blanks, controls, quotes, brackets, comments), or a
    /// misplaced dot.
    case localPart
    /// A local part beyond ASCII: it would need SMTPUTF8 all along the way.
    case unsupported
    /// Not a domain name of at least two labels.
    case domain

    /// A bounded name for metrics and problem codes.
    package var label: String {
        switch self {
        case .empty: "address_empty"
        case .tooLong: "address_too_long"
        case .notOneAt: "address_not_one_at"
        case .localPart: "address_local_part"
        case .unsupported: "address_unsupported"
        case .domain: "address_domain"
        }
    }
}

/// One e-mail address (the addr-spec of RFC 5321, dot-string form), safe to put into a header or an SMTP command.
///
/// Quoted local parts, comments, groups, domain literals and display names are refused: libcurl passes them on
/// unchanged, and a line break among them would become an SMTP command.
package struct EmailAddress: Hashable, Sendable {
    /// As given: whether case matters is the receiver's business.
    package let local: String
    /// Lower case, IDNA.
    package let domain: String

    /// The address as it goes on the wire.
    package var text: String { local + "@" + domain }

    package init(_ source: String) throws(EmailAddressError) {
        guard !source.isEmpty else { throw .empty }
        // Unicode domains shrink or grow when encoded; this only keeps the work below small.
        guard source.utf8.count <= 1_024 else { throw .tooLong }
        // Bytes, not characters: a combining mark after the sign must not hide it.
        let bytes = source.utf8
        guard let at = bytes.firstIndex(of: UInt8(ascii: "@")), bytes.lastIndex(of: UInt8(ascii: "@")) == at else {
            throw .notOneAt
        }
        let name = bytes[..<at]
        guard name.allSatisfy({ $0 < 0x80 }) else { throw .unsupported }
        guard name.count <= 64 else { throw .tooLong }
        guard Self.isDotString(name), let local = String(name) else { throw .localPart }
        guard let rest = String(bytes[bytes.index(after: at)...]), let domain = DomainName(rest[...]) else {
            throw .domain
        }
        guard local.utf8.count + 1 + domain.text.utf8.count <= 254 else { throw .tooLong }
        self.local = local
        self.domain = domain.text
    }

    /// Atoms of RFC 5322 section 3.2.3 with single dots between them.
    private static func isDotString(_ name: Substring.UTF8View) -> Bool {
        var previous = UInt8(ascii: ".")
        for byte in name {
            switch byte {
            case UInt8(ascii: "."): guard previous != byte else { return false }
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                break
            default: guard signs.contains(byte) else { return false }
            }
            previous = byte
        }
        return previous != UInt8(ascii: ".")
    }

    private static let signs = Array("!#$%&'*+-/=?^_`{|}~".utf8)
}

extension EmailAddress: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do throws(EmailAddressError) {
            try self.init(text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.label)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
