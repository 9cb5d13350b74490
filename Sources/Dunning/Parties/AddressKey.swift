/// The form of an address under which contacts are counted and suppressions are kept: two spellings of one mailbox
/// share a key.
///
/// Trimmed, lower case, domain in IDNA; what stands after a plus sign stays, since not every host ignores it.
package struct AddressKey: Hashable, Sendable, Codable {
    /// A normalised address, still personal data: store its hash.
    package let text: String

    package init(_ address: EmailAddress) {
        text = address.local.lowercased() + "@" + address.domain
    }

    /// A number has one spelling, which no mail address shares.
    package init(_ number: PhoneNumber) {
        text = number.text
    }

    /// Reads an address with white space around it.
    package init(trimming source: String) throws(EmailAddressError) {
        let isBlank: (Character) -> Bool = { $0.isWhitespace }
        let head = source.drop(while: isBlank)
        guard let last = head.lastIndex(where: { !isBlank($0) }) else { throw .empty }
        self.init(try EmailAddress(String(head[...last])))
    }
}
