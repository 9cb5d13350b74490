import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let tasks: [Route] = [
        .tenant(
            .get, "/v1/tasks", query: ["limit", "cursor", "state", "customer_id", "kind", "claimed_by", "late"]
        ) { call in
            let page: Page<CollectorTask> = try call.query.page()
            let isLate = try call.query.value("late", "not_in_list", "must be true") { $0 == "true" ? true : nil }
            let filter = TaskFilter(
                state: try call.query.choice("state", of: TaskRecord.State.self),
                customer: try call.query.id("customer_id", Customer.self),
                kind: try call.query.choice("kind", of: TaskKind.self), claimedBy: call.query.text("claimed_by"),
                lateAt: isLate == true ? call.now : nil)
            let records = try await call.read { try $0.tasks(page, filter) }
            return .page(page, records, id: \.id, TaskResponse.init)
        },
        .tenant(.get, "/v1/tasks/{id}") { call in
            let id = try call.id(CollectorTask.self, "task")
            return .ok(TaskResponse(try await call.find("task") { try $0.task(id) }))
        },
        .tenant(.post, "/v1/tasks/{id}/claim") { call in
            let id = try call.id(CollectorTask.self, "task")
            let claim = try await call.body { try ClaimTask(id, by: $0.line("by", upTo: 200)) }
            return .ok(TaskResponse(try await call.write { try claim.run(in: &$0, $1) }))
        },
        .tenant(.post, "/v1/tasks/{id}/release") { call in
            let release = ReleaseTask(try call.id(CollectorTask.self, "task"))
            return .ok(TaskResponse(try await call.write { try release.run(in: &$0, $1) }))
        },
        .tenant(.post, "/v1/tasks/{id}/outcome") { call in
            let id = try call.id(CollectorTask.self, "task")
            let close = try await call.body { fields in
                try CloseTask(
                    id, .done(fields.choice("outcome")), note: fields.lines(optional: "note", upTo: 2_000),
                    agreement: fields.agreement())
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

extension Fields {
    /// What the customer said, with the outcome it belongs to.
    fileprivate mutating func agreement() -> Agreement? {
        let promise = object(optional: "promise") { fields in
            Agreement.promise(
                dueOn: fields.day("due_on"), amount: fields.money(optional: "amount"),
                invoices: fields.has("invoices") ? fields.ids("invoices", upTo: 1_000) : nil)
        }
        let dispute = object(optional: "dispute") { fields in
            Agreement.dispute(
                invoice: fields.id("invoice_id"), amount: fields.money(optional: "amount"),
                reason: fields.line("reason", upTo: 64))
        }
        if promise != nil, dispute != nil { refuse("dispute", "one_of", "record a promise or a dispute, not both") }
        return promise ?? dispute
    }
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
    /// What it may end in.
    let outcomes: [String]
    @OrNull var note: String?
    @OrNull var claimedBy: String?
    @OrNull var claimedAt: Instant?
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
        outcomes = record.kind.outcomes.map(\.rawValue)
        note = record.note
        claimedBy = record.claimedBy
        claimedAt = record.claimedAt
        createdAt = record.createdAt
        closedAt = record.closedAt
    }
}
