/// Made-up facts of ordinary length, for what is judged before there is a customer to write to.
extension MessageFacts {
    static func sample(in locale: LanguageTag, from brand: BrandIdentity) -> MessageFacts {
        let today = Day(number: 20_000)
        let lines = [("2026-00417", 12, Int64(125_000)), ("2026-00431", 4, 48_050)].map { number, days, minor in
            let amount = Money(minor: minor, currency: euro)
            return MessageFacts.Line(
                number: number, issueDate: today.adding(-30 - days), dueDate: today.adding(-days), total: amount,
                open: amount)
        }
        return MessageFacts(
            locale: locale, customerName: "Northwind Trading Ltd", contactName: "Maria Anders", brand: brand,
            today: today, stage: 1,
            sections: [MessageFacts.Section(lines: lines, total: lines[0].open + lines[1].open)])
    }

    /// A literal of ISO 4217.
    private static let euro = Currency("EUR")!
}

extension BrandIdentity {
    /// A brand that says of itself what new brands do.
    package static let sample = BrandIdentity(
        name: "Halden Supplies", legalName: "Halden Supplies GmbH", phone: "+49 30 1234567", zone: utc,
        headerText: DefaultTemplate.header, footerText: DefaultTemplate.footer)

    /// A literal of the time zone database.
    private static let utc = Zone("UTC")!
}
