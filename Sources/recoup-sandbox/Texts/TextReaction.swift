import Foundation
import Synchronization

/// One line of the script of the text gateways: for these numbers, do this instead of the usual.
struct TextReaction: Sendable, Equatable, Codable {
    enum Action: String, Sendable, Codable, CaseIterable {
        /// The usual, late perhaps.
        case accept
        /// Says no.
        case reply
        /// Closes without a word, and the message is lost.
        case drop
        /// Takes the message and then answers with a fault.
        case accept_then_reply
        /// Takes the message and closes without a word.
        case accept_then_drop
    }

    var to = NumberPattern.anyone
    /// Holds for this many matches.
    var first: Int?
    /// Only for this request of its connection, counted from 1: a kept connection that dies is one of 2 or more.
    var onRequest: Int?
    var action: Action
    var status: Int?
    var code: String?
    var message: String?
    var retryAfter: Int?
    /// Milliseconds before the answer; the message is taken, or not, before them.
    var delay: Int?

    enum CodingKeys: String, CodingKey {
        case to, first, action, status, code, message, delay
        case onRequest = "on_request"
        case retryAfter = "retry_after"
    }

    init(from decoder: any Decoder) throws {
        let known = Set(["to", "first", "action", "status", "code", "message", "delay", "on_request", "retry_after"])
        let all = try decoder.container(keyedBy: AnyKey.self)
        for key in all.allKeys where !known.contains(key.stringValue) {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: all,
                debugDescription: "is not a field; known are \(known.sorted().joined(separator: ", "))")
        }
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func number(_ key: CodingKeys, _ range: ClosedRange<Int>) throws -> Int? {
            guard let number = try fields.decodeIfPresent(Int.self, forKey: key) else { return nil }
            guard range.contains(number) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: fields,
                    debugDescription: "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        to = try fields.decodeIfPresent(NumberPattern.self, forKey: .to) ?? .anyone
        first = try number(.first, 1...1_000_000_000)
        onRequest = try number(.onRequest, 1...1_000_000)
        guard let action = Action(rawValue: try fields.decode(String.self, forKey: .action)) else {
            let words = Action.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: .action, in: fields, debugDescription: "must be one of \(words)")
        }
        self.action = action
        status = try number(.status, 200...599)
        if status == nil, action == .reply || action == .accept_then_reply {
            throw DecodingError.dataCorruptedError(
                forKey: .status, in: fields, debugDescription: "is needed for action \(action.rawValue)")
        }
        code = try fields.decodeIfPresent(String.self, forKey: .code)
        message = try fields.decodeIfPresent(String.self, forKey: .message)
        retryAfter = try number(.retryAfter, 1...86_400)
        delay = try number(.delay, 0...3_600_000)
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }
}

/// The script in force. The first reaction that matches and is not spent decides.
final class TextReactionBook: Sendable {
    private let lines = Mutex<[(reaction: TextReaction, used: Int)]>([])

    var current: [TextReaction] { lines.withLock { $0.map(\.reaction) } }

    func replace(with reactions: [TextReaction]) {
        lines.withLock { $0 = reactions.map { ($0, 0) } }
    }

    /// The reaction for this request, counted as used.
    func take(to number: String, request: Int) -> TextReaction? {
        lines.withLock { lines in
            let index = lines.firstIndex { line in
                line.reaction.to.matches(number) && line.used < line.reaction.first ?? .max
                    && (line.reaction.onRequest ?? request) == request
            }
            guard let index else { return nil }
            lines[index].used += 1
            return lines[index].reaction
        }
    }
}
