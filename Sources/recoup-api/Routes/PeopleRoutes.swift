import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    /// What people do about a customer beside their tasks: notes, replies, leaving it alone, passing over a step.
    static let people: [Route] = [
        .tenant(.post, "/v1/customers/{id}/notes") { call in
            let customer = try call.id(Customer.self, "customer")
            let add = try await call.body { fields in
                try AddNote(
                    about: customer, fields.lines("body", upTo: 10_000),
                    author: fields.line(optional: "author", upTo: 200))
            }
            return .created(NoteResponse(try await call.write { try add.run(in: &$0, $1) }))
        },
        .tenant(.get, "/v1/customers/{id}/notes", query: ["limit", "cursor"]) { call in
            let customer = try call.id(Customer.self, "customer")
            let page: Page<Note> = try call.query.page()
            let records = try await call.find("customer") { tx in
                try tx.customerExists(customer) ? try tx.notes(page, about: customer) : nil
            }
            return .page(page, records, id: \.id, NoteResponse.init)
        },
        .tenant(.post, "/v1/customers/{id}/replies") { call in
            let customer = try call.id(Customer.self, "customer")
            let reply = try await call.body { fields in
                try RecordReply(
                    from: customer, by: fields.choice("way"), fields.lines("text", upTo: 10_000))
            }
            try await call.write { try reply.run(in: &$0, $1) }
            return .created(CustomerRef(customerId: customer))
        },
        .tenant(.post, "/v1/customers/{id}/snooze") { call in
            let customer = try call.id(Customer.self, "customer")
            let snooze = try await call.body { fields in
                try Snooze(
                    customer, days: fields.int("days", in: 1...365),
                    note: fields.lines(optional: "note", upTo: 2_000) ?? "")
            }
            return .created(HoldResponse(try await call.write { try snooze.run(in: &$0, $1) }))
        },
        .tenant(.post, "/v1/step_runs/{id}/skip") { call in
            let step = try call.id(StepRun.self, "step_run")
            let skip = try await call.body { try SkipStep(step, note: $0.lines(optional: "note", upTo: 2_000) ?? "") }
            _ = try await call.write { try skip.run(in: &$0, $1) }
            return .ok(StepRef(stepRunId: step))
        },
    ]
}

private struct CustomerRef: Encodable, Sendable { let customerId: ID<Customer> }

private struct StepRef: Encodable, Sendable { let stepRunId: ID<StepRun> }

struct NoteResponse: Encodable, Sendable {
    let id: ID<Note>
    let customerId: ID<Customer>
    let author: String
    let body: String
    let createdAt: Instant

    init(_ record: NoteRecord) {
        id = record.id
        customerId = record.customer
        author = record.author
        body = record.body
        createdAt = record.createdAt
    }
}
