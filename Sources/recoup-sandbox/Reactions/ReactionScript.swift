import Foundation

/// Reactions as JSON. Every mistake is named by its field: a fault that silently does nothing makes a test lie.
struct ReactionScript: Decodable {
    let reactions: [Reaction]

    init(from decoder: any Decoder) throws {
        reactions = try decoder.singleValueContainer().decode([Item].self).map(\.reaction)
    }

    /// - Throws: ``Problem`` with the field's path, as in `[2].code`.
    init(parsing data: Data) throws(Problem) {
        do {
            self = try JSONDecoder().decode(ReactionScript.self, from: data)
        } catch {
            throw Problem(reading: error)
        }
    }

    private struct Item: Decodable {
        let reaction: Reaction

        init(from decoder: any Decoder) throws {
            reaction = try Fields(decoder).reaction()
        }
    }
}

/// The fields of one reaction, read one by one.
private struct Fields {
    enum Key: String, CodingKey, CaseIterable { case stage, to, first, action, code, text, bytes, reset, delay }
    enum DelayKey: String, CodingKey, CaseIterable { case ms, before }
    enum Action: String, CaseIterable { case accept, reply, drop, accept_then_drop, partial_reply }
    struct AnyKey: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }

    static let longestDelay = 3_600_000

    private let all: KeyedDecodingContainer<Key>

    init(_ decoder: any Decoder) throws {
        try Self.refuseUnknown(in: decoder.container(keyedBy: AnyKey.self), knowing: Key.allCases.map(\.rawValue))
        all = try decoder.container(keyedBy: Key.self)
    }

    func reaction() throws -> Reaction {
        let stage = try oneOf(Stage.self, .stage)
        let pattern = try recipients(at: stage)
        let first = try number(.first, in: 1...1_000_000_000)
        let act = try act(at: stage)
        return Reaction(stage: stage, to: pattern, first: first, act: act, delay: try delay(at: stage, act))
    }

    private func recipients(at stage: Stage) throws -> RecipientPattern {
        guard let text = try all.decodeIfPresent(String.self, forKey: .to) else { return .anyone }
        guard let pattern = RecipientPattern(text) else {
            throw wrong(.to, "must be an address, *@domain or *")
        }
        guard stage.knowsRecipients || pattern.isAnyone else {
            throw wrong(.to, "must be * at stage \(stage.rawValue): no recipient is known there")
        }
        return pattern
    }

    private func act(at stage: Stage) throws -> Reaction.Act {
        let action = try oneOf(Action.self, .action)
        try refuseFieldsForeign(to: action)
        let close: Answer.Close = try all.decodeIfPresent(Bool.self, forKey: .reset) ?? false ? .reset : .orderly
        switch action {
        case .accept: return .accept
        case .reply:
            guard let reply = try reply() else { throw wrong(.code, "is needed for action reply") }
            return .reply(reply)
        case .partial_reply:
            return .partialReply(try reply(), bytes: try number(.bytes, in: 1...100_000) ?? 2)
        case .drop: return .drop(close)
        case .accept_then_drop:
            guard stage == .dot else { throw wrong(.action, "accept_then_drop is for stage dot only") }
            return .acceptThenDrop(close)
        }
    }

    private func refuseFieldsForeign(to action: Action) throws {
        let allowed: [Key] =
            switch action {
            case .accept: []
            case .reply: [.code, .text]
            case .partial_reply: [.code, .text, .bytes]
            case .drop, .accept_then_drop: [.reset]
            }
        for key in [Key.code, .text, .bytes, .reset] where all.contains(key) && !allowed.contains(key) {
            throw wrong(key, "has no meaning for action \(action.rawValue)")
        }
    }

    private func reply() throws -> SMTPReply? {
        let text = try all.decodeIfPresent(String.self, forKey: .text)
        guard let code = try number(.code, in: 200...599) else {
            if text != nil { throw wrong(.text, "needs a code") }
            return nil
        }
        let lines = (text ?? SMTPReply.usualText(for: code)).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count <= 100, lines.allSatisfy(Self.isReplyLine) else {
            throw wrong(.text, "must be printable ASCII, at most 100 lines of at most 400 characters, split by \\n")
        }
        return SMTPReply(code, lines.map(String.init))
    }

    private static func isReplyLine(_ line: Substring) -> Bool {
        line.utf8.count <= 400 && line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    private func delay(at stage: Stage, _ act: Reaction.Act) throws -> Reaction.Delay? {
        guard all.contains(.delay) else { return nil }
        let decoder = try all.superDecoder(forKey: .delay)
        try Self.refuseUnknown(in: decoder.container(keyedBy: AnyKey.self), knowing: DelayKey.allCases.map(\.rawValue))
        let fields = try decoder.container(keyedBy: DelayKey.self)
        let milliseconds = try fields.decode(Int.self, forKey: .ms)
        guard (0...Self.longestDelay).contains(milliseconds) else {
            throw Self.wrong(fields, .ms, "must be from 0 to \(Self.longestDelay)")
        }
        let before = try fields.decodeIfPresent(Bool.self, forKey: .before) ?? false
        if before, stage != .dot || act == .drop(.orderly) || act == .drop(.reset) {
            throw Self.wrong(fields, .before, "is for stage dot, where a mail can be accepted before the delay")
        }
        return Reaction.Delay(milliseconds: milliseconds, before: before)
    }

    // MARK: Reading one field

    private func oneOf<Word: RawRepresentable & CaseIterable>(_: Word.Type, _ key: Key) throws -> Word
    where Word.RawValue == String {
        guard let word = Word(rawValue: try all.decode(String.self, forKey: key)) else {
            throw wrong(key, "must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }

    private func number(_ key: Key, in range: ClosedRange<Int>) throws -> Int? {
        guard let number = try all.decodeIfPresent(Int.self, forKey: key) else { return nil }
        guard range.contains(number) else {
            throw wrong(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func wrong(_ key: Key, _ message: String) -> DecodingError {
        Self.wrong(all, key, message)
    }

    private static func wrong<K: CodingKey>(_ all: KeyedDecodingContainer<K>, _ key: K, _ message: String)
        -> DecodingError
    {
        .dataCorruptedError(forKey: key, in: all, debugDescription: message)
    }

    private static func refuseUnknown(in all: KeyedDecodingContainer<AnyKey>, knowing known: [String]) throws {
        for key in all.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) where !known.contains(key.stringValue) {
            throw wrong(all, key, "is not a field; known are \(known.joined(separator: ", "))")
        }
    }
}
