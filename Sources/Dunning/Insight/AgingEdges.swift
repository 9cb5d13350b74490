/// Where a tenant draws the lines of its aging: three rising numbers of days, each the last of its bucket.
package struct AgingEdges: Hashable, Sendable {
    /// Degrees of lateness: overdue at all, and beyond each edge.
    package static let count = 4
    package static let standard = AgingEdges(days: [30, 60, 90])

    /// The three edges.
    package let days: [Int]

    private init(days: [Int]) {
        self.days = days
    }

    /// `nil` unless they are three, rising, from 1 to 3,650.
    package init?(_ days: [Int]) {
        guard days.count == 3, zip(days, days.dropFirst()).allSatisfy(<), days[0] >= 1, days[2] <= 3_650 else {
            return nil
        }
        self.days = days
    }

    /// A debt is of the n-th degree when it is overdue by more days than this.
    package var bounds: [Int] { [0] + days }

    /// `current`, `1-30`, `31-60`, `61-90`, `91+`.
    package var labels: [String] {
        ["current"] + zip(bounds, days).map { "\($0 + 1)-\($1)" } + ["\(days[2] + 1)+"]
    }

    /// The amounts of the five buckets, in the order of ``labels``; they add up to what is open.
    package func buckets(of position: ReceivablePosition) -> [Double] {
        let late = position.late
        return [position.current] + zip(late, late.dropFirst()).map { $0 - $1 } + [late[late.count - 1]]
    }

    /// The bucket of a debt so many days past due; not positive before.
    package func bucket(daysPastDue: Int) -> Int {
        bounds.filter { daysPastDue > $0 }.count
    }
}
