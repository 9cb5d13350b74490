import Dunning
import Foundation
import Store

/// What is wrong with the query of an address (400).
struct QueryError: Error, Sendable, Hashable {
    let parameter: String
    let code: String
    let detail: String
}

/// The query of an address: only parameters that the route knows, each once.
struct QueryParameters: Sendable {
    private let values: [String: String]

    static let pageLimit = 200
    private static let pageDefault = 50

    init(_ query: String?, allowed: Set<String>) throws(QueryError) {
        var values: [String: String] = [:]
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = String(parts[0]).removingPercentEncoding, allowed.contains(name) else {
                throw QueryError(
                    parameter: String(parts[0].prefix(100)), code: "unknown_parameter", detail: "is not known here")
            }
            guard values[name] == nil else {
                throw QueryError(parameter: name, code: "duplicate_parameter", detail: "may be given once")
            }
            let raw = parts.count == 2 ? parts[1].replacing("+", with: " ") : ""
            guard let value = raw.removingPercentEncoding, Self.isPrintable(value) else {
                throw QueryError(parameter: name, code: "bad_encoding", detail: "is not percent-encoded UTF-8 text")
            }
            values[name] = value
        }
        self.values = values
    }

    func text(_ name: String) -> String? { values[name] }

    /// What `parse` makes of a parameter, or nothing when it is not given.
    func value<T>(_ name: String, _ code: String, _ detail: String, _ parse: (String) -> T?) throws(QueryError) -> T? {
        guard let text = values[name] else { return nil }
        guard let value = parse(text) else { throw QueryError(parameter: name, code: code, detail: detail) }
        return value
    }

    /// The same for a parameter that must be given.
    func required<T>(_ name: String, _ code: String, _ detail: String, _ parse: (String) -> T?) throws(QueryError) -> T
    {
        guard let value = try value(name, code, detail, parse) else {
            throw QueryError(parameter: name, code: "missing", detail: "must be given")
        }
        return value
    }

    func id<Kind>(_ name: String, _ kind: Kind.Type = Kind.self) throws(QueryError) -> ID<Kind>? {
        try value(name, "bad_id", "must be an identifier such as \(Kind.idPrefix)_ and 26 letters and digits") {
            ID<Kind>($0)
        }
    }

    /// One word of a closed list.
    func choice<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String, of type: Word.Type = Word.self
    ) throws(QueryError) -> Word? {
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        return try value(name, "not_in_list", "must be one of: \(words)") { Word(rawValue: $0) }
    }

    /// `limit` and `cursor`. A cursor is the id of the last thing shown; within another tenant it shows nothing of the
    /// first.
    func page<Kind>(_ kind: Kind.Type = Kind.self) throws(QueryError) -> Page<Kind> {
        let before = try value("cursor", "bad_cursor", "must be a next_cursor as it was answered") { ID<Kind>($0) }
        return Page(before: before, count: try count())
    }

    /// `limit`.
    func count() throws(QueryError) -> Int {
        try value("limit", "out_of_range", "must be from 1 to \(Self.pageLimit)") { text in
            Int(text).flatMap { (1...Self.pageLimit).contains($0) ? $0 : nil }
        } ?? Self.pageDefault
    }

    /// No control character: PostgreSQL has no NUL, and nothing that is asked for has the others.
    private static func isPrintable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }
}
