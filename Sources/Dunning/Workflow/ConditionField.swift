/// What a condition may look at: a closed list, and the customer's own attributes by name.
package enum ConditionField: Hashable, Sendable {
    /// What may be asked for now, an amount.
    case collectable
    /// Days overdue of the oldest invoice that may be asked for; negative before its due date.
    case oldestAge
    case invoiceCount
    case stage
    case segment
    case kind
    case country
    case locale
    case riskBand
    case collectionMethod
    case hasChannel
    case brokenPromises
    /// Days since the last contact of the case.
    case lastContactAge
    /// Percent of the invoices due within the last 12 months that were paid by their due date.
    case onTimeShare
    case currency
    case brand
    case owner
    case attribute(String)

    /// What its values are.
    package enum Form: Hashable, Sendable {
        case number, amount, text
        /// Text out of a closed list.
        case word([String])
        /// The subject may have several: `is` asks whether one of them is meant.
        case member
        /// Text, a number or a flag: only the tenant knows.
        case anything
    }

    package var form: Form {
        switch self {
        case .collectable: .amount
        case .oldestAge, .invoiceCount, .stage, .brokenPromises, .lastContactAge, .onTimeShare: .number
        case .kind: .word(["business", "consumer"])
        case .riskBand: .word(RiskBand.allCases.map(\.rawValue))
        case .collectionMethod: .word(CollectionMethod.allCases.map(\.rawValue))
        case .hasChannel: .word(Channel.allCases.map(\.rawValue))
        case .segment, .brand: .member
        case .country, .locale, .currency, .owner: .text
        case .attribute: .anything
        }
    }

    package static let fixed: [ConditionField] = [
        .collectable, .oldestAge, .invoiceCount, .stage, .segment, .kind, .country, .locale, .riskBand,
        .collectionMethod, .hasChannel, .brokenPromises, .lastContactAge, .onTimeShare, .currency, .brand, .owner,
    ]

    package var name: String {
        switch self {
        case .collectable: "collectable"
        case .oldestAge: "oldest_age"
        case .invoiceCount: "invoice_count"
        case .stage: "stage"
        case .segment: "segment"
        case .kind: "kind"
        case .country: "country"
        case .locale: "locale"
        case .riskBand: "risk_band"
        case .collectionMethod: "collection_method"
        case .hasChannel: "has_channel"
        case .brokenPromises: "broken_promises"
        case .lastContactAge: "last_contact_age"
        case .onTimeShare: "on_time_share"
        case .currency: "currency"
        case .brand: "brand"
        case .owner: "owner"
        case .attribute(let name): "attribute." + name
        }
    }

    /// `nil` for a name that is not in the list, and for an attribute without a proper name.
    package init?(_ name: String) {
        if name.hasPrefix("attribute.") {
            let own = String(name.dropFirst("attribute.".count))
            guard AttributeValue.isName(own) else { return nil }
            self = .attribute(own)
        } else {
            guard let field = Self.fixed.first(where: { $0.name == name }) else { return nil }
            self = field
        }
    }
}

/// How a field is held against a value.
package enum Comparison: String, Hashable, Sendable, CaseIterable {
    case `is`
    case isNot = "is_not"
    case `in`
    case atLeast = "at_least"
    case moreThan = "more_than"
    case atMost = "at_most"
    case lessThan = "less_than"

    /// Whether it asks for an order, which only numbers and amounts have.
    package var isOrder: Bool {
        switch self {
        case .is, .isNot, .in: false
        case .atLeast, .moreThan, .atMost, .lessThan: true
        }
    }

    package var words: String {
        switch self {
        case .is: "is"
        case .isNot: "is not"
        case .in: "is one of"
        case .atLeast: "is at least"
        case .moreThan: "is more than"
        case .atMost: "is at most"
        case .lessThan: "is less than"
        }
    }

    package func holds<T: Comparable>(_ left: T, _ right: T) -> Bool {
        switch self {
        case .is, .in: left == right
        case .isNot: left != right
        case .atLeast: left >= right
        case .moreThan: left > right
        case .atMost: left <= right
        case .lessThan: left < right
        }
    }
}
