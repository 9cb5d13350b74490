package import Foundation

/// A kind of thing with identifiers of its own.
package protocol Identified {
    /// Three letters shown before the underscore, such as `inv` in `inv_01jd…`.
    static var idPrefix: String { get }
}

/// The identifier of one `Kind` of thing: a UUID inside, prefix and 26 base32 characters outside.
///
/// The outer form is lower-case Crockford base32 of the 128 bits, most significant first, so text order is byte order
/// is (for UUIDv7) order of creation. There is exactly one spelling per identifier: upper case and look-alike letters
/// are refused.
package struct ID<Kind: Identified>: Hashable, Sendable {
    package let uuid: UUID

    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Reads the outer form; `nil` for another prefix, another length, a foreign character or more than 128 bits.
    package init?(_ text: String) {
        var bytes = text.utf8.makeIterator()
        for letter in Kind.idPrefix.utf8 {
            guard bytes.next() == letter else { return nil }
        }
        guard bytes.next() == UInt8(ascii: "_") else { return nil }
        var value: UInt128 = 0
        var count = 0
        while let byte = bytes.next() {
            guard count < 26, let digit = Base32.digit(of: byte), count > 0 || digit < 8 else { return nil }
            value = value << 5 | UInt128(digit)
            count += 1
        }
        guard count == 26 else { return nil }
        uuid = UUID(value: value)
    }

    /// Makes a UUIDv7 (RFC 9562 section 5.7) for `instant`.
    ///
    /// The 12 bits after the milliseconds carry the microseconds of the instant (method 3 of section 6.2): identifiers
    /// made in different microseconds sort by time, the other 62 bits are random. Instants before 1970 count as 1970.
    package static func make(at instant: Instant, using generator: inout some RandomNumberGenerator) -> ID {
        let microseconds = UInt64(max(0, instant.microseconds))
        let (milliseconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000)
        let fraction = rest * 4_096 / 1_000
        let high = milliseconds << 16 | 0x7000 | fraction
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return ID(UUID(value: UInt128(high) << 64 | UInt128(low)))
    }

    /// Makes a UUIDv7 for `instant` with the system's randomness.
    package static func make(at instant: Instant) -> ID {
        var generator = SystemRandomNumberGenerator()
        return make(at: instant, using: &generator)
    }
}

extension ID: Comparable {
    /// Byte order: for identifiers made by ``make(at:)`` the order of creation.
    package static func < (left: ID, right: ID) -> Bool {
        left.uuid.value < right.uuid.value
    }
}

extension ID: CustomStringConvertible {
    package var description: String {
        let value = uuid.value
        var text = [UInt8]()
        text.reserveCapacity(Kind.idPrefix.utf8.count + 27)
        text.append(contentsOf: Kind.idPrefix.utf8)
        text.append(UInt8(ascii: "_"))
        var shift = 125
        while shift >= 0 {
            text.append(Base32.letter(for: UInt8(truncatingIfNeeded: value >> UInt128(shift)) & 31))
            shift -= 5
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension ID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = ID(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not an identifier starting with \(Kind.idPrefix)_")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Crockford's base32 alphabet in lower case: no i, l, o, u.
private enum Base32 {
    static func letter(for digit: UInt8) -> UInt8 {
        switch digit {
        case 0...9: UInt8(ascii: "0") + digit
        case 10...17: UInt8(ascii: "a") + digit - 10
        case 18...19: UInt8(ascii: "j") + digit - 18
        case 20...21: UInt8(ascii: "m") + digit - 20
        case 22...26: UInt8(ascii: "p") + digit - 22
        default: UInt8(ascii: "v") + digit - 27
        }
    }

    static func digit(of letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "h"): letter - UInt8(ascii: "a") + 10
        case UInt8(ascii: "j")...UInt8(ascii: "k"): letter - UInt8(ascii: "j") + 18
        case UInt8(ascii: "m")...UInt8(ascii: "n"): letter - UInt8(ascii: "m") + 20
        case UInt8(ascii: "p")...UInt8(ascii: "t"): letter - UInt8(ascii: "p") + 22
        case UInt8(ascii: "v")...UInt8(ascii: "z"): letter - UInt8(ascii: "v") + 27
        default: nil
        }
    }
}

extension UUID {
    fileprivate init(value: UInt128) {
        func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: value >> UInt128(120 - 8 * index)) }
        self.init(
            uuid: (
                byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6), byte(7),
                byte(8), byte(9), byte(10), byte(11), byte(12), byte(13), byte(14), byte(15)
            ))
    }

    fileprivate var value: UInt128 {
        let b = uuid
        let high = Self.join(b.0, b.1, b.2, b.3, b.4, b.5, b.6, b.7)
        let low = Self.join(b.8, b.9, b.10, b.11, b.12, b.13, b.14, b.15)
        return UInt128(high) << 64 | UInt128(low)
    }

    private static func join(
        _ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ e: UInt8, _ f: UInt8, _ g: UInt8, _ h: UInt8
    ) -> UInt64 {
        let left = UInt64(a) << 56 | UInt64(b) << 48 | UInt64(c) << 40 | UInt64(d) << 32
        let right = UInt64(e) << 24 | UInt64(f) << 16 | UInt64(g) << 8 | UInt64(h)
        return left | right
    }
}
