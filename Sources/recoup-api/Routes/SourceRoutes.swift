import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    /// Where receivables come from, and what is too little to ask for.
    static let sources: [Route] = [
        .tenant(.get, "/v1/sources", query: ["limit", "cursor"]) { call in
            let (after, count, now) = (call.query.text("cursor") ?? "", try call.query.count(), call.now)
            let records = try await call.read { try $0.sources(after: after, count: count) }
            let next = records.count == count ? records.last?.name : nil
            return .ok(PageResponse(data: records.map { SourceResponse($0, now: now) }, nextCursor: next))
        },
        .tenant(.put, "/v1/sources/{name}") { call in
            let name = try call.externalName(at: "name")
            let set = try await call.body { fields in
                let (hours, isWatched) = (
                    fields.int(optional: "max_age_hours", in: 1...8_760), fields.bool(optional: "watched") ?? true
                )
                return try SetSourceAge(of: name, hours: isWatched ? hours ?? SetSourceAge.standardHours : nil)
            }
            let now = call.now
            return .ok(SourceResponse(try await call.write { try set.run(in: &$0, $1) }, now: now))
        },
        .tenant(.get, "/v1/tolerances", query: ["format"]) { call in
            .ok(ListResponse(data: try await call.read { try $0.tolerances() }.map(ToleranceResponse.init)))
        },
        .tenant(.put, "/v1/tolerances") { call in
            let set = try await call.body { fields in
                try SetTolerances(
                    fields.objects("tolerances", upTo: 200) { $0.money("amount", orZero: true) })
            }
            let amounts = try await set.run(on: call.world.database, call.operation)
            return .ok(ListResponse(data: amounts.map(ToleranceResponse.init)))
        },
    ]
}

struct SourceResponse: Encodable, Sendable {
    let name: String
    @OrNull var lastSuccessAt: Instant?
    @OrNull var maxAgeHours: Int?
    let isStale: Bool
    /// When it will have been silent for too long, or has been since.
    @OrNull var staleFrom: Instant?
    /// For whoever looks at a page: what it means that the source is silent.
    @OrNull var banner: String?
    let createdAt: Instant

    init(_ record: SourceRecord, now: Instant) {
        name = record.name
        lastSuccessAt = record.lastSuccess
        maxAgeHours = record.maxAgeHours
        isStale = record.isStale(at: now)
        staleFrom = record.staleFrom
        if isStale, let hours = record.maxAgeHours {
            let last = record.lastSuccess.map { "since \($0)" } ?? "yet"
            banner =
                "\(record.name) has not been heard of \(last), and should be every \(hours) hours. "
                + "No reminder is sent until it is."
        }
        createdAt = record.createdAt
    }
}

struct ToleranceResponse: Encodable, Sendable {
    let amount: MoneyResponse

    init(_ money: Money) {
        amount = MoneyResponse(money)
    }
}
