import Foundation
import Testing

@testable import recoup

@Suite struct `An exported list` {
    private static func export(_ format: String, _ pages: [String: (String, String?)]) async throws -> (
        String, [String]
    ) {
        var (text, asked): (Data, [String]) = (Data(), [])
        try await Export.pages(
            of: "invoices?state=open", format: format,
            fetch: { address in
                asked.append(address)
                let page = try #require(pages[address], "\(address)")
                return (Data(page.0.utf8), page.1)
            }, { text += $0 })
        return (String(decoding: text, as: UTF8.self), asked)
    }

    private static let first = "/v1/invoices?state=open&format="

    @Test func `follows the links, and has its columns once`() async throws {
        let (text, asked) = try await Self.export(
            "csv",
            [
                Self.first + "csv&limit=200": ("id,n\r\na,1\r\n", "</v1/two>; rel=\"next\""),
                "/v1/two": ("id,n\r\nb,2\r\n", "</v1/three>; rel=\"next\""), "/v1/three": ("", nil),
            ])
        #expect(text == "id,n\r\na,1\r\nb,2\r\n")
        #expect(asked.count == 3)
        let (lines, _) = try await Self.export(
            "ndjson",
            [
                Self.first + "ndjson&limit=200": ("{\"n\":\"\\r\\n\"}\n", "</v1/two>; rel=\"next\""),
                "/v1/two": ("{\"n\":2}\n", nil),
            ])
        #expect(lines == "{\"n\":\"\\r\\n\"}\n{\"n\":2}\n")
    }

    @Test func `stops where the columns change`() async throws {
        await #expect(throws: Complaint.self) {
            _ = try await Self.export(
                "csv",
                [
                    Self.first + "csv&limit=200": ("id,n\r\na,1\r\n", "</v1/two>; rel=\"next\""),
                    "/v1/two": ("id,m\r\nb,2\r\n", nil),
                ])
        }
    }
}
