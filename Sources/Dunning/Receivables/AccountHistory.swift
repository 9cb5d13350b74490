/// How documents covered debts day by day, by the standing rule, beside what is booked of it.
///
/// ``Account/movements(since:)`` books where money stands now. Where a document was undone or a debt given up, that says
/// nothing of the days before: an invoice that comes to be known after the payment for it has bounced was paid for a while all
/// the same, and open before and after. So the rule is asked again for every day on which something happened.
package struct AccountHistory: Sendable {
    /// What was booked on one day of one kind.
    package struct Entry: Hashable, Sendable {
        package let invoice: ID<Invoice>?
        package let payment: ID<Payment>?
        package let kind: Movement.Kind
        package let day: Day
        package let amount: Int64

        package init(invoice: ID<Invoice>?, payment: ID<Payment>?, kind: Movement.Kind, day: Day, amount: Int64) {
            self.invoice = invoice
            self.payment = payment
            self.kind = kind
            self.day = day
            self.amount = amount
        }

        /// What is about to be booked.
        package init(_ movement: Movement) {
            self.init(
                invoice: movement.invoice, payment: movement.payment, kind: movement.kind, day: movement.valueDate,
                amount: movement.amount)
        }
    }

    /// Steps one history may take: it is told anew while the customer's cases are locked. A longer one stays as it was booked.
    package static let reach = 500_000

    private let account: Account
    private let entries: [Entry]

    /// - Parameters:
    ///   - account: debts and documents that have to do with each other, none of them without instructions (``Account/parts(around:_:)``).
    ///   - entries: all of theirs.
    package init(of account: Account, entries: [Entry]) {
        self.account = account
        self.entries = entries
    }

    /// What has to be booked so that each day from `first` on is as if all had been known in time. What stands at the end
    /// stays; so do the days before.
    package func corrections(since first: Day) -> [Movement] {
        let known = Set(account.documents.map(\.payment))
        // Money that was for one of these debts before its source said otherwise has a past of its own.
        guard entries.allSatisfy({ entry in entry.payment.map(known.contains) ?? true }) else { return [] }
        let byDay = Dictionary(grouping: entries, by: \.day)
        let days = Set(byDay.keys).union([first]).sorted()
        let size = account.debts.count + account.documents.reduce(0) { $0 + 1 + $1.instructions.count }
        guard days.count * size <= Self.reach else { return [] }
        let youngestFirst = account.debts.sorted { Account.isOlder($1, $0) }.map(\.invoice)
        var books = Books()
        var found: [Movement] = []
        for day in days {
            let today = byDay[day] ?? []
            guard day >= first else {
                for entry in today { books.add(entry) }
                continue
            }
            let taken = takenBack(today, &books)
            let rule = Spread(of: asOf(books))
            found += recoveries(rule.recovered, &books, on: day)
            let wanted = rule.shares
            for document in account.documents {
                let payment = document.payment
                found += Self.shifts(
                    of: payment, among: youngestFirst, booked: books.covered[payment] ?? [:],
                    wanted: wanted[payment] ?? [:],
                    undone: today.filter { $0.kind == .reversal && $0.payment == payment },
                    taken: taken[payment] ?? [:], on: day)
                books.covered[payment] = wanted[payment]
            }
        }
        return found
    }

    /// Adds what was booked on a day, and says from which debts the money came that was taken back on it; the rest was credit.
    ///
    /// Nobody knows the order within a day. What was taken back of earlier money goes first, then what came and was taken back on
    /// this day, one after the other, what left least behind before, then what came to stay, and last what was given up: so
    /// each finds as much to cover as it can have.
    private func takenBack(_ today: [Entry], _ books: inout Books) -> [ID<Payment>: [ID<Invoice>: Int64]] {
        var own: [ID<Payment>: [Entry]] = [:]
        for entry in today { if let payment = entry.payment { own[payment, default: []].append(entry) } }
        let came = own.filter { $1.contains { $0.kind == .payment || $0.kind == .creditNote } }
        let undone = own.filter { $1.contains { $0.kind == .reversal } }
        var taken: [ID<Payment>: [ID<Invoice>: Int64]] = [:]
        func note(_ payment: ID<Payment>, from before: [ID<Invoice>: Int64], to after: [ID<Invoice>: Int64]) {
            taken[payment] = before.merging(after) { $0 - $1 }.filter { before[$0.key] != nil && $0.value > 0 }
        }
        let standing = books.covered
        for entry in today where entry.payment == nil && entry.kind != .writeOff { books.add(entry) }
        for (payment, entries) in own where came[payment] == nil { for entry in entries { books.add(entry) } }
        let earlier = undone.keys.filter { came[$0] == nil }
        if !earlier.isEmpty {
            let shares = asOf(books).shares()
            for payment in earlier { note(payment, from: standing[payment] ?? [:], to: shares[payment] ?? [:]) }
        }
        let gone = came.filter { undone[$0.key] != nil }
            .map { (payment: $0, left: -$1.reduce(0) { $0 + $1.amount }, entries: $1) }
        for (payment, _, entries) in gone.sorted(by: { ($0.left, $0.payment) < ($1.left, $1.payment) }) {
            for entry in entries where entry.kind != .reversal { books.add(entry) }
            let before = asOf(books).shares()[payment] ?? [:]
            for entry in entries where entry.kind == .reversal { books.add(entry) }
            note(payment, from: before, to: asOf(books).shares()[payment] ?? [:])
        }
        for (payment, entries) in came where undone[payment] == nil { for entry in entries { books.add(entry) } }
        for entry in today where entry.payment == nil && entry.kind == .writeOff { books.add(entry) }
        return taken
    }

    /// What is booked up to a day.
    private struct Books {
        /// All that was invoiced, with its adjustments.
        var total: [ID<Invoice>: Int64] = [:]
        var writtenOff: [ID<Invoice>: Int64] = [:]
        var recovered: [ID<Invoice>: Int64] = [:]
        /// What documents can cover: less what was undone or given back.
        var amount: [ID<Payment>: Int64] = [:]
        var covered: [ID<Payment>: [ID<Invoice>: Int64]] = [:]

        mutating func add(_ entry: Entry) {
            if let payment = entry.payment {
                amount[payment, default: 0] -= entry.amount
                if let invoice = entry.invoice { covered[payment, default: [:]][invoice, default: 0] -= entry.amount }
            } else if let invoice = entry.invoice {
                switch entry.kind {
                case .writeOff: writtenOff[invoice, default: 0] -= entry.amount
                case .recovery: recovered[invoice, default: 0] += entry.amount
                default: total[invoice, default: 0] += entry.amount
                }
            }
        }
    }

    private func asOf(_ books: Books) -> Account {
        Account(
            debts: account.debts.map { debt in
                let (total, given) = (books.total[debt.invoice] ?? 0, books.writtenOff[debt.invoice] ?? 0)
                return Account.Debt(
                    invoice: debt.invoice, externalID: debt.externalID, dueDate: debt.dueDate, issuedOn: debt.issuedOn,
                    amount: total - given, writtenOff: given)
            },
            documents: account.documents.map { document in
                Account.Document(
                    payment: document.payment, kind: document.kind, valueDate: document.valueDate, isAutomatic: false,
                    state: .booked, amount: books.amount[document.payment] ?? 0, instructions: document.instructions)
            })
    }

    private func recoveries(
        _ recovered: [ID<Invoice>: Int64], _ books: inout Books, on day: Day
    ) -> [Movement] {
        account.debts.compactMap { debt in
            let wanted = recovered[debt.invoice] ?? 0
            let lack = wanted - (books.recovered[debt.invoice] ?? 0)
            books.recovered[debt.invoice] = wanted
            return lack == 0 ? nil : Movement(kind: .recovery, invoice: debt.invoice, amount: lack, valueDate: day)
        }
    }

    /// From what is booked of a document on a day to what the rule wants of it: what was taken back, and what was moved.
    private static func shifts(
        of payment: ID<Payment>, among debts: [ID<Invoice>], booked: [ID<Invoice>: Int64],
        wanted: [ID<Invoice>: Int64], undone: [Entry], taken: [ID<Invoice>: Int64], on day: Day
    ) -> [Movement] {
        var found: [Movement] = []
        var (back, moved): (Int64, Int64) = (0, 0)
        var rest = undone.reduce(0) { $0 + $1.amount }
        for invoice in debts {
            let share = min(taken[invoice] ?? 0, max(0, rest))
            rest -= share
            let reversed = share - undone.reduce(0) { $0 + ($1.invoice == invoice ? $1.amount : 0) }
            let given = (wanted[invoice] ?? 0) - (booked[invoice] ?? 0) + reversed
            if reversed != 0 {
                found.append(
                    Movement(kind: .reversal, invoice: invoice, payment: payment, amount: reversed, valueDate: day))
            }
            if given != 0 {
                found.append(
                    Movement(kind: .transfer, invoice: invoice, payment: payment, amount: -given, valueDate: day))
            }
            back -= reversed
            moved += given
        }
        if back != 0 {
            found.append(Movement(kind: .reversal, payment: payment, amount: back, valueDate: day))
        }
        if moved != 0 { found.append(Movement(kind: .transfer, payment: payment, amount: moved, valueDate: day)) }
        return found
    }
}

extension Account {
    /// Whether what stands now may not tell what stood before: something was undone or given up.
    package var hasPast: Bool {
        documents.contains(where: \.isUndone) || debts.contains { $0.writtenOffOn != nil }
    }

    /// Debts and documents that have to do with each other, as far as they have to do with some of them. Left out is where
    /// money that names no invoice or a source's word on what is open is among it: these count from the day they are known.
    package func parts(around invoices: Set<ID<Invoice>>, _ payments: Set<ID<Payment>>) -> [Account] {
        var named: [ID<Invoice>: [Int]] = [:]
        for (index, document) in documents.enumerated() {
            for invoice in Self.debts(of: document) { named[invoice, default: []].append(index) }
        }
        let known = Dictionary(uniqueKeysWithValues: debts.map { ($0.invoice, $0) })
        var starts = invoices
        for document in documents where payments.contains(document.payment) {
            starts.formUnion(Self.debts(of: document))
        }
        var seen: Set<ID<Invoice>> = []
        return starts.sorted().compactMap { start in
            guard known[start] != nil, seen.insert(start).inserted else { return nil }
            var (next, reached): ([ID<Invoice>], Set<Int>) = ([start], [])
            var part = Account()
            while let invoice = next.popLast() {
                if let debt = known[invoice] { part.debts.append(debt) }
                for index in named[invoice] ?? [] where reached.insert(index).inserted {
                    part.documents.append(documents[index])
                    for other in Self.debts(of: documents[index]) where seen.insert(other).inserted {
                        next.append(other)
                    }
                }
            }
            if part.hasClaims || part.documents.contains(where: \.isAutomatic) { return nil }
            part.documents.removeAll { $0.state == .pending }
            return part.documents.isEmpty ? nil : part
        }
    }

    private static func debts(of document: Document) -> Set<ID<Invoice>> {
        Set(document.instructions.keys).union(document.covered.keys)
    }
}
