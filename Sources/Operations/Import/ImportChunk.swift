import Dunning
import Postgres
import Store

/// Some customers' rows, written in one transaction: set-based, in a fixed number of statements.
///
/// A customer's rows stand together, so nobody sees half a ledger; only one with more rows than a chunk holds is
/// spread.
struct ImportChunk: Sendable {
    static let size = 500

    let rows: [LedgerRow]

    /// Another transaction wrote one of our external ids while we were at it: run again, and it is found as known.
    struct Raced: Error {}

    /// Cuts a file into chunks of at most ``size`` rows.
    static func chunks(of customers: [[LedgerRow]]) -> [ImportChunk] {
        var chunks: [ImportChunk] = []
        var open: [LedgerRow] = []
        for customer in customers {
            if !open.isEmpty, open.count + customer.count > size {
                chunks.append(ImportChunk(rows: open))
                open = []
            }
            open += customer
            while open.count > size {
                chunks.append(ImportChunk(rows: Array(open.prefix(size))))
                open.removeFirst(size)
            }
        }
        return open.isEmpty ? chunks : chunks + [ImportChunk(rows: open)]
    }

    /// Throws ``Raced`` when it has to be run again in another transaction.
    func write(_ plan: ImportPlan, in tx: inout Transaction, _ context: Context) throws -> ImportCounts {
        var state = ChunkState(rows: rows)
        try writeCustomers(&state, plan, in: &tx, context)
        try writeInvoices(&state, plan, in: &tx, context)
        try writePayments(&state, plan, in: &tx, context)
        try tx.insert(state.problems.map(\.record), of: plan.id)
        let counts = state.counts
        try tx.count(counts, in: plan.id)
        // Last: whoever arms a message waits for these locks from here to the commit, and only as long.
        let touched = state.touched.sorted()
        if !touched.isEmpty { try PlanCases.markDirty(customers: touched, entry: plan.entry, in: &tx, context) }
        return counts
    }

    private func writeCustomers(
        _ state: inout ChunkState, _ plan: ImportPlan, in tx: inout Transaction, _ context: Context
    ) throws {
        let parts = state.firsts(\.customer, key: \.externalID)
        let known = try tx.knownCustomers(parts.map(\.key), at: plan.brand.id)
        try PlanCases.lock(customers: known.values.map(\.id).sorted(), in: &tx)
        try tx.lockAccounts(known.values.map(\.id).sorted())
        var fresh: [NewCustomer] = []
        var contactable: Set<String> = []
        for (key, part, index) in parts {
            guard let there = known[key] else {
                let customer = NewCustomer(key, part, at: context.now)
                fresh.append(customer)
                state.customers[key] = customer.id
                state.isNew.insert(index)
                contactable.insert(key)
                continue
            }
            guard part.name.map(there.names.contains) ?? true, part.kind.map(there.kinds.contains) ?? true else {
                state.differs(.customer, "customer.external_id", "customer \(key)") { $0.customer?.externalID == key }
                continue
            }
            state.customers[key] = there.id
            if there.hasCase { state.withCase.insert(there.id) }
            if !there.hasContact { contactable.insert(key) }
        }
        guard try tx.insert(fresh, at: context.now) == fresh.count else { throw Raced() }
        state.counts.customers = fresh.count
        let names = Dictionary(uniqueKeysWithValues: fresh.map { ($0.externalID, $0.name) })
        var contacts: [NewContact] = []
        for row in state.rows {
            // Only the first contact: one that a person has changed since is not undone by the same file again.
            guard let key = row.customer?.externalID, let part = row.contact, let customer = state.customers[key],
                contactable.remove(key) != nil
            else { continue }
            let name = part.name ?? names[key] ?? known[key]?.names.first ?? key
            contacts.append(NewContact(customer: customer, name: name, email: part.email))
            state.touched.insert(customer)
        }
        try tx.insert(contacts, at: context.now)
    }

    private func writeInvoices(
        _ state: inout ChunkState, _ plan: ImportPlan, in tx: inout Transaction, _ context: Context
    ) throws {
        let parts = state.firsts(\.invoice, key: \.externalID)
        let known = try tx.knownInvoices(parts.map(\.key))
        var fresh: [NewInvoice] = []
        for (key, part, index) in parts {
            guard let customer = state.customers[part.customer] else { continue }
            guard let there = known[key] else {
                let invoice = NewInvoice(part, of: customer, plan: plan, at: context.now)
                fresh.append(invoice)
                state.invoices[key] = .init(id: invoice.id, customer: customer, total: part.total)
                state.isNew.insert(index)
                continue
            }
            let isSame =
                there.customer == customer && there.brand == plan.brand.id && there.total == part.total
                && (there.dueDate == part.dueDate || !plan.mapping.fills(.invoiceDueDate))
                && (there.issueDate == part.issueDate || !plan.mapping.fills(.invoiceIssueDate))
                && (there.number == part.number || !plan.mapping.fills(.invoiceNumber))
            guard isSame else {
                state.differs(.invoice, "invoice.external_id", "invoice \(key)") { $0.invoice?.externalID == key }
                continue
            }
            state.invoices[key] = .init(id: there.id, customer: customer, total: there.total)
            state.known.insert(there.id)
        }
        guard try tx.insert(fresh, of: plan.brand.id, at: context.now) == fresh.count else { throw Raced() }
        state.counts.invoices = fresh.count
        state.opened = fresh
        state.touched.formUnion(fresh.map(\.customer))
    }

    private func writePayments(
        _ state: inout ChunkState, _ plan: ImportPlan, in tx: inout Transaction, _ context: Context
    ) throws {
        let parts = state.firsts(\.payment, key: \.externalID)
        let known = try tx.knownPayments(parts.map(\.key))
        var fresh: [(part: LedgerRow.PaymentPart, invoice: ChunkState.Invoice)] = []
        for (key, part, index) in parts {
            guard let invoice = part.invoice.flatMap({ state.invoices[$0] }) else { continue }
            guard let there = known[key] else {
                fresh.append((part, invoice))
                state.isNew.insert(index)
                continue
            }
            let isSame =
                there.customer == invoice.customer && there.valueDate == part.valueDate
                && there.amount == part.amount
                && (there.method == part.method || !plan.mapping.fills(.paymentMethod))
            if !isSame {
                state.differs(.payment, "payment.external_id", "payment \(key)") { $0.payment?.externalID == key }
            }
        }
        let payments = fresh.map { NewPayment($0.part, for: $0.invoice, plan: plan, at: context.now) }
            .sorted { $0.externalID < $1.externalID }
        guard try tx.insert(payments, of: plan.brand.id, at: context.now) == payments.count else { throw Raced() }
        for payment in payments { try tx.instruct(payment.id, [(payment.invoiceName, payment.amount.minor)]) }
        try BookAccounts.run(
            customers: Array(Set(state.customers.values)).sorted(),
            invoices: (state.opened.map(\.id) + payments.map(\.invoice)).sorted(), fresh: Set(payments.map(\.id)),
            entries: state.opened.map { invoice in
                NewEntry(
                    Movement(
                        kind: .invoice, invoice: invoice.id, amount: invoice.total.minor, valueDate: invoice.valueDate),
                    on: LedgerKey(
                        customer: invoice.customer, brand: plan.brand.id, currency: invoice.total.currency))
            }, in: &tx, context)
        state.counts.payments = payments.count
        state.touched.formUnion(payments.map(\.customer))
        try flagCrossed(payments, state, in: &tx)
    }

    /// A message that is on the wire for what was paid here is marked, as it is for a single payment (architecture
    /// 4.8).
    private func flagCrossed(_ payments: [NewPayment], _ state: ChunkState, in tx: inout Transaction) throws {
        var asked: [ID<Customer>: [ID<Invoice>]] = [:]
        for payment in payments where state.withCase.contains(payment.customer) && state.known.contains(payment.invoice)
        {
            asked[payment.customer, default: []].append(payment.invoice)
        }
        for (customer, invoices) in asked.sorted(by: { $0.key < $1.key }) {
            try tx.crossMessages(customer: customer, invoices: invoices)
        }
    }
}
