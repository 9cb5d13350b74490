import Dunning
import Foundation
import Postgres

/// A brand as the loaded cases need it: rules for planning, identity for messages.
struct BrandFacts {
    let rules: BrandRules
    let sender: Sender
}

extension Transaction {
    /// What ``brands(now:)`` will ask.
    func brandQuestions(now: Instant) -> [Ask] {
        [Ask("facts_calendar_days", tenantID, Self.holidaysFrom(now)), Ask("facts_brands", tenantID)]
    }

    private static func holidaysFrom(_ now: Instant) -> Day {
        Day(number: Int32(now.microseconds / 86_400_000_000)).adding(-14)
    }

    mutating func brands(now: Instant) throws(PostgresError) -> [ID<Brand>: BrandFacts] {
        var holidays: [ID<Dunning.Calendar>: Set<Day>] = [:]
        for row in try rows("facts_calendar_days", tenantID, Self.holidaysFrom(now)) {
            holidays[try row("calendar_id"), default: []].insert(try row("day"))
        }
        var brands: [ID<Brand>: BrandFacts] = [:]
        for row in try rows("facts_brands", tenantID) {
            let facts = try Self.brandFacts(row, holidays: holidays)
            brands[facts.rules.id] = facts
        }
        return brands
    }

    private static func brandFacts(
        _ row: Row, holidays: [ID<Dunning.Calendar>: Set<Day>]
    ) throws(PostgresError) -> BrandFacts {
        let id: ID<Brand> = try row("brand_id")
        let zone: Zone = try row("zone")
        let calendar: ID<Dunning.Calendar>? = try row.optional("calendar_id")
        let rule = (try row.optional("calendar_rule") as String?).flatMap(BusinessCalendar.Rule.init(rawValue:))
        let days: [Int] = try row("window_days")
        let opens: Int = try row("window_opens")
        let closes: Int = try row("window_closes")
        guard let opening = TimeOfDay(minutes: opens), let closing = TimeOfDay(minutes: closes),
            let window = SendWindow(
                weekdays: Set(days.compactMap(Weekday.init(rawValue:))), opens: opening, closes: closing)
        else { throw .undecodable("send window") }
        let replyTo: String? = try row.optional("reply_to")
        let address: String = try row("address")
        let identity = BrandIdentity(
            name: try row("name"), legalName: try row("legal_name"),
            addressLines: address.split(separator: "\n").map(String.init),
            // Checked when it was saved; one that no longer passes is left out rather than stopping every message.
            replyTo: replyTo.flatMap { try? EmailAddress($0) }, phone: try row.optional("phone"), zone: zone,
            locale: LanguageTag(try row("locale")) ?? .english, headerText: try row("header"),
            footerText: try row("footer"))
        let rules = BrandRules(
            id: id, name: identity.name, zone: zone,
            calendar: BusinessCalendar(
                rule: rule ?? .none, holidays: calendar.flatMap { holidays[$0] } ?? []),
            window: window, graceDays: try row("grace_days"), isSwitchedOff: try row("kill_switch"),
            gateway: try row.optional("gateway_id"), smsGateway: try row.optional("sms_gateway_id"))
        return BrandFacts(
            rules: rules,
            sender: Sender(
                brand: id, identity: identity, fromName: try row("from_name"), fromAddress: try row("from_address"),
                replyTo: replyTo))
    }
}
