import Dunning
import Postgres
import Store

/// What a file says otherwise of invoices and documents that are stored: written, and what has to be booked for it.
struct LedgerChanges {
    /// Whose accounts change.
    private(set) var customers: Set<ID<Customer>> = []
    private(set) var invoices: Set<ID<Invoice>> = []
    /// Documents to be booked anew.
    private(set) var payments: Set<ID<Payment>> = []
    private(set) var entries: [NewEntry] = []
    /// Customers of whose invoices less is open now, by what their source says.
    private(set) var paid: [Currency: Set<ID<Customer>>] = [:]

    init() {}

    /// Reads and writes the changes of a chunk; its customers are locked.
    init(
        _ job: ImportJob, _ range: ImportRange, today: Day, _ counts: inout ImportCounts, in tx: inout Transaction,
        _ context: Context
    ) throws {
        let invoices = try tx.invoiceChanges(job, range)
        let documents = try tx.paymentChanges(job, range)
        try tx.routeChanged(invoices.map(\.place) + documents.map(\.place), of: job)
        counts.older += invoices.count(where: \.isOlder) + documents.count(where: \.isOlder)
        let newer = invoices.filter { !$0.isOlder }
        counts.invoicesChanged = newer.count
        counts.reopened = newer.count(where: \.wasAbsent)
        try take(newer, job, today: today, in: &tx, context)
        let said = documents.filter { !$0.isOlder }
        counts.paymentsChanged = said.count { $0.kind == .payment }
        counts.creditNotesChanged = said.count - counts.paymentsChanged
        try take(said, job, in: &tx)
    }

    /// A changed total is an adjustment of today; changed days and instalments hold from today on.
    private mutating func take(
        _ changes: [StatedInvoice], _ job: ImportJob, today: Day, in tx: inout Transaction, _ context: Context
    ) throws {
        guard !changes.isEmpty else { return }
        let changed = changes.map(\.id)
        try tx.retract(changed, at: context.now)
        try tx.replaceTerms(changes.filter(\.saysTerms), from: today)
        try tx.write(changes)
        try tx.restate(changed, at: context.now)
        for change in changes {
            customers.insert(change.customer)
            invoices.insert(change.id)
            if change.isPaid { paid[change.currency, default: []].insert(change.customer) }
            let difference = change.total - change.had
            guard difference != 0 else { continue }
            entries.append(
                NewEntry(
                    Movement(kind: .adjustment, invoice: change.id, amount: difference, valueDate: today),
                    on: LedgerKey(customer: change.customer, brand: job.brand, currency: change.currency)))
        }
    }

    /// A changed document is undone where it stands, as of the day it counted from, and booked anew: what was said of it
    /// before was never so.
    private mutating func take(
        _ changes: [PaymentChange], _ job: ImportJob, in tx: inout Transaction
    ) throws {
        guard !changes.isEmpty else { return }
        let money = changes.filter(\.isMoney)
        try tx.write(changes)
        try tx.reinstruct(money, source: job.source)
        for stand in try tx.booked(money.map(\.id)) {
            entries.append(
                NewEntry(
                    Movement(
                        kind: .reversal, invoice: stand.invoice, payment: stand.payment, amount: -stand.amount,
                        valueDate: stand.valueDate), on: stand.key))
            if let invoice = stand.invoice { invoices.insert(invoice) }
        }
        customers.formUnion(money.map(\.customer))
        payments.formUnion(money.map(\.id))
    }
}
