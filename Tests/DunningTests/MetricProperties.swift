import Dunning
import Testing

/// What holds of the figures of any ledger.
@Suite struct `Of any ledger it is true that` {
    private static let start = Day.iso("2025-01-01")

    /// Invoices over a year with part payments, credits, write-offs, reversals, early money and over-payment.
    private func randomLedger(using generator: inout SplitMix) -> LedgerModel {
        var model = LedgerModel()
        let dated = { (generator: inout SplitMix) in Self.start.adding(.random(in: 0..<365, using: &generator)) }
        for id in 0..<Int.random(in: 1...12, using: &generator) {
            let issued = dated(&generator)
            var invoice = LedgerModel.Invoice(id: id)
            if Int.random(in: 0..<8, using: &generator) > 0 {
                invoice.due = issued.adding(.random(in: -10...60, using: &generator))
            }
            if Int.random(in: 0..<4, using: &generator) == 0 {
                invoice.disputedFrom = issued.adding(.random(in: 0...60, using: &generator))
                invoice.disputedUntil = invoice.disputedFrom!.adding(.random(in: 1...90, using: &generator))
            }
            model.invoices.append(invoice)
            let total = Int64.random(in: 1...1_000_000, using: &generator)
            model.entries.append(.init(kind: .invoice, invoice: id, day: issued, amount: total))
            for _ in 0..<Int.random(in: 0...5, using: &generator) {
                let amount = Int64.random(in: 1...total, using: &generator)
                let day = issued.adding(.random(in: -20...200, using: &generator))
                switch Int.random(in: 0..<8, using: &generator) {
                case 0: model.entries.append(.init(kind: .creditNote, invoice: id, day: day, amount: -amount))
                case 1: model.entries.append(.init(kind: .writeOff, invoice: id, day: day, amount: -amount))
                case 2: model.entries.append(.init(kind: .reversal, invoice: id, day: day, amount: amount))
                case 3: model.entries.append(.init(kind: .adjustment, invoice: id, day: day, amount: amount / 3 + 1))
                case 4:
                    model.entries.append(.init(kind: .transfer, invoice: id, day: day, amount: -amount))
                    model.entries.append(.init(kind: .transfer, invoice: nil, day: day, amount: amount))
                case 5: model.entries.append(.init(kind: .settlement, invoice: id, day: day, amount: -amount))
                default: model.entries.append(.init(kind: .payment, invoice: id, day: day, amount: -amount))
                }
            }
        }
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            let amount = Int64.random(in: 1...500_000, using: &generator)
            model.entries.append(.init(kind: .payment, invoice: nil, day: dated(&generator), amount: -amount))
            if Bool.random(using: &generator) {
                model.entries.append(.init(kind: .refund, invoice: nil, day: dated(&generator), amount: amount / 2 + 1))
            }
        }
        return model
    }

    private func forMany(
        _ property: String, _ check: (LedgerModel, Day, Day, inout SplitMix) -> Void
    ) {
        var generator = SplitMix(announcing: property)
        for _ in 0..<300 {
            let model = randomLedger(using: &generator)
            let from = Self.start.adding(.random(in: -30...400, using: &generator))
            check(model, from, from.adding(.random(in: 0...200, using: &generator)), &generator)
        }
    }

    /// Every ratio there is of a period, in a fixed order.
    private func ratios(_ model: LedgerModel, _ from: Day, _ to: Day) -> [Metric] {
        let begin = model.position(on: from.adding(-1)), end = model.position(on: to)
        let flow = model.flow(from, to)
        let days = from.distance(to: to) + 1
        let months = model.months(asOf: to)
        let beyond = model.daysBeyondTerms(from, to)
        return [
            DSO.periodEnd(end, sales: flow.sales, days: days),
            DSO.average(from: begin, to: end, sales: flow.sales, days: days),
            DSO.bestPossible(end, sales: flow.sales, days: days), DSO.delinquent(end, sales: flow.sales, days: days),
            DSO.countBack(end, months: months), DSO.countBackBestPossible(end, months: months),
            CollectionEffectiveness.cash(from: begin, to: end, flow: flow),
            CollectionEffectiveness.classic(from: begin, to: end, flow: flow), BadDebt.ratio(flow), beyond.mean,
            beyond.weighted,
        ]
    }

    private func areSame(_ left: [Metric], _ right: [Metric]) -> Bool {
        zip(left, right).allSatisfy { left, right in
            guard let one = left.value, let other = right.value else { return left.reason == right.reason }
            return abs(one - other) <= 1e-9 * max(1, abs(one))
        }
    }

    @Test func `the buckets of its aging add up to what is open`() {
        forMany("aging") { model, _, to, _ in
            let end = model.position(on: to)
            let buckets = model.edges.buckets(of: end)
            #expect(buckets.reduce(0, +) == end.open && buckets.allSatisfy { $0 >= 0 })
            #expect(end.disputed <= end.open && end.open >= 0)
        }
    }

    @Test func `the best possible DSO is not above the DSO, and the rest is what is overdue`() {
        forMany("best possible") { model, from, to, _ in
            let figures = ratios(model, from, to)
            if let whole = figures[0].value, let best = figures[2].value, let late = figures[3].value {
                #expect(best <= whole && abs(whole - best - late) <= 1e-6 * max(1, whole))
            }
            if let whole = figures[4].value, let best = figures[5].value { #expect(best <= whole + 1e-9) }
        }
    }

    @Test func `a period carries receivables and credit from its beginning to its end`() {
        forMany("roll forward") { model, from, to, _ in
            let begin = model.position(on: from.adding(-1)), end = model.position(on: to)
            let change = model.flow(from, to).change
            #expect(begin.open + begin.unapplied + change == end.open + end.unapplied)
        }
    }

    @Test func `the order of entries within a day is of no account`() {
        forMany("order") { model, from, to, generator in
            var other = model
            other.entries.shuffle(using: &generator)
            #expect(ratios(model, from, to) == ratios(other, from, to))
        }
    }

    @Test func `amounts a thousand times as large change no ratio`() {
        forMany("scale") { model, from, to, _ in
            var other = model
            for index in other.entries.indices { other.entries[index].amount *= 1_000 }
            #expect(areSame(ratios(model, from, to), ratios(other, from, to)))
        }
    }

    @Test func `a payment in two halves is the payment`() {
        forMany("split") { model, from, to, generator in
            var other = model
            for (index, entry) in model.entries.enumerated() where entry.kind == .payment && entry.amount < -1 {
                let part = Int64.random(in: 1..<(-entry.amount), using: &generator)
                other.entries[index].amount = -part
                var rest = entry
                rest.amount += part
                other.entries.append(rest)
            }
            #expect(areSame(ratios(model, from, to), ratios(other, from, to)))
        }
    }

    @Test func `more time recovers more, unless money is taken back`() {
        var generator = SplitMix(announcing: "windows")
        for _ in 0..<300 {
            let episodes = (0..<20).map { _ in
                let start = Self.start.adding(.random(in: 0..<31, using: &generator))
                return Episode(
                    amount: Double(Int.random(in: 1...100, using: &generator)), start: start,
                    money: (0..<3).map { _ in
                        (
                            start.adding(.random(in: 0...70, using: &generator)),
                            Double(Int.random(in: 1...60, using: &generator))
                        )
                    })
            }
            let asOf = Self.start.adding(120)
            for opening in [Recovery.Opening.withStart, .afterStart] {
                let rates = [7, 14, 30, 60].map { Recovery.within($0, of: episodes, asOf: asOf, opening) }
                for (shorter, longer) in zip(rates, rates.dropFirst()) {
                    #expect(shorter.count.value! <= longer.count.value!)
                    #expect(shorter.amount.value! <= longer.amount.value!)
                }
                let all = Recovery.toDate(episodes, asOf: asOf, opening).rates
                #expect(rates[3].amount.value! <= all.amount.value!)
            }
        }
    }
}
