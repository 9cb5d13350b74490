import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Everything that can happen to one customer's money, at random: the books agree with a model of a page, with themselves, and
/// with what they answered before.
@Suite(.database) struct ReceivableProperties {
    @Test func `whatever happens in whatever order, balances, credit and statuses are those of the model`() async throws
    {
        for round in 0..<2 {
            let tenant = try await TestTenant.make(in: try TestDatabase.current())
            var walk = try await Walk(of: tenant)
            print("receivables \(round): seed \(walk.generator.seed)")
            for _ in 0..<45 {
                guard try await walk.step() else { return }
            }
            try await walk.finish()
            #expect(walk.accepted > 18, "seed \(walk.generator.seed)")
        }
    }
}

/// A walk through the operations, beside the model.
private struct Walk {
    let tenant: TestTenant
    let customer: ID<Customer>
    var generator: SeededGenerator
    var model = ReceivableModel()
    var now = TestTenant.now
    var accepted = 0
    /// What was answered of each day that is over.
    var answers: [Day: LedgerAnswers] = [:]
    var disputes: [ID<Dispute>] = []
    /// What was done, in words.
    var told: [String] = []

    init(of tenant: TestTenant) async throws {
        self.tenant = tenant
        generator = SeededGenerator()
        customer = try await tenant.customer()
    }

    private var today: Day { TestTenant.zone.day(of: now) }

    private mutating func amount() -> Int64 { .random(in: 1...120_00, using: &generator) }

    /// Most things happen on the day they are told of; some are told of late.
    private mutating func valueDay(from first: Day) -> Day {
        guard Int.random(in: 0..<4, using: &generator) == 0 else { return max(first, today) }
        return max(first, today.adding(-Int.random(in: 0...9, using: &generator)))
    }

    /// False as soon as something is not as it must be: what follows would only repeat it.
    mutating func step() async throws -> Bool {
        if Int.random(in: 0..<3, using: &generator) == 0 {
            answers[today] = try await LedgerAnswers.read(tenant, on: today)
            now = now.adding(days: .random(in: 1...4, using: &generator))
        }
        let before = model
        let touched: Day?
        do {
            let (what, day) = try await act()
            (touched, accepted) = (day, accepted + 1)
            told.append("\(what) on \(day), told on \(today)")
        } catch let refusal as Rejection {
            // Refused: nothing may have changed.
            told.append("\(refusal)")
            model = before
            touched = nil
        }
        let wrong = try await differences(since: touched)
        #expect(wrong == [], "seed \(generator.seed), step \(accepted) (\(told.suffix(3)))")
        return wrong.isEmpty
    }

    // MARK: What may happen; answers the first day it bears on

    private mutating func act() async throws -> (what: String, day: Day) {
        switch Int.random(in: 0..<16, using: &generator) {
        case 0...2: ("invoice", try await invoice())
        case 3...5: ("payment", try await document(isCredit: false))
        case 6: ("credit note", try await document(isCredit: true))
        case 7: ("write-off", try await writeOff())
        case 8, 9: ("reversal", try await reverse())
        case 10: ("refund", try await refund())
        case 11: ("change", try await change())
        case 12: ("closing", try await close())
        case 13: ("end of money under way", try await finishPending())
        case 14: ("argument", try await argue())
        default: ("reallocation", try await tell())
        }
    }

    private mutating func invoice() async throws -> Day {
        let (name, total, issued) = ("I-\(model.debts.count)", amount(), valueDay(from: Day(number: 0)))
        let due = Bool.random(using: &generator) ? issued.adding(.random(in: 0...20, using: &generator)) : nil
        let parts =
            due == nil && total > 10 && Bool.random(using: &generator)
            ? [(5, total / 2), (15, total - total / 2)].map { Instalment(dueDate: issued.adding($0.0), amount: $0.1) }
            : []
        let record = try RecordInvoice(
            externalID: name, customer: customer, brand: tenant.brand, issueDate: issued, dueDate: due,
            total: Money(minor: total, currency: TestTenant.dollar), instalments: parts)
        let made = try await tenant.write(at: now) { tx, context in try record.run(in: &tx, context).invoice }
        model.debts.append(.init(id: made.id, name: name, due: made.dueDate, issued: issued, total: total))
        return issued
    }

    private mutating func told(_ amount: Int64) -> [String: Int64]? {
        guard Int.random(in: 0..<3, using: &generator) > 0 else { return nil }
        var (left, told): (Int64, [String: Int64]) = (amount, [:])
        for _ in 0..<Int.random(in: 1...2, using: &generator) where left > 0 {
            let share = Int64.random(in: 1...left, using: &generator)
            // Some name invoices that come later, or never.
            told["I-\(Int.random(in: 0...model.debts.count + 2, using: &generator))", default: 0] += share
            left -= share
        }
        return told
    }

    private mutating func document(isCredit: Bool) async throws -> Day {
        let amount = amount()
        let (told, day) = (told(amount), valueDay(from: Day(number: 0)))
        let isPending = !isCredit && Int.random(in: 0..<5, using: &generator) == 0
        let record = try RecordPayment(
            SourceName("D-\(model.documents.count)"), kind: isCredit ? .creditNote : .payment, customer: .id(customer),
            brand: tenant.brand, amount: Money(minor: amount, currency: TestTenant.dollar), valueDate: day,
            status: isPending ? .pending : .succeeded,
            shares: told.map { $0.sorted { $0.key < $1.key }.map { PaymentShare(.name(SourceName($0.key)), $0.value) } }
        )
        let made = try await tenant.write(at: now) { tx, context in try record.run(in: &tx, context).payment }
        model.documents.append(
            .init(
                id: made.id, day: day, status: isPending ? "pending" : "succeeded", amount: amount, told: told,
                isCredit: isCredit))
        return day
    }

    private mutating func writeOff() async throws -> Day {
        guard let index = model.debts.indices.randomElement(using: &generator) else { return today }
        let debt = model.debts[index]
        let open = model.open()[debt.id] ?? 0
        let amount = Bool.random(using: &generator) ? nil : Optional(self.amount())
        let day = valueDay(from: debt.issued)
        try await tenant.writeOff(debt.id, amount, on: day, at: now)
        model.debts[index].closed += amount ?? open
        return day
    }

    private mutating func reverse() async throws -> Day {
        guard let index = model.documents.indices.randomElement(using: &generator) else { return today }
        let document = model.documents[index]
        let amount = Bool.random(using: &generator) ? nil : Optional(self.amount())
        let day = valueDay(from: document.day)
        try await tenant.reverse(document.id, amount, on: day, at: now)
        model.documents[index].amount -= amount ?? document.amount
        if model.documents[index].amount == 0 { model.documents[index].status = "reversed" }
        return day
    }

    private mutating func refund() async throws -> Day {
        guard let document = model.documents.randomElement(using: &generator) else { return today }
        let amount = amount() / 4 + 1
        let posted = try await tenant.refund(document.id, amount, at: now)
        let given = try await tenant.admin(
            """
            select p.payment_id, sum(e.amount) from ledger_entry e join payment p using (tenant_id, payment_id)
            where e.tenant_id = $t and e.kind = 'refund' group by p.payment_id
            """)
        let sum = given.reduce(0) { $0 + (Int64($1[1] ?? "") ?? 0) }
        refunded += amount
        try #require(sum == refunded)
        // Its own credit first: the rest is another document's.
        for row in given {
            guard let id = UUID(uuidString: row[0] ?? ""), let all = Int64(row[1] ?? "") else { continue }
            let index = try #require(model.documents.firstIndex { $0.id.uuid == id })
            model.documents[index].amount -= all - (refunds[ID(id)] ?? 0)
            refunds[ID(id)] = all
        }
        return posted.posting.valueDate
    }

    private var refunded: Int64 = 0
    private var refunds: [ID<Payment>: Int64] = [:]

    private mutating func change() async throws -> Day {
        guard let index = model.debts.indices.randomElement(using: &generator) else { return today }
        let debt = model.debts[index]
        let isMoved = Bool.random(using: &generator)
        let total = isMoved ? debt.total : Int.random(in: 0..<4, using: &generator) == 0 ? 0 : amount()
        let due = max(debt.issued, today.adding(.random(in: -9...30, using: &generator)))
        try await tenant.put(debt.id, total, dueDate: isMoved ? .to(due) : .keep, at: now)
        model.debts[index].total = total
        model.debts[index].closed -= min(debt.closed, max(0, debt.closed - model.recovered(debt) - total))
        if isMoved { model.debts[index].due = due }
        return max(today, debt.issued)
    }

    /// The source says that it is paid, or that it is not.
    private mutating func close() async throws -> Day {
        guard let index = model.debts.indices.randomElement(using: &generator) else { return today }
        let (debt, isPaid) = (model.debts[index], Bool.random(using: &generator))
        try await tenant.put(debt.id, debt.total, status: isPaid ? .paid : .open, at: now)
        model.debts[index].isPaid = isPaid
        return max(today, debt.issued)
    }

    private mutating func finishPending() async throws -> Day {
        guard
            let index = model.documents.indices.filter({ model.documents[$0].status == "pending" })
                .randomElement(using: &generator)
        else { return today }
        let (document, came) = (model.documents[index], Bool.random(using: &generator))
        try await tenant.finish(document.id, came ? .succeeded(on: nil) : .failed, at: now)
        model.documents[index].status = came ? "succeeded" : "failed"
        return came ? document.day : today
    }

    /// What a document is for is said anew.
    private mutating func tell() async throws -> Day {
        guard let index = model.documents.indices.randomElement(using: &generator) else { return today }
        let document = model.documents[index]
        guard let stored = try await tenant.read({ tx, _ in try tx.payment(document.id) }),
            document.status == "succeeded",
            let told = told(document.amount)
        else { return today }
        let record = try RecordPayment(
            stored.name, kind: stored.kind, customer: .id(customer), amount: stored.amount, valueDate: stored.valueDate,
            shares: told.sorted { $0.key < $1.key }.map { PaymentShare(.name(SourceName($0.key)), $0.value) })
        _ = try await tenant.write(at: now) { tx, context in
            try PutPayment(record, status: .succeeded).run(in: &tx, context)
        }
        model.documents[index].told = told
        return document.day
    }

    private mutating func argue() async throws -> Day {
        if let dispute = disputes.popLast() {
            try await tenant.write(at: now) { tx, context in
                _ = try ResolveDispute(dispute, .rejected).run(in: &tx, context)
            }
            return today
        }
        guard let debt = model.debts.randomElement(using: &generator) else { return today }
        if Bool.random(using: &generator) {
            disputes.append(try await tenant.dispute(debt.id, at: now).id)
        } else {
            try await tenant.promise([debt.id], dueIn: .random(in: 0...5, using: &generator), at: now)
        }
        return today
    }

    // MARK: What must be

    private mutating func differences(since touched: Day?) async throws -> [String] {
        var wrong: [String] = []
        func expect<Value: Equatable>(_ what: String, _ is: Value, _ should: Value) {
            if `is` != should { wrong.append("\(what): \(`is`) instead of \(should)") }
        }
        let covered = model.covered()
        for debt in model.debts {
            let record = try await tenant.shown(debt.id)
            expect("open of \(debt.name)", record.open.minor, model.open(debt, covered))
            expect("settled mark of \(debt.name)", record.settledAt != nil, model.open(debt, covered) == 0)
            expect("total of \(debt.name)", record.total.minor, debt.total)
        }
        for document in model.documents {
            guard let record = try await tenant.read({ tx, _ in try tx.payment(document.id) }) else { continue }
            expect("status of \(record.name.externalID)", record.status.rawValue, document.status)
            guard document.status != "pending" else { continue }
            let shares = Dictionary(uniqueKeysWithValues: record.shares.map { ($0.invoice, $0.amount) })
            expect("cover of \(record.name.externalID)", shares, covered[document.id] ?? [:])
        }
        expect("credit", try await tenant.credit(of: customer), model.credit())
        expect("days on which money covers twice", try await tenant.count(Overdrawn.count), 0)
        // Days before what happened answer as they did; those since are answered anew.
        for (day, answer) in answers {
            let now = try await LedgerAnswers.read(tenant, on: day)
            if let touched, day >= touched { answers[day] = now } else { expect("answer of \(day)", now, answer) }
        }
        return wrong
    }

    func finish() async throws {
        #expect(
            try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [], "seed \(generator.seed)")
        // Entries roll forward from nothing to what is owed.
        let owed = try await tenant.value("select coalesce(sum(amount), 0) from ledger_entry where tenant_id = $t")
        #expect(Int64(owed ?? "") == model.open().values.reduce(0, +) - model.credit())
    }
}
