/// What a simulation comes to, day by day: small enough to show, and to add up over portions of the customers.
package struct SimulationSums: Hashable, Sendable, Codable {
    package struct DaySums: Hashable, Sendable, Codable {
        /// Messages that go out, by channel.
        package var messages: [String: Int] = [:]
        /// Customers who are written to for the first time in a cycle.
        package var firstContacts = 0
        /// Messages that the tenant's own product shows.
        package var inApp = 0
        package var skips: [String: Int] = [:]
        package var tasks: [String: Int] = [:]

        package init() {}
    }

    /// By civil day of the contact (a message) or UTC (anything else), written `2026-11-24`.
    package private(set) var days: [String: DaySums] = [:]
    /// Customers who get at least one message.
    package private(set) var customers = 0
    /// What the first message about each case asks for, in minor units by currency.
    package private(set) var asked: [String: Int64] = [:]
    /// How many messages go out at which stage.
    package private(set) var stages: [Int: Int] = [:]
    package private(set) var exits: [String: Int] = [:]

    package init() {}

    /// - Parameter events: all of some customers; those of one customer come in one call.
    package mutating func add(_ events: [SimulatedEvent]) {
        var reached: Set<ID<Customer>> = []
        var asked: Set<ID<Enrolment>> = []
        for event in events {
            switch event {
            case .message(let message) where message.isAccepted:
                reached.insert(message.customer)
                days[message.day.description, default: DaySums()].messages[message.channel.rawValue, default: 0] += 1
                stages[message.stage, default: 0] += 1
                if message.sections.contains(where: \.isFirst) {
                    days[message.day.description, default: DaySums()].firstContacts += 1
                }
                for section in message.sections where asked.insert(section.enrolment).inserted {
                    self.asked[section.currency.code, default: 0] += section.amount
                }
            case .message: break
            case .inApp(let notice): days[Self.day(notice.at), default: DaySums()].inApp += 1
            case .skip(let skip):
                days[Self.day(skip.at), default: DaySums()].skips[skip.reason.rawValue, default: 0] += 1
            case .task(let task): days[Self.day(task.at), default: DaySums()].tasks[task.kind, default: 0] += 1
            case .exit(_, _, let reason): exits[reason.rawValue, default: 0] += 1
            }
        }
        customers += reached.count
    }

    /// Of other customers.
    package mutating func add(_ other: SimulationSums) {
        customers += other.customers
        asked.merge(other.asked, uniquingKeysWith: +)
        stages.merge(other.stages, uniquingKeysWith: +)
        exits.merge(other.exits, uniquingKeysWith: +)
        for (day, sums) in other.days {
            var own = days[day] ?? DaySums()
            own.messages.merge(sums.messages, uniquingKeysWith: +)
            own.skips.merge(sums.skips, uniquingKeysWith: +)
            own.tasks.merge(sums.tasks, uniquingKeysWith: +)
            own.firstContacts += sums.firstContacts
            own.inApp += sums.inApp
            days[day] = own
        }
    }

    /// All messages that go out.
    package var messages: Int { stages.values.reduce(0, +) }

    /// All messages that the tenant's own product shows.
    package var inApp: Int { days.values.reduce(0) { $0 + $1.inApp } }

    package func total(_ counts: KeyPath<DaySums, [String: Int]>) -> [String: Int] {
        days.values.reduce(into: [:]) { $0.merge($1[keyPath: counts], uniquingKeysWith: +) }
    }

    private static func day(_ instant: Instant) -> String {
        Day(number: Int32(instant.microseconds / 86_400_000_000)).description
    }
}
