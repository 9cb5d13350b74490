import Foundation

/// What became of one mail. Written once, when its story ended, and never changed.
struct Mail: Sendable {
    /// Rises by one per entry, in the order in which the stories ended; never used twice.
    let seq: Int
    let connection: Int
    let envelope: Envelope
    /// `nil` when the mail ended before its bytes came.
    let content: Content?
    let fate: Fate
    /// When the last byte of the final dot arrived; `nil` when it never did.
    let receivedAt: Date?
    let endedAt: Date

    /// When the server took responsibility.
    var acceptedAt: Date? { fate.outcome == .accepted ? endedAt : nil }
}
