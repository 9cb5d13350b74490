/// What a condition is judged of: the values of one case at one time; `nil` is what nobody knows.
package struct ConditionSubject: Hashable, Sendable {
    /// With its currency.
    package var collectable: Money?
    package var oldestAge: Int?
    package var invoiceCount: Int?
    package var stage: Int?
    package var segments: Set<String> = []
    package var kind: String?
    package var country: String?
    package var locale: LanguageTag?
    package var riskBand: RiskBand?
    package var collectionMethod: CollectionMethod?
    package var channels: Set<Channel> = []
    package var brokenPromises: Int?
    package var lastContactAge: Int?
    package var onTimeShare: Int?
    package var currency: Currency?
    /// The brand's id and its name: a condition may use either.
    package var brand: Set<String> = []
    package var owner: String?
    package var attributes: [String: AttributeValue] = [:]

    package init() {}

    /// What is known of a field; empty when nothing is. Several only where the field is a set.
    func values(of field: ConditionField) -> [AttributeValue] {
        switch field {
        case .collectable: Self.number(collectable?.minor)
        case .oldestAge: Self.number(oldestAge.map(Int64.init))
        case .invoiceCount: Self.number(invoiceCount.map(Int64.init))
        case .stage: Self.number(stage.map(Int64.init))
        case .brokenPromises: Self.number(brokenPromises.map(Int64.init))
        case .lastContactAge: Self.number(lastContactAge.map(Int64.init))
        case .onTimeShare: Self.number(onTimeShare.map(Int64.init))
        case .segment: segments.sorted().map(AttributeValue.text)
        case .hasChannel: channels.map(\.rawValue).sorted().map(AttributeValue.text)
        case .brand: brand.sorted().map(AttributeValue.text)
        case .kind: Self.text(kind)
        case .country: Self.text(country)
        // `de` is meant to hold for `de-AT` too.
        case .locale: (locale?.lookup ?? []).map { .text($0.text) }
        case .riskBand: Self.text(riskBand?.rawValue)
        case .collectionMethod: Self.text(collectionMethod?.rawValue)
        case .currency: Self.text(currency?.code)
        case .owner: Self.text(owner)
        case .attribute(let name): attributes[name].map { [$0] } ?? []
        }
    }

    private static func number(_ value: Int64?) -> [AttributeValue] { value.map { [.number($0)] } ?? [] }
    private static func text(_ value: String?) -> [AttributeValue] { value.map { [.text($0)] } ?? [] }
}

extension CaseFacts {
    /// What conditions see of this case at `now`: sums and ages from the ledger, the rest from the customer's profile.
    /// Segments that are conditions are judged here, from the very facts.
    package func subject(at now: Instant) -> ConditionSubject {
        let asked = asked(at: now)
        let today = brand.zone.day(of: now)
        var subject = ConditionSubject()
        subject.collectable = Money(minor: askedTotal(at: now), currency: state.currency)
        subject.oldestAge = asked.filter { $0.dueDate != nil }.map { $0.daysOverdue(on: today) }.max()
        subject.invoiceCount = Set(asked.map(\.id)).count
        subject.stage = state.stage
        subject.channels = Set(
            Channel.allCases.filter { channel in contacts.contains { $0.isUsable(for: channel) } })
        subject.lastContactAge = state.lastContactDay.map { Int(zone.day(of: now).number) - Int($0.number) }
        subject.currency = state.currency
        subject.brand = Set([brand.id.description, brand.name].filter { !$0.isEmpty })
        subject.kind = profile.kind
        subject.country = profile.country
        subject.locale = profile.locale
        subject.riskBand = profile.riskBand
        subject.collectionMethod = profile.collectionMethod
        subject.owner = profile.owner
        subject.attributes = profile.attributes
        subject.brokenPromises = profile.brokenPromises
        subject.onTimeShare = profile.onTimeShare
        subject.segments = profile.segments
        // Conditions of segments look at what people were put into, never at one another: the order does not matter.
        let given = subject
        for rule in profile.segmentRules where rule.condition.judged(given).holds { subject.segments.insert(rule.name) }
        return subject
    }
}
