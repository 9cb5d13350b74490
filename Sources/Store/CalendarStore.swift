package import Dunning
package import Postgres

/// A day on which a calendar's brands do not remind.
package struct CalendarDay: Sendable, Equatable {
    package let day: Day
    package let name: String

    package init(day: Day, name: String) {
        self.day = day
        self.name = name
    }
}

/// A tenant's calendar with the days of its own.
package struct CalendarRecord: Sendable, Equatable {
    package let id: ID<Calendar>
    package let name: String
    /// The built-in set below the days.
    package let rule: BusinessCalendar.Rule
    package let createdAt: Instant
    /// In order.
    package let days: [CalendarDay]

    init(_ row: Row) throws(PostgresError) {
        id = try row("calendar_id")
        name = try row("name")
        rule = try row("rule")
        createdAt = try row("created_at")
        let numbers: [Day] = try row("days")
        let names: [String] = try row("day_names")
        days = zip(numbers, names).map(CalendarDay.init)
    }
}

extension BusinessCalendar.Rule: PostgresValue {}

extension Transaction {
    package mutating func insertCalendar(
        _ id: ID<Calendar>, named name: String, rule: BusinessCalendar.Rule, at instant: Instant
    ) throws(PostgresError) {
        try must("calendar_insert", tenantID, id, name, rule, instant)
    }

    package mutating func calendar(_ id: ID<Calendar>) throws(PostgresError) -> CalendarRecord? {
        try first("calendar_by_id", tenantID, id).map { row throws(PostgresError) in try CalendarRecord(row) }
    }

    package mutating func calendars(_ page: Page<Calendar>) throws(PostgresError) -> [CalendarRecord] {
        try rows("calendar_page", tenantID, page.before, page.count)
            .map { row throws(PostgresError) in try CalendarRecord(row) }
    }

    /// Whether there is such a calendar; if so nobody else changes it until this transaction ends.
    package mutating func lockCalendar(_ id: ID<Calendar>) throws(PostgresError) -> Bool {
        try first("calendar_lock", tenantID, id) != nil
    }

    package mutating func replaceDays(of id: ID<Calendar>, by days: [CalendarDay]) throws(PostgresError) {
        try run("calendar_day_clear", tenantID, id)
        if !days.isEmpty { try must("calendar_day_add", tenantID, id, days.map(\.day), days.map(\.name)) }
    }
}
