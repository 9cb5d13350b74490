import Dunning
import Foundation
import Support
import Testing

/// What receivables must be, as plain as it can be said: who owes what for what, and which money covers it, from the set of
/// facts alone.
struct ReceivableModel {
    struct Debt {
        let id: ID<Invoice>
        let name: String
        var due: Day?
        let issued: Day
        var total: Int64
        /// Given up, whether or not some of it is paid after all.
        var closed: Int64 = 0
        /// Its source says that nothing is to be paid any more.
        var isPaid = false
    }

    struct Document {
        let id: ID<Payment>
        let day: Day
        var status: String
        /// Less what was taken back or given back.
        var amount: Int64
        /// By the names of invoices; nil: the oldest debt.
        var told: [String: Int64]?
        let isCredit: Bool
    }

    var debts: [Debt] = []
    var documents: [Document] = []

    /// What each document covers, by invoice: first what was told, in the order of days, credit notes before payments, then the
    /// oldest debts. What a told payment has left where nothing is needed brings back what was given up there.
    func spread() -> (covered: [ID<Payment>: [ID<Invoice>: Int64]], back: [ID<Invoice>: Int64]) {
        var need = Dictionary(uniqueKeysWithValues: debts.map { ($0.id, max(0, $0.total - $0.closed)) })
        var back = Dictionary(uniqueKeysWithValues: debts.map { ($0.id, min($0.closed, max(0, $0.closed - $0.total))) })
        var found: [ID<Payment>: [ID<Invoice>: Int64]] = [:]
        let received = documents.filter { $0.status == "succeeded" || $0.status == "reversed" }
            .sorted { ($0.day, $0.isCredit ? 0 : 1, $0.id) < ($1.day, $1.isCredit ? 0 : 1, $1.id) }
        let oldest = debts.sorted {
            ($0.due ?? Day(number: .max), $0.issued, $0.name, $0.id) < (
                $1.due ?? Day(number: .max), $1.issued, $1.name, $1.id
            )
        }
        var rest = Dictionary(uniqueKeysWithValues: received.map { ($0.id, $0.amount) })
        for isTold in [true, false] {
            for document in received where (document.told != nil) == isTold {
                for debt in oldest {
                    let limit = min(document.told.map { $0[debt.name] ?? 0 } ?? .max, rest[document.id] ?? 0)
                    let needed = min(limit, need[debt.id] ?? 0)
                    let given = isTold && !document.isCredit ? debt.closed - (back[debt.id] ?? 0) : 0
                    let share = needed + min(limit - needed, given)
                    guard share > 0 else { continue }
                    found[document.id, default: [:]][debt.id] = share
                    need[debt.id]? -= needed
                    back[debt.id]? += share - needed
                    rest[document.id]? -= share
                }
            }
        }
        return (found, back)
    }

    func covered() -> [ID<Payment>: [ID<Invoice>: Int64]] { spread().covered }

    /// What is open beside what its source says; nothing where that says it is paid.
    func open(_ debt: Debt, _ covered: [ID<Payment>: [ID<Invoice>: Int64]]) -> Int64 {
        debt.isPaid
            ? 0
            : debt.total - debt.closed + recovered(debt) - covered.values.reduce(0) { $0 + ($1[debt.id] ?? 0) }
    }

    func open() -> [ID<Invoice>: Int64] {
        let covered = covered()
        return Dictionary(uniqueKeysWithValues: debts.map { ($0.id, open($0, covered)) })
    }

    /// Money that covers nothing.
    func credit() -> Int64 {
        let covered = covered()
        return documents.filter { $0.status == "succeeded" }.reduce(0) { sum, document in
            sum + document.amount - (covered[document.id] ?? [:]).values.reduce(0, +)
        }
    }

    /// Money that names an invoice brings back what was given up of it, as far as it goes and as long as it is there.
    func recovered(_ debt: Debt) -> Int64 { spread().back[debt.id] ?? 0 }
}

/// What the ledger answers, by its entries alone.
struct LedgerAnswers: Equatable {
    /// By invoice: what is open, in minor units.
    var open: [String: Int64] = [:]
    /// What covers too much on its day, and the credit account.
    var unapplied: Int64 = 0

    /// As of the end of a day.
    static func read(_ tenant: TestTenant, on day: Day) async throws -> LedgerAnswers {
        var answers = LedgerAnswers()
        for row in try await tenant.admin(
            """
            select coalesce(invoice_id::text, ''), sum(amount) from ledger_entry
            where tenant_id = $t and value_date <= '\(day)' group by invoice_id
            """)
        {
            let sum = Int64(row[1] ?? "") ?? 0
            guard let invoice = row[0], !invoice.isEmpty else {
                answers.unapplied += sum
                continue
            }
            if sum > 0 { answers.open[invoice] = sum }
            answers.unapplied += min(0, sum)
        }
        return answers
    }
}
