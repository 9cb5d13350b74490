import Dunning
import Testing

/// How a payment is spread (architecture 5.4).
@Suite struct `A payment is spread` {
    private typealias Make = CaseFixture

    private func target(_ number: Int, _ due: String?, _ open: Int64) -> Allocate.Target {
        Allocate.Target(invoice: ID(Make.uuid(number)), dueDate: due.map(Make.day), open: open)
    }

    private func spread(_ amount: Int64, _ targets: [Allocate.Target]) -> [String] {
        Allocate.oldestFirst(amount, over: targets).map { share in
            "\(targets.first { $0.invoice == share.invoice }?.dueDate?.description ?? "undated"): \(share.amount)"
        }
    }

    @Test func `over the oldest due first, undated last, and in part over the last it reaches`() {
        let targets = [target(1, nil, 500), target(2, "2026-11-03", 300), target(3, "2026-10-01", 200)]
        #expect(spread(150, targets) == ["2026-10-01: 150"])
        #expect(spread(200, targets) == ["2026-10-01: 200"])
        #expect(spread(450, targets) == ["2026-10-01: 200", "2026-11-03: 250"])
        #expect(spread(600, targets) == ["2026-10-01: 200", "2026-11-03: 300", "undated: 100"])
    }

    @Test func `no further than what is open: the rest stays credit`() {
        let shares = Allocate.oldestFirst(9_999, over: [target(1, "2026-11-03", 300), target(2, "2026-10-01", 200)])
        #expect(shares.map(\.amount).reduce(0, +) == 500)
        #expect(Allocate.oldestFirst(100, over: []).isEmpty)
    }

    @Test func `over nothing that is covered, and not at all when there is no money`() {
        let targets = [target(1, "2026-10-01", 0), target(2, "2026-10-02", -50), target(3, "2026-10-03", 70)]
        #expect(spread(100, targets) == ["2026-10-03: 70"])
        #expect(spread(0, targets).isEmpty && spread(-10, targets).isEmpty)
    }

    @Test func `in the order of creation over invoices due on one day`() {
        let targets = [target(3, "2026-10-01", 10), target(1, "2026-10-01", 10), target(2, "2026-10-01", 10)]
        let shares = Allocate.oldestFirst(25, over: targets)
        #expect(shares.map(\.invoice) == [1, 2, 3].map { ID(Make.uuid($0)) } && shares.map(\.amount) == [10, 10, 5])
    }

    @Test func `so that no share exceeds its invoice, their sum the payment, nor a younger debt is served first`() {
        var generator = SplitMix(announcing: "allocation")
        for _ in 0..<2_000 {
            let targets = (0..<Int.random(in: 0...8, using: &generator)).map { number in
                let due =
                    Bool.random(using: &generator)
                    ? Make.day("2026-11-01").adding(.random(in: 0...3, using: &generator)) : nil
                return Allocate.Target(
                    invoice: ID(Make.uuid(number)), dueDate: due, open: .random(in: -20...100, using: &generator))
            }
            let amount = Int64.random(in: 0...400, using: &generator)
            let shares = Allocate.oldestFirst(amount, over: targets.shuffled(using: &generator))
            let byInvoice = Dictionary(uniqueKeysWithValues: shares.map { ($0.invoice, $0.amount) })
            let owed = targets.reduce(0) { $0 + max(0, $1.open) }
            #expect(shares.reduce(0) { $0 + $1.amount } == min(amount, owed))
            for target in targets {
                let share = byInvoice[target.invoice] ?? 0
                #expect(share >= 0 && share <= max(0, target.open))
                guard share < target.open else { continue }
                let younger = targets.filter {
                    ($0.dueDate ?? Day(number: .max)) > (target.dueDate ?? Day(number: .max))
                }
                #expect(younger.allSatisfy { byInvoice[$0.invoice] == nil })
            }
            #expect(shares == Allocate.oldestFirst(amount, over: targets))
        }
    }
}
