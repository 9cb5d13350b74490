import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let tasks: [Route] = [
        .tenant(.get, "/v1/tasks", query: ["limit", "cursor", "state", "customer_id"]) { call in
            let page: Page<CollectorTask> = try call.query.page()
            let state = try call.query.choice("state", of: TaskRecord.State.self)
            let customer = try call.query.id("customer_id", Customer.self)
            let records = try await call.read { try $0.tasks(page, in: state, of: customer) }
            return .page(page, records, id: \.id, TaskResponse.init)
        },
        .tenant(.get, "/v1/tasks/{id}") { call in
            let id = try call.id(CollectorTask.self, "task")
            return .ok(TaskResponse(try await call.find("task") { try $0.task(id) }))
        },
        .tenant(.post, "/v1/tasks/{id}/done") { call in
            let id = try call.id(CollectorTask.self, "task")
            let close = try await call.body { fields in
                try CloseTask(
                    id, .done(outcome: fields.line("outcome", upTo: 64)),
                    note: fields.lines(optional: "note", upTo: 2_000))
            }
            return .ok(TaskResponse(try await call.write { try close.run(in: &$0, $1) }))
        },
        .tenant(.post, "/v1/tasks/{id}/cancel") { call in
            let id = try call.id(CollectorTask.self, "task")
            let close = try await call.body { fields in
                try CloseTask(id, .cancelled, note: fields.lines(optional: "note", upTo: 2_000))
            }
            return .ok(TaskResponse(try await call.write { try close.run(in: &$0, $1) }))
        },
    ]
}

struct TaskResponse: Encodable, Sendable {
    let id: ID<CollectorTask>
    let kind: String
    let state: String
    let customerId: ID<Customer>
    @OrNull var caseId: ID<Enrolment>?
    @OrNull var stepRunId: ID<StepRun>?
    @OrNull var messageId: ID<Message>?
    let title: String
    let script: String
    @OrNull var deadlineAt: Instant?
    @OrNull var outcome: String?
    @OrNull var note: String?
    let createdAt: Instant
    @OrNull var closedAt: Instant?

    init(_ record: TaskRecord) {
        id = record.id
        kind = record.kind.rawValue
        state = record.state.rawValue
        customerId = record.customer
        caseId = record.enrolment
        stepRunId = record.stepRun
        messageId = record.message
        title = record.title
        script = record.script
        deadlineAt = record.deadline
        outcome = record.outcome
        note = record.note
        createdAt = record.createdAt
        closedAt = record.closedAt
    }
}
