import Dunning
import Postgres
import Store

/// Some customers' staged rows, written in one transaction: set-based, in a fixed number of statements.
///
/// New invoices with payments made for them go straight into the ledger, which is what the standing rule would do;
/// accounts with anything else in them are left to ``BookAccounts``.
struct ApplyChunk: Sendable {
    let job: ImportJob
    let range: ImportRange
    let today: Day
    let entry: EntryPolicy
    /// Whether the rows are compared with what is stored even where all customers are new.
    let isCareful: Bool
    /// Whether the file puts customers into lists.
    var hasSegments = false

    /// Rows in one chunk: as many as are written within a second.
    static let size = 5_000

    /// Another transaction wrote one of our external ids first: run again with care, and it is found as known.
    struct Raced: Error {}

    /// Throws ``Raced`` when it has to be run again in another transaction.
    func run(in tx: inout Transaction, _ context: Context) throws {
        var counts = ImportCounts()
        try tx.renameMerged(of: job.id, from: range.from, to: range.to)
        let created = try tx.addCustomers(job, range, at: context.now)
        counts.customersCreated = created.count
        let new = Set(created)
        let known = Set(try tx.matchCustomers(job, range)).subtracting(new).sorted()
        if !known.isEmpty {
            try PlanCases.lock(customers: known, in: &tx)
            // One without an open case may have been merged since it was looked up.
            if try tx.lockAccounts(known).count < known.count { try tx.checkStay(known) }
        }
        var touched = try changeParties(known, &counts, in: &tx, context)
        touched.formUnion(Set(try tx.addContacts(job, range, at: context.now)).subtracting(new))
        if hasSegments { touched.formUnion(try joinSegments(in: &tx, context).subtracting(new)) }
        var changes = LedgerChanges()
        if !known.isEmpty || isCareful {
            let stored = try tx.routeStored(job, range)
            if stored.invoices + stored.payments > 0 {
                try CheckRows.recheck(job, range, in: &tx)
                changes = try LedgerChanges(job, range, today: today, &counts, in: &tx, context)
            }
        }
        let news = try tx.news(job, range, today: today)
        for new in news {
            counts.invoicesCreated += new.invoices
            counts.paymentsCreated += new.payments
            counts.creditNotesCreated += new.creditNotes
        }
        let ruled = try ruledCustomers(news, changes, known: known, in: &tx)
        if !ruled.isEmpty { try tx.routeToRule(job, range, ruled) }
        try writeDocuments(counts, in: &tx, context)
        let fresh = ruled.isEmpty ? FreshRows() : try tx.freshRows(job, range)
        // Here all that is new of the chunk is written, and is known: by `range` in the staging table, and by `changes`.
        if !ruled.isEmpty {
            try BookAccounts.run(
                customers: ruled, invoices: (fresh.invoices.union(changes.invoices)).sorted(),
                fresh: fresh.payments.union(changes.payments), opened: fresh.invoices, entries: changes.entries,
                in: &tx, context)
        }
        for (customer, invoices) in fresh.known.sorted(by: { $0.key < $1.key }) {
            try tx.crossMessages(customer: customer, invoices: invoices.sorted())
        }
        if !known.isEmpty { try tellPayments(news, changes, known: known, in: &tx, context) }
        if !known.isEmpty || isCareful { counts.unchanged = try tx.unchangedRows(job, range, created: created) }
        try tx.noteApplied(job, from: range.from, to: range.to, rows: range.rows, counts)
        touched.formUnion(news.map(\.customer))
        touched.formUnion(changes.customers)
        // Last: whoever arms a message waits for these locks from here to the commit, and only as long.
        if !touched.isEmpty { try PlanCases.markDirty(customers: touched.sorted(), entry: entry, in: &tx, context) }
    }

    /// What the file says otherwise of customers that were there before; whose cases have to be planned anew for it.
    private func changeParties(
        _ known: [ID<Customer>], _ counts: inout ImportCounts, in tx: inout Transaction, _ context: Context
    ) throws -> Set<ID<Customer>> {
        guard !known.isEmpty else { return [] }
        let customers = Set(try tx.changeCustomers(job, range, known, at: context.now))
        let contacts = Set(try tx.changeContacts(job, range, known, at: context.now))
        try tx.audit(
            context,
            contacts.sorted().map {
                AuditEntry(
                    action: "contact.changed", subject: $0.uuid, customer: $0, detail: ["import": job.id.description])
            })
        try tx.record(
            contacts.sorted().map { (customer: $0, kind: CaseEvent.Kind.contactChanged) }, haveSpoken: true,
            at: context.now)
        counts.customersChanged = customers.union(contacts).count
        return customers.union(contacts)
    }

    /// Puts customers into lists, which are made where they are missing. Who was in another stays in it, too; a segment that is a
    /// condition cannot be joined, and the trail says so.
    private func joinSegments(in tx: inout Transaction, _ context: Context) throws -> Set<ID<Customer>> {
        let listed = try tx.listed(job, range)
        guard !listed.isEmpty else { return [] }
        var known = try tx.segments(named: listed.keys.sorted())
        for name in listed.keys.sorted() where known[name] == nil {
            let made = SegmentRecord(id: .make(at: context.now), name: name, condition: nil, at: context.now)
            guard try tx.insert(made) else { continue }
            try tx.audit(context, action: "segment.created", subject: made.id.uuid, detail: ["kind": "list"])
        }
        known = try tx.segments(named: listed.keys.sorted())
        var touched: Set<ID<Customer>> = []
        for (name, customers) in listed.sorted(by: { $0.key < $1.key }) {
            guard let segment = known[name] else { continue }
            guard !segment.isCondition else {
                try tx.audit(
                    context, action: "segment.refused", subject: segment.id.uuid,
                    detail: ["import": job.id.description, "reason": "the segment is a condition"])
                continue
            }
            let joined = try tx.join(segment.id, customers.sorted(), at: context.now)
            try tx.record(
                joined.map { (customer: $0, kind: CaseEvent.Kind.segmentJoined(name)) }, at: context.now)
            touched.formUnion(joined)
        }
        return touched
    }

    /// Customers whose accounts the standing rule has to look at: what is new is not simple, something stored has
    /// changed, or one movement may shift others.
    private func ruledCustomers(
        _ news: [ImportNews], _ changes: LedgerChanges, known: [ID<Customer>], in tx: inout Transaction
    ) throws -> [ID<Customer>] {
        var ruled = Set(news.filter(\.needsRule).map(\.customer))
        let touched = Set(news.map(\.customer)).intersection(known).sorted()
        if !touched.isEmpty {
            ruled.formUnion(try tx.wideAccounts(touched))
            ruled.formUnion(try tx.awaited(job, range, touched))
        }
        ruled.formUnion(changes.customers)
        return ruled.sorted()
    }

    /// A workflow may wait for money that covers a part; who is new has no case that could.
    private func tellPayments(
        _ news: [ImportNews], _ changes: LedgerChanges, known: [ID<Customer>], in tx: inout Transaction,
        _ context: Context
    ) throws {
        var paid = changes.paid
        if news.contains(where: { $0.payments > 0 }) {
            paid.merge(try tx.payers(job, range, known)) { $0.union($1) }
        }
        for (currency, customers) in paid.sorted(by: { $0.key.code < $1.key.code }) {
            try tx.record(
                customers.sorted().map { (customer: $0, kind: CaseEvent.Kind.partPayment) }, brand: job.brand,
                currency: currency, at: context.now)
        }
    }

    private func writeDocuments(
        _ counts: ImportCounts, in tx: inout Transaction, _ context: Context
    ) throws {
        let written = try tx.addDocuments(job, range, today: today, at: context.now)
        guard written.invoices == counts.invoicesCreated,
            written.documents == counts.paymentsCreated + counts.creditNotesCreated
        else { throw Raced() }
    }
}
