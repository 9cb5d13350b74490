import Dunning
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What a list is answered as: JSON, or something to load elsewhere.
enum ListFormat: String, CaseIterable, Sendable {
    case json, csv, ndjson

    var type: String {
        switch self {
        case .json: "application/json"
        case .csv: "text/csv; charset=utf-8; header=present"
        case .ndjson: "application/x-ndjson"
        }
    }

    /// What the client asks for: `format`, or else its Accept header.
    init(_ request: Request, _ query: QueryParameters) throws(QueryError) {
        if let format = try query.choice("format", of: ListFormat.self) {
            self = format
            return
        }
        let accepted = request.headers[.accept]?.lowercased() ?? ""
        self = accepted.contains("text/csv") ? .csv : accepted.contains("application/x-ndjson") ? .ndjson : .json
    }
}

/// A body that is a list: all of it, or a page.
protocol Listed: Encodable, Sendable {
    associatedtype Item: Encodable & Sendable

    var data: [Item] { get }
    /// Nil on the last page, and where there are no pages.
    var nextCursor: String? { get }
}

extension Listed {
    var nextCursor: String? { nil }
}

extension PageResponse: Listed {}

/// A list that is short enough for one answer.
struct ListResponse<Item: Encodable & Sendable>: Listed {
    let data: [Item]
}

/// The one place where lists become files: every list can be had as CSV and as NDJSON, page by page.
///
/// The next page stands in `Link: <…>; rel="next"` (RFC 8288), its cursor alone in `Recoup-Next-Cursor`. Each page is a file
/// of its own: that of CSV begins with its columns, and an empty one is empty.
struct Listing: Sendable {
    let format: ListFormat
    private let path: String
    private let query: String

    init(_ request: Request, _ query: QueryParameters) throws(QueryError) {
        format = try ListFormat(request, query)
        path = request.uri.path
        self.query = request.uri.query ?? ""
    }

    func response(_ answer: Answer) throws -> Response {
        guard let list = answer.body as? any Listed else { return try answer.response() }
        var response = try format == .json ? answer.response() : file(list)
        if let next = list.nextCursor {
            response.headers[.nextCursor] = next
            response.headers[.link] = "<\(address(of: next))>; rel=\"next\""
        }
        response.headers[.vary] = "Accept"
        return response
    }

    private func file(_ list: some Listed) throws -> Response {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if format == .csv { encoder.userInfo[.spread] = true }
        var bytes: [UInt8] = []
        if format == .ndjson {
            for item in list.data {
                bytes += try encoder.encode(item)
                bytes.append(UInt8(ascii: "\n"))
            }
        } else {
            bytes = Array(Table(try list.data.map { try JSONParser.parse([UInt8](encoder.encode($0))) }).csv.utf8)
        }
        return Response(
            status: .ok, headers: [.contentType: format.type, .contentLength: "\(bytes.count)"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The same request for the page after.
    private func address(of cursor: String) -> String {
        let others = query.split(separator: "&").filter { !$0.hasPrefix("cursor=") }.map(String.init)
        let value = cursor.addingPercentEncoding(
            withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-._~")))
        return path + "?" + (others + ["cursor=\(value ?? "")"]).joined(separator: "&")
    }
}

extension HTTPField.Name {
    /// Literals that are valid names.
    static let nextCursor = HTTPField.Name("Recoup-Next-Cursor")!
    static let link = HTTPField.Name("Link")!
}

extension CodingUserInfoKey {
    /// Set where an object that is not there still needs its columns.
    static let spread = CodingUserInfoKey(rawValue: "spread")!
}
