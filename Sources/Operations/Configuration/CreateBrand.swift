package import Dunning
package import Postgres
package import Store

/// Makes a sender identity. Calendar, gateway and workflow must be the tenant's own; their foreign keys see to that.
package struct CreateBrand: Sendable {
    let name: String
    let legalName: String
    let address: String
    let phone: String?
    let fromName: String
    let fromAddress: EmailAddress
    let replyTo: EmailAddress?
    let zone: Zone
    let locale: LanguageTag
    let calendar: ID<Calendar>?
    let gateway: ID<Gateway>?
    let smsGateway: ID<Gateway>?
    let workflow: ID<Workflow>?
    let graceDays: Int
    let window: SendWindow
    let header: String
    let footer: String

    /// - Parameters:
    ///   - legalName: the company as registered; the brand's name when not given.
    ///   - fromName: the display name in From; the brand's name when not given.
    ///   - calendar: no holidays when not given.
    package init(
        name: String, legalName: String? = nil, address: String = "", phone: String? = nil, fromName: String? = nil,
        fromAddress: EmailAddress, replyTo: EmailAddress? = nil, zone: Zone, locale: LanguageTag = .english,
        calendar: ID<Calendar>? = nil, gateway: ID<Gateway>? = nil, smsGateway: ID<Gateway>? = nil,
        workflow: ID<Workflow>? = nil, graceDays: Int = 0,
        window: SendWindow = .standard, header: String = DefaultTemplate.header, footer: String = DefaultTemplate.footer
    ) {
        self.name = name
        self.legalName = legalName ?? name
        self.address = address
        self.phone = phone
        self.fromName = fromName ?? name
        self.fromAddress = fromAddress
        self.replyTo = replyTo
        self.zone = zone
        self.locale = locale
        self.calendar = calendar
        self.gateway = gateway
        self.smsGateway = smsGateway
        self.workflow = workflow
        self.graceDays = graceDays
        self.window = window
        self.header = header
        self.footer = footer
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> BrandRecord {
        let brand = BrandRecord(
            id: .make(at: context.now), name: name, legalName: legalName, address: address, phone: phone,
            fromName: fromName, fromAddress: fromAddress, replyTo: replyTo, zone: zone, locale: locale,
            calendar: calendar, gateway: gateway, smsGateway: smsGateway, workflow: workflow, graceDays: graceDays,
            window: window,
            header: header, footer: footer, killSwitch: false, at: context.now)
        let problems = BrandChecks.problems(of: brand)
        guard problems.isEmpty else { throw Rejection.invalid(problems) }
        try BrandChecks.checkGateways(of: brand, in: &tx)
        if let workflow { try tx.checkInUse(workflow) }
        try tx.insert(brand)
        try tx.audit(context, action: "brand.created", subject: brand.id.uuid, detail: ["name": name])
        return brand
    }
}
