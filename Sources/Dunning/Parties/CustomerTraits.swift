/// What is told of a customer so that workflows can be chosen by it and conditions can look at it.
package struct CustomerTraits: Hashable, Sendable {
    /// ISO 3166-1, two letters.
    package var country: String?
    /// The collector in charge, as the tenant calls them.
    package var owner: String?
    /// A word for why the customer is never reminded; nil when it may be.
    package var exclusion: String?
    /// The tenant's own, by name.
    package var attributes: [String: AttributeValue]
    package var riskBand: RiskBand?
    package var collectionMethod: CollectionMethod?

    package init(
        country: String? = nil, owner: String? = nil, exclusion: String? = nil,
        attributes: [String: AttributeValue] = [:], riskBand: RiskBand? = nil,
        collectionMethod: CollectionMethod? = nil
    ) {
        self.country = country
        self.owner = owner
        self.exclusion = exclusion
        self.attributes = attributes
        self.riskBand = riskBand
        self.collectionMethod = collectionMethod
    }
}
