import Foundation

/// Content-Transfer-Encoding undone (RFC 2045, 6), forgiving what is broken.
enum TransferEncoding {
    static func decode(_ bytes: ArraySlice<UInt8>, label: String?) -> [UInt8] {
        switch label?.trimmed.lowercased() {
        case "base64": base64(bytes)
        case "quoted-printable": quotedPrintable(bytes)
        default: Array(bytes)
        }
    }

    static func base64(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var clean = bytes.filter { isBase64($0) }
        clean.append(contentsOf: repeatElement(UInt8(ascii: "="), count: (4 - clean.count % 4) % 4))
        return Data(base64Encoded: Data(clean)).map(Array.init) ?? []
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"): true
        default: false
        }
    }

    /// Blanks at the end of a line are transport damage and go; an `=` that starts no escape stays.
    static func quotedPrintable(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        for var line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let hadReturn = line.last == UInt8(ascii: "\r")
            if hadReturn { line = line.dropLast() }
            while let last = line.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
                line = line.dropLast()
            }
            let isSoft = line.last == UInt8(ascii: "=")
            if isSoft { line = line.dropLast() }
            out.append(contentsOf: escapes(in: line))
            if !isSoft {
                if hadReturn { out.append(UInt8(ascii: "\r")) }
                out.append(UInt8(ascii: "\n"))
            }
        }
        // The split sees one line more than there are line ends.
        if out.last == UInt8(ascii: "\n") { out.removeLast() }
        return out
    }

    /// `=XX` undone.
    static func escapes(in line: some Collection<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var rest = line[...]
        while let byte = rest.popFirst() {
            let pair = rest.prefix(2)
            if byte == UInt8(ascii: "="), pair.count == 2,
                let value = UInt8(String(decoding: pair, as: UTF8.self), radix: 16)
            {
                out.append(value)
                rest = rest.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return out
    }
}
