import Dunning
import HTTPTypes
import Host
import Hummingbird
import NIOCore
import Operations
import Store

extension Route {
    private static let scope = ["currency", "brand_id"]

    static let insight: [Route] = [
        .tenant(.get, "/v1/analytics/dso", query: ["from", "to"] + scope + ["method"]) { call in
            let method = try call.query.choice("method", of: DSOMethod.self)
            let result = try await call.figures(from: call.query.day("from"), to: call.query.day("to"))
            return .ok(
                FiguresResponse(result) { figures in
                    figures.dso.filter { metric in method.map { $0.definitions.contains(metric.definition) } ?? true }
                })
        },
        .tenant(.get, "/v1/analytics/cei", query: ["from", "to"] + scope + ["method"]) { call in
            let method = try call.query.choice("method", of: CEIMethod.self)
            let result = try await call.figures(from: call.query.day("from"), to: call.query.day("to"))
            return .ok(
                FiguresResponse(result) { figures in
                    figures.cei.filter { metric in method.map { $0.definitions.contains(metric.definition) } ?? true }
                })
        },
        .tenant(.get, "/v1/analytics/aging", query: ["as_of", "from"] + scope) { call in
            let result = try await call.figures(from: call.query.day("from"), to: call.query.day("as_of"))
            return .ok(FiguresResponse(result) { $0.beyondTerms })
        },
        .tenant(.get, "/v1/analytics/recovery", query: ["from", "to", "as_of", "window_days"] + scope) { call in
            let window = try call.query.value("window_days", "out_of_range", "must be from 1 to 365") { Int($0) }
            let read = try ReadRecovery(
                brand: call.query.id("brand_id"), money: call.query.insightMoney(), from: call.query.day("from"),
                to: call.query.day("to"), asOf: call.query.day("as_of"), window: window ?? ReadRecovery.window)
            let operation = call.operation
            return .ok(RecoveryResponse(try await call.read { try read.run(in: &$0, operation) }))
        },
        .tenant(.get, "/v1/analytics/promises", query: ["from", "to", "as_of"] + scope) { call in
            let read = ReadPromises(
                brand: try call.query.id("brand_id"), money: try call.query.insightMoney(),
                from: try call.query.day("from"), to: try call.query.day("to"), asOf: try call.query.day("as_of"))
            let operation = call.operation
            return .ok(PromisesResponse(try await call.read { try read.run(in: &$0, operation) }))
        },
        .tenant(.get, "/v1/analytics/wrong_dunning", query: ["from", "to", "brand_id"]) { call in
            let read = ReadWrongDunning(
                brand: try call.query.id("brand_id"), from: try call.query.day("from"), to: try call.query.day("to"))
            let operation = call.operation
            return .ok(WrongDunningResponse(try await call.read { try read.run(in: &$0, operation) }))
        },
        .tenant(
            .get, "/v1/analytics/invoices",
            query: ["limit", "cursor", "metric", "from", "to", "bucket"] + scope
        ) { call in
            let page: Page<Invoice> = try call.query.page()
            let subject = try call.query.choice("metric", of: ReadInvoicesBehind.Subject.self) ?? .dso
            let read = ReadInvoicesBehind(
                subject, brand: try call.query.id("brand_id"), currency: try call.query.currency("currency"),
                from: try call.query.day("from"), to: try call.query.day("to"), bucket: call.query.text("bucket"),
                page: page)
            let operation = call.operation
            return .ok(InvoicesBehindResponse(try await call.read { try read.run(in: &$0, operation) }))
        },
        .tenantText(.get, "/v1/metrics", query: ["from", "to"]) { call in
            let read = ReadSamples(from: try call.query.day("from"), to: try call.query.day("to"))
            let operation = call.operation
            let registry = Registry()
            for family in try await call.read({ try read.run(in: &$0, operation) }) {
                registry.gauge(family.name, help: family.help, labels: family.labels, showing: family.values)
            }
            return Response(
                status: .ok, headers: [.contentType: Registry.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: registry.render())))
        },
    ]
}

extension Call where Caller == TenantKey {
    fileprivate func figures(from: Day?, to: Day?) async throws -> ReadFigures.Result {
        let read = ReadFigures(
            brand: try query.id("brand_id"), money: try query.insightMoney(), from: from, to: to)
        let operation = operation
        return try await self.read { try read.run(in: &$0, operation) }
    }
}

extension QueryParameters {
    func day(_ name: String) throws(QueryError) -> Day? {
        try value(name, "bad_date", "must be a day such as 2026-11-24", Day.init(_:))
    }

    func currency(_ name: String) throws(QueryError) -> Currency? {
        try value(name, "bad_currency", "must be a currency of ISO 4217, such as USD", Currency.init(_:))
    }

    /// A currency, `base`, or each by itself.
    fileprivate func insightMoney() throws(QueryError) -> InsightMoney {
        if text("currency") == "base" { return .base }
        return try currency("currency").map { .one($0) } ?? .each
    }
}

/// The forms of DSO, and what is measured beside it.
private enum DSOMethod: String, CaseIterable, Sendable {
    case periodEnd = "period_end"
    case average
    case countBack = "count_back"
    case bestPossible = "best_possible"
    case delinquent
    case beyondTerms = "beyond_terms"

    var definitions: [MetricDefinition] {
        switch self {
        case .periodEnd: [.dsoPeriodEnd]
        case .average: [.dsoAverage]
        case .countBack: [.dsoCountBack]
        case .bestPossible: [.dsoBestPossible, .dsoCountBackBestPossible]
        case .delinquent: [.daysDelinquent]
        case .beyondTerms: [.daysBeyondTerms, .daysBeyondTermsWeighted]
        }
    }
}

private enum CEIMethod: String, CaseIterable, Sendable {
    case cash, classic
    case badDebt = "bad_debt"

    var definitions: [MetricDefinition] {
        switch self {
        case .cash: [.ceiCash, .ceiCashConstantRate]
        case .classic: [.ceiClassic, .ceiClassicConstantRate]
        case .badDebt: [.badDebt]
        }
    }
}
