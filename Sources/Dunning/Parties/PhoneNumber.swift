/// A telephone number in its international form, such as `+14155550100` (ITU-T E.164).
///
/// A number without `+` and country code is refused and not completed: the same digits are somebody else's number in the
/// next country.
package struct PhoneNumber: Hashable, Sendable, Codable, CustomStringConvertible {
    /// `+` and seven to fifteen digits.
    package let text: String

    /// Reads a number as people write it: blanks, dots, hyphens and brackets between the digits do not count.
    ///
    /// - Throws: ``PhoneNumberError``.
    package init(_ source: String) throws(PhoneNumberError) {
        let scalars = source.unicodeScalars.drop { $0 == " " }
        guard !scalars.isEmpty else { throw .empty }
        guard scalars.first == "+" else { throw .notInternational }
        // A zero in brackets is dialled inside the country only: whether it belongs to the number is a guess.
        guard !source.replacing(" ", with: "").contains("(0)") else { throw .trunkPrefix }
        var digits = ""
        for scalar in scalars.dropFirst() {
            switch scalar {
            case "0"..."9": digits.unicodeScalars.append(scalar)
            case " ", "\u{A0}", "\u{202F}", "-", "\u{2010}", "\u{2011}", ".", "/", "(", ")": continue
            default: throw .character
            }
        }
        guard (7...15).contains(digits.count) else { throw .length }
        guard digits.first != "0" else { throw .notInternational }
        // The one numbering plan with a fixed length that many countries share.
        if digits.first == "1" {
            let area = digits.dropFirst().first ?? "0"
            guard digits.count == 11, area > "1" else { throw .length }
        }
        text = "+" + digits
    }

    package var description: String { text }

    /// The digits alone, as some gateways want them.
    package var digits: String { String(text.dropFirst()) }

    package init(from decoder: any Decoder) throws {
        let source = try decoder.singleValueContainer().decode(String.self)
        do throws(PhoneNumberError) {
            self = try PhoneNumber(source)
        } catch {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.detail))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// Why a text is no telephone number that can be dialled from anywhere.
package enum PhoneNumberError: Error, Hashable, Sendable {
    case empty
    /// It does not begin with `+` and a country code.
    case notInternational
    /// It holds a `(0)`, which is dialled inside the country only.
    case trunkPrefix
    case character
    case length

    /// What has to be put right, for whoever wrote the number.
    package var detail: String {
        switch self {
        case .empty: "must not be empty"
        case .notInternational: "must begin with + and the country code, as in +14155550100"
        case .trunkPrefix: "must leave out the (0), which is not dialled from abroad"
        case .character: "must hold digits after the +, and nothing but blanks, dots, hyphens and brackets between them"
        case .length: "must have as many digits as numbers of its country have, seven to fifteen in all"
        }
    }
}
