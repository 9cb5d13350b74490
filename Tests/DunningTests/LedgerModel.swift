import Dunning

/// A ledger as plain as it can be: dated entries on accounts, every figure summed up from them anew.
struct LedgerModel {
    enum Kind: CaseIterable {
        case invoice, adjustment, payment, creditNote, writeOff, settlement, reversal, refund, transfer
    }

    struct Invoice {
        var id: Int
        var due: Day?
        var currency = Currency("EUR")!
        var disputedFrom: Day?
        var disputedUntil: Day?
    }

    /// Signed as it changes what is owed; without an invoice it stands on the customer's credit account.
    struct Entry {
        var kind: Kind
        var invoice: Int?
        var day: Day
        var amount: Int64
        var currency = Currency("EUR")!
    }

    var invoices: [Invoice] = []
    var entries: [Entry] = []
    var rates = ExchangeRates(base: Currency("EUR")!, [])
    var edges = AgingEdges.standard
    /// All amounts at the rates of this day, instead of each at its own.
    var constantRate: Day?

    private func factor(_ currency: Currency, _ day: Day) -> Double {
        rates.factor(currency, on: constantRate ?? day) ?? .nan
    }

    private func balance(of invoice: Int, on day: Day) -> Int64 {
        entries.reduce(0) { $1.invoice == invoice && $1.day <= day ? $0 + $1.amount : $0 }
    }

    func position(on day: Day) -> ReceivablePosition {
        var sum = ReceivablePosition()
        for invoice in invoices {
            let balance = balance(of: invoice.id, on: day)
            var part = ReceivablePosition(open: Double(max(0, balance)), unapplied: Double(min(0, balance)))
            if let due = invoice.due {
                part.late = edges.bounds.map { due.distance(to: day) > $0 ? part.open : 0 }
            }
            if let from = invoice.disputedFrom, from <= day, invoice.disputedUntil.map({ day < $0 }) ?? true {
                part.disputed = part.open
            }
            sum = sum + part.converted(by: factor(invoice.currency, day))
        }
        for entry in entries where entry.invoice == nil && entry.day <= day {
            sum.unapplied += Double(entry.amount) * factor(entry.currency, day)
        }
        return sum
    }

    func flow(_ from: Day, _ to: Day) -> ReceivableFlow {
        var flow = ReceivableFlow()
        for entry in entries where (from...to).contains(entry.day) {
            let amount = Double(entry.amount) * factor(entry.currency, entry.day)
            switch entry.kind {
            case .invoice, .adjustment: flow.invoiced += amount
            case .creditNote: flow.credited -= amount
            case .payment, .reversal: flow.paid -= amount
            case .settlement: flow.settled -= amount
            case .writeOff: flow.writtenOff -= amount
            case .refund: flow.refunded += amount
            case .transfer: break
            }
        }
        return flow
    }

    func months(asOf day: Day) -> [DSO.SalesMonth] {
        (0..<DSO.lookback).map { back in
            let month = Month(of: day).adding(-back)
            let last = min(day, month.last)
            return DSO.SalesMonth(sales: flow(month.first, last).sales, days: month.first.distance(to: last) + 1)
        }
    }

    func daysBeyondTerms(_ from: Day, _ to: Day) -> DaysBeyondTerms {
        var sum = DaysBeyondTerms()
        for invoice in invoices {
            let all = entries.filter { $0.invoice == invoice.id && $0.day <= to }
            guard let due = invoice.due, let last = all.map(\.day).max(), last >= from,
                balance(of: invoice.id, on: to) <= 0,
                all.reduce(0, { $1.day == last && $1.kind == .payment ? $0 + $1.amount : $0 }) < 0
            else { continue }
            let cash =
                all.reduce(0) { $1.kind == .payment ? $0 - Double($1.amount) : $0 } * factor(invoice.currency, to)
            let late = due.distance(to: last)
            sum = sum + DaysBeyondTerms(invoices: 1, days: late, cash: cash, cashDays: cash * Double(late))
        }
        return sum
    }
}

extension Day {
    /// For literals of tests.
    static func iso(_ text: String) -> Day { Day(text)! }
}
