import Foundation

/// A language tag of BCP 47 (RFC 5646): a language and, where they matter, a script, a region and variants, such as
/// `de`, `en-IN` or `zh-Hant-TW`.
///
/// Extensions, private use and the grandfathered tags are left out: nothing Recoup writes depends on them.
package struct LanguageTag: Hashable, Sendable {
    /// In the usual case of letters: `pt-BR`, `zh-Hant-TW`.
    package let text: String

    package static let english = LanguageTag(known: "en")
    package static let german = LanguageTag(known: "de")
    package static let french = LanguageTag(known: "fr")
    package static let spanish = LanguageTag(known: "es")
    package static let japanese = LanguageTag(known: "ja")

    /// Characters of the longest tag (RFC 5646 section 4.4.1 asks for at least 35).
    package static let limit = 35

    /// What a tag must be, for those who got one wrong.
    package static let form = "must be a language tag of BCP 47, such as en, de-AT or pt-BR"

    /// `nil` for what is not well formed, and for languages, scripts and regions that ISO does not know (`jp`, `en-UK`).
    package init?(_ text: String) {
        guard text.utf8.count <= Self.limit else { return nil }
        var subtags = text.split(separator: "-", omittingEmptySubsequences: false)[...]
        guard let language = subtags.popFirst(), (2...3).contains(language.utf8.count),
            language.utf8.allSatisfy(Self.isLetter)
        else { return nil }
        let code = language.lowercased()
        guard !Self.special.contains(code), Locale.LanguageCode(code).isISOLanguage else { return nil }
        var parts = [code]
        if let script = subtags.first, script.utf8.count == 4, script.utf8.allSatisfy(Self.isLetter) {
            guard Locale.Script(script.capitalized).isISOScript else { return nil }
            parts.append(script.capitalized)
            subtags.removeFirst()
        }
        if let region = subtags.first, Self.isRegion(region.utf8) {
            let code = region.uppercased()
            guard !Self.retired.contains(code), Locale.Region(code).isISORegion else { return nil }
            parts.append(code)
            subtags.removeFirst()
        }
        let variants = subtags.map { $0.lowercased() }
        guard variants.allSatisfy({ Self.isVariant($0.utf8) }), Set(variants).count == variants.count else {
            return nil
        }
        self.text = (parts + variants).joined(separator: "-")
    }

    /// A tag that is known to be one.
    private init(known text: String) {
        self.text = text
    }

    /// `de` of `de-AT`.
    package var language: String { String(text.prefix { $0 != "-" }) }

    /// The tag and what is left when its ends are cut off one by one, the longest first: where to look for a text (RFC
    /// 4647 section 3.4).
    package var lookup: [LanguageTag] {
        var tags = [self], rest = text[...]
        while let cut = rest.lastIndex(of: "-") {
            rest = rest[..<cut]
            tags.append(LanguageTag(known: String(rest)))
        }
        return tags
    }

    // MARK: Subtags

    /// They name no language.
    private static let special: Set<String> = ["und", "mul", "mis", "zxx"]
    /// ICU still knows these regions; the registry of subtags does not, or calls them private.
    private static let retired: Set<String> = [
        "UK", "DD", "ZZ", "AA", "QU", "AN", "BU", "CS", "SU", "TP", "YD", "YU", "ZR", "FX", "NT",
    ]

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }

    private static func isRegion(_ bytes: Substring.UTF8View) -> Bool {
        bytes.count == 2 && bytes.allSatisfy(isLetter) || bytes.count == 3 && bytes.allSatisfy(Digits.isDigit)
    }

    private static func isVariant(_ bytes: String.UTF8View) -> Bool {
        guard bytes.allSatisfy({ isLetter($0) || Digits.isDigit($0) }), let first = bytes.first else { return false }
        return (5...8).contains(bytes.count) || bytes.count == 4 && Digits.isDigit(first)
    }
}

extension LanguageTag: CustomStringConvertible, Codable {
    package var description: String { text }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let tag = LanguageTag(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a language tag of BCP 47")
        }
        self = tag
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
