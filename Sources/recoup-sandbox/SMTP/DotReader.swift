/// Reads the body that follows DATA: undoes dot-stuffing and finds the final dot (RFC 5321, 4.5.2).
///
/// Only CR LF . CR LF ends a mail. Everything else that looks like an end is content, so no body can smuggle a command.
struct DotReader: Sendable {
    private enum Place { case lineStart, text, carriageReturn, dot, dotCarriageReturn, finished }

    private static let cr = UInt8(ascii: "\r")
    private static let lf = UInt8(ascii: "\n")
    private static let dot = UInt8(ascii: ".")

    private let limit: Int
    private var place = Place.lineStart

    /// The mail as it was meant, its last line end included; empty when the mail is larger than the limit.
    private(set) var content: [UInt8] = []
    /// Bytes seen on the wire, stuffing and final dot included.
    private(set) var wireSize = 0
    private(set) var isTooLarge = false
    /// A CR or LF stood alone. Relays differ in what they make of that, so this one refuses the mail.
    private(set) var hasBareNewline = false

    init(limit: Int) {
        self.limit = limit
    }

    var isFinished: Bool { place == .finished }

    /// Reads until the final dot or the end of `bytes`; returns how many bytes it used.
    mutating func read(_ bytes: ArraySlice<UInt8>) -> Int {
        var index = bytes.startIndex
        while index < bytes.endIndex, place != .finished {
            if place == .text {
                let run = index
                while index < bytes.endIndex, bytes[index] != Self.cr, bytes[index] != Self.lf { index += 1 }
                keep(bytes[run..<index])
                guard index < bytes.endIndex else { break }
            }
            step(bytes[index])
            index += 1
        }
        let used = index - bytes.startIndex
        wireSize += used
        return used
    }

    private mutating func step(_ byte: UInt8) {
        switch place {
        case .lineStart:
            if byte == Self.dot { place = .dot } else { plain(byte) }
        case .text:
            plain(byte)
        case .carriageReturn:
            keep([Self.cr])
            if byte == Self.lf {
                keep([Self.lf])
                place = .lineStart
            } else {
                hasBareNewline = true
                plain(byte)
            }
        case .dot:
            if byte == Self.cr { place = .dotCarriageReturn } else { plain(byte) }
        case .dotCarriageReturn:
            if byte == Self.lf {
                place = .finished
            } else {
                hasBareNewline = true
                keep([Self.cr])
                plain(byte)
            }
        case .finished:
            break
        }
    }

    private mutating func plain(_ byte: UInt8) {
        if byte == Self.cr {
            place = .carriageReturn
            return
        }
        if byte == Self.lf { hasBareNewline = true }
        keep([byte])
        place = .text
    }

    private mutating func keep(_ bytes: some Collection<UInt8>) {
        guard !isTooLarge else { return }
        if content.count + bytes.count > limit {
            isTooLarge = true
            content = []
        } else {
            content.append(contentsOf: bytes)
        }
    }
}
