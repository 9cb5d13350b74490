import CZlib

/// Inflates gzip (RFC 1952), member by member, and stops at a file that grows beyond all measure. It owns its pointer
/// and lends it to nobody.
@safe final class Gunzip {
    private var source: PeekedSource
    private let limits: FileLimits
    /// zlib keeps a pointer to it inside its own state, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var position = 0
    private var isInsideMember = false
    private var hasMember = false
    private var taken = 0
    private var made = 0

    private static let piece = 65_536
    /// What any file may become before its ratio counts.
    private static let free = 1_048_576

    init(_ source: PeekedSource, limits: FileLimits) {
        self.source = source
        self.limits = limits
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 16 asks for gzip, 15 is the largest window there is. Memory is the only thing it can fail for.
        let code = unsafe inflateInit2_(stream, 16 + 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK, "no memory for zlib")
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// The next inflated piece; `nil` behind the last member.
    func next() throws -> [UInt8]? {
        while true {
            if position == input.count {
                guard let more = try source.next() else {
                    guard isInsideMember || !hasMember else { return nil }
                    throw FileError(
                        .gzipCut, "the compressed file ends in the middle, after \(made) bytes of its content")
                }
                input = more
                position = 0
            }
            if !isInsideMember {
                guard try beginMember() else { continue }
            }
            let piece = try inflate()
            try check()
            if !piece.isEmpty { return piece }
        }
    }

    /// Passes over zeros behind the last member, which tapes and block devices leave there.
    private func beginMember() throws -> Bool {
        if hasMember {
            while position < input.count, input[position] == 0 { position += 1 }
            guard position < input.count else { return false }
            guard input[position] == 0x1F else {
                throw FileError(.gzipDamaged, "something that is not compressed follows the compressed content")
            }
            unsafe inflateReset(stream)
        }
        hasMember = true
        isInsideMember = true
        return true
    }

    private func inflate() throws -> [UInt8] {
        var code = Z_OK
        let available = input.count - position
        var left = available
        let piece = unsafe [UInt8](unsafeUninitializedCapacity: Self.piece) { buffer, count in
            unsafe input.withUnsafeBufferPointer { input in
                unsafe stream.pointee.next_in = input.baseAddress?.advanced(by: position)
                unsafe stream.pointee.avail_in = UInt32(available)
                unsafe stream.pointee.next_out = buffer.baseAddress
                unsafe stream.pointee.avail_out = UInt32(Self.piece)
                code = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
                count = unsafe Self.piece - Int(stream.pointee.avail_out)
                left = unsafe Int(stream.pointee.avail_in)
            }
        }
        position += available - left
        taken += available - left
        made += piece.count
        switch code {
        case Z_STREAM_END: isInsideMember = false
        case Z_OK, Z_BUF_ERROR: break
        default: throw FileError(.gzipDamaged, "the compressed file is damaged after \(made) bytes of its content")
        }
        return piece
    }

    private func check() throws {
        if made > limits.inflated {
            throw FileError(.gzipBomb, "the compressed file becomes more than the \(limits.inflated) bytes allowed")
        }
        if made > Self.free, made / limits.ratio > taken {
            throw FileError(
                .gzipBomb,
                "the compressed file becomes more than \(limits.ratio) times its size, as no ledger does; "
                    + "send it uncompressed")
        }
    }
}
