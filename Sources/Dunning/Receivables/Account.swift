/// What one customer owes one brand in one currency, and what has come in for it: debts and documents, with what the
/// ledger says covers what.
///
/// The standing rule (architecture 5.4) is a function of the set of debts and documents, so the order in which they arrive
/// does not matter: first what the sources said, documents in the order of their days, each at most what its invoice still
/// needs; then documents that name no invoice, over the oldest debt first; money under way comes after what was received.
/// What a document with instructions does not use is left as credit.
package struct Account: Sendable {
    /// An invoice, with what documents have to cover: all entries but theirs, and but settlements, which come last.
    package struct Debt: Sendable {
        package let invoice: ID<Invoice>
        package let externalID: String
        package let dueDate: Day?
        /// Money counts for an invoice from this day on, not before.
        package let issuedOn: Day
        package let amount: Int64
        /// What was given up, whether or not some of it was paid after all.
        package let writtenOff: Int64
        /// The last day on which it was written off.
        package let writtenOffOn: Day?
        /// What is booked as paid after all; part of `amount`.
        package let recovered: Int64
        /// What its source says is still to be paid; `nil` where it says nothing.
        package let claimedOpen: Int64?
        /// What was settled because the source says so; not part of `amount`.
        package let settled: Int64

        package init(
            invoice: ID<Invoice>, externalID: String, dueDate: Day?, issuedOn: Day, amount: Int64,
            writtenOff: Int64 = 0, writtenOffOn: Day? = nil, recovered: Int64 = 0, claimedOpen: Int64? = nil,
            settled: Int64 = 0
        ) {
            self.invoice = invoice
            self.externalID = externalID
            self.dueDate = dueDate
            self.issuedOn = issuedOn
            self.amount = amount
            self.writtenOff = writtenOff
            self.writtenOffOn = writtenOffOn
            self.recovered = recovered
            self.claimedOpen = claimedOpen
            self.settled = settled
        }
    }

    /// A payment or a credit note.
    package struct Document: Sendable {
        package enum State: Hashable, Sendable { case fresh, booked, pending }

        package let payment: ID<Payment>
        package let kind: Movement.Kind
        package let valueDate: Day
        /// Its source named no invoice.
        package let isAutomatic: Bool
        /// Fresh: received and in no entry yet. Pending: under way, in no entry.
        package let state: State
        /// What it can cover: less what was undone or given back.
        package let amount: Int64
        /// Something of it was undone or given back.
        package let isUndone: Bool
        package var instructions: [ID<Invoice>: Int64]
        package var covered: [ID<Invoice>: Int64]

        package init(
            payment: ID<Payment>, kind: Movement.Kind = .payment, valueDate: Day, isAutomatic: Bool, state: State,
            amount: Int64, isUndone: Bool = false, instructions: [ID<Invoice>: Int64] = [:],
            covered: [ID<Invoice>: Int64] = [:]
        ) {
            self.payment = payment
            self.kind = kind
            self.valueDate = valueDate
            self.isAutomatic = isAutomatic
            self.state = state
            self.amount = amount
            self.isUndone = isUndone
            self.instructions = instructions
            self.covered = covered
        }
    }

    package var debts: [Debt]
    package var documents: [Document]

    package init(debts: [Debt] = [], documents: [Document] = []) {
        self.debts = debts
        self.documents = documents
    }
}

extension Account {
    /// Which document covers how much of which invoice, by the standing rule.
    package func shares() -> [ID<Payment>: [ID<Invoice>: Int64]] { Spread(of: self).shares }

    /// What has to be booked so that the ledger says what the standing rule says: fresh documents as a whole, transfers
    /// where the rule has moved money, recoveries of what was written off and is paid after all.
    ///
    /// Money moves on the last of the days involved, so that no earlier day's numbers change.
    /// - Parameter day: the last day of what happened to the account just now; what was booked before moves no earlier.
    package func movements(since day: Day? = nil) -> [Movement] {
        let issued = Dictionary(uniqueKeysWithValues: debts.map { ($0.invoice, $0.issuedOn) })
        let spread = Spread(of: self)
        let wanted = spread.shares
        var found = recoveries(spread.recovered, since: day)
        for document in documents.sorted(by: Self.isEarlier) where document.state != .pending {
            let wanted = wanted[document.payment] ?? [:]
            var covered = document.covered
            if document.state == .fresh {
                covered = wanted.filter { (issued[$0.key] ?? document.valueDate) <= document.valueDate }
                found += book(document, covering: covered)
            }
            var shifts: [(invoice: ID<Invoice>, amount: Int64)] = []
            for debt in debts.sorted(by: Self.isOlder) {
                let shift = (wanted[debt.invoice] ?? 0) - (covered[debt.invoice] ?? 0)
                if shift != 0 { shifts.append((debt.invoice, shift)) }
            }
            let floor = document.state == .booked ? day ?? document.valueDate : document.valueDate
            let day = shifts.compactMap { issued[$0.invoice] }.reduce(max(floor, document.valueDate), max)
            let sum = shifts.reduce(0) { $0 + $1.amount }
            for shift in shifts {
                found.append(
                    Movement(
                        kind: .transfer, invoice: shift.invoice, payment: document.payment, amount: -shift.amount,
                        valueDate: day))
            }
            if sum != 0 {
                found.append(Movement(kind: .transfer, payment: document.payment, amount: sum, valueDate: day))
            }
        }
        return found
    }

    /// Whether a source has said of any invoice what is still to be paid.
    package var hasClaims: Bool { debts.contains { $0.claimedOpen != nil || $0.settled != 0 } }

    /// What has to be booked so that no more is open than the sources say: settlements, or their reversal where documents
    /// have come for it, or a source says that more is open.
    package func settlements(on today: Day) -> [Movement] {
        guard hasClaims else { return [] }
        let claims = debts.filter { $0.claimedOpen != nil || $0.settled != 0 }
        let received = Set(documents.filter { $0.state != .pending }.map(\.payment))
        var covered: [ID<Invoice>: Int64] = [:]
        let spread = Spread(of: self)
        for (payment, shares) in spread.shares where received.contains(payment) {
            covered.merge(shares) { $0 + $1 }
        }
        return claims.compactMap { debt in
            let need = max(0, debt.amount - debt.recovered + (spread.recovered[debt.invoice] ?? 0))
            let open = need - (covered[debt.invoice] ?? 0)
            // Where nobody says anything, what was settled stays as far as nothing else covers it.
            let wanted = debt.claimedOpen.map { max(0, open - $0) } ?? min(debt.settled, max(0, open))
            guard wanted != debt.settled else { return nil }
            return Movement(
                kind: wanted > debt.settled ? .settlement : .reversal, invoice: debt.invoice,
                amount: debt.settled - wanted, valueDate: max(today, debt.issuedOn))
        }
    }

    private func book(_ document: Document, covering covered: [ID<Invoice>: Int64]) -> [Movement] {
        var found: [Movement] = []
        for debt in debts.sorted(by: Self.isOlder) {
            guard let share = covered[debt.invoice] else { continue }
            found.append(
                Movement(
                    kind: document.kind, invoice: debt.invoice, payment: document.payment, amount: -share,
                    valueDate: document.valueDate))
        }
        let rest = document.amount - covered.values.reduce(0, +)
        if rest > 0 {
            found.append(
                Movement(
                    kind: document.kind, payment: document.payment, amount: -rest, valueDate: document.valueDate))
        }
        return found
    }

    /// A payment that names an invoice written off brings that debt back, as far as it goes and as long as it is not undone.
    private func recoveries(_ recovered: [ID<Invoice>: Int64], since day: Day?) -> [Movement] {
        debts.compactMap { debt in
            let lack = (recovered[debt.invoice] ?? 0) - debt.recovered
            guard lack != 0 else { return nil }
            let days = documents.filter { $0.kind == .payment && $0.instructions[debt.invoice] != nil }
                .map(\.valueDate)
            return Movement(
                kind: .recovery, invoice: debt.invoice, amount: lack,
                valueDate: (days + [debt.writtenOffOn, lack < 0 ? day : nil].compactMap(\.self)).reduce(
                    debt.issuedOn, max))
        }
    }

    /// Of two documents of one day a credit note comes first, which brings nothing back; then the one recorded first.
    static func isEarlier(_ left: Document, _ right: Document) -> Bool {
        (left.valueDate, left.kind == .creditNote ? 0 : 1, left.payment)
            < (right.valueDate, right.kind == .creditNote ? 0 : 1, right.payment)
    }

    /// By what their sources say of them, so that the order of arrival does not matter.
    package static func isOlder(_ left: Debt, _ right: Debt) -> Bool {
        (left.dueDate ?? Day(number: .max), left.issuedOn, left.externalID, left.invoice)
            < (right.dueDate ?? Day(number: .max), right.issuedOn, right.externalID, right.invoice)
    }
}
