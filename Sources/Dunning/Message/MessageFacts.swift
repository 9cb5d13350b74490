/// What a message is about, in the domain's own values: who is written to, by whom, and for which invoices.
package struct MessageFacts: Hashable, Sendable {
    /// One invoice that is asked for.
    package struct Line: Hashable, Sendable {
        package var number: String
        package var issueDate: Day?
        package var dueDate: Day
        /// As invoiced.
        package var total: Money
        /// What is collectable now.
        package var open: Money

        package init(number: String, issueDate: Day? = nil, dueDate: Day, total: Money, open: Money) {
            self.number = number
            self.issueDate = issueDate
            self.dueDate = dueDate
            self.total = total
            self.open = open
        }
    }

    /// The invoices of one currency, in the order in which they are to be listed.
    package struct Section: Hashable, Sendable {
        package var lines: [Line]
        /// What is asked for in this currency; all amounts of the section are in its currency.
        package var total: Money
        /// Unapplied credit, if it is to be mentioned.
        package var credit: Money?

        package init(lines: [Line], total: Money, credit: Money? = nil) {
            self.lines = lines
            self.total = total
            self.credit = credit
        }

        /// Asks for the sum of what is open; `nil` without lines. Mixed currencies are a fault of ours.
        package init?(summing lines: [Line], credit: Money? = nil) {
            guard let first = lines.first else { return nil }
            let total = lines.dropFirst().reduce(first.open) { $0 + $1.open }
            self.init(lines: lines, total: total, credit: credit)
        }
    }

    /// What dates, amounts and plurals are written in; the template is one of its language if there is one.
    package var locale: LanguageTag
    package var customerName: String
    /// Whether a person owes, not a company.
    package var isConsumer: Bool
    package var customerExternalID: String?
    package var contactName: String?
    package var brand: BrandIdentity
    /// The day of writing in the brand's zone; days overdue are counted up to it.
    package var today: Day
    package var stage: Int
    package var sections: [Section]

    package init(
        locale: LanguageTag = .english, customerName: String, isConsumer: Bool = false,
        customerExternalID: String? = nil, contactName: String? = nil, brand: BrandIdentity, today: Day, stage: Int,
        sections: [Section]
    ) {
        self.locale = locale
        self.customerName = customerName
        self.isConsumer = isConsumer
        self.customerExternalID = customerExternalID
        self.contactName = contactName
        self.brand = brand
        self.today = today
        self.stage = stage
        self.sections = sections
    }
}
