import Dunning
import Testing

/// Which money covers which invoice (architecture 5.4), and what is booked so that the ledger says so.
@Suite struct `An account is kept` {
    private typealias Make = CaseFixture

    private func debt(
        _ number: Int, _ due: String?, _ amount: Int64, issued: String = "2026-09-01", writtenOff: Int64 = 0
    ) -> Account.Debt {
        Account.Debt(
            invoice: ID(Make.uuid(number)), externalID: "I\(number)", dueDate: due.map(Make.day),
            issuedOn: Make.day(issued), amount: amount, writtenOff: writtenOff)
    }

    private func document(
        _ number: Int, _ amount: Int64, on day: String = "2026-10-01", for told: [Int: Int64] = [:],
        _ state: Account.Document.State = .fresh, covering covered: [Int: Int64] = [:], kind: Movement.Kind = .payment
    ) -> Account.Document {
        func keyed(_ shares: [Int: Int64]) -> [ID<Invoice>: Int64] {
            Dictionary(uniqueKeysWithValues: shares.map { (ID(Make.uuid($0.key)), $0.value) })
        }
        return Account.Document(
            payment: ID(Make.uuid(100 + number)), kind: kind, valueDate: Make.day(day), isAutomatic: told.isEmpty,
            state: state, amount: amount, instructions: keyed(told), covered: keyed(covered))
    }

    private func shares(_ account: Account, _ number: Int) -> [Int: Int64] {
        let shares = account.shares()[ID(Make.uuid(100 + number))] ?? [:]
        return Dictionary(
            uniqueKeysWithValues: account.debts.enumerated().compactMap { index, debt in
                shares[debt.invoice].map { (index + 1, $0) }
            })
    }

    private func words(_ account: Account) -> [String] {
        account.movements().map { movement in
            let target = account.debts.first { $0.invoice == movement.invoice }?.externalID ?? "credit"
            return "\(movement.valueDate) \(movement.kind.rawValue) \(target) \(movement.amount)"
        }
    }

    @Test func `money that names no invoice goes to the oldest debt, undated last, and stays credit beyond`() {
        let debts = [debt(1, nil, 500), debt(2, "2026-11-03", 300), debt(3, "2026-10-01", 200)]
        #expect(shares(Account(debts: debts, documents: [document(1, 150)]), 1) == [3: 150])
        #expect(shares(Account(debts: debts, documents: [document(1, 450)]), 1) == [3: 200, 2: 250])
        let rich = Account(debts: debts, documents: [document(1, 1_100)])
        #expect(shares(rich, 1) == [3: 200, 2: 300, 1: 500])
        #expect(words(rich).last == "2026-10-01 payment credit -100")
    }

    @Test func `what the source says wins over the oldest debt, and its rest is credit that covers nothing else`() {
        let debts = [debt(1, "2026-10-01", 200), debt(2, "2026-11-03", 300)]
        let account = Account(debts: debts, documents: [document(1, 350, for: [2: 350])])
        #expect(shares(account, 1) == [2: 300])
        #expect(words(account) == ["2026-10-01 payment I2 -300", "2026-10-01 payment credit -50"])
    }

    @Test func `money under way comes after what was received, whatever its day`() {
        let debts = [debt(1, "2026-10-01", 100)]
        let account = Account(
            debts: debts, documents: [document(1, 70, on: "2026-09-01", .pending), document(2, 60, on: "2026-10-05")])
        #expect(shares(account, 2) == [1: 60])
        #expect(shares(account, 1) == [1: 40])
        #expect(words(account) == ["2026-10-05 payment I1 -60"])
    }

    @Test func `money that came before its invoice is credit until the invoice is issued`() {
        let account = Account(
            debts: [debt(1, "2026-12-01", 100, issued: "2026-11-10")], documents: [document(1, 80, for: [1: 80])])
        #expect(
            words(account) == [
                "2026-10-01 payment credit -80", "2026-11-10 transfer I1 -80", "2026-11-10 transfer credit 80",
            ])
    }

    @Test func `an older debt that comes late takes the money that named no invoice, on the last of the days involved`()
    {
        let account = Account(
            debts: [debt(1, "2026-10-20", 100, issued: "2026-09-20"), debt(2, "2026-10-05", 60, issued: "2026-09-05")],
            documents: [document(1, 100, .booked, covering: [1: 100])])
        #expect(words(account) == ["2026-10-01 transfer I2 -60", "2026-10-01 transfer I1 60"])
    }

    @Test func `a payment for what was written off brings that debt back as far as it goes`() {
        let account = Account(
            debts: [debt(1, "2026-08-01", 0, writtenOff: 100)], documents: [document(1, 130, for: [1: 130])])
        #expect(
            words(account) == [
                "2026-10-01 recovery I1 100", "2026-10-01 payment I1 -100", "2026-10-01 payment credit -30",
            ])
        let credited = Account(
            debts: [debt(1, "2026-08-01", 0, writtenOff: 100)],
            documents: [document(1, 30, for: [1: 30], kind: .creditNote)])
        #expect(words(credited) == ["2026-10-01 credit_note credit -30"])
    }

    @Test func `what bounced of a payment for several debts brings back none of them`() {
        let left = document(1, 100, for: [1: 100, 2: 50], .booked, covering: [1: 100])
        let debts = [debt(1, "2026-08-01", 100), debt(2, "2026-09-01", 0, writtenOff: 50)]
        #expect(words(Account(debts: debts, documents: [left])) == [])
        // Where the older one needs less, the rest is there for the younger one.
        let easier = [debt(1, "2026-08-01", 70), debts[1]]
        #expect(shares(Account(debts: easier, documents: [left]), 1) == [1: 70, 2: 30])
        #expect(words(Account(debts: easier, documents: [left])).first == "2026-10-01 recovery I2 30")
    }

    @Test func `a payment for a debt that was credited in part and given up for the rest brings that rest back`() {
        let debts = [debt(1, "2026-08-01", 60, writtenOff: 40)]
        let note = document(1, 60, on: "2026-09-10", for: [1: 60], .booked, covering: [1: 60], kind: .creditNote)
        let paid = Account(debts: debts, documents: [note, document(2, 40, for: [1: 40])])
        #expect(words(paid) == ["2026-10-01 recovery I1 40", "2026-10-01 payment I1 -40"])
        // Of one day the note comes first, whichever was recorded first.
        let notes = [1, 3].map { document($0, 60, for: [1: 60], kind: .creditNote) }
        for note in notes {
            #expect(shares(Account(debts: debts, documents: [document(2, 40, for: [1: 40]), note]), 2) == [1: 40])
        }
        // A note that comes when all is paid or given up is credit.
        let late = document(3, 40, on: "2026-11-01", for: [1: 40], kind: .creditNote)
        let first = document(2, 60, for: [1: 60], .booked, covering: [1: 60])
        #expect(words(Account(debts: debts, documents: [first, late])) == ["2026-11-01 credit_note credit -40"])
    }

    /// Balances are a function of what there is, not of the order in which it came.
    @Test func `arriving in any order and any portions, the same documents cover the same invoices`() {
        var generator = SplitMix(announcing: "accounts")
        for _ in 0..<400 {
            let debts = (1...6).map { number in
                debt(
                    number, Bool.random(using: &generator) ? "2026-1\(number % 3)-0\(number)" : nil,
                    .random(in: 0...90, using: &generator), issued: "2026-09-0\(number)",
                    writtenOff: number == 6 ? 20 : 0)
            }
            let documents = (1...6).map { number in
                document(
                    number, .random(in: 1...120, using: &generator), on: "2026-0\(number + 3)-15",
                    for: Bool.random(using: &generator) ? [:] : [.random(in: 1...6, using: &generator): 50])
            }
            let whole = Account(debts: debts, documents: documents).shares()
            var grown = Account()
            var ledger: [ID<Payment>: [ID<Invoice>: Int64]] = [:]
            var credit: [ID<Payment>: Int64] = [:]
            for arrival in Array(0..<12).shuffled(using: &generator) {
                if arrival < 6 {
                    grown.debts.append(debts[arrival])
                } else {
                    grown.documents.append(documents[arrival - 6])
                }
                for movement in grown.movements() {
                    guard let payment = movement.payment else {
                        let index = grown.debts.firstIndex { $0.invoice == movement.invoice }!
                        let old = grown.debts[index]
                        grown.debts[index] = Account.Debt(
                            invoice: old.invoice, externalID: old.externalID, dueDate: old.dueDate,
                            issuedOn: old.issuedOn, amount: old.amount + movement.amount,
                            writtenOff: old.writtenOff, recovered: old.recovered + movement.amount)
                        continue
                    }
                    if let invoice = movement.invoice {
                        ledger[payment, default: [:]][invoice, default: 0] -= movement.amount
                    } else {
                        credit[payment, default: 0] -= movement.amount
                    }
                }
                grown.documents = grown.documents.map { document in
                    Account.Document(
                        payment: document.payment, kind: document.kind, valueDate: document.valueDate,
                        isAutomatic: document.isAutomatic, state: .booked,
                        amount: document.amount, instructions: document.instructions,
                        covered: (ledger[document.payment] ?? [:]).filter { $0.value != 0 })
                }
                #expect(grown.movements().isEmpty, "booking twice books nothing")
            }
            for document in documents {
                let covered = (ledger[document.payment] ?? [:]).filter { $0.value != 0 }
                #expect(covered == (whole[document.payment] ?? [:]))
                #expect(covered.values.reduce(0, +) + (credit[document.payment] ?? 0) == document.amount)
                #expect(covered.values.allSatisfy { $0 > 0 } && (credit[document.payment] ?? 0) >= 0)
            }
            for debt in debts {
                #expect(ledger.values.reduce(0) { $0 + ($1[debt.invoice] ?? 0) } <= debt.amount + debt.writtenOff)
            }
        }
    }
}
