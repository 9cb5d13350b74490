package import Dunning
package import Postgres
package import Store

/// The invoices a number is made of, a page at a time.
package struct ReadInvoicesBehind: Sendable {
    package enum Subject: String, Sendable, CaseIterable {
        case dso, cei, aging, recovery, promises
        case daysBeyondTerms = "days_beyond_terms"
    }

    /// An invoice, with what of it counts.
    package struct Line: Sendable {
        package let invoice: StandingInvoice
        package let open: Int64
        package let overdue: Int64
        package let disputed: Int64
        /// Of its oldest open term; not positive before it is due.
        package let daysPastDue: Int?
        /// When it was settled, for days beyond terms.
        package let settledOn: Day?
        /// By the buckets of the aging.
        package let buckets: [Int64]
    }

    package struct Result: Sendable {
        package let asOf: Day
        package let lines: [Line]
        /// Where the next page begins; nil at the end of the list.
        package let next: ID<Invoice>?
    }

    /// Invoices looked at in one query, and queries for one page: a page may hold fewer lines than asked for.
    private static let scan = 500
    private static let queries = 8

    private let subject: Subject
    private let brand: ID<Brand>?
    private let currency: Currency?
    private let from: Day?
    private let to: Day?
    private let bucket: String?
    private let page: Page<Invoice>

    /// - Parameters:
    ///   - to: the last day of the period, or the day it is as of; today when not given. For recovery the cohort's month is
    ///     that of `from`.
    ///   - bucket: of the aging, by its label, or `overdue`, or `disputed`.
    package init(
        _ subject: Subject, brand: ID<Brand>? = nil, currency: Currency? = nil, from: Day? = nil, to: Day? = nil,
        bucket: String? = nil, page: Page<Invoice>
    ) {
        self.subject = subject
        self.brand = brand
        self.currency = currency
        self.from = from
        self.to = to
        self.bucket = bucket
        self.page = page
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> Result {
        let settings = try tx.insightSettings()
        let period = try InsightPeriod(from: from, to: to ?? settings.zone.day(of: context.now))
        let scope = InsightScope(brand: brand, currency: currency)
        let wanted = try bucketTest(settings.edges)
        switch subject {
        case .dso, .cei, .aging:
            return try gather(period.to, settings.edges, of: nil, scope, in: &tx) { $0.open > 0 && wanted($0) }
        case .recovery:
            let month = Month(of: from ?? period.to)
            let cases = try tx.contactedCases(scope, from: month.first, to: month.last, asOf: period.to)
            return try gather(
                period.to, settings.edges, of: Set(cases.flatMap(\.invoices)), scope, in: &tx, where: wanted)
        case .promises:
            let rows = try tx.promiseRows(scope, from: period.from, to: period.to, asOf: period.to)
            return try gather(
                period.to, settings.edges, of: Set(rows.flatMap(\.invoices)), scope, in: &tx, where: wanted)
        case .daysBeyondTerms:
            return try settled(period, settings.edges, scope, in: &tx)
        }
    }

    private func bucketTest(_ edges: AgingEdges) throws(Rejection) -> (Line) -> Bool {
        guard let bucket else { return { _ in true } }
        if bucket == "overdue" { return { $0.overdue > 0 } }
        if bucket == "disputed" { return { $0.disputed > 0 } }
        guard let index = edges.labels.firstIndex(of: bucket) else {
            let labels = (edges.labels + ["overdue", "disputed"]).joined(separator: ", ")
            throw .invalid("?bucket", "unknown_bucket", "must be one of: \(labels)")
        }
        return { $0.buckets[index] > 0 }
    }

    private func gather(
        _ day: Day, _ edges: AgingEdges, of only: Set<ID<Invoice>>?, _ scope: InsightScope, in tx: inout Transaction,
        where isWanted: (Line) -> Bool
    ) throws -> Result {
        var lines: [Line] = []
        var before = page.before
        for _ in 0..<Self.queries {
            let found = try tx.standingInvoices(
                scope, asOf: day, before: before, scan: Self.scan, only: only.map(Array.init))
            for invoice in found {
                let line = Line(invoice, asOf: day, edges: edges)
                if isWanted(line) { lines.append(line) }
                before = invoice.id
                if lines.count == page.count { return Result(asOf: day, lines: lines, next: before) }
            }
            if found.count < Self.scan { return Result(asOf: day, lines: lines, next: nil) }
        }
        return Result(asOf: day, lines: lines, next: before)
    }

    private func settled(
        _ period: InsightPeriod, _ edges: AgingEdges, _ scope: InsightScope, in tx: inout Transaction
    ) throws -> Result {
        var days: [ID<Invoice>: Day] = [:]
        var before = page.before
        var isEnd = false
        for _ in 0..<Self.queries where days.count < page.count && !isEnd {
            let found = try tx.settledInvoices(
                scope, from: period.from, to: period.to, before: before, scan: Self.scan)
            isEnd = found.count < Self.scan
            for (id, settled) in found where days.count < page.count {
                before = id
                days[id] = settled?.on
                // Where the page is full the rest of this stretch is for the next.
                if days.count == page.count { isEnd = false }
            }
        }
        let invoices =
            days.isEmpty
            ? []
            : try tx.standingInvoices(scope, asOf: period.to, before: nil, scan: days.count, only: Array(days.keys))
        let lines = invoices.map { Line($0, asOf: period.to, edges: edges, settledOn: days[$0.id]) }
        return Result(asOf: period.to, lines: lines, next: isEnd ? nil : before)
    }
}

extension ReadInvoicesBehind.Line {
    fileprivate init(_ invoice: StandingInvoice, asOf day: Day, edges: AgingEdges, settledOn: Day? = nil) {
        self.invoice = invoice
        self.settledOn = settledOn
        open = max(0, invoice.balance)
        disputed = min(open, invoice.disputed)
        let terms = invoice.terms.isEmpty ? [(invoice.dueDate, invoice.total)] : invoice.terms
        let parts = OpenTerms.split(open: open, total: invoice.total, terms: terms).filter { $0.open > 0 }
        var buckets = edges.labels.map { _ in Int64(0) }
        for part in parts {
            buckets[part.dueDate.map { edges.bucket(daysPastDue: $0.distance(to: day)) } ?? 0] += part.open
        }
        self.buckets = buckets
        overdue = open - buckets[0]
        daysPastDue = parts.compactMap(\.dueDate).min().map { $0.distance(to: day) }
    }
}
