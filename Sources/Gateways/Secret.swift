/// A text that must not be seen: it compares and copies like a string, but prints, dumps and interpolates as dots.
///
/// It is not `Codable`, so it cannot slip into an answer or a log through a struct that holds it.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let hidden: String

    package init(_ text: String) {
        hidden = text
    }

    /// The text itself, for the one place that hands it to a server.
    package var revealed: String { hidden }

    package var description: String { "•••" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
