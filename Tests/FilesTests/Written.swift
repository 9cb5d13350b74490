import CZlib
import Files

/// Reads a whole file; each record as its texts, or its fault.
func read(
    _ bytes: [UInt8], _ layout: FileForm.Layout = .csv(delimiter: nil), encoding: TextEncoding = .auto,
    limits: FileLimits = FileLimits(), piece: Int = 65_536
) throws -> [Entry] {
    var reader = try RecordReader(
        ByteSource(bytes: bytes, piece: piece), FileForm(layout, encoding: encoding, limits: limits))
    return try entries(&reader)
}

func entries(_ reader: inout RecordReader) throws -> [Entry] {
    var record = Record()
    var entries: [Entry] = []
    while try reader.next(into: &record) {
        let texts = (0..<record.count).map { record.kind($0) == .absent ? nil : record.text($0) }
        entries.append(Entry(line: record.line, number: record.number, texts: texts, fault: record.fault))
    }
    return entries
}

func read(_ text: String, _ layout: FileForm.Layout = .csv(delimiter: nil)) throws -> [Entry] {
    try read(Array(text.utf8), layout)
}

struct Entry: Equatable {
    let line: Int
    let number: Int
    let texts: [String?]
    let fault: Fault?

    /// `line:column code`, or the texts.
    var summary: String {
        guard let fault else { return texts.map { $0 ?? "-" }.joined(separator: "|") }
        return "\(fault.line):\(fault.column ?? 0) \(fault.code.rawValue)"
    }
}

extension [Entry] {
    var summaries: [String] { map(\.summary) }
}

func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = unsafe z_stream()
    let begun = unsafe deflateInit2_(
        &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(begun == Z_OK)
    defer { unsafe deflateEnd(&stream) }
    return unsafe [UInt8](unsafeUninitializedCapacity: bytes.count + bytes.count / 8 + 1_024) { buffer, count in
        unsafe bytes.withUnsafeBufferPointer { input in
            unsafe stream.next_in = input.baseAddress
            unsafe stream.avail_in = UInt32(input.count)
            unsafe stream.next_out = buffer.baseAddress
            unsafe stream.avail_out = UInt32(buffer.count)
            precondition(unsafe deflate(&stream, Z_FINISH) == Z_STREAM_END)
            count = unsafe buffer.count - Int(stream.avail_out)
        }
    }
}

func utf16(_ text: String, isBig: Bool, mark: Bool = true) -> [UInt8] {
    ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
        let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
        return isBig ? [high, low] : [low, high]
    }
}

func fileError(_ body: () throws -> Void) -> FileError? {
    do {
        try body()
        return nil
    } catch {
        return error as? FileError
    }
}

/// SplitMix64: the same numbers for the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
