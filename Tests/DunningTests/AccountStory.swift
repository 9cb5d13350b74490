import Dunning

/// What happened to the invoices of one customer, at random, and the orders in which it may come to be known.
enum AccountStory {
    private typealias Make = CaseFixture

    struct Fact {
        enum Kind { case invoice, payment, creditNote, writeOff, reversal }
        let kind: Kind
        /// By invoice; of a payment there may be several.
        let shares: [Int: Int64]
        /// The payment, or the one that is taken back.
        var document = 0
        let day: Day

        var amount: Int64 { shares.values.reduce(0, +) }
        var invoices: [ID<Invoice>] { shares.keys.map { ID(Make.uuid($0)) } }
        /// Of what concerns one only.
        var invoice: ID<Invoice> { invoices[0] }

        func amount(_ invoice: Int) -> Int64 { shares[invoice] ?? 0 }
    }

    /// Facts that make sense in their order: nothing is covered beyond what is open, nothing is taken back that did not come, and
    /// of a payment for several invoices the youngest loses first.
    static func facts(using generator: inout SplitMix) -> [Fact] {
        var facts = (1...Int.random(in: 1...3, using: &generator)).map { invoice in
            Fact(
                kind: .invoice, shares: [invoice: .random(in: 2...900, using: &generator)],
                day: Make.day("2026-01-10").adding(.random(in: 0...40, using: &generator)))
        }
        let invoices = facts
        var open: [Int: Int64] = [:]
        var paid: [(document: Int, left: [Int: Int64])] = []
        var day = Make.day("2026-01-10")
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
            day = day.adding(.random(in: 0...5, using: &generator))
            for invoice in invoices where invoice.day <= day {
                for (number, total) in invoice.shares where open[number] == nil { open[number] = total }
            }
            var able = open.filter { $0.value > 0 }.keys.sorted().shuffled(using: &generator)
            let back = paid.indices.filter { !paid[$0].left.isEmpty }.randomElement(using: &generator)
            if let back, Int.random(in: 0..<3, using: &generator) == 0 || able.isEmpty {
                let all = paid[back].left.values.reduce(0, +)
                var rest = Bool.random(using: &generator) ? all : .random(in: 1...all, using: &generator)
                var taken: [Int: Int64] = [:]
                let issued = Dictionary(uniqueKeysWithValues: invoices.map { ($0.shares.keys.first!, $0.day) })
                for number in paid[back].left.keys.sorted(by: { (issued[$0]!, $0) > (issued[$1]!, $1) }) where rest > 0
                {
                    let share = min(rest, paid[back].left[number]!)
                    rest -= share
                    taken[number] = share
                    open[number]! += share
                    paid[back].left[number] = paid[back].left[number] == share ? nil : paid[back].left[number]! - share
                }
                facts.append(Fact(kind: .reversal, shares: taken, document: paid[back].document, day: day))
            } else if !able.isEmpty {
                let kind: Fact.Kind =
                    switch Int.random(in: 0..<6, using: &generator) {
                    case 0: .writeOff
                    case 1: .creditNote
                    default: .payment
                    }
                let isWide = kind == .payment && Int.random(in: 0..<3, using: &generator) == 0
                able = Array(able.prefix(isWide ? 2 : 1))
                var shares: [Int: Int64] = [:]
                for number in able {
                    let all = open[number]!
                    shares[number] = Bool.random(using: &generator) ? all : .random(in: 1...all, using: &generator)
                    open[number]! -= shares[number]!
                }
                facts.append(Fact(kind: kind, shares: shares, document: facts.count, day: day))
                if kind == .payment { paid.append((facts.count - 1, shares)) }
            }
        }
        return facts
    }

    /// Any order in which no payment is taken back and no invoice given up before it is known.
    static func arrivals(_ facts: [Fact], using generator: inout SplitMix) -> [Fact] {
        var (left, known): ([Fact], [Fact]) = (facts.shuffled(using: &generator), [])
        while !left.isEmpty {
            let index = left.firstIndex { fact in
                switch fact.kind {
                case .reversal: known.contains { $0.kind == .payment && $0.document == fact.document }
                case .writeOff: known.contains { $0.kind == .invoice && $0.invoice == fact.invoice }
                default: true
                }
            }!
            known.append(left.remove(at: index))
        }
        return known
    }
}
