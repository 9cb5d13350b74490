import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let exchangeRates: [Route] = [
        .tenant(.post, "/v1/exchange_rates") { call in
            let set = try await call.body { fields in
                SetExchangeRates(fields.apart("rates", upTo: SetExchangeRates.largest) { $0.exchangeRate() })
            }
            let outcomes = try await call.write { try set.run(in: &$0, $1) }
            return .ok(ExchangeRateResults(outcomes))
        },
        .tenant(.get, "/v1/exchange_rates", query: ["limit", "base", "currency", "from", "to"]) { call in
            let (base, currency) = (try call.query.currency("base"), try call.query.currency("currency"))
            let (from, to, count) = (try call.query.day("from"), try call.query.day("to"), try call.query.count())
            let records = try await call.read {
                try $0.exchangeRates(base: base, currency: currency, from: from, to: to, count: count)
            }
            return .ok(ExchangeRateList(data: records.map(ExchangeRateList.Item.init)))
        },
    ]
}

extension Fields {
    fileprivate mutating func exchangeRate() -> SetExchangeRates.Item {
        SetExchangeRates.Item(
            base: currency(optional: "base"), currency: currency("currency"), day: day("day"),
            rateE12: value(
                "rate", standIn: ExchangeRates.one, "bad_rate",
                "must be decimal text such as \"0.9213\", more than nothing, with at most twelve decimals"
            ) { ExchangeRates.rateE12(decimal: $0) })
    }
}

struct ExchangeRateResults: Encodable, Sendable {
    struct Problem: Encodable, Sendable {
        let pointer: String
        let code: String
        let detail: String
    }

    struct Item: Encodable, Sendable {
        let index: Int
        /// `created`, `updated`, `unchanged` or `refused`.
        let status: String
        let errors: [Problem]
    }

    let results: [Item]

    init(_ outcomes: [SetExchangeRates.Outcome]) {
        results = outcomes.enumerated().map { index, outcome in
            switch outcome {
            case .created: Item(index: index, status: "created", errors: [])
            case .updated: Item(index: index, status: "updated", errors: [])
            case .unchanged: Item(index: index, status: "unchanged", errors: [])
            case .refused(let problems):
                Item(
                    index: index, status: "refused",
                    errors: problems.map { Problem(pointer: $0.pointer, code: $0.code, detail: $0.detail) })
            }
        }
    }
}

struct ExchangeRateList: Listed {
    struct Item: Encodable, Sendable {
        let base: String
        let currency: String
        let day: Day
        let rate: String

        init(_ record: ExchangeRateRecord) {
            base = record.base.code
            currency = record.currency.code
            day = record.day
            rate = ExchangeRates.decimal(rateE12: record.rateE12)
        }
    }

    let data: [Item]
}
