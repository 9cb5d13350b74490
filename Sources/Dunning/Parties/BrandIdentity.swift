/// Who a message comes from: what a brand says about itself in its messages.
package struct BrandIdentity: Hashable, Sendable, Codable {
    /// The name customers know.
    package var name: String
    /// The company as registered; it is what a debt is owed to.
    package var legalName: String
    /// Postal address, a line each.
    package var addressLines: [String]
    package var replyTo: EmailAddress?
    package var phone: String?
    /// Decides what "today" and "overdue" mean.
    package var zone: Zone
    /// For customers whose own language is not known, or has no text.
    package var locale: LanguageTag
    /// Plain text with fields, put in place of `{{> header}}`.
    package var headerText: String
    /// Plain text with fields, put in place of `{{> footer}}`.
    package var footerText: String

    package init(
        name: String, legalName: String, addressLines: [String] = [], replyTo: EmailAddress? = nil,
        phone: String? = nil,
        zone: Zone, locale: LanguageTag = .english, headerText: String, footerText: String
    ) {
        self.name = name
        self.legalName = legalName
        self.addressLines = addressLines
        self.replyTo = replyTo
        self.phone = phone
        self.zone = zone
        self.locale = locale
        self.headerText = headerText
        self.footerText = footerText
    }
}
