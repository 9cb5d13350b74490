package import Dunning
package import Postgres
import Store

/// Takes in a batch of dated rates; each is judged by itself, the good ones are kept.
package struct SetExchangeRates: Sendable {
    /// Rates of one batch.
    package static let largest = 1_000

    /// A rate as it was sent.
    package struct Item: Sendable {
        let base: Currency?
        let currency: Currency
        let day: Day
        let rateE12: Int64

        /// - Parameter base: the tenant's base currency when not given.
        package init(base: Currency?, currency: Currency, day: Day, rateE12: Int64) {
            self.base = base
            self.currency = currency
            self.day = day
            self.rateE12 = rateE12
        }
    }

    /// What became of it.
    package enum Outcome: Sendable, Equatable {
        case created, updated, unchanged
        case refused([FieldProblem])
    }

    private let items: [Result<Item, Rejection>]

    /// - Parameter items: in the order sent; what could not even be read is there with its reason.
    package init(_ items: [Result<Item, Rejection>]) {
        self.items = items
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> [Outcome] {
        guard let tenant = try tx.tenantRecord() else { throw Rejection.notFound("tenant") }
        let today = tenant.zone.day(of: context.now)
        var seen: Set<ExchangeRateRecord.Key> = []
        let judged = items.enumerated().map { index, item -> Result<ExchangeRateRecord, Rejection> in
            Result { () throws(Rejection) in
                let item = try item.get()
                let pointer = "/rates/\(index)"
                guard let base = item.base ?? tenant.baseCurrency else {
                    throw .invalid("\(pointer)/base", "missing", "must be given, as the tenant has no base currency")
                }
                guard base != item.currency else {
                    throw .invalid("\(pointer)/currency", "same_currency", "must be another than the base")
                }
                guard item.day <= today else {
                    throw .invalid("\(pointer)/day", "in_the_future", "must not be after today, \(today)")
                }
                let record = ExchangeRateRecord(
                    base: base, currency: item.currency, day: item.day, rateE12: item.rateE12)
                guard seen.insert(record.key).inserted else {
                    throw .invalid("\(pointer)/day", "duplicate", "this day's rate is in the batch already")
                }
                return record
            }
        }
        let changed = try tx.put(judged.compactMap { try? $0.get() }, at: context.now)
        if !changed.isEmpty {
            try tx.audit(
                context, action: "exchange_rates.set", subject: context.tenant.uuid,
                detail: ["changed": "\(changed.count)", "sent": "\(items.count)"])
        }
        return judged.map { item in
            switch item {
            case .success(let record):
                switch changed[record.key] {
                case true: .created
                case false: .updated
                case nil: .unchanged
                }
            case .failure(.invalid(let problems)): .refused(problems)
            case .failure: .refused([])
            }
        }
    }
}
