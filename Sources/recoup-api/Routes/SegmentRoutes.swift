import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let segments: [Route] = [
        .tenant(.post, "/v1/segments") { call in
            let save = try await call.body { fields in
                try SaveSegment(
                    .new(name: fields.line("name", upTo: 64), condition: fields.condition(optional: "condition")))
            }
            return .created(SegmentResponse(try await call.write { try save.run(in: &$0, $1) }))
        },
        .tenant(.get, "/v1/segments", query: ["limit", "cursor"]) { call in
            let page: Page<Segment> = try call.query.page()
            return .page(page, try await call.read { try $0.segments(page) }, id: \.id, SegmentResponse.init)
        },
        .tenant(.get, "/v1/segments/{id}") { call in
            let id = try call.id(Segment.self, "segment")
            return .ok(SegmentResponse(try await call.find("segment") { try $0.segment(id) }))
        },
        .tenant(.patch, "/v1/segments/{id}") { call in
            let id = try call.id(Segment.self, "segment")
            let save = try await call.body { fields in
                try SaveSegment(
                    .change(
                        id, name: fields.change("name") { $0.line($1, upTo: 64) },
                        condition: fields.condition(optional: "condition")))
            }
            return .ok(SegmentResponse(try await call.write { try save.run(in: &$0, $1) }))
        },
        .tenant(.get, "/v1/segments/{id}/members", query: ["limit", "cursor"]) { call in
            let id = try call.id(Segment.self, "segment")
            let page: Page<Customer> = try call.query.page()
            let members = try await call.find("segment") { tx in
                try tx.segment(id) == nil ? nil : tx.members(of: id, page)
            }
            return .page(page, members, id: \.customer, SegmentMemberResponse.init)
        },
        .tenant(.patch, "/v1/segments/{id}/members") { call in
            let id = try call.id(Segment.self, "segment")
            let change = try await call.body { fields in
                try ChangeMembers(
                    id, add: fields.has("add") ? fields.ids("add", upTo: ChangeMembers.most) : [],
                    remove: fields.has("remove") ? fields.ids("remove", upTo: ChangeMembers.most) : [])
            }
            return .ok(SegmentResponse(try await call.write { try change.run(in: &$0, $1) }))
        },
    ]
}

struct SegmentResponse: Encodable, Sendable {
    let id: ID<Segment>
    let name: String
    /// Null for a list.
    @OrNull var condition: DocumentResponse?
    let members: Int
    let createdAt: Instant
    let updatedAt: Instant

    init(_ record: SegmentRecord) {
        id = record.id
        name = record.name
        condition = record.condition.map { DocumentResponse($0.document) }
        members = record.members
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }
}

struct SegmentMemberResponse: Encodable, Sendable {
    let customerId: ID<Customer>
    let externalId: String
    let name: String
    let addedAt: Instant

    init(_ member: SegmentMember) {
        customerId = member.customer
        externalId = member.externalID
        name = member.name
        addedAt = member.addedAt
    }
}
