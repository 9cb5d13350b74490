import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let dataQuality: [Route] = [
        .tenant(.get, "/v1/data_quality") { call in
            let context = call.operation
            let report = try await call.read { try DataQuality.report(in: &$0, context) }
            return .ok(DataQualityResponse(report, now: context.now))
        },
        .tenant(.get, "/v1/data_quality/{finding}", query: ["limit", "cursor"]) { call in
            guard let finding = DataFinding(rawValue: try call.externalName(at: "finding")) else {
                throw Rejection.notFound("finding")
            }
            let (after, count, now) = (call.query.text("cursor") ?? "", try call.query.count(), call.now)
            let items = try await call.read { try $0.items(of: finding, after: after, count: count, now: now) }
            let next = items.count == count ? items.last?.place : nil
            return .ok(PageResponse(data: items.map(DataQualityResponse.Item.init), nextCursor: next))
        },
    ]
}

struct DataQualityResponse: Encodable, Sendable {
    struct Item: Encodable, Sendable {
        let subject: String
        let name: String
        let detail: String

        init(_ item: DataQualityItem) {
            subject = item.subject
            name = item.name
            detail = item.detail
        }
    }

    struct Finding: Encodable, Sendable {
        let finding: String
        let words: String
        let count: Int
        let first: [Item]
    }

    let at: Instant
    let findings: [Finding]

    init(_ report: DataQuality, now: Instant) {
        at = now
        findings = report.findings.map {
            Finding(
                finding: $0.finding.rawValue, words: $0.finding.words, count: $0.count, first: $0.first.map(Item.init))
        }
    }
}
