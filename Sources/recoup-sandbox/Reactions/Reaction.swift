/// One line of a script: at this stage, for these recipients, do this instead of the usual.
struct Reaction: Sendable, Equatable {
    enum Act: Sendable, Equatable {
        case accept
        case reply(SMTPReply)
        /// Writes only the first bytes of a reply, then closes.
        case partialReply(SMTPReply?, bytes: Int)
        /// Closes without a word. At the dot the mail is lost: nobody took responsibility for it.
        case drop(Answer.Close)
        /// Takes the mail and closes without a word: the client cannot know, the recipient gets it.
        case acceptThenDrop(Answer.Close)
    }

    /// Time before the answer.
    struct Delay: Sendable, Equatable {
        let milliseconds: Int
        /// `true`: a mail is accepted at once and only the reply is late. `false`: it is accepted when the delay ends.
        let before: Bool
    }

    let stage: Stage
    let to: RecipientPattern
    /// Holds for this many matches, then the reaction is spent; `nil` = always.
    let first: Int?
    let act: Act
    let delay: Delay?
}
