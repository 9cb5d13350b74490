/// How a step reaches somebody: which contact, through which channel, and what had to give way for it.
package struct Way: Hashable, Sendable {
    package let contact: Reachable
    package let channel: Channel
    /// Why it is not the step's own channel, as words for the trace; `nil` when it is.
    package let detour: String?

    package init(_ contact: Reachable, by channel: Channel, detour: String? = nil) {
        self.contact = contact
        self.channel = channel
        self.detour = detour
    }

    /// Where the message goes.
    package var address: String { contact.address(for: channel) ?? "" }

    /// Under which the message is told apart from others of the same person.
    package var key: String { contact.key(for: channel) ?? "" }
}

extension CaseFacts {
    /// The way a step takes now; `nil` when nobody can be reached by it.
    ///
    /// Without a fallback, and with the next contact as one, the first contact with a usable address of the step's channel
    /// is written to. With another channel as fallback the first contact who can be reached at all is: by the step's
    /// channel if it can be, else by the other.
    package func way(for key: String) -> Way? {
        guard let step = workflow.step(key), let channel = step.kind.channel else { return nil }
        switch step.fallback {
        case nil, .nextContact:
            guard let index = contacts.firstIndex(where: { $0.isUsable(for: channel) }) else { return nil }
            let passed = step.fallback == nil ? nil : contacts[..<index].first
            return Way(
                contacts[index], by: channel,
                detour: passed.map { "\($0.id) \($0.obstacle(to: channel)); the next contact instead" })
        case .channel(let other):
            guard let contact = contacts.first(where: { $0.isUsable(for: channel) || $0.isUsable(for: other) }) else {
                return nil
            }
            if contact.isUsable(for: channel) { return Way(contact, by: channel) }
            return Way(
                contact, by: other, detour: "\(contact.id) \(contact.obstacle(to: channel)); by \(other) instead")
        }
    }

    /// A day for each time the person was contacted. A message counts under every address of theirs, by mail and by text
    /// message alike, and is counted once; two on one day are two.
    func contactedDays(of contact: Reachable) -> [Day] {
        var times: [Day: Int] = [:]
        for key in contact.keys {
            let own = Dictionary((contactedDays[key] ?? []).map { ($0, 1) }, uniquingKeysWith: +)
            times.merge(own, uniquingKeysWith: max)
        }
        return times.flatMap { Array(repeating: $0.key, count: $0.value) }.sorted()
    }

    /// The same facts with an address of a contact that turned out to be useless.
    package func suppressing(_ contact: ID<Contact>, for channel: Channel) -> CaseFacts {
        var facts = self
        facts.contacts = contacts.map { $0.id == contact ? $0.suppressed(for: channel) : $0 }
        return facts
    }

    /// Why nobody can be reached by this step.
    func unreachable(by key: String) -> Reason {
        let step = workflow.step(key)
        var channels = [step?.kind.channel].compactMap(\.self)
        if case .channel(let other) = step?.fallback { channels.append(other) }
        let wanted = contacts.filter { contact in
            contact.hasOptedOut || channels.contains { contact.address(for: $0) != nil }
        }
        let hasRefused =
            !wanted.isEmpty && wanted.allSatisfy { $0.hasOptedOut || $0.hasStoppedTexts && channels == [.sms] }
        return hasRefused ? .optedOut : .noAddress
    }
}

/// A contact as the gate sees it.
package struct Reachable: Hashable, Sendable {
    package let id: ID<Contact>
    package let name: String
    package let email: String?
    /// The normalised mail address under which contacts are counted.
    package let key: String?
    /// The number for text messages; it is its own key.
    package let phone: String?
    package let zone: Zone?
    package let hasOptedOut: Bool
    /// The mail address gets nothing any more.
    package let isSuppressed: Bool
    /// The number gets nothing any more.
    package let hasStoppedTexts: Bool

    package init(
        id: ID<Contact>, name: String, email: String?, key: String?, phone: String? = nil, zone: Zone? = nil,
        hasOptedOut: Bool = false, isSuppressed: Bool = false, hasStoppedTexts: Bool = false
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.key = key
        self.phone = phone
        self.zone = zone
        self.hasOptedOut = hasOptedOut
        self.isSuppressed = isSuppressed
        self.hasStoppedTexts = hasStoppedTexts
    }

    package func address(for channel: Channel) -> String? {
        channel == .email ? email : phone
    }

    package func key(for channel: Channel) -> String? {
        channel == .email ? key : phone
    }

    /// Every address of the person: a contact by one counts for all (architecture 5.3).
    package var keys: [String] { [key, phone].compactMap(\.self) }

    package func isUsable(for channel: Channel) -> Bool {
        guard !hasOptedOut, address(for: channel) != nil, key(for: channel) != nil else { return false }
        return channel == .email ? !isSuppressed : !hasStoppedTexts
    }

    /// Whether there is any way to reach this person.
    package var isUsable: Bool { Channel.allCases.contains(where: isUsable) }

    func suppressed(for channel: Channel) -> Reachable {
        Reachable(
            id: id, name: name, email: email, key: key, phone: phone, zone: zone, hasOptedOut: hasOptedOut,
            isSuppressed: isSuppressed || channel == .email, hasStoppedTexts: hasStoppedTexts || channel == .sms)
    }

    /// What keeps a channel from being used, to follow the contact's id.
    fileprivate func obstacle(to channel: Channel) -> String {
        if hasOptedOut { return "has opted out" }
        if address(for: channel) == nil { return "has no address for \(channel)" }
        return "gets nothing by \(channel) any more"
    }
}

extension Channel: CustomStringConvertible {
    package var description: String { rawValue }
}
