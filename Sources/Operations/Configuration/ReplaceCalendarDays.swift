package import Dunning
package import Postgres
package import Store

/// Puts another list of days in place of a calendar's own; the cases of its brands are planned anew.
package struct ReplaceCalendarDays: Sendable {
    let calendar: ID<Calendar>
    let days: CalendarDays

    package init(of calendar: ID<Calendar>, by days: CalendarDays) {
        self.calendar = calendar
        self.days = days
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> CalendarRecord {
        guard try tx.lockCalendar(calendar) else { throw Rejection.notFound("calendar") }
        try tx.replaceDays(of: calendar, by: days.list)
        try tx.audit(
            context, action: "calendar.days_replaced", subject: calendar.uuid, detail: ["days": "\(days.list.count)"])
        try Retiming.plan(brands: try tx.brands(with: calendar), in: &tx, context)
        guard let record = try tx.calendar(calendar) else { preconditionFailure("the calendar is locked") }
        return record
    }
}
