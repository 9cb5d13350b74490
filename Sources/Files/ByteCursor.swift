/// A place in a stream of pieces.
struct ByteCursor {
    private var decoder: TextDecoder
    private var isAtEnd = false
    private(set) var piece: [UInt8] = []
    var position = 0

    init(_ decoder: TextDecoder) {
        self.decoder = decoder
    }

    /// Makes sure that there is a byte at ``position``; `false` at the end of the stream.
    mutating func fill() throws -> Bool {
        if position < piece.count { return true }
        piece = []
        position = 0
        guard !isAtEnd, let next = try decoder.next() else {
            isAtEnd = true
            return false
        }
        piece = next
        return true
    }

    /// The next byte, without taking it.
    mutating func peek() throws -> UInt8? {
        try fill() ? piece[position] : nil
    }

    /// The stream's first line without its end, or the first `limit` bytes of it; takes nothing.
    mutating func peekLine(upTo limit: Int) throws -> ArraySlice<UInt8> {
        while !isAtEnd, piece.count < limit, !piece.contains(where: isLineBreak) {
            if let next = try decoder.next() { piece += next } else { isAtEnd = true }
        }
        return piece.prefix(limit).prefix { !isLineBreak($0) }
    }
}

func isLineBreak(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
