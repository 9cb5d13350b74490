/// How a file is written; nothing of it is guessed beyond what is said here.
package struct FileForm: Hashable, Sendable {
    package enum Layout: Hashable, Sendable {
        /// RFC 4180 with a header. Without a delimiter it is the one of `,` `;` `|` and the tabulator that the header
        /// has most of.
        case csv(delimiter: UInt8?)
        /// One JSON object a line, of which these values are read, each named by its key or by a path of keys with dots
        /// between them.
        case ndjson(paths: [String])
    }

    package var layout: Layout
    package var encoding: TextEncoding
    package var limits: FileLimits

    package init(_ layout: Layout, encoding: TextEncoding = .auto, limits: FileLimits = FileLimits()) {
        self.layout = layout
        self.encoding = encoding
        self.limits = limits
    }
}

/// How text is written as bytes, in the names of the IANA.
package enum TextEncoding: String, Hashable, Sendable, CaseIterable {
    /// What a byte order mark says, else UTF-8; what is not valid then is an error.
    case auto
    case utf8 = "utf-8"
    /// The byte order mark says which of the two.
    case utf16 = "utf-16"
    case utf16LE = "utf-16le"
    case utf16BE = "utf-16be"
    case latin1 = "iso-8859-1"
    case windows1252 = "windows-1252"
}

/// What is read at most. Memory depends on these, never on the file.
package struct FileLimits: Hashable, Sendable {
    /// Bytes of one record as UTF-8, its line breaks included.
    package var record = 65_536
    /// Columns of a header; keys of a JSON object.
    package var columns = 500
    /// Bytes a compressed file may become.
    package var inflated = 4_294_967_296
    /// How many times its compressed size it may become, after the first MB.
    package var ratio = 50

    package init() {}
}
