/// The parameters of one execution: checked against the query's header and laid out for libpq.
struct Arguments {
    private var texts = CTexts()
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
            guard append(value) else {
                throw PostgresError(.decoding, "parameter \(parameter.name) holds a NUL character", query: query.name)
            }
        }
    }

    /// For statements without a header: the server infers the types.
    init(untyped values: [(any PostgresValue)?]) throws(PostgresError) {
        types = values.map { _ in 0 }
        for value in values {
            guard append(value) else { throw PostgresError(.decoding, "a parameter holds a NUL character") }
        }
    }

    var count: Int32 { Int32(types.count) }

    /// The pointers are valid during `body` only.
    func withPointers<Result>(
        _ body: (UnsafePointer<UInt32>?, UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        types.withUnsafeBufferPointer { types in texts.withPointers { body(types.baseAddress, $0) } }
    }

    private mutating func append(_ value: (any PostgresValue)?) -> Bool {
        let text = value?.postgresText
        guard text.map(Self.holdsNUL) != true else { return false }
        texts.append(text)
        return true
    }

    /// In one stretch of memory: a piece of a file is two million digits.
    private static func holdsNUL(_ text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { $0.contains(0) } ?? text.utf8.contains(0)
    }
}

/// A query and what goes into it: one message group of the extended protocol.
struct Statement {
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
