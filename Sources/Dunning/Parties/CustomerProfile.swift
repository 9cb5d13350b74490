/// What is known of a customer beyond its debt: what workflows are chosen by and conditions look at.
package struct CustomerProfile: Hashable, Sendable {
    /// `business` or `consumer`.
    package var kind: String?
    /// ISO 3166-1, two letters.
    package var country: String?
    package var locale: LanguageTag?
    package var riskBand: RiskBand?
    package var collectionMethod: CollectionMethod?
    /// The collector in charge, as the tenant calls them.
    package var owner: String?
    /// Why the customer is never reminded; nil when it may be.
    package var exclusion: String?
    package var attributes: [String: AttributeValue]
    /// Segments it was put into by a person, a step or a program.
    package var segments: Set<String>
    /// The tenant's segments that are conditions: membership follows from the facts.
    package var segmentRules: [SegmentRule]
    /// Promises whose day and days of grace passed without the money; nil where it was not looked up.
    package var brokenPromises: Int?
    /// Percent of the invoices due within the last 12 months that were paid by their due date; nil without any.
    package var onTimeShare: Int?

    package init(
        kind: String? = nil, country: String? = nil, locale: LanguageTag? = nil, riskBand: RiskBand? = nil,
        collectionMethod: CollectionMethod? = nil, owner: String? = nil, exclusion: String? = nil,
        attributes: [String: AttributeValue] = [:], segments: Set<String> = [], segmentRules: [SegmentRule] = [],
        brokenPromises: Int? = nil, onTimeShare: Int? = nil
    ) {
        self.kind = kind
        self.country = country
        self.locale = locale
        self.riskBand = riskBand
        self.collectionMethod = collectionMethod
        self.owner = owner
        self.exclusion = exclusion
        self.attributes = attributes
        self.segments = segments
        self.segmentRules = segmentRules
        self.brokenPromises = brokenPromises
        self.onTimeShare = onTimeShare
    }
}

/// How likely a customer is not to pay, as the tenant or its scoring says.
package enum RiskBand: String, Hashable, Sendable, CaseIterable { case low, medium, high }

/// How a customer's invoices come to be paid.
package enum CollectionMethod: String, Hashable, Sendable, CaseIterable {
    case sendInvoice = "send_invoice"
    case chargeAutomatically = "charge_automatically"
}

/// A saved condition with a name: who fulfils it is in the segment.
package struct SegmentRule: Hashable, Sendable {
    package let name: String
    package let condition: Condition

    package init(name: String, condition: Condition) {
        self.name = name
        self.condition = condition
    }
}
