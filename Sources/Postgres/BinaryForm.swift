import Foundation

// The binary form of parameters. What comes back is text: a result has one form for all its columns.

extension PostgresValue {
    /// Only what is sent as a `text`: there the bytes are the same. A NUL character is found by who sends the text instead.
    package func appendBinary(as type: PostgresType, to bytes: inout [UInt8]) -> Bool {
        guard type == PostgresType(.text) else { return false }
        let text = postgresText
        guard !text.holdsNUL else { return false }
        bytes.append(contentsOf: text.utf8)
        return true
    }
}

extension Array where Element: PostgresValue {
    /// Number of dimensions, whether there are NULLs, the type of the elements; the length and the first index of the one
    /// dimension; then each element behind its length.
    package func appendBinary(as type: PostgresType, to bytes: inout [UInt8]) -> Bool {
        guard type.isArray, let count = Int32(exactly: count) else { return false }
        let element = PostgresType(type.base)
        bytes.appendBigEndian(isEmpty ? 0 : 1 as Int32)
        bytes.appendBigEndian(0 as Int32)
        bytes.appendBigEndian(element.oid)
        guard !isEmpty else { return true }
        bytes.appendBigEndian(count)
        bytes.appendBigEndian(1 as Int32)
        for value in self {
            let place = bytes.count
            bytes.appendBigEndian(0 as Int32)
            guard value.appendBinary(as: element, to: &bytes), let length = Int32(exactly: bytes.count - place - 4)
            else { return false }
            for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * Int32(index))) }
        }
        return true
    }
}

extension UUID {
    package func appendBinary(as type: PostgresType, to bytes: inout [UInt8]) -> Bool {
        guard type == PostgresType(.uuid) else { return false }
        withUnsafeBytes(of: uuid) { bytes.append(contentsOf: $0) }
        return true
    }
}

extension FixedWidthInteger {
    /// Numbers that do not fit go as text: the server has the words for them.
    fileprivate func appendInteger(as type: PostgresType, to bytes: inout [UInt8]) -> Bool {
        switch type {
        case PostgresType(.bigint): Int64(exactly: self).map { bytes.appendBigEndian($0) } != nil
        case PostgresType(.integer): Int32(exactly: self).map { bytes.appendBigEndian($0) } != nil
        case PostgresType(.smallint): Int16(exactly: self).map { bytes.appendBigEndian($0) } != nil
        default: false
        }
    }
}

extension Int {
    package func appendBinary(as type: PostgresType, to bytes: inout [UInt8]) -> Bool {
        appendInteger(as: type, to: &bytes)
    }
}

extension Int64 {
    package func appendBinary(as type: PostgresType, to bytes: inout [UInt8]) -> Bool {
        appendInteger(as: type, to: &bytes)
    }
}

extension Int32 {
    package func appendBinary(as type: PostgresType, to bytes: inout [UInt8]) -> Bool {
        appendInteger(as: type, to: &bytes)
    }
}

extension Bytes {
    package func appendBinary(as type: PostgresType, to bytes: inout [UInt8]) -> Bool {
        guard type == PostgresType(.bytea) else { return false }
        bytes.append(contentsOf: self.bytes)
        return true
    }
}

extension Timestamp {
    /// Microseconds since 2000. Far before our era there are values the server takes for infinity or refuses: those go as
    /// text.
    package func appendBinary(as type: PostgresType, to bytes: inout [UInt8]) -> Bool {
        guard type == PostgresType(.timestamptz), microseconds >= Self.yearOne else { return false }
        bytes.appendBigEndian(microseconds - Self.year2000)
        return true
    }

    private static let yearOne: Int64 = -62_135_596_800_000_000
    private static let year2000: Int64 = 946_684_800_000_000
}

extension CivilDate {
    /// Days since 2000, of the years 1 to 9999.
    package func appendBinary(as type: PostgresType, to bytes: inout [UInt8]) -> Bool {
        guard type == PostgresType(.date), (-719_162...2_932_896).contains(daysSince1970) else { return false }
        bytes.appendBigEndian(daysSince1970 - 10_957)
        return true
    }
}

extension [UInt8] {
    fileprivate mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
