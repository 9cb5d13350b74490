/// Who is written to for the first time on which day, so many a day: the largest debt first, ties by a hash of the customer that
/// is the same on every machine. Pure: the same wishes in the same order, the same days.
package struct FirstContacts: Sendable {
    /// A customer who waits for a day.
    package struct Waiting: Hashable, Sendable {
        package let customer: ID<Customer>
        package let brand: ID<Brand>
        /// No earlier day is of use.
        package let from: Day
        /// What is asked for, in thousandths of the currency's unit.
        package let value: Int64

        package init(customer: ID<Customer>, brand: ID<Brand>, from: Day, value: Int64) {
            self.customer = customer
            self.brand = brand
            self.from = from
            self.value = value
        }
    }

    let perDay: Int
    /// The first day from one on, on which a brand sends.
    let sendDay: @Sendable (ID<Brand>, Day) -> Day?
    private var taken: [Day: Int]

    /// - Parameter taken: places given away already.
    package init(perDay: Int, taken: [Day: Int], sendDay: @escaping @Sendable (ID<Brand>, Day) -> Day?) {
        self.perDay = perDay
        self.taken = taken
        self.sendDay = sendDay
    }

    /// One day for each customer; none where its brand never sends.
    package mutating func places(for waiting: [Waiting]) -> [ID<Customer>: Day] {
        var places: [ID<Customer>: Day] = [:]
        // Days that are full stay full: nobody looks at them twice.
        var firstFree: [Start: Day] = [:]
        for one in waiting.sorted(by: Self.goesBefore) where places[one.customer] == nil {
            let start = Start(brand: one.brand, day: one.from)
            var day = sendDay(one.brand, max(firstFree[start] ?? one.from, one.from))
            while let full = day, taken[full, default: 0] >= perDay { day = sendDay(one.brand, full.adding(1)) }
            guard let day else { continue }
            firstFree[start] = day
            taken[day, default: 0] += 1
            places[one.customer] = day
        }
        return places
    }

    /// Several cases of one customer share a day: one that is of use for each of them.
    package static func joined(_ waiting: [Waiting]) -> [Waiting] {
        Dictionary(grouping: waiting, by: \.customer).compactMap { customer, cases in
            guard let first = cases.min(by: { ($0.from, $0.brand) < ($1.from, $1.brand) }) else { return nil }
            return Waiting(
                customer: customer, brand: first.brand, from: cases.map(\.from).max() ?? first.from,
                value: cases.reduce(0) { $0 &+ $1.value })
        }
    }

    private struct Start: Hashable {
        let brand: ID<Brand>
        let day: Day
    }

    private static func goesBefore(_ left: Waiting, _ right: Waiting) -> Bool {
        if left.value != right.value { return left.value > right.value }
        let (a, b) = (SendTime.hash(left.customer), SendTime.hash(right.customer))
        return a != b ? a < b : left.customer < right.customer
    }
}
