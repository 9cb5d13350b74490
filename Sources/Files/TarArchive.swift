/// A tar file (POSIX ustar) in memory, one entry after the other. The same entries give the same bytes.
package struct TarArchive: Sendable {
    private static let block = 512

    private var written: [UInt8] = []
    /// Seconds since 1970, the same for every entry.
    private let modified: Int64

    package init(modified: Int64) { self.modified = modified }

    /// Names are ASCII, at most 100 characters; folders need no entry of their own.
    package mutating func add(_ name: String, _ content: [UInt8]) {
        precondition((1...100).contains(name.utf8.count) && name.utf8.allSatisfy { $0 < 128 })
        written += header(name, size: content.count)
        written += content
        let rest = content.count % Self.block
        if rest > 0 { written += [UInt8](repeating: 0, count: Self.block - rest) }
    }

    /// All of it, with the two empty blocks that end an archive.
    package var bytes: [UInt8] { written + [UInt8](repeating: 0, count: 2 * Self.block) }

    private func header(_ name: String, size: Int) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: Self.block)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
        }
        func octal(_ number: Int64, digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(name, at: 0)
        put(octal(0o644, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(Int64(size), digits: 11), at: 124)
        put(octal(max(0, modified), digits: 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        let sum = header.reduce(Int64(0)) { $0 + Int64($1) }
        put(octal(sum, digits: 6), at: 148)
        header[154] = 0
        header[155] = 0x20
        return header
    }
}
