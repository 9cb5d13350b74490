/// A line of the script as `GET /reactions` shows it: what was put in, and how often it was used.
struct ReactionAnswer: Encodable {
    private enum Key: CodingKey { case stage, to, first, action, code, text, bytes, reset, delay, used }
    private enum DelayKey: CodingKey { case ms, before }

    let line: ReactionBook.Line

    func encode(to encoder: any Encoder) throws {
        var all = encoder.container(keyedBy: Key.self)
        let reaction = line.reaction
        try all.encode(reaction.stage, forKey: .stage)
        try all.encode(reaction.to.description, forKey: .to)
        try all.encodeIfPresent(reaction.first, forKey: .first)
        try encode(reaction.act, to: &all)
        if let delay = reaction.delay {
            var fields = all.nestedContainer(keyedBy: DelayKey.self, forKey: .delay)
            try fields.encode(delay.milliseconds, forKey: .ms)
            try fields.encode(delay.before, forKey: .before)
        }
        try all.encode(line.used, forKey: .used)
    }

    private func encode(_ act: Reaction.Act, to all: inout KeyedEncodingContainer<Key>) throws {
        switch act {
        case .accept:
            try all.encode("accept", forKey: .action)
        case .reply(let reply):
            try all.encode("reply", forKey: .action)
            try encode(reply, to: &all)
        case .partialReply(let reply, let bytes):
            try all.encode("partial_reply", forKey: .action)
            if let reply { try encode(reply, to: &all) }
            try all.encode(bytes, forKey: .bytes)
        case .drop(let close):
            try all.encode("drop", forKey: .action)
            try all.encode(close == .reset, forKey: .reset)
        case .acceptThenDrop(let close):
            try all.encode("accept_then_drop", forKey: .action)
            try all.encode(close == .reset, forKey: .reset)
        }
    }

    private func encode(_ reply: SMTPReply, to all: inout KeyedEncodingContainer<Key>) throws {
        try all.encode(reply.code, forKey: .code)
        try all.encode(reply.lines.joined(separator: "\n"), forKey: .text)
    }
}
