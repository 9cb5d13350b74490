/// Every string a template can name, ready to be written: dates and amounts are formatted, nothing is escaped.
package struct RenderModel: Hashable, Sendable {
    /// How many invoices one message lists at most. The rest is counted, so that a message with thousands still fits in
    /// a mailbox.
    package static let listed = 200

    package struct Line: Hashable, Sendable {
        package var number: String
        package var issueDate: String?
        package var dueDate: String
        package var daysOverdue: String
        package var total: String
        package var open: String
        package var currency: String
    }

    package struct Section: Hashable, Sendable {
        package var currency: String
        package var total: String
        package var invoiceCount: String
        package var credit: String?
        package var unlistedCount: String?
        package var lines: [Line]
    }

    package var customerName: String
    package var customerExternalID: String?
    package var contactName: String?
    package var brandName: String
    package var brandLegalName: String
    package var brandAddress: String?
    package var brandReplyTo: String?
    package var brandPhone: String?
    package var today: String
    package var total: String
    package var currency: String
    package var stage: String
    package var invoiceCount: String
    package var oldestDaysOverdue: String
    package var oldestDueDate: String
    package var credit: String?
    package var unlistedCount: String?
    package var sections: [Section]

    /// Formats `facts` in the brand's locale.
    package init(_ facts: MessageFacts) {
        let locale = facts.brand.locale
        let share = max(1, Self.listed / max(1, facts.sections.count))
        let oldest = facts.sections.flatMap(\.lines).map(\.dueDate).min()
        let credits = facts.sections.compactMap(\.credit).filter { $0.minor > 0 }
        let unlisted = facts.sections.reduce(0) { $0 + max(0, $1.lines.count - share) }

        customerName = facts.customerName
        customerExternalID = Self.filled(facts.customerExternalID)
        contactName = Self.filled(facts.contactName)
        brandName = facts.brand.name
        brandLegalName = facts.brand.legalName
        brandAddress = Self.filled(facts.brand.addressLines.joined(separator: "\n"))
        brandReplyTo = facts.brand.replyTo?.text
        brandPhone = Self.filled(facts.brand.phone)
        today = facts.today.formatted(locale: locale)
        total = facts.sections.map { $0.total.formatted(locale: locale) }.joined(separator: " + ")
        currency = facts.sections.map(\.total.currency.code).joined(separator: ", ")
        stage = String(facts.stage)
        invoiceCount = String(facts.sections.reduce(0) { $0 + $1.lines.count })
        oldestDaysOverdue = String(oldest.map { max(0, $0.distance(to: facts.today)) } ?? 0)
        oldestDueDate = oldest?.formatted(locale: locale) ?? ""
        credit = Self.filled(credits.map { $0.formatted(locale: locale) }.joined(separator: " + "))
        unlistedCount = unlisted > 0 ? String(unlisted) : nil
        sections = facts.sections.map { Section($0, today: facts.today, locale: locale, listing: share) }
    }

    /// A blank value is a missing one.
    private static func filled(_ text: String?) -> String? {
        guard let text, !text.allSatisfy(\.isWhitespace) else { return nil }
        return text
    }
}

extension RenderModel.Section {
    fileprivate init(_ section: MessageFacts.Section, today: Day, locale: String, listing share: Int) {
        currency = section.total.currency.code
        total = section.total.formatted(locale: locale)
        invoiceCount = String(section.lines.count)
        credit = section.credit.flatMap { $0.minor > 0 ? $0.formatted(locale: locale) : nil }
        unlistedCount = section.lines.count > share ? String(section.lines.count - share) : nil
        lines = section.lines.prefix(share).map { line in
            RenderModel.Line(
                number: line.number,
                issueDate: line.issueDate?.formatted(locale: locale),
                dueDate: line.dueDate.formatted(locale: locale),
                daysOverdue: String(max(0, line.dueDate.distance(to: today))),
                total: line.total.formatted(locale: locale),
                open: line.open.formatted(locale: locale),
                currency: line.open.currency.code)
        }
    }
}

extension RenderModel {
    /// What `field` prints here; `nil` for a missing optional field and for lists.
    func value(of field: TemplateField, section: Section?, line: Line?) -> String? {
        switch field {
        case .customerName: customerName
        case .customerExternalID: customerExternalID
        case .contactName: contactName
        case .brandName: brandName
        case .brandLegalName: brandLegalName
        case .brandAddress: brandAddress
        case .brandReplyTo: brandReplyTo
        case .brandPhone: brandPhone
        case .today: today
        case .total: total
        case .currency: currency
        case .stage: stage
        case .invoiceCount: invoiceCount
        case .oldestDaysOverdue: oldestDaysOverdue
        case .oldestDueDate: oldestDueDate
        case .credit: credit
        case .unlistedCount: unlistedCount
        case .sectionCurrency: section?.currency
        case .sectionTotal: section?.total
        case .sectionInvoiceCount: section?.invoiceCount
        case .sectionCredit: section?.credit
        case .sectionUnlistedCount: section?.unlistedCount
        case .number: line?.number
        case .issueDate: line?.issueDate
        case .dueDate: line?.dueDate
        case .daysOverdue: line?.daysOverdue
        case .invoiceTotal: line?.total
        case .open: line?.open
        case .invoiceCurrency: line?.currency
        case .invoices, .sections, .sectionInvoices: nil
        }
    }
}
