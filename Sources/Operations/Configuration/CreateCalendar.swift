package import Dunning
package import Postgres
package import Store

/// Makes a calendar: a built-in rule, and days of the tenant's own on top of it.
package struct CreateCalendar: Sendable {
    let name: String
    let rule: BusinessCalendar.Rule
    let days: CalendarDays

    package init(
        name: String, rule: BusinessCalendar.Rule, days: CalendarDays = .none
    ) throws(Rejection) {
        try TextRule.line(upTo: 200).check(name, at: "/name")
        self.name = name
        self.rule = rule
        self.days = days
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> CalendarRecord {
        let id = ID<Calendar>.make(at: context.now)
        try tx.insertCalendar(id, named: name, rule: rule, at: context.now)
        try tx.replaceDays(of: id, by: days.list)
        try tx.audit(
            context, action: "calendar.created", subject: id.uuid, detail: ["name": name, "rule": rule.rawValue])
        guard let record = try tx.calendar(id) else { preconditionFailure("the calendar was inserted above") }
        return record
    }
}

/// Days of a calendar, each once.
package struct CalendarDays: Sendable {
    package static let limit = 2_000
    package static let none = CalendarDays(list: [])

    let list: [CalendarDay]

    private init(list: [CalendarDay]) {
        self.list = list
    }

    /// Throws for more than ``limit`` days and for a day that is there twice.
    package init(_ days: [CalendarDay]) throws(Rejection) {
        guard days.count <= Self.limit else {
            throw .invalid("/days", "too_many", "must hold at most \(Self.limit) days")
        }
        var seen: Set<Day> = []
        for (index, day) in days.enumerated() {
            guard seen.insert(day.day).inserted else {
                throw .invalid("/days/\(index)/date", "duplicate", "the day is in the list before")
            }
            try TextRule.line(upTo: 200).check(day.name, at: "/days/\(index)/name")
        }
        list = days
    }
}
