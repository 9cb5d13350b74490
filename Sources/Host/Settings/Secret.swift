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
