package import Dunning
package import Postgres

/// A sender identity of a tenant, whole.
package struct BrandRecord: Sendable, Equatable {
    package let id: ID<Brand>
    package var name: String
    package var legalName: String
    /// Lines of a postal address; may be empty.
    package var address: String
    package var phone: String?
    /// The display name in From.
    package var fromName: String
    package var fromAddress: EmailAddress
    package var replyTo: EmailAddress?
    package var zone: Zone
    package var locale: LanguageTag
    package var calendar: ID<Calendar>?
    package var gateway: ID<Gateway>?
    /// For text messages.
    package var smsGateway: ID<Gateway>?
    package var workflow: ID<Workflow>?
    package var graceDays: Int
    package var window: SendWindow
    package var header: String
    package var footer: String
    /// Nothing of this brand is sent while it is on.
    package var killSwitch: Bool
    package let createdAt: Instant
    package let updatedAt: Instant

    /// A brand that is not stored yet.
    package init(
        id: ID<Brand>, name: String, legalName: String, address: String, phone: String?, fromName: String,
        fromAddress: EmailAddress, replyTo: EmailAddress?, zone: Zone, locale: LanguageTag, calendar: ID<Calendar>?,
        gateway: ID<Gateway>?, smsGateway: ID<Gateway>?, workflow: ID<Workflow>?, graceDays: Int, window: SendWindow,
        header: String,
        footer: String, killSwitch: Bool, at instant: Instant
    ) {
        self.id = id
        self.name = name
        self.legalName = legalName
        self.address = address
        self.phone = phone
        self.fromName = fromName
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
        self.killSwitch = killSwitch
        createdAt = instant
        updatedAt = instant
    }

    init(_ row: Row) throws(PostgresError) {
        id = try row("brand_id")
        name = try row("name")
        legalName = try row("legal_name")
        address = try row("address")
        phone = try row.optional("phone")
        fromName = try row("from_name")
        fromAddress = try row("from_address")
        replyTo = try row.optional("reply_to")
        zone = try row("zone")
        locale = try row("locale")
        calendar = try row.optional("calendar_id")
        gateway = try row.optional("gateway_id")
        smsGateway = try row.optional("sms_gateway_id")
        workflow = try row.optional("workflow_id")
        graceDays = try row("grace_days")
        window = try SendWindow(row)
        header = try row("header")
        footer = try row("footer")
        killSwitch = try row("kill_switch")
        createdAt = try row("created_at")
        updatedAt = try row("updated_at")
    }
}

extension Transaction {
    package mutating func insert(_ brand: BrandRecord) throws(PostgresError) {
        try must("brand_insert", list: [tenantID] + brand.parameters + [brand.createdAt])
    }

    package mutating func brand(_ id: ID<Brand>) throws(PostgresError) -> BrandRecord? {
        try first("brand_by_id", tenantID, id).map { row throws(PostgresError) in try BrandRecord(row) }
    }

    package mutating func brands(_ page: Page<Brand>) throws(PostgresError) -> [BrandRecord] {
        try rows("brand_page", tenantID, page.before, page.count)
            .map { row throws(PostgresError) in try BrandRecord(row) }
    }

    /// The brand, and nobody else changes it until this transaction ends.
    package mutating func lockedBrand(_ id: ID<Brand>) throws(PostgresError) -> BrandRecord? {
        guard try first("brand_lock", tenantID, id) != nil else { return nil }
        return try brand(id)
    }

    package mutating func update(_ brand: BrandRecord, at instant: Instant) throws(PostgresError) {
        try must("brand_update", list: [tenantID] + brand.parameters + [instant])
    }
}

extension BrandRecord {
    /// In the order that brand_insert and brand_update share, from the id to the kill switch.
    fileprivate var parameters: [(any PostgresValue)?] {
        [
            id, name, legalName, address, phone, fromName, fromAddress, replyTo, zone, locale, calendar, gateway,
            smsGateway, workflow,
            graceDays, window.weekdays.sorted().map(\.rawValue), window.opens.minutes, window.closes.minutes, header,
            footer,
            killSwitch,
        ]
    }
}

extension SendWindow {
    init(_ row: Row) throws(PostgresError) {
        let days: [Int] = try row("window_days")
        let opens: Int = try row("window_opens")
        let closes: Int = try row("window_closes")
        guard let from = TimeOfDay(minutes: opens), let until = TimeOfDay(minutes: closes),
            let window = SendWindow(weekdays: Set(days.compactMap(Weekday.init(rawValue:))), opens: from, closes: until)
        else { throw .undecodable("send window") }
        self = window
    }
}

extension EmailAddress: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        do {
            try self.init(postgresText)
        } catch {
            throw .undecodable("e-mail address")
        }
    }

    package var postgresText: String { text }
}

extension Transaction {
    package mutating func brands(with calendar: ID<Calendar>) throws(PostgresError) -> [ID<Brand>] {
        try rows("brand_of_calendar", tenantID, calendar).map { row throws(PostgresError) in try row("brand_id") }
    }

    /// Marks all open cases of these brands for planning; returns how many there are.
    package mutating func markDirty(brands: [ID<Brand>]) throws(PostgresError) -> Int {
        try run("brand_lock_cases", tenantID, brands)
        return try run("brand_mark_dirty", tenantID, brands)
    }
}
