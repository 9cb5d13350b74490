import Dunning

/// What one row of an import file says, its parts checked one by one. A part is `nil` where the row has none, or where
/// it was refused.
struct LedgerRow: Sendable {
    struct CustomerPart: Hashable, Sendable {
        let externalID: String
        /// `nil` where the mapping has no name; such a customer is called by its external id.
        let name: String?
        let kind: String?
        /// A language tag such as `de` or `en-IN`.
        var locale: String?
        /// Of the IANA database.
        var zone: String?
        var traits = CustomerTraits()
    }

    /// What workflows are chosen by, as the source says it.
    struct CustomerTraits: Hashable, Sendable, Codable {
        /// ISO 3166-1, two letters.
        var country: String?
        var owner: String?
        /// A word for why the customer is never reminded.
        var exclusion: String?
        var riskBand: String?
        var collectionMethod: String?
        /// The name of a list it is put into.
        var segment: String?

        enum CodingKeys: String, CodingKey {
            case country, owner, exclusion, segment
            case riskBand = "risk_band"
            case collectionMethod = "collection_method"
        }

        var isEmpty: Bool { self == CustomerTraits() }
    }

    /// An address, a number, or both.
    struct ContactPart: Hashable, Sendable {
        let email: EmailAddress?
        let phone: PhoneNumber?
        let name: String?
    }

    struct InvoicePart: Hashable, Sendable {
        /// What the source says of the invoice, beside what it lists as paid.
        enum Status: String, Sendable { case open, paid }

        struct Instalment: Hashable, Sendable {
            let dueDate: Day
            let amount: Money
        }

        let externalID: String
        let customer: String
        let number: String
        let issueDate: Day?
        let dueDate: Day?
        let total: Money
        var status: Status?
        /// What is still to be paid, if the source says so: from 0 to the total.
        var open: Money?
        /// They add up to the total, in the order of their days; empty where the invoice is due at once.
        var instalments: [Instalment] = []
        /// 0 where the source gives none.
        var version: Int64 = 0
    }

    struct PaymentPart: Hashable, Sendable {
        let externalID: String
        /// `nil` where only the invoice says whose it is.
        let customer: String?
        /// The invoice it was made for, in the file or not; `nil` leaves it to the rule.
        let invoice: String?
        let valueDate: Day
        let amount: Money
        let method: String
        var version: Int64 = 0
    }

    struct CreditPart: Hashable, Sendable {
        let externalID: String
        let customer: String?
        let invoice: String?
        /// `nil` where the source gives none: the day of the import.
        let valueDate: Day?
        /// Above zero.
        let amount: Money
        var version: Int64 = 0
    }

    let line: Int
    /// Its number below the header, from 1.
    let number: Int
    /// Whether any part of it was refused when the file was read.
    var hasProblem = false
    var customer: CustomerPart?
    var contact: ContactPart?
    var invoice: InvoicePart?
    var payment: PaymentPart?
    var credit: CreditPart?

    init(line: Int, number: Int = 0) {
        self.line = line
        self.number = number
    }
}
