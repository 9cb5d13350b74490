import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    /// What is told to the outside, for whoever asks again and again.
    static let events: [Route] = [
        .tenant(.get, "/v1/events", query: ["limit", "cursor"]) { call in
            let after = try call.query.value(
                "cursor", "bad_cursor", "must be the cursor of an event, or a next_cursor, as it was answered",
                EventPlace.init)
            let count = try call.query.count()
            let records = try await call.read { try $0.events(after: after ?? .start, count: count) }
            let next = records.count == count ? records.last?.place.description : nil
            return .ok(PageResponse(data: records.map(EventResponse.init), nextCursor: next))
        },
        .tenant(.post, "/v1/step_runs/{id}/veto") { call in
            let id = try call.id(StepRun.self, "step_run")
            let veto = try await call.body { fields in
                try SkipStep(id, .veto, note: fields.lines(optional: "reason", upTo: 500) ?? "")
            }
            return .ok(VetoResponse(id: id, caseId: try await call.write { try veto.run(in: &$0, $1) }))
        },
    ]
}

struct VetoResponse: Encodable, Sendable {
    let id: ID<StepRun>
    let caseId: ID<Enrolment>
    let state = "skipped"
    let reason = Reason.vetoed
}

struct EventResponse: Encodable, Sendable {
    let id: ID<OutboxEvent>
    let cursor: String
    let type: String
    let at: Instant
    let subject: String
    @OrNull var customerId: ID<Customer>?
    let data: [String: EventValue]

    init(_ record: EventRecord) {
        id = record.id
        cursor = record.place.description
        type = record.type
        at = record.at
        subject = record.subject
        customerId = record.customer
        data = record.data
    }
}
