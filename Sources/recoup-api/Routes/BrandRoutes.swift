import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let brands: [Route] = [
        .tenant(.post, "/v1/brands") { call in
            let create = try await call.body { $0.newBrand() }
            return .created(BrandResponse(try await call.write { try create.run(in: &$0, $1) }))
        },
        .tenant(.get, "/v1/brands", query: ["limit", "cursor"]) { call in
            let page: Page<Brand> = try call.query.page()
            return .page(page, try await call.read { try $0.brands(page) }, id: \.id, BrandResponse.init)
        },
        .tenant(.get, "/v1/brands/{id}") { call in
            let id = try call.id(Brand.self, "brand")
            return .ok(BrandResponse(try await call.find("brand") { try $0.brand(id) }))
        },
        .tenant(.patch, "/v1/brands/{id}") { call in
            let id = try call.id(Brand.self, "brand")
            let change = try await call.body { ChangeBrand(id, $0.brandChange()) }
            return .ok(BrandResponse(try await call.write { try change.run(in: &$0, $1) }))
        },
    ]
}

extension Fields {
    fileprivate mutating func newBrand() -> CreateBrand {
        CreateBrand(
            name: line("name", upTo: 200), legalName: line(optional: "legal_name", upTo: 200),
            address: lines(optional: "address", upTo: 1_000) ?? "", phone: line(optional: "phone", upTo: 50),
            fromName: line(optional: "from_name", upTo: 100), fromAddress: email("from_address"),
            replyTo: email(optional: "reply_to"), zone: zone("zone"),
            locale: locale(optional: "locale") ?? .english, calendar: id(optional: "calendar_id"),
            gateway: id(optional: "gateway_id"), smsGateway: id(optional: "sms_gateway_id"),
            workflow: id(optional: "workflow_id"),
            graceDays: int(optional: "grace_days", in: 0...365) ?? 0,
            window: object(optional: "window") { $0.window() } ?? .standard,
            header: lines(optional: "header", upTo: 10_000) ?? DefaultTemplate.header,
            footer: lines(optional: "footer", upTo: 10_000) ?? DefaultTemplate.footer)
    }

    fileprivate mutating func brandChange() -> BrandChange {
        var change = BrandChange()
        change.name = self.change("name") { $0.line($1, upTo: 200) }
        change.legalName = self.change("legal_name") { $0.line($1, upTo: 200) }
        change.address = self.change("address") { $0.lines($1, upTo: 1_000) }
        change.phone = self.change("phone") { $0.line(optional: $1, upTo: 50) }
        change.fromName = self.change("from_name") { $0.line($1, upTo: 100) }
        change.fromAddress = self.change("from_address") { $0.email($1) }
        change.replyTo = self.change("reply_to") { $0.email(optional: $1) }
        change.zone = self.change("zone") { $0.zone($1) }
        change.locale = self.change("locale") { $0.locale($1) }
        change.calendar = self.change("calendar_id") { $0.id(optional: $1) }
        change.gateway = self.change("gateway_id") { $0.id(optional: $1) }
        change.smsGateway = self.change("sms_gateway_id") { $0.id(optional: $1) }
        change.workflow = self.change("workflow_id") { $0.id(optional: $1) }
        change.graceDays = self.change("grace_days") { $0.int($1, in: 0...365) }
        change.window = self.change("window") { $0.object($1) { $0.window() } }
        change.header = self.change("header") { $0.lines($1, upTo: 10_000) }
        change.footer = self.change("footer") { $0.lines($1, upTo: 10_000) }
        change.killSwitch = self.change("kill_switch") { $0.bool($1) }
        return change
    }

    /// `{"days": ["monday", …], "opens": "09:00", "closes": "18:00"}`; times on the clock of the person written to.
    private mutating func window() -> SendWindow {
        let days = Set(choices("days", of: WeekdayName.self).map(\.weekday))
        let (opens, closes) = (time("opens"), time("closes"))
        guard problems.isEmpty else { return .standard }
        guard let window = SendWindow(weekdays: days, opens: opens, closes: closes) else {
            refuse("closes", "bad_window", "must be later than opens, and there must be a day")
            return .standard
        }
        return window
    }
}

/// Days of the week as JSON spells them.
enum WeekdayName: String, CaseIterable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    var weekday: Weekday {
        switch self {
        case .monday: .monday
        case .tuesday: .tuesday
        case .wednesday: .wednesday
        case .thursday: .thursday
        case .friday: .friday
        case .saturday: .saturday
        case .sunday: .sunday
        }
    }
}

struct BrandResponse: Encodable, Sendable {
    struct Window: Encodable, Sendable {
        let days: [String]
        let opens: TimeOfDay
        let closes: TimeOfDay

        init(_ window: SendWindow) {
            days = WeekdayName.allCases.filter { window.weekdays.contains($0.weekday) }.map(\.rawValue)
            opens = window.opens
            closes = window.closes
        }
    }

    let id: ID<Brand>
    let name: String
    let legalName: String
    let address: String
    @OrNull var phone: String?
    let fromName: String
    let fromAddress: String
    @OrNull var replyTo: String?
    let zone: String
    let locale: LanguageTag
    @OrNull var calendarId: ID<Dunning.Calendar>?
    @OrNull var gatewayId: ID<Gateway>?
    @OrNull var smsGatewayId: ID<Gateway>?
    @OrNull var workflowId: ID<Workflow>?
    let graceDays: Int
    let window: Window
    let header: String
    let footer: String
    let killSwitch: Bool
    let createdAt: Instant
    let updatedAt: Instant

    init(_ record: BrandRecord) {
        id = record.id
        name = record.name
        legalName = record.legalName
        address = record.address
        phone = record.phone
        fromName = record.fromName
        fromAddress = record.fromAddress.text
        replyTo = record.replyTo?.text
        zone = record.zone.identifier
        locale = record.locale
        calendarId = record.calendar
        gatewayId = record.gateway
        smsGatewayId = record.smsGateway
        workflowId = record.workflow
        graceDays = record.graceDays
        window = Window(record.window)
        header = record.header
        footer = record.footer
        killSwitch = record.killSwitch
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }
}
