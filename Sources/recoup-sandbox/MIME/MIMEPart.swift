/// One part of a mail, with its parts inside (RFC 2046). Read tolerantly: what cannot be read is shown as it is.
struct MIMEPart: Sendable {
    private static let deepest = 20
    private static let mostParts = 200

    let type: FieldValue
    let disposition: FieldValue?
    let headers: HeaderBlock
    /// The content, transfer encoding undone; empty for a multipart.
    let bytes: [UInt8]
    let parts: [MIMEPart]

    init(parsing raw: ArraySlice<UInt8>, depth: Int = 0) {
        let headers = HeaderBlock(parsing: raw)
        let type = FieldValue(headers["Content-Type"] ?? "text/plain")
        self.headers = headers
        self.type = type
        disposition = headers["Content-Disposition"].map { FieldValue($0) }
        let body = raw[headers.bodyStart...]
        if type.name.hasPrefix("multipart/"), let boundary = type["boundary"], !boundary.isEmpty, depth < Self.deepest {
            bytes = []
            parts = Self.split(body, at: boundary).map { MIMEPart(parsing: $0, depth: depth + 1) }
        } else {
            bytes = TransferEncoding.decode(body, label: headers["Content-Transfer-Encoding"])
            parts = []
        }
    }

    /// All parts that hold content themselves, in order.
    var leaves: [MIMEPart] {
        parts.isEmpty ? [self] : parts.flatMap(\.leaves)
    }

    var isAttachment: Bool {
        disposition?.name == "attachment" || !(type.name == "text/plain" || type.name == "text/html")
    }

    var fileName: String? { disposition?["filename"] ?? type["name"] }

    var text: String { Charset.text(bytes, label: type["charset"]) }

    /// The stretches between `--boundary` lines. The line end before such a line belongs to it.
    private static func split(_ body: ArraySlice<UInt8>, at boundary: String) -> [ArraySlice<UInt8>] {
        let delimiter = Array("--\(boundary)".utf8)
        var found: [ArraySlice<UInt8>] = []
        var start: Int?
        var index = body.startIndex
        while index < body.endIndex {
            let end = body[index...].firstIndex(of: UInt8(ascii: "\n")) ?? body.endIndex
            let line = body[index..<end]
            if let isLast = closes(line, delimiter) {
                if let start, found.count < mostParts { found.append(withoutLastLineEnd(body[start..<index])) }
                if isLast { return found }
                start = min(end + 1, body.endIndex)
            }
            index = min(end + 1, body.endIndex)
        }
        // The closing line is missing: the mail was cut short, show what there is.
        if let start, found.count < mostParts { found.append(body[start...]) }
        return found
    }

    /// `nil`: no delimiter line. One boundary may be the start of another, so only blanks may follow it.
    private static func closes(_ line: ArraySlice<UInt8>, _ delimiter: [UInt8]) -> Bool? {
        guard line.starts(with: delimiter) else { return nil }
        let rest = line.dropFirst(delimiter.count)
        let isLast = rest.starts(with: "--".utf8)
        let isBlank = rest.dropFirst(isLast ? 2 : 0).allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        return isBlank ? isLast : nil
    }

    private static func withoutLastLineEnd(_ part: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var part = part
        if part.last == UInt8(ascii: "\n") { part = part.dropLast() }
        if part.last == UInt8(ascii: "\r") { part = part.dropLast() }
        return part
    }
}
