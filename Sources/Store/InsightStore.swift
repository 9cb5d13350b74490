package import Dunning
package import Postgres

/// What a tenant's numbers depend on.
package struct InsightSettings: Sendable, Hashable {
    package let zone: Zone
    package let base: Currency?
    /// Those the rollups were made with.
    package let edges: AgingEdges
}

/// Whose numbers: all of a tenant, or of one brand, or in one currency.
package struct InsightScope: Sendable, Hashable {
    package let brand: ID<Brand>?
    package let currency: Currency?

    package init(brand: ID<Brand>? = nil, currency: Currency? = nil) {
        self.brand = brand
        self.currency = currency
    }
}

/// What happened within a stretch of days, in one currency: changes of balances, movements, invoices settled.
package struct InsightCell: Sendable {
    package let currency: Currency
    /// Its first day; cells end where the next begins.
    package let start: Day
    package let change: ReceivablePosition
    package let flow: ReceivableFlow
    package let settled: DaysBeyondTerms
}

/// Movements at the rates of their days, in one currency's minor units times the rate.
package struct RatedFlow: Sendable {
    package let currency: Currency
    package let start: Day
    package let flow: ReceivableFlow
    /// Some day's rate is not known.
    package let isUnrated: Bool
}

/// An invoice as it stood at the end of a day.
package struct StandingInvoice: Sendable {
    package let id: ID<Invoice>
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let externalID: String
    package let number: String
    package let issueDate: Day?
    package let dueDate: Day?
    package let currency: Currency
    package let total: Int64
    /// Negative when covered by more than its total.
    package let balance: Int64
    package let disputed: Int64
    /// Its instalments in force that day, the oldest first; none: one term, its own due date.
    package let terms: [(dueDate: Day?, amount: Int64)]
}

/// A case from its first contact on.
package struct ContactedCase: Sendable {
    package let id: ID<Enrolment>
    package let currency: Currency
    package let invoices: [ID<Invoice>]
    package let episode: Episode
}

/// A promise with what came of it.
package struct PromiseRow: Sendable {
    package let currency: Currency
    package let promise: PromiseToPay
    package let invoices: [ID<Invoice>]
}

extension Transaction {
    package mutating func insightSettings() throws(PostgresError) -> InsightSettings {
        let row = try row("insight_settings", tenantID)
        return InsightSettings(
            zone: try row("zone"), base: try row.optional("base_currency"), edges: try row("aging_edges"))
    }

    /// All cells up to the last day of a period, by currency and day: single months from that of `back` on, cut where the
    /// period begins; what is older is one.
    package mutating func insightCells(
        _ scope: InsightScope, back: Day, from: Day, to: Day
    ) throws(PostgresError) -> [InsightCell] {
        var cells: [InsightCell] = []
        for row in try rows("insight_cells", tenantID, scope.brand, scope.currency, back, from, to) {
            let invoices: Int = try row("invoices")
            let days: Int = try row("days")
            cells.append(
                InsightCell(
                    currency: try row("currency"), start: try row("cell"),
                    change: ReceivablePosition(
                        open: try Self.amount(row, "open"),
                        late: [
                            try Self.amount(row, "late_0"), try Self.amount(row, "late_1"),
                            try Self.amount(row, "late_2"), try Self.amount(row, "late_3"),
                        ], disputed: try Self.amount(row, "disputed"), unapplied: try Self.amount(row, "unapplied")),
                    flow: ReceivableFlow(
                        invoiced: try Self.amount(row, "invoiced"), credited: try Self.amount(row, "credited"),
                        paid: try Self.amount(row, "paid"), settled: try Self.amount(row, "settled"),
                        writtenOff: try Self.amount(row, "written_off"), refunded: try Self.amount(row, "refunded")),
                    settled: DaysBeyondTerms(
                        invoices: invoices, days: days, cash: try Self.amount(row, "cash"),
                        cashDays: try Self.amount(row, "cash_days"))))
        }
        return cells
    }

    package mutating func ratedFlows(
        brand: ID<Brand>?, base: Currency, back: Day, from: Day, to: Day
    ) throws(PostgresError) -> [RatedFlow] {
        try rows("insight_rated_flows", tenantID, brand, base, back, from, to).map { row throws(PostgresError) in
            RatedFlow(
                currency: try row("currency"), start: try row("cell"),
                flow: ReceivableFlow(
                    invoiced: try row("invoiced"), credited: try row("credited"), paid: try row("paid"),
                    settled: try row("settled"), writtenOff: try row("written_off"), refunded: try row("refunded")),
                isUnrated: try row("unrated"))
        }
    }

    /// The rates that hold on these days.
    package mutating func exchangeRates(base: Currency, on days: [Day]) throws(PostgresError) -> ExchangeRates {
        var rates: [(currency: Currency, day: Day, rateE12: Int64)] = []
        for row in try rows("insight_rates", tenantID, base, days) {
            rates.append((try row("currency"), try row("day"), try row("rate_e12")))
        }
        return ExchangeRates(base: base, rates)
    }

    /// The next invoices, newest first, as they stood at the end of a day; fewer than `scan` at the end of the list.
    package mutating func standingInvoices(
        _ scope: InsightScope, asOf day: Day, before: ID<Invoice>?, scan: Int, only: [ID<Invoice>]? = nil
    ) throws(PostgresError) -> [StandingInvoice] {
        try rows("insight_invoices", tenantID, scope.brand, scope.currency, day, before, scan, only).map {
            row throws(PostgresError) in
            let amounts: [Int64] = try row("term_amounts")
            let dues: [String] = try row("term_dues")
            return StandingInvoice(
                id: try row("invoice_id"), customer: try row("customer_id"), brand: try row("brand_id"),
                externalID: try row("external_id"), number: try row("number"),
                issueDate: try row.optional("issue_date"), dueDate: try row.optional("due_date"),
                currency: try row("currency"), total: try row("total"), balance: try row("balance"),
                disputed: try row("disputed"), terms: zip(dues, amounts).map { (Day($0), $1) })
        }
    }

    /// The next invoices, newest first, with the day they were settled on where they count for days beyond terms; fewer than
    /// `scan` at the end of the list.
    package mutating func settledInvoices(
        _ scope: InsightScope, from: Day, to: Day, before: ID<Invoice>?, scan: Int
    ) throws(PostgresError) -> [(id: ID<Invoice>, settled: (on: Day, cash: Int64)?)] {
        var found: [(id: ID<Invoice>, settled: (on: Day, cash: Int64)?)] = []
        for row in try rows("insight_settled", tenantID, scope.brand, scope.currency, from, to, before, scan) {
            let counts: Bool = try row("counts")
            let day: Day? = try row.optional("settled_on")
            let cash: Int64 = try row("cash")
            found.append((try row("invoice_id"), counts ? day.map { ($0, cash) } : nil))
        }
        return found
    }

    /// Cases first contacted within these days, with what came in by the end of another.
    package mutating func contactedCases(
        _ scope: InsightScope, from: Day, to: Day, asOf: Day
    ) throws(PostgresError) -> [ContactedCase] {
        try rows("insight_episodes", tenantID, scope.brand, scope.currency, from, to, asOf).map {
            row throws(PostgresError) in
            let days: [Day] = try row("days")
            let amounts: [Int64] = try row("amounts")
            let isClosed: Bool = try row("closed")
            return ContactedCase(
                id: try row("enrolment_id"), currency: try row("currency"), invoices: try row("invoices"),
                episode: Episode(
                    amount: try Self.amount(row, "amount"), start: try row("contact_day"),
                    money: zip(days, amounts).map { ($0, Double($1)) }, loss: isClosed ? .involuntary : nil))
        }
    }

    /// Promises that fell due within these days, with what came in for them by the end of another.
    package mutating func promiseRows(
        _ scope: InsightScope, from: Day, to: Day, asOf: Day
    ) throws(PostgresError) -> [PromiseRow] {
        try rows(
            "insight_promises", tenantID, scope.brand, scope.currency, from, to, asOf, PromiseToPay.graceDays
        ).map { row throws(PostgresError) in
            PromiseRow(
                currency: try row("currency"),
                promise: PromiseToPay(
                    amount: try row("amount"), made: try row("made_on"), due: try row("due_on"),
                    received: try row("received"), isCancelled: try row("cancelled")),
                invoices: try row("invoices"))
        }
    }

    private static func amount(_ row: Row, _ column: String) throws(PostgresError) -> Double {
        let minor: Int64 = try row(column)
        return Double(minor)
    }
}
