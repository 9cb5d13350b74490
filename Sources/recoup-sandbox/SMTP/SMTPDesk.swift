import Foundation

/// What a session needs from the rest of the sandbox.
struct SMTPDesk: Sendable {
    let journal: Journal
    let book: ReactionBook
    let now: @Sendable () -> Date
}
