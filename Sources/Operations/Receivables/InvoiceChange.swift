import Dunning
import Postgres
import Store

/// What has to be written so that an invoice is what its source says of it now.
struct InvoiceChange {
    private let stored: InvoiceRecord
    private let standing: InvoiceStanding
    private let version: Int64
    private let number: String
    private let total: Int64
    private let dueDate: Day?
    /// Nil: what is asked for when stays.
    private let terms: [Instalment]?
    private let entries: [Movement]
    /// Nil where the source's word on it stays what it was.
    private let status: PutInvoice.Status?
    private let day: Day

    init(of stored: InvoiceRecord, standing: InvoiceStanding, to said: PutInvoice, today: Day) throws(Rejection) {
        self.stored = stored
        self.standing = standing
        version = max(stored.version, said.version)
        number = said.number ?? stored.number
        total = said.total.minor
        // An invoice issued in the future cannot change before it is there.
        let day = max(today, standing.issuedOn)
        self.day = day
        (dueDate, terms) = try Self.terms(of: stored, said)
        status =
            switch said.status {
            case .paid: standing.claimedOpen == 0 ? nil : .paid
            case .open: standing.claimedOpen == nil && standing.settled == 0 ? nil : .open
            case nil: nil
            }
        entries = Self.entries(stored, standing, total: total, reopens: status == .open, on: day)
    }

    var isEmpty: Bool { entries.isEmpty && terms == nil && number == stored.number && status == nil }

    private static func terms(
        of stored: InvoiceRecord, _ said: PutInvoice
    ) throws(Rejection) -> (dueDate: Day?, terms: [Instalment]?) {
        if case .to(let parts) = said.instalments, parts.count > 1 {
            guard case .keep = said.dueDate else {
                throw .invalid("/due_date", "one_of", "instalments have due dates of their own")
            }
            let plan = try InstalmentPlan(parts, of: said.total, issued: stored.issueDate)
            return (plan.firstDue, plan.instalments == stored.instalments ? nil : plan.instalments)
        }
        let due = said.dueDate.applied(to: stored.dueDate)
        let isWhole = !said.instalments.isKept && !stored.instalments.isEmpty
        guard due != stored.dueDate || isWhole else { return (stored.dueDate, nil) }
        try RecordInvoice.check(dueDate: due, issueDate: stored.issueDate)
        return (due, [Instalment(dueDate: due, amount: said.total.minor)])
    }

    /// A changed total, and what was settled where the source says that it is open; what was written off goes back where the
    /// total falls below it.
    private static func entries(
        _ stored: InvoiceRecord, _ standing: InvoiceStanding, total: Int64, reopens: Bool, on day: Day
    ) -> [Movement] {
        var found: [Movement] = []
        var own = standing.own
        func move(_ kind: Movement.Kind, _ amount: Int64) {
            guard amount != 0 else { return }
            found.append(Movement(kind: kind, invoice: stored.id, amount: amount, valueDate: day))
            own += amount
        }
        move(.adjustment, total - stored.total.minor)
        move(.writeOff, min(max(0, standing.writtenOff), max(0, -own)))
        if reopens { move(.reversal, standing.settled) }
        return found
    }

    func write(in tx: inout Transaction, _ context: Context) throws -> Crossing {
        try tx.change(
            stored.id, version: version, number: number, dueDate: dueDate, total: total, status: status?.rawValue,
            terms: terms.map { (from: day, parts: $0) }, at: context.now)
        try BookAccounts.run(
            customers: [stored.customer], invoices: [stored.id],
            entries: entries.map { NewEntry($0, on: stored.key) }, since: day, in: &tx, context)
        let isLess = status == .paid || entries.reduce(0) { $0 + $1.amount } < 0
        let crossing = isLess ? try Crossing.flag([stored.id], of: stored.customer, in: &tx) : Crossing()
        try tx.audit(
            context, action: total == 0 && stored.total.minor > 0 ? "invoice.voided" : "invoice.changed",
            subject: stored.id.uuid, customer: stored.customer,
            detail: [
                "version": "\(version)", "total": Money(minor: total, currency: stored.total.currency).decimal,
                "due_date": dueDate?.description ?? "", "entries": entries.map(\.kind.rawValue).joined(separator: ","),
            ])
        return crossing
    }
}
