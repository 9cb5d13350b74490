import Dunning
import Foundation
import Support

/// The rows of a tenant's ledger, and every figure summed up from them anew.
struct LedgerOracle {
    private struct Entry {
        let kind: Movement.Kind
        let invoice: UUID?
        let brand: UUID
        let currency: String
        let amount: Int64
        let day: Day
        /// Of the document it belongs to.
        let document: String?
    }

    private struct Term {
        let from: Day
        let until: Day
        let due: Day?
        let amount: Int64
    }

    private struct Dispute {
        let from: Day
        let until: Day
        let amount: Int64?
    }

    private let entries: [Entry]
    private let dueDates: [UUID: Day]
    private let terms: [UUID: [Term]]
    private let disputes: [UUID: [Dispute]]
    private let edges: AgingEdges

    init(of tenant: TestTenant, edges: AgingEdges) async throws {
        self.edges = edges
        entries = try await tenant.admin(
            """
            select e.kind, e.invoice_id, e.brand_id, e.currency, e.amount, e.value_date, p.kind
            from ledger_entry e left join payment p using (tenant_id, payment_id) where e.tenant_id = $t
            """
        ).map {
            Entry(
                kind: Movement.Kind(rawValue: $0[0]!)!, invoice: $0[1].flatMap(UUID.init(uuidString:)),
                brand: UUID(uuidString: $0[2]!)!, currency: $0[3]!, amount: Int64($0[4]!)!, day: Day($0[5]!)!,
                document: $0[6])
        }
        var dueDates: [UUID: Day] = [:], terms: [UUID: [Term]] = [:], disputes: [UUID: [Dispute]] = [:]
        for row in try await tenant.admin("select invoice_id, due_date from invoice where tenant_id = $t") {
            dueDates[UUID(uuidString: row[0]!)!] = row[1].flatMap { Day($0) }
        }
        for row in try await tenant.admin(
            """
            select invoice_id, from_day, until_day, due_date, amount from invoice_term where tenant_id = $t
            order by due_date, number
            """)
        {
            terms[UUID(uuidString: row[0]!)!, default: []].append(
                Term(from: Self.day(row[1]!), until: Self.day(row[2]!), due: Day(row[3]!), amount: Int64(row[4]!)!))
        }
        for row in try await tenant.admin(
            "select invoice_id, from_day, until_day, amount from dispute where tenant_id = $t")
        {
            disputes[UUID(uuidString: row[0]!)!, default: []].append(
                Dispute(from: Self.day(row[1]!), until: Self.day(row[2]!), amount: row[3].flatMap { Int64($0) }))
        }
        (self.dueDates, self.terms, self.disputes) = (dueDates, terms, disputes)
    }

    private static func day(_ text: String) -> Day {
        Day(text) ?? Day(number: text == "infinity" ? .max : .min)
    }

    private func of(_ currency: Currency, _ brand: ID<Brand>?) -> [Entry] {
        entries.filter { $0.currency == currency.code && (brand == nil || $0.brand == brand?.uuid) }
    }

    func position(on day: Day, in currency: Currency, at brand: ID<Brand>?) -> ReceivablePosition {
        var sum = ReceivablePosition()
        let known = of(currency, brand).filter { $0.day <= day }
        for (invoice, entries) in Dictionary(grouping: known, by: \.invoice) {
            let balance = entries.reduce(0) { $0 + $1.amount }
            guard let invoice else {
                sum.unapplied += Double(balance)
                continue
            }
            sum.unapplied += Double(min(0, balance))
            let open = max(0, balance)
            sum.open += Double(open)
            let total = entries.reduce(0) { $1.kind == .invoice || $1.kind == .adjustment ? $0 + $1.amount : $0 }
            for part in OpenTerms.split(open: open, total: total, terms: termsInForce(of: invoice, on: day, total)) {
                guard let due = part.dueDate else { continue }
                for (index, bound) in edges.bounds.enumerated() where due.distance(to: day) > bound {
                    sum.late[index] += Double(part.open)
                }
            }
            let disputed = (disputes[invoice] ?? []).filter { $0.from <= day && day < $0.until }
                .reduce(0) { $0 + ($1.amount ?? open) }
            sum.disputed += Double(min(open, disputed))
        }
        return sum
    }

    private func termsInForce(
        of invoice: UUID, on day: Day, _ total: Int64
    ) -> [(dueDate: Day?, amount: Int64)] {
        let found = (terms[invoice] ?? []).filter { $0.from <= day && day < $0.until }.map { ($0.due, $0.amount) }
        return found.isEmpty ? [(dueDates[invoice], total)] : found
    }

    func flow(_ from: Day, _ to: Day, in currency: Currency, at brand: ID<Brand>?) -> ReceivableFlow {
        var flow = ReceivableFlow()
        for entry in of(currency, brand) where (from...to).contains(entry.day) {
            let amount = Double(entry.amount)
            switch entry.kind {
            case .invoice, .adjustment: flow.invoiced += amount
            case .creditNote: flow.credited -= amount
            case .payment: flow.paid -= amount
            case .settlement: flow.settled -= amount
            case .reversal where entry.document == nil: flow.settled -= amount
            case .reversal where entry.document == "payment": flow.paid -= amount
            case .reversal: flow.credited -= amount
            case .writeOff, .recovery: flow.writtenOff -= amount
            case .refund: flow.refunded += amount
            case .transfer: break
            }
        }
        return flow
    }

    /// The days on which something moved: not those whose entries of each kind cancel out. What is moved from or to credit is
    /// of its document's kind, and a recovery takes back a write-off.
    private static func moving(_ entries: [Entry]) -> [Day] {
        let kinds = Dictionary(grouping: entries) {
            switch $0.kind {
            case .transfer: "\($0.day) \($0.document ?? "")"
            case .recovery: "\($0.day) \(Movement.Kind.writeOff.rawValue)"
            default: "\($0.day) \($0.kind.rawValue)"
            }
        }
        return kinds.values.filter { $0.reduce(0) { $0 + $1.amount } != 0 }.map { $0[0].day }
    }

    func daysBeyondTerms(_ from: Day, _ to: Day, in currency: Currency, at brand: ID<Brand>?) -> DaysBeyondTerms {
        var sum = DaysBeyondTerms()
        let known = of(currency, brand).filter { $0.day <= to }
        for (invoice, entries) in Dictionary(grouping: known, by: \.invoice) {
            guard let invoice, let last = Self.moving(entries).max(), last >= from,
                entries.reduce(0, { $0 + $1.amount }) <= 0
            else { continue }
            let cash = entries.filter {
                $0.kind == .payment || ($0.kind == .transfer && $0.document == "payment")
            }
            guard cash.reduce(0, { $1.day == last ? $0 + $1.amount : $0 }) < 0,
                let due = termsInForce(of: invoice, on: last, 0).compactMap(\.dueDate).max()
            else { continue }
            let paid = cash.reduce(0) { $0 - Double($1.amount) }
            let late = due.distance(to: last)
            sum = sum + DaysBeyondTerms(invoices: 1, days: late, cash: paid, cashDays: paid * Double(late))
        }
        return sum
    }
}
