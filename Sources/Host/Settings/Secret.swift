/// A text that must not be seen in logs, errors or printed settings.
///
/// Printing, interpolating or dumping a secret shows `[secret]`; the text itself is only had by asking for it.
package struct Secret: Sendable, Hashable {
    package let revealed: String

    package init(_ text: String) {
        revealed = text
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "[secret]" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}

extension Secret {
    /// Whether an Authorization header shows it; takes as long for a wrong one as for the right one of its length.
    func isShown(in header: String?) -> Bool {
        let words = (header ?? "").split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "bearer", words[1].utf8.count == revealed.utf8.count else {
            return false
        }
        return zip(words[1].utf8, revealed.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
