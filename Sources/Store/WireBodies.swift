package import Dunning

/// What a message says, read from the bytes that went onto the wire.
///
/// Only what the product writes itself is read: a mail of two parts in quoted-printable, the plain one first, or the words of a
/// text message. Anything else is shown as it is.
package struct WireBodies: Hashable, Sendable {
    package let text: String
    package let html: String

    init(text: String, html: String) {
        self.text = text
        self.html = html
    }

    package init(_ bytes: [UInt8], by channel: Channel) {
        let parts = channel == .email ? Self.parts(of: bytes) : []
        text = parts.first ?? String(decoding: bytes, as: UTF8.self)
        html = parts.count > 1 ? parts[1] : ""
    }

    private static let lineBreak: [UInt8] = [0x0D, 0x0A]

    private static func parts(of bytes: [UInt8]) -> [String] {
        guard let head = range(of: lineBreak + lineBreak, in: bytes[...]),
            let boundary = boundary(of: bytes[..<head.lowerBound])
        else { return [] }
        let opening = Array("--".utf8) + boundary
        var parts: [String] = []
        var rest = bytes[head.upperBound...]
        while let start = range(of: opening + lineBreak, in: rest),
            let content = range(of: lineBreak + lineBreak, in: rest[start.upperBound...]),
            let end = range(of: lineBreak + opening, in: rest[content.upperBound...])
        {
            parts.append(String(decoding: decoded(rest[content.upperBound..<end.lowerBound]), as: UTF8.self))
            rest = rest[(end.lowerBound + lineBreak.count)...]
        }
        return parts
    }

    /// Of the last header: a subject could hold the same words.
    private static func boundary(of head: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var found: ArraySlice<UInt8>?
        var rest = head
        while let mark = range(of: Array("boundary=\"".utf8), in: rest) {
            rest = rest[mark.upperBound...]
            found = rest.firstIndex(of: UInt8(ascii: "\"")).map { rest[..<$0] }
        }
        return found
    }

    /// Quoted-printable (RFC 2045 section 6.7), with lines that end in LF.
    private static func decoded(_ content: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(content.count)
        var index = content.startIndex
        while index < content.endIndex {
            let byte = content[index]
            if byte == UInt8(ascii: "="), index + 2 < content.endIndex {
                if let upper = digit(content[index + 1]), let lower = digit(content[index + 2]) {
                    bytes.append(upper << 4 | lower)
                }
                // Else a line that goes on in the next.
                index += 3
                continue
            }
            if byte != 0x0D { bytes.append(byte) }
            index += 1
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func range(of pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        guard let first = pattern.first else { return nil }
        var rest = bytes
        while let start = rest.firstIndex(of: first), start + pattern.count <= bytes.endIndex {
            if bytes[start..<(start + pattern.count)].elementsEqual(pattern) { return start..<(start + pattern.count) }
            rest = rest[(start + 1)...]
        }
        return nil
    }
}
