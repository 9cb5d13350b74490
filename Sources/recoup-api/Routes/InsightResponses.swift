import Dunning
import Operations
import Store

/// A figure or the reason why there is none, with what it was made of.
struct MetricResponse: Encodable, Sendable {
    /// Name and version: figures of two versions are not comparable.
    let definition: String
    @OrNull var value: Double?
    @OrNull var reason: String?
    let unit: String
    @OrNull var numerator: Double?
    @OrNull var denominator: Double?
    /// Where the value is only known to be greater.
    let exceeds: Double?

    init(_ metric: Metric) {
        definition = metric.definition.label
        value = metric.value
        reason = metric.reason?.rawValue
        unit = metric.definition.unit.rawValue
        numerator = metric.numerator
        denominator = metric.denominator
        exceeds = metric.exceeds
    }
}

/// An amount that may have been converted: to the nearest minor unit.
extension MoneyResponse {
    init(rounding minor: Double, _ currency: Currency) {
        self.init(Money(minor: Int64(exactly: minor.rounded()) ?? 0, currency: currency))
    }
}

struct PositionResponse: Encodable, Sendable {
    struct Bucket: Encodable, Sendable {
        let bucket: String
        let amount: MoneyResponse
    }

    let open: MoneyResponse
    let current: MoneyResponse
    let overdue: MoneyResponse
    /// Of what is open.
    let disputed: MoneyResponse
    /// Credit not used yet, negative; never netted into what is open.
    let unapplied: MoneyResponse
    let buckets: [Bucket]

    init(_ position: ReceivablePosition, _ currency: Currency, _ edges: AgingEdges) {
        open = MoneyResponse(rounding: position.open, currency)
        current = MoneyResponse(rounding: position.current, currency)
        overdue = MoneyResponse(rounding: position.overdue, currency)
        disputed = MoneyResponse(rounding: position.disputed, currency)
        unapplied = MoneyResponse(rounding: position.unapplied, currency)
        buckets = zip(edges.labels, edges.buckets(of: position)).map {
            Bucket(bucket: $0, amount: MoneyResponse(rounding: $1, currency))
        }
    }
}

struct FlowResponse: Encodable, Sendable {
    let invoiced: MoneyResponse
    let credited: MoneyResponse
    let netSales: MoneyResponse
    let paid: MoneyResponse
    let settled: MoneyResponse
    let writtenOff: MoneyResponse
    let refunded: MoneyResponse

    init(_ flow: ReceivableFlow, _ currency: Currency) {
        invoiced = MoneyResponse(rounding: flow.invoiced, currency)
        credited = MoneyResponse(rounding: flow.credited, currency)
        netSales = MoneyResponse(rounding: flow.sales, currency)
        paid = MoneyResponse(rounding: flow.paid, currency)
        settled = MoneyResponse(rounding: flow.settled, currency)
        writtenOff = MoneyResponse(rounding: flow.writtenOff, currency)
        refunded = MoneyResponse(rounding: flow.refunded, currency)
    }
}

/// DSO, CEI or aging: metrics by currency, with the amounts they are made of.
struct FiguresResponse: Encodable, Sendable {
    struct Item: Encodable, Sendable {
        let currency: String
        let isBase: Bool
        let metrics: [MetricResponse]
        /// Absent where some amount could not be converted.
        @OrNull var begin: PositionResponse?
        @OrNull var end: PositionResponse?
        @OrNull var flow: FlowResponse?
    }

    let from: Day
    let to: Day
    let days: Int
    let data: [Item]

    init(_ result: ReadFigures.Result, _ metrics: (Figures) -> [Metric]) {
        from = result.period.from
        to = result.period.to
        days = result.period.days
        data = result.figures.map { figures in
            let currency = figures.currency
            func shown<T>(_ value: T) -> T? { figures.isRated ? value : nil }
            return Item(
                currency: currency.code, isBase: figures.isBase, metrics: metrics(figures).map(MetricResponse.init),
                begin: shown(PositionResponse(figures.begin, currency, result.edges)),
                end: shown(PositionResponse(figures.end, currency, result.edges)),
                flow: shown(FlowResponse(figures.flow, currency)))
        }
    }
}

/// Between which values the true share lies in 95 of 100 cases, in percent or points.
struct IntervalResponse: Encodable, Sendable {
    let lower: Double
    let upper: Double

    init(_ interval: Interval) {
        lower = interval.lower
        upper = interval.upper
    }
}

struct RecoveryResponse: Encodable, Sendable {
    struct ToDate: Encodable, Sendable {
        let count: MetricResponse
        let amount: MetricResponse
        let inProgress: Int
        let lost: Int
    }

    struct Cohort: Encodable, Sendable {
        let currency: String
        let isBase: Bool
        let month: String
        let isMature: Bool
        let cases: Int
        let count: MetricResponse
        @OrNull var interval: IntervalResponse?
        let amount: MetricResponse
        let change: MetricResponse
        @OrNull var changeInterval: IntervalResponse?
        let toDate: ToDate
    }

    let asOf: Day
    let windowDays: Int
    let data: [Cohort]

    init(_ result: ReadRecovery.Result) {
        asOf = result.asOf
        windowDays = result.window
        data = result.cohorts.map { cohort in
            let all = cohort.toDate
            return Cohort(
                currency: cohort.currency.code, isBase: cohort.isBase, month: cohort.month.description,
                isMature: cohort.isMature, cases: all.rates.episodes, count: MetricResponse(cohort.within.count),
                interval: cohort.within.interval.map { IntervalResponse($0.scaled(by: 100)) },
                amount: MetricResponse(cohort.within.amount), change: MetricResponse(cohort.change.points),
                changeInterval: cohort.change.interval.map(IntervalResponse.init),
                toDate: ToDate(
                    count: MetricResponse(all.rates.count), amount: MetricResponse(all.rates.amount),
                    inProgress: all.inProgress, lost: all.lostInvoluntary + all.lostVoluntary))
        }
    }
}

struct PromisesResponse: Encodable, Sendable {
    struct Item: Encodable, Sendable {
        let currency: String
        let isBase: Bool
        let count: MetricResponse
        @OrNull var interval: IntervalResponse?
        let amount: MetricResponse
        let kept: Int
        let partlyKept: Int
        let broken: Int
        let pending: Int
        let cancelled: Int
    }

    let from: Day
    let to: Day
    let asOf: Day
    let data: [Item]

    init(_ result: ReadPromises.Result) {
        from = result.period.from
        to = result.period.to
        asOf = result.asOf
        data = result.groups.map { group in
            func number(_ standing: PromiseToPay.Standing) -> Int { group.rates.standings[standing] ?? 0 }
            return Item(
                currency: group.currency.code, isBase: group.isBase, count: MetricResponse(group.rates.count),
                interval: group.rates.interval.map { IntervalResponse($0.scaled(by: 100)) },
                amount: MetricResponse(group.rates.amount), kept: number(.kept), partlyKept: number(.partlyKept),
                broken: number(.broken), pending: number(.pending), cancelled: number(.cancelled))
        }
    }
}

struct WrongDunningResponse: Encodable, Sendable {
    struct Source: Encodable, Sendable {
        let source: String
        let messages: Int
        let invoices: Int
        let rate: MetricResponse
    }

    struct Example: Encodable, Sendable {
        let messageId: ID<Message>
        let customerId: ID<Customer>
        let invoiceId: ID<Invoice>
        let day: Day
        let source: String
    }

    let from: Day
    let to: Day
    let sent: Int
    let wrong: Int
    let rate: MetricResponse
    let sources: [Source]
    /// The latest.
    let examples: [Example]

    init(_ result: ReadWrongDunning.Result) {
        from = result.period.from
        to = result.period.to
        sent = result.figures.sent
        wrong = result.figures.wrong
        rate = MetricResponse(result.rate)
        sources = result.figures.sources.map {
            Source(
                source: $0.name, messages: $0.messages, invoices: $0.invoices,
                rate: MetricResponse(result.share(of: $0.messages)))
        }
        examples = result.examples.map {
            Example(
                messageId: $0.message, customerId: $0.customer, invoiceId: $0.invoice, day: $0.day, source: $0.source)
        }
    }
}

struct InvoicesBehindResponse: Listed {
    struct Item: Encodable, Sendable {
        let id: ID<Invoice>
        let customerId: ID<Customer>
        let brandId: ID<Brand>
        let externalId: String
        let number: String
        @OrNull var issueDate: Day?
        @OrNull var dueDate: Day?
        let open: MoneyResponse
        let overdue: MoneyResponse
        let disputed: MoneyResponse
        @OrNull var daysPastDue: Int?
        @OrNull var settledOn: Day?
    }

    let asOf: Day
    let data: [Item]
    @OrNull var nextCursor: String?

    init(_ result: ReadInvoicesBehind.Result) {
        asOf = result.asOf
        nextCursor = result.next?.description
        data = result.lines.map { line in
            let invoice = line.invoice
            func money(_ minor: Int64) -> MoneyResponse {
                MoneyResponse(Money(minor: minor, currency: invoice.currency))
            }
            return Item(
                id: invoice.id, customerId: invoice.customer, brandId: invoice.brand, externalId: invoice.externalID,
                number: invoice.number, issueDate: invoice.issueDate, dueDate: invoice.dueDate, open: money(line.open),
                overdue: money(line.overdue), disputed: money(line.disputed), daysPastDue: line.daysPastDue,
                settledOn: line.settledOn)
        }
    }
}
