package import Foundation

/// Where the bytes of a file come from, piece by piece: a file, memory, or pieces out of a database.
///
/// Pulled, so that whoever reads decides when the next piece is in memory, and synchronous, so that it can be read
/// between two rows of a COPY.
package struct ByteSource {
    private let pull: () throws -> [UInt8]?

    /// - Parameter pull: the next piece, of any length; `nil` at the end, and not called again after it.
    package init(_ pull: @escaping () throws -> [UInt8]?) {
        self.pull = pull
    }

    /// Reads what is in memory already.
    /// - Parameter piece: how many bytes come at once.
    package init(bytes: [UInt8], piece: Int = 65_536) {
        var rest = bytes[...]
        self.init {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(piece) }
            return Array(rest.prefix(piece))
        }
    }

    /// Reads from an open file, which stays the caller's to close.
    package init(_ file: FileHandle) {
        self.init {
            let data = try file.read(upToCount: 65_536)
            return data.flatMap { $0.isEmpty ? nil : [UInt8]($0) }
        }
    }

    /// The next piece, which is never empty; `nil` at the end.
    func next() throws -> [UInt8]? {
        while let piece = try pull() {
            if !piece.isEmpty { return piece }
        }
        return nil
    }
}

/// A source whose first bytes can be looked at before they are taken.
struct PeekedSource {
    private let source: ByteSource
    private var held: [UInt8] = []
    private var isAtEnd = false

    init(_ source: ByteSource) {
        self.source = source
    }

    /// The first bytes, without taking them: fewer than `count` only when there are no more.
    mutating func peek(_ count: Int) throws -> ArraySlice<UInt8> {
        while held.count < count, !isAtEnd { try hold() }
        return held.prefix(count)
    }

    /// Everything held, once `isEnough` of it is, the limit is reached, or the source ends; nothing is taken.
    mutating func peek(upTo limit: Int, until isEnough: ([UInt8]) -> Bool) throws -> [UInt8] {
        while !isAtEnd, held.count < limit, !isEnough(held) { try hold() }
        return held
    }

    mutating func drop(_ count: Int) { held.removeFirst(count) }

    mutating func next() throws -> [UInt8]? {
        guard held.isEmpty else {
            defer { held = [] }
            return held
        }
        if isAtEnd { return nil }
        let piece = try source.next()
        isAtEnd = piece == nil
        return piece
    }

    private mutating func hold() throws {
        if let piece = try source.next() { held += piece } else { isAtEnd = true }
    }
}
