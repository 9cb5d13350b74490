import Foundation
import Synchronization

/// All text messages the pretend gateways were asked to send, newest last; the oldest are forgotten, counts stay.
final class TextJournal: Sendable {
    struct Counts: Sendable, Encodable {
        var accepted = 0
        var refused = 0
        var dropped = 0
        var receipts = 0
    }

    private struct State {
        var messages: [TextMessage] = []
        var counts = Counts()
        var lastSeq = 0
        /// The passwords accounts came with: what goes to them is signed with the latest.
        var secrets: [String: String] = [:]
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    var counts: Counts { state.withLock { $0.counts } }

    /// Writes down what `make` makes of the next number.
    @discardableResult
    func add(_ make: (_ seq: Int) -> TextMessage) -> TextMessage {
        state.withLock { state in
            state.lastSeq += 1
            let message = make(state.lastSeq)
            state.messages.append(message)
            if state.messages.count > limit + limit / 8 { state.messages.removeFirst(state.messages.count - limit) }
            switch message.outcome {
            case .accepted: state.counts.accepted += 1
            case .refused: state.counts.refused += 1
            case .dropped: state.counts.dropped += 1
            }
            state.secrets[message.account] = message.secret
            return message
        }
    }

    func noteReceipt() {
        state.withLock { $0.counts.receipts += 1 }
    }

    func secret(of account: String) -> String? {
        state.withLock { $0.secrets[account] }
    }

    func message(_ seq: Int) -> TextMessage? {
        state.withLock { state in state.messages.last { $0.seq == seq } }
    }

    /// Oldest first, those after `seq`.
    func messages(
        after seq: Int = 0, to pattern: NumberPattern = .anyone, outcome: TextMessage.Outcome? = nil, limit: Int = .max
    ) -> [TextMessage] {
        state.withLock { state in
            Array(
                state.messages.lazy.filter { message in
                    message.seq > seq && pattern.matches(message.to) && (outcome ?? message.outcome) == message.outcome
                }.prefix(limit))
        }
    }

    func clear() {
        state.withLock { state in
            state.messages = []
            state.counts = Counts()
        }
    }
}
