import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let calendars: [Route] = [
        .tenant(.post, "/v1/calendars") { call in
            let create = try await call.body { fields in
                try CreateCalendar(
                    name: fields.line("name", upTo: 200), rule: fields.choice(optional: "rule") ?? .none,
                    days: try CalendarDays(fields.days(isOptional: true)))
            }
            return .created(CalendarResponse(try await call.write { try create.run(in: &$0, $1) }))
        },
        .tenant(.get, "/v1/calendars", query: ["limit", "cursor"]) { call in
            let page: Page<Dunning.Calendar> = try call.query.page()
            return .page(page, try await call.read { try $0.calendars(page) }, id: \.id, CalendarResponse.init)
        },
        .tenant(.get, "/v1/calendars/{id}") { call in
            let id = try call.id(Dunning.Calendar.self, "calendar")
            return .ok(CalendarResponse(try await call.find("calendar") { try $0.calendar(id) }))
        },
        .tenant(.put, "/v1/calendars/{id}/days") { call in
            let id = try call.id(Dunning.Calendar.self, "calendar")
            let days = try await call.body { try CalendarDays($0.days(isOptional: false)) }
            let replace = ReplaceCalendarDays(of: id, by: days)
            return .ok(CalendarResponse(try await call.write { try replace.run(in: &$0, $1) }))
        },
    ]
}

extension Fields {
    fileprivate mutating func days(isOptional: Bool) -> [CalendarDay] {
        objects("days", upTo: CalendarDays.limit, isOptional: isOptional) { day in
            CalendarDay(day: day.day("date"), name: day.line("name", upTo: 200))
        }
    }
}

struct CalendarResponse: Encodable, Sendable {
    struct Holiday: Encodable, Sendable {
        let date: Day
        let name: String
    }

    let id: ID<Dunning.Calendar>
    let name: String
    let rule: String
    let days: [Holiday]
    let createdAt: Instant

    init(_ record: CalendarRecord) {
        id = record.id
        name = record.name
        rule = record.rule.rawValue
        days = record.days.map { Holiday(date: $0.day, name: $0.name) }
        createdAt = record.createdAt
    }
}
