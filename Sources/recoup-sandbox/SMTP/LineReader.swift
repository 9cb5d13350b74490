/// Bytes from the wire, handed out as command lines or, inside DATA, as they come.
///
/// A line ends at LF. It is a good line only when CRLF ended it: a relay that takes bare newlines lets two parties
/// disagree about where a command starts, and a client that relies on it would fail elsewhere.
struct LineReader: Sendable {
    /// RFC 4954 lets an AUTH line reach 12,288 octets; all other lines are shorter.
    static let longestLine = 12_288

    private var bytes: [UInt8] = []
    private var start = 0
    private var scanned = 0
    private var isDiscarding = false

    var waitingBytes: Int { bytes.count - start }

    mutating func append(_ more: some Sequence<UInt8>) {
        if start == bytes.count {
            empty()
        } else if start > 65_536 {
            bytes.removeSubrange(..<start)
            scanned -= start
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    mutating func empty() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= 65_536)
        start = 0
        scanned = 0
    }

    /// The next whole line without its end, or `nil` until more bytes came.
    mutating func next() throws(SMTPRefusal) -> String? {
        while scanned < bytes.count, bytes[scanned] != UInt8(ascii: "\n") { scanned += 1 }
        guard scanned < bytes.count else {
            if waitingBytes > Self.longestLine {
                isDiscarding = true
                empty()
            }
            return nil
        }
        let line = bytes[start..<scanned]
        scanned += 1
        start = scanned
        let wasTooLong = isDiscarding || line.count > Self.longestLine
        isDiscarding = false
        if wasTooLong { throw SMTPRefusal(500, "5.5.2 line too long") }
        guard line.last == UInt8(ascii: "\r") else { throw SMTPRefusal(500, "5.5.2 a line must end with CR LF") }
        guard line.dropLast().allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw SMTPRefusal(500, "5.5.2 control characters are not allowed")
        }
        return String(decoding: line.dropLast(), as: UTF8.self)
    }

    /// Gives what waits to `reader`, up to and including the final dot.
    mutating func feed(_ reader: inout DotReader) {
        start += reader.read(bytes[start...])
        scanned = start
    }
}
