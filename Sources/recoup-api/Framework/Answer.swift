import Dunning
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Store

/// What a handler answers: a status and a value that becomes JSON with snake_case members in alphabetical order.
struct Answer: Sendable {
    let status: HTTPResponse.Status
    let body: any Encodable & Sendable

    static func ok(_ body: some Encodable & Sendable) -> Answer {
        Answer(status: .ok, body: body)
    }

    static func created(_ body: some Encodable & Sendable) -> Answer {
        Answer(status: .created, body: body)
    }

    /// Taken in; what comes of it is seen later.
    static func accepted(_ body: some Encodable & Sendable) -> Answer {
        Answer(status: .accepted, body: body)
    }

    /// 201 for a thing that was made now, 200 for one that the same request made before.
    static func made(_ body: some Encodable & Sendable, isNew: Bool) -> Answer {
        Answer(status: isNew ? .created : .ok, body: body)
    }

    /// One page of a list, newest first.
    static func page<Kind, Record, Item: Encodable & Sendable>(
        _ page: Page<Kind>, _ records: [Record], id: (Record) -> ID<Kind>, _ item: (Record) throws -> Item
    ) rethrows -> Answer {
        // A full page may be the last one too; then the next is empty.
        let next = records.count == page.count ? records.last.map { id($0).description } : nil
        return .ok(PageResponse(data: try records.map(item), nextCursor: next))
    }

    func response() throws -> Response {
        try Self.response(status, type: "application/json", body)
    }

    static func response(
        _ status: HTTPResponse.Status, type: String, _ body: some Encodable, headers extra: HTTPFields = [:]
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(body)
        var headers = extra
        headers[.contentType] = type
        headers[.contentLength] = "\(data.count)"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
}

struct PageResponse<Item: Encodable & Sendable>: Encodable, Sendable {
    let data: [Item]
    @OrNull var nextCursor: String?
}

/// A member that is written as `null` when there is nothing, instead of being left out.
@propertyWrapper
struct OrNull<Value: Encodable & Sendable>: Encodable, Sendable {
    var wrappedValue: Value?

    init(wrappedValue: Value?) {
        self.wrappedValue = wrappedValue
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue {
            try container.encode(wrappedValue)
        } else if encoder.userInfo[.spread] != nil, let shape = Value.self as? any Spreadable.Type {
            try container.encode(shape.absence)
        } else {
            try container.encodeNil()
        }
    }
}

/// An object that may be missing from an item of a list: in a table its columns are there all the same.
protocol Spreadable {
    /// The same members, all null.
    static var absence: [String: String?] { get }
}

/// An amount as answers show it: exact decimal text and a currency code.
struct MoneyResponse: Encodable, Sendable, Spreadable {
    static let absence: [String: String?] = ["amount": nil, "currency": nil]

    let amount: String
    let currency: String

    init(_ money: Money) {
        amount = money.decimal
        currency = money.currency.code
    }
}
