/// Every string a template can name, ready to be written: dates and amounts are formatted, nothing is escaped.
package struct RenderModel: Hashable, Sendable {
    /// How many invoices one message lists at most. The rest is counted, so that a message with thousands still fits in
    /// a mailbox.
    package static let listed = 200

    /// A number as it is written, and the form of the noun that goes with it.
    package struct Count: Hashable, Sendable {
        package var text: String
        package var category: PluralCategory
    }

    package struct Line: Hashable, Sendable {
        package var number: String
        package var issueDate: String?
        package var dueDate: String
        package var daysOverdue: Count
        package var total: String
        package var open: String
        package var currency: String
    }

    package struct Section: Hashable, Sendable {
        package var currency: String
        package var total: String
        package var invoiceCount: Count
        package var credit: String?
        package var unlistedCount: Count?
        package var lines: [Line]
    }

    package var locale: LanguageTag
    package var customerName: String
    package var customerCompany: String?
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
    package var invoiceCount: Count
    package var oldestDaysOverdue: Count
    package var oldestDueDate: String
    package var credit: String?
    package var unlistedCount: Count?
    package var sections: [Section]

    /// Formats `facts` in their locale.
    package init(_ facts: MessageFacts) {
        let words = Words(facts.locale)
        let share = max(1, Self.listed / max(1, facts.sections.count))
        let oldest = facts.sections.flatMap(\.lines).map(\.dueDate).min()
        let credits = facts.sections.compactMap(\.credit).filter { $0.minor > 0 }
        let unlisted = facts.sections.reduce(0) { $0 + max(0, $1.lines.count - share) }

        locale = facts.locale
        customerName = facts.customerName
        customerCompany = facts.isConsumer ? nil : Self.filled(facts.customerName)
        customerExternalID = Self.filled(facts.customerExternalID)
        contactName = Self.filled(facts.contactName)
        brandName = facts.brand.name
        brandLegalName = facts.brand.legalName
        brandAddress = Self.filled(facts.brand.addressLines.joined(separator: "\n"))
        brandReplyTo = facts.brand.replyTo?.text
        brandPhone = Self.filled(facts.brand.phone)
        today = words.format.fullText(facts.today)
        total = facts.sections.map { words.format.text($0.total) }.joined(separator: " + ")
        currency = facts.sections.map(\.total.currency.code).joined(separator: ", ")
        stage = words.format.text(facts.stage)
        invoiceCount = words.count(facts.sections.reduce(0) { $0 + $1.lines.count })
        oldestDaysOverdue = words.count(oldest.map { max(0, $0.distance(to: facts.today)) } ?? 0)
        oldestDueDate = oldest.map { words.format.fullText($0) } ?? ""
        credit = Self.filled(credits.map { words.format.text($0) }.joined(separator: " + "))
        unlistedCount = unlisted > 0 ? words.count(unlisted) : nil
        sections = facts.sections.map { Section($0, today: facts.today, words: words, listing: share) }
    }

    /// A blank value is a missing one.
    private static func filled(_ text: String?) -> String? {
        guard let text, !text.allSatisfy(\.isWhitespace) else { return nil }
        return text
    }
}

extension RenderModel {
    /// How values are written in the message's language.
    fileprivate struct Words {
        let locale: LanguageTag
        let format: LocalFormat

        init(_ locale: LanguageTag) {
            self.locale = locale
            format = LocalFormat(locale)
        }

        func count(_ number: Int) -> Count {
            Count(text: format.text(number), category: PluralCategory(number, in: locale))
        }
    }
}

extension RenderModel.Section {
    fileprivate init(
        _ section: MessageFacts.Section, today: Day, words: RenderModel.Words, listing share: Int
    ) {
        currency = section.total.currency.code
        total = words.format.text(section.total)
        invoiceCount = words.count(section.lines.count)
        credit = section.credit.flatMap { $0.minor > 0 ? words.format.text($0) : nil }
        unlistedCount = section.lines.count > share ? words.count(section.lines.count - share) : nil
        lines = section.lines.prefix(share).map { line in
            let total = words.format.text(line.total)
            return RenderModel.Line(
                number: line.number,
                issueDate: line.issueDate.map { words.format.text($0) },
                dueDate: words.format.text(line.dueDate),
                daysOverdue: words.count(max(0, line.dueDate.distance(to: today))),
                total: total,
                // Most are open whole, and to write an amount is the dear part.
                open: line.open == line.total ? total : words.format.text(line.open),
                currency: line.open.currency.code)
        }
    }
}

extension RenderModel {
    /// What `field` prints here; `nil` for a missing optional field and for lists.
    func value(of field: TemplateField, section: Section?, line: Line?) -> String? {
        switch field {
        case .locale: locale.text
        case .customerName: customerName
        case .customerCompany: customerCompany
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
        case .oldestDueDate: oldestDueDate
        case .credit: credit
        case .sectionCurrency: section?.currency
        case .sectionTotal: section?.total
        case .sectionCredit: section?.credit
        case .number: line?.number
        case .issueDate: line?.issueDate
        case .dueDate: line?.dueDate
        case .invoiceTotal: line?.total
        case .open: line?.open
        case .invoiceCurrency: line?.currency
        case .invoiceCount, .oldestDaysOverdue, .unlistedCount, .sectionInvoiceCount, .sectionUnlistedCount,
            .daysOverdue:
            count(of: field, section: section, line: line)?.text
        case .invoices, .sections, .sectionInvoices: nil
        }
    }

    /// The number behind `field`; `nil` for a missing one and for what is no count.
    func count(of field: TemplateField, section: Section?, line: Line?) -> Count? {
        switch field {
        case .invoiceCount: invoiceCount
        case .oldestDaysOverdue: oldestDaysOverdue
        case .unlistedCount: unlistedCount
        case .sectionInvoiceCount: section?.invoiceCount
        case .sectionUnlistedCount: section?.unlistedCount
        case .daysOverdue: line?.daysOverdue
        default: nil
        }
    }
}
