/// The parameters of one execution: checked against the query's header and laid out for libpq.
///
/// A value goes in the binary form of its type where it has one, which spares both sides the spelling and, within arrays,
/// the quoting; else as text.
struct Arguments: Hashable {
    /// Where libpq finds types, values, lengths and formats.
    struct Pointers {
        let types: UnsafePointer<UInt32>?
        let values: UnsafePointer<UnsafePointer<CChar>?>?
        let lengths: UnsafePointer<Int32>?
        let formats: UnsafePointer<Int32>?
    }

    private var bytes: [UInt8] = []
    private var places: [Int?] = []
    /// Of binary values; what is text ends at its NUL character.
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private let types: [UInt32]

    /// Throws ``PostgresError`` of kind `decoding` for a wrong number, for NULL where the header has no `?`, and for a
    /// NUL character, which no text of PostgreSQL can hold.
    init(_ values: [(any PostgresValue)?], for query: Query) throws(PostgresError) {
        guard values.count == query.parameters.count else {
            let counts = "takes \(query.parameters.count) parameters and was given \(values.count)"
            throw PostgresError(.decoding, counts, query: query.name)
        }
        types = query.parameters.map(\.type.oid)
        for (value, parameter) in zip(values, query.parameters) {
            guard value != nil || parameter.nullable else {
                throw PostgresError(.decoding, "parameter \(parameter.name) is NULL", query: query.name)
            }
            guard append(value, as: parameter.type) else {
                throw PostgresError(.decoding, "parameter \(parameter.name) holds a NUL character", query: query.name)
            }
        }
    }

    /// For statements without a header: the server infers the types.
    init(untyped values: [(any PostgresValue)?]) throws(PostgresError) {
        types = values.map { _ in 0 }
        for value in values {
            guard append(value, as: nil) else { throw PostgresError(.decoding, "a parameter holds a NUL character") }
        }
    }

    var count: Int32 { Int32(types.count) }

    /// The pointers are valid during `body` only.
    func withPointers<Result>(_ body: (Pointers) -> Result) -> Result {
        bytes.withUnsafeBytes { buffer in
            let start = buffer.assumingMemoryBound(to: CChar.self).baseAddress
            let values = places.map { place in place.flatMap { start?.advanced(by: $0) } }
            return types.withUnsafeBufferPointer { types in
                values.withUnsafeBufferPointer { values in
                    lengths.withUnsafeBufferPointer { lengths in
                        formats.withUnsafeBufferPointer { formats in
                            body(
                                Pointers(
                                    types: types.baseAddress, values: values.baseAddress, lengths: lengths.baseAddress,
                                    formats: formats.baseAddress))
                        }
                    }
                }
            }
        }
    }

    private mutating func append(_ value: (any PostgresValue)?, as type: PostgresType?) -> Bool {
        guard let value else {
            note(nil, length: 0, isBinary: false)
            return true
        }
        let place = bytes.count
        if let type, value.appendBinary(as: type, to: &bytes), let length = Int32(exactly: bytes.count - place) {
            note(place, length: length, isBinary: true)
        } else {
            bytes.removeSubrange(place...)
            let text = value.postgresText
            guard !text.holdsNUL else { return false }
            bytes.append(contentsOf: text.utf8)
            note(place, length: 0, isBinary: false)
        }
        // Ends a text; and no value, however short, lies where there is no memory.
        bytes.append(0)
        return true
    }

    private mutating func note(_ place: Int?, length: Int32, isBinary: Bool) {
        places.append(place)
        lengths.append(length)
        formats.append(isBinary ? 1 : 0)
    }
}

extension String {
    /// In one stretch of memory: a piece of a file is two million digits.
    var holdsNUL: Bool { utf8.withContiguousStorageIfAvailable { $0.contains(0) } ?? utf8.contains(0) }
}

/// A query and what goes into it: one message group of the extended protocol.
struct Statement: Hashable {
    let query: Query
    let arguments: Arguments

    init(_ query: Query, _ values: [(any PostgresValue)?]) throws(PostgresError) {
        self.query = query
        arguments = try Arguments(values, for: query)
    }
}

/// Texts as a C library wants them: NUL-terminated, all in one buffer, with an array of pointers into it.
struct CTexts {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []

    var count: Int { offsets.count }

    /// `nil` becomes a null pointer. The text must hold no NUL: it would end there.
    mutating func append(_ text: String?) {
        guard let text else { return offsets.append(nil) }
        offsets.append(bytes.count)
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
    }

    /// The pointers are valid during `body` only.
    func withPointers<Result>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        bytes.withUnsafeBytes { buffer in
            let start = buffer.assumingMemoryBound(to: CChar.self).baseAddress
            let pointers = offsets.map { offset in offset.flatMap { start?.advanced(by: $0) } }
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}
