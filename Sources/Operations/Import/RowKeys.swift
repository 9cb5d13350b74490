import Dunning

/// The keys of an import's rows: in which slot a customer's rows stand, and the ids of what is made of them.
///
/// All of them follow from the import and the row, so a file that is read again gives the same rows. Ids are UUIDv7
/// (RFC 9562) of the instant at which the file was complete; behind the time stands the slot, so that ids rise in the
/// order in which chunks are written, and indexes grow at their ends.
struct RowKeys: Sendable {
    /// An id as its two halves.
    struct Key: Sendable, Hashable {
        let high: UInt64
        let low: UInt64
    }

    /// Slots are numbers of 24 bits.
    static let slots = 1 << 24

    private let high: UInt64
    private let seed: UInt64

    init(_ id: ID<Import>, at instant: Instant) {
        let microseconds = UInt64(max(0, instant.microseconds))
        let (milliseconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000)
        high = milliseconds << 16 | 0x7000 | rest * 4_096 / 1_000
        seed = id.description.utf8.reduce(0xcbf2_9ce4_8422_2325) { Self.mix($0, $1) }
    }

    /// What a text becomes; 62 bits of it are used.
    func hash(_ text: String) -> UInt64 {
        var hash = seed
        for byte in text.utf8 { hash = Self.mix(hash, byte) }
        hash ^= hash >> 33
        hash = hash &* 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        hash = hash &* 0xc4ce_b9fe_1a85_ec53
        return (hash ^ hash >> 33) & 0x3FFF_FFFF_FFFF_FFFF
    }

    func slot(_ hash: UInt64) -> Int { Int(hash >> 38) }

    /// The same for all rows of a customer.
    func customer(_ hash: UInt64) -> Key { Key(high: high, low: hash | Self.variant) }

    /// Different for each staged row, and for its invoice and its document.
    func document(slot: Int, seq: Int, isPayment: Bool) -> Key {
        let low = UInt64(slot) << 38 | UInt64(seq) << 7 | (isPayment ? 64 : 0) | seed & 63
        return Key(high: high, low: low | Self.variant)
    }

    private static let variant: UInt64 = 0x8000_0000_0000_0000

    /// FNV-1a.
    private static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
}

extension RowKeys.Key {
    /// As PostgreSQL reads it.
    func write(into text: inout [UInt8]) {
        text.removeAll(keepingCapacity: true)
        for half in [high, low] {
            for place in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * place)) & 15
                text.append(digit < 10 ? 48 + digit : 87 + digit)
            }
        }
    }
}
