package import Dunning

/// What a request says about the traits of a customer: each left as it is, or given another value.
package struct TraitChanges: Sendable {
    /// Attributes of one customer.
    package static let most = 50

    package var country: Change<String?>
    package var owner: Change<String?>
    package var exclusion: Change<String?>
    /// By name: null takes one away; the others stay.
    package var attributes: [String: AttributeValue?]
    package var riskBand: Change<RiskBand?>
    package var collectionMethod: Change<CollectionMethod?>

    package init(
        country: Change<String?> = .keep, owner: Change<String?> = .keep, exclusion: Change<String?> = .keep,
        attributes: [String: AttributeValue?] = [:], riskBand: Change<RiskBand?> = .keep,
        collectionMethod: Change<CollectionMethod?> = .keep
    ) throws(Rejection) {
        if case .to(let country?) = country, !CountryCode.isKnown(country) {
            throw .invalid("/country", "bad_country", CountryCode.form)
        }
        if case .to(let owner?) = owner { try TextRule.line(upTo: 200).check(owner, at: "/owner") }
        if case .to(let reason?) = exclusion { try Word.check(reason, at: "/exclusion") }
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            guard AttributeValue.isName(name) else {
                throw .invalid("/attributes", "not_a_word", "names are 1 to 64 of a-z, 0-9 and _")
            }
            if case .text(let text) = value { try TextRule.line(upTo: 200).check(text, at: "/attributes/\(name)") }
        }
        self.country = country
        self.owner = owner
        self.exclusion = exclusion
        self.attributes = attributes
        self.riskBand = riskBand
        self.collectionMethod = collectionMethod
    }

    /// Nothing is said.
    package static var none: TraitChanges {
        // Without values there is nothing to refuse.
        guard let none = try? TraitChanges() else { preconditionFailure("an empty change is valid") }
        return none
    }

    func applied(to old: CustomerTraits) throws(Rejection) -> CustomerTraits {
        var traits = old
        traits.country = country.applied(to: old.country)
        traits.owner = owner.applied(to: old.owner)
        traits.exclusion = exclusion.applied(to: old.exclusion)
        traits.riskBand = riskBand.applied(to: old.riskBand)
        traits.collectionMethod = collectionMethod.applied(to: old.collectionMethod)
        for (name, value) in attributes { traits.attributes[name] = value }
        guard traits.attributes.count <= Self.most else {
            throw .invalid("/attributes", "too_many", "a customer has at most \(Self.most) attributes")
        }
        return traits
    }
}
