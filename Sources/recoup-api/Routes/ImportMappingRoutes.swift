import Dunning
import Foundation
import HTTPTypes
import Hummingbird
import Operations
import Postgres
import Store

extension Route {
    static let importMappings: [Route] = [
        .tenant(.get, "/v1/import_mappings", query: ["limit", "cursor"]) { call in
            let count = try call.query.count()
            let last = try call.query.value("cursor", "bad_cursor", "must be a next_cursor as it was answered") {
                $0.utf8.count <= 100 ? $0 : nil
            }
            let found = try await call.read { try $0.mappings(after: last ?? "", count: count) }
            let next = found.count == count ? found.last?.name : nil
            return .ok(PageResponse(data: try found.map(ImportMappingResponse.init), nextCursor: next))
        },
        .tenant(.get, "/v1/import_mappings/{name}") { call in
            let name = try call.mappingName()
            return .ok(try ImportMappingResponse(try await call.find("mapping") { try $0.mapping(name) }))
        },
        .tenant(.put, "/v1/import_mappings/{name}") { call in
            let body = try JSONParser.parse(try await Body.json(of: call.request))
            guard case .object = body else {
                throw Rejection.invalid("", "wrong_type", "must be an object, not \(body.kind)")
            }
            let save = try SaveMapping(try call.mappingName(), try ImportMapping(json: body.canonical))
            return .ok(try ImportMappingResponse(try await call.write { try save.run(in: &$0, $1) }))
        },
        .tenant(.delete, "/v1/import_mappings/{name}") { call in
            let name = try call.mappingName()
            let dropped = try await call.find("mapping") { try $0.mapping(name) }
            try await call.write { tx, operation in try DropMapping(name: name).run(in: &tx, operation) }
            return .ok(try ImportMappingResponse(dropped))
        },
    ]
}

extension Call where Caller == TenantKey {
    /// The name in the path; one that cannot be is absent like one that is not there.
    fileprivate func mappingName() throws(Rejection) -> String {
        guard let name = context.parameters.get("name"), name.utf8.count <= 100 else { throw .notFound("mapping") }
        return name
    }
}

struct ImportMappingResponse: Encodable, Sendable {
    let name: String
    let mapping: JSONBody
    let createdAt: Instant
    let updatedAt: Instant

    init(_ stored: StoredMapping) throws {
        name = stored.name
        mapping = JSONBody(value: try JSONParser.parse(Array(stored.mapping.text.utf8)))
        createdAt = stored.createdAt
        updatedAt = stored.updatedAt
    }
}

/// A JSON value in an answer as it is, whatever its members are called.
struct JSONBody: Encodable, Sendable {
    let value: JSONValue

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .null: try container.encodeNil()
        case .bool(let flag): try container.encode(flag)
        case .number(let digits): try container.encode(Decimal(string: digits) ?? 0)
        case .string(let text): try container.encode(text)
        case .array(let elements): try container.encode(elements.map(JSONBody.init))
        case .object(let members):
            try container.encode(
                Dictionary(members.map { ($0.name, JSONBody(value: $0.value)) }) { first, _ in first })
        }
    }
}
