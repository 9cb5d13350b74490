import Dunning
import Testing

/// In whatever order invoices, payments, write-offs and reversals come to be known, what was open and what came in on each day is
/// what happened by that day.
@Suite struct `What an account was on earlier days` {
    private typealias Make = CaseFixture

    private typealias Fact = AccountStory.Fact

    /// The entries of one account, booked as they come.
    private struct Ledger {
        var entries: [AccountHistory.Entry] = []
        var known: [Fact] = []
        var restates = true

        /// In the order in which they came to be known, whatever their days.
        func id(of document: Int) -> ID<Payment> {
            let order = known.firstIndex { $0.document == document && ($0.kind == .payment || $0.kind == .creditNote) }
            return ID(Make.uuid(1_000 + (order ?? known.count)))
        }

        func sum(_ isCounted: (AccountHistory.Entry) -> Bool) -> Int64 {
            entries.reduce(0) { $0 + (isCounted($1) ? $1.amount : 0) }
        }

        mutating func add(_ movements: [Movement]) {
            entries += movements.map {
                .init(invoice: $0.invoice, payment: $0.payment, kind: $0.kind, day: $0.valueDate, amount: $0.amount)
            }
        }

        func account(fresh: Set<ID<Payment>>) -> Account {
            var account = Account()
            for fact in known {
                let payment = id(of: fact.document)
                switch fact.kind {
                case .invoice:
                    let invoice = fact.invoice
                    let own = entries.filter { $0.invoice == invoice && $0.payment == nil }
                    account.debts.append(
                        Account.Debt(
                            invoice: invoice, externalID: "I\(fact.shares.keys.first!)", dueDate: fact.day,
                            issuedOn: fact.day,
                            amount: own.reduce(0) { $0 + $1.amount },
                            writtenOff: -own.reduce(0) { $0 + ($1.kind == .writeOff ? $1.amount : 0) },
                            writtenOffOn: own.filter { $0.kind == .writeOff }.map(\.day).max(),
                            recovered: own.reduce(0) { $0 + ($1.kind == .recovery ? $1.amount : 0) }))
                case .payment, .creditNote:
                    let booked = -sum { $0.payment == payment }
                    let covered = fact.invoices.map { invoice in
                        (invoice, -sum { $0.payment == payment && $0.invoice == invoice })
                    }
                    account.documents.append(
                        Account.Document(
                            payment: payment, kind: fact.kind == .payment ? .payment : .creditNote, valueDate: fact.day,
                            isAutomatic: false, state: fresh.contains(payment) ? .fresh : .booked,
                            amount: fresh.contains(payment) ? fact.amount : booked,
                            isUndone: !fresh.contains(payment) && booked != fact.amount,
                            instructions: Dictionary(
                                uniqueKeysWithValues: fact.shares.map { (ID(Make.uuid($0.key)), $0.value) }),
                            covered: Dictionary(uniqueKeysWithValues: covered.filter { $0.1 != 0 })))
                case .writeOff, .reversal: break
                }
            }
            // An invoice may come after what names it: then it is no debt yet.
            let debts = Set(account.debts.map(\.invoice))
            account.documents = account.documents.map { document in
                var document = document
                document.instructions = document.instructions.filter { debts.contains($0.key) }
                return document
            }
            return account
        }

        /// What arrives at once is booked, then what follows from it. False: it could not be at this point, and was not.
        mutating func take(_ facts: [Fact]) -> Bool {
            var own: [Movement] = []
            var fresh: Set<ID<Payment>> = []
            for fact in facts {
                let payment = id(of: fact.document)
                switch fact.kind {
                case .invoice:
                    add([Movement(kind: .invoice, invoice: fact.invoice, amount: fact.amount, valueDate: fact.day)])
                case .payment, .creditNote: fresh.insert(payment)
                case .writeOff:
                    let invoice = fact.invoice
                    guard sum({ $0.invoice == invoice }) >= fact.amount else { return false }
                    own = [Movement(kind: .writeOff, invoice: invoice, amount: -fact.amount, valueDate: fact.day)]
                case .reversal:
                    // Credit first, then what covers the youngest debt.
                    let youngest = known.filter { $0.kind == .invoice }
                        .sorted { ($0.day, $0.shares.keys.first!) > ($1.day, $1.shares.keys.first!) }
                        .map { Optional($0.invoice) }
                    var left = fact.amount
                    for invoice in [nil] + youngest {
                        let share = min(left, -sum { $0.payment == payment && $0.invoice == invoice })
                        left -= share
                        guard share > 0 else { continue }
                        own.append(
                            Movement(
                                kind: .reversal, invoice: invoice, payment: payment, amount: share, valueDate: fact.day)
                        )
                    }
                }
                known.append(fact)
            }
            add(own)
            let days = own.map(\.valueDate) + facts.filter { fresh.contains(id(of: $0.document)) }.map(\.day)
            add(account(fresh: fresh).movements(since: days.max()))
            guard restates, let first = facts.map(\.day).min() else { return true }
            let account = account(fresh: [])
            let around = Set(facts.flatMap(\.invoices))
            guard facts.count > 1 || account.hasPast else { return true }
            for part in account.parts(around: around, fresh.union(own.compactMap(\.payment))) {
                let (debts, documents) = (Set(part.debts.map(\.invoice)), Set(part.documents.map(\.payment)))
                let own = entries.filter { entry in
                    entry.invoice.map(debts.contains) ?? false || entry.payment.map(documents.contains) ?? false
                }
                add(AccountHistory(of: part, entries: own).corrections(since: first))
            }
            return true
        }
    }

    /// One by one, or several at once, as files bring them.
    private static func told(_ facts: [Fact], restating: Bool, using generator: inout SplitMix) -> Ledger {
        var ledger = Ledger()
        ledger.restates = restating
        var left = AccountStory.arrivals(facts, using: &generator)
        var refused = 0
        while !left.isEmpty {
            let isPlain = { (fact: Fact) in fact.kind != .writeOff && fact.kind != .reversal }
            var count = 1
            if isPlain(left[0]) {
                let most = Int.random(in: 1...4, using: &generator)
                while count < min(most, left.count), isPlain(left[count]) { count += 1 }
            }
            let next = Array(left.prefix(count))
            left.removeFirst(count)
            if ledger.take(next) { refused = 0 } else { (left, refused) = (left + next, refused + 1) }
            precondition(refused <= left.count, "something can always be told")
        }
        return ledger
    }

    /// Where the ledger differs from the facts.
    private static func differences(_ ledger: Ledger, _ facts: [Fact]) -> [String] {
        var found: [String] = []
        for day in Set(facts.map(\.day)).sorted() {
            func happened(_ counts: (Fact) -> Int64) -> Int64 {
                facts.reduce(0) { $0 + ($1.day <= day ? counts($1) : 0) }
            }
            for invoice in Set(facts.flatMap(\.shares.keys)) {
                let id = ID<Invoice>(Make.uuid(invoice))
                let open = happened { fact in
                    let amount = fact.amount(invoice)
                    return fact.kind == .invoice || fact.kind == .reversal ? amount : -amount
                }
                let booked = ledger.sum { $0.invoice == id && $0.day <= day }
                if booked != open { found.append("\(day) open of I\(invoice): \(booked), not \(open)") }
                let cash = happened { $0.kind == .payment ? $0.amount(invoice) : 0 }
                let payments = Set(
                    facts.filter { $0.kind == .payment }.map { ledger.id(of: $0.document) })
                let counted = -ledger.sum { entry in
                    entry.invoice == id && entry.day <= day && (entry.payment.map(payments.contains) ?? false)
                        && (entry.kind == .payment || entry.kind == .transfer)
                }
                if counted != cash { found.append("\(day) paid for I\(invoice): \(counted), not \(cash)") }
            }
            let back = happened { $0.kind == .reversal ? $0.amount : 0 }
            let reversed = ledger.sum { $0.kind == .reversal && $0.day <= day }
            if reversed != back { found.append("\(day) taken back: \(reversed), not \(back)") }
            let given = happened { $0.kind == .writeOff ? $0.amount : 0 }
            let lost = -ledger.sum { ($0.kind == .writeOff || $0.kind == .recovery) && $0.day <= day }
            if lost != given { found.append("\(day) given up: \(lost), not \(given)") }
        }
        let credit = ledger.sum { $0.invoice == nil }
        if credit != 0 { found.append("credit \(credit)") }
        return found
    }

    @Test func `is what happened by then, in whatever order it was told`() {
        var generator = SplitMix(announcing: "account history")
        var (restated, twin) = (0, 0)
        for _ in 0..<400 {
            let facts = AccountStory.facts(using: &generator)
            var same = generator
            let ledger = Self.told(facts, restating: true, using: &generator)
            let wrong = Self.differences(ledger, facts)
            #expect(wrong == [], "\(facts.map { "\($0.day) \($0.kind) \($0.shares) D\($0.document)" })")
            guard wrong.isEmpty else { return }
            // Who books only where money stands now is wrong about some days: the dangerous orders do come up.
            let careless = Self.told(facts, restating: false, using: &same)
            if careless.entries != ledger.entries { restated += 1 }
            if !Self.differences(careless, facts).isEmpty { twin += 1 }
        }
        print("account history: \(restated) of 400 restated, the careless twin was wrong about \(twin)")
        #expect(twin > 20)
    }

    @Test func `does not change before what has come to be known`() {
        var generator = SplitMix(announcing: "days before")
        for _ in 0..<200 {
            let facts = AccountStory.facts(using: &generator)
            var ledger = Ledger()
            for fact in AccountStory.arrivals(facts, using: &generator) {
                let before = ledger.entries
                guard ledger.take([fact]) else { continue }
                let news = ledger.entries.dropFirst(before.count)
                #expect(news.allSatisfy { $0.day >= fact.day })
            }
        }
    }
}
