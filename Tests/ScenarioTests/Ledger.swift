import Support

/// An invented ledger, and what must become of it in the week of Thanksgiving: worked out here from its lines alone.
struct Ledger: Sendable {
    let lines: [Tenant.Line]

    /// Days of November 2026; the first is the day of activation, a Tuesday.
    static let today = 24

    init(seed: UInt64, customers: Int) {
        var generator = SeededGenerator(seed: seed)
        var lines: [Tenant.Line] = []
        for customer in 0..<customers {
            for number in 0..<Int.random(in: 1...4, using: &generator) {
                // From 75 days before activation until nine after it.
                let due = Self.today - Int.random(in: -9...75, using: &generator)
                let isPaid = due < Self.today && Int.random(in: 0..<3, using: &generator) == 0
                lines.append(
                    Tenant.Line(
                        customer: "c\(customer)", invoice: "R-\(customer)-\(number)", due: Self.date(due),
                        cents: Int.random(in: 1_000...250_000, using: &generator),
                        paid: isPaid ? Self.date(min(due + 5, Self.today - 1)) : ""))
            }
        }
        self.lines = lines
    }

    var open: [Tenant.Line] { lines.filter { $0.paid.isEmpty } }

    func overdue(on day: Int) -> [Tenant.Line] { open.filter { $0.due < Self.date(day) } }

    /// The mail each customer is owed until Saturday: on which day, and for which invoices.
    func mails() -> [String: (day: Int, lines: [Tenant.Line])] {
        var mails: [String: (day: Int, lines: [Tenant.Line])] = [:]
        for (customer, lines) in Dictionary(grouping: open, by: \.customer) {
            // The first letter is due on day 3: at once for those who are late already; Thursday is a holiday.
            guard let oldest = lines.map(\.due).min(),
                let day = [24, 25, 27].first(where: { Self.date($0 - 3) >= oldest })
            else { continue }
            mails[customer] = (day, lines.filter { $0.due < Self.date(day) })
        }
        return mails
    }

    static func sum(_ lines: [Tenant.Line]) -> Int { lines.reduce(0) { $0 + $1.cents } }

    /// A day counted from the last of October 2026, back or forth over months, as an ISO date.
    static func date(_ november: Int) -> String {
        let months = [(8, 31), (9, 30), (10, 31), (11, 30), (12, 31)]
        var (index, day) = (3, november)
        while day < 1 {
            index -= 1
            day += months[index].1
        }
        while day > months[index].1 {
            day -= months[index].1
            index += 1
        }
        return "2026-" + two(months[index].0) + "-" + two(day)
    }

    /// `$1,234.50`, as American readers write it.
    static func dollars(_ cents: Int) -> String {
        var whole = "\(cents / 100)"
        if whole.count > 3 { whole.insert(",", at: whole.index(whole.endIndex, offsetBy: -3)) }
        return "$\(whole).\(two(cents % 100))"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
