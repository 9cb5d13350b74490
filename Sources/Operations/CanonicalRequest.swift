import Foundation
package import Postgres

/// What a request said, in a form that two equal requests share: it tells "the same again" from "the same name, other
/// content".
package enum CanonicalRequest {
    /// Fields not given are left out. The database compares as JSON, so order does not count.
    package static func json(_ fields: [String: String?]) -> JSONText {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return JSONText(String(decoding: try encoder.encode(fields.compactMapValues { $0 }), as: UTF8.self))
        } catch {
            preconditionFailure("a dictionary of texts always encodes: \(error)")
        }
    }
}
