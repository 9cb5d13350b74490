/// What the server does at one stage: the usual reply, or what a reaction made of it.
struct Answer: Sendable, Equatable {
    enum Close: Sendable, Equatable { case orderly, reset }

    /// The session goes on as after success; at the dot: the mail is accepted.
    let isPositive: Bool
    /// What the client would see, or `nil` when nothing is written at all.
    let reply: SMTPReply?
    let bytes: [UInt8]
    let close: Close?
    let delay: Reaction.Delay?

    init(usual: SMTPReply, at stage: Stage, reaction: Reaction?) {
        let delay = reaction?.delay
        switch reaction?.act ?? .accept {
        case .accept:
            self.init(usual, at: stage, delay)
        case .reply(let reply):
            self.init(reply, at: stage, delay)
        case .partialReply(let reply, let count):
            let whole = Answer(reply ?? usual, at: stage, delay)
            self.init(whole.isPositive, whole.reply, Array(whole.bytes.prefix(count)), .orderly, delay)
        case .drop(let close):
            self.init(false, nil, [], close, delay)
        case .acceptThenDrop(let close):
            self.init(true, nil, [], close, delay)
        }
    }

    /// DATA succeeds with 354, everything else with 2xx; after 421 the server closes (RFC 5321, 3.8 and 4.2.1).
    private init(_ reply: SMTPReply, at stage: Stage, _ delay: Reaction.Delay?) {
        let isPositive = reply.code / 100 == (stage == .data ? 3 : 2)
        self.init(isPositive, reply, reply.bytes, reply.code == 421 ? .orderly : nil, delay)
    }

    private init(_ isPositive: Bool, _ reply: SMTPReply?, _ bytes: [UInt8], _ close: Close?, _ delay: Reaction.Delay?) {
        self.isPositive = isPositive
        self.reply = reply
        self.bytes = bytes
        self.close = close
        self.delay = delay
    }

    /// How a mail ends that depended on this answer.
    func fate(at stage: Stage) -> Fate {
        let outcome: Fate.Outcome = isPositive ? .accepted : reply == nil ? .dropped : .refused
        return Fate(outcome: outcome, stage: stage, reply: reply?.summary)
    }
}
