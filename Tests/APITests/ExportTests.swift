import Foundation
import Support
import Testing

@testable import recoup_api

/// Every list as a file.
@Suite struct `Lists` {
    private static let headers = ["csv": "text/csv", "ndjson": "application/x-ndjson"]

    @Test func `can all be had as CSV and NDJSON, by Accept or by format`() async throws {
        try await RunningAPI.run { api in
            let customer = try await api.create("/v1/customers", Recipe.customer)
            _ = try await api.create("/v1/brands", Recipe.brand)
            _ = try await api.create("/v1/invoices", Recipe.invoice(of: customer))
            let segment = try await api.create("/v1/segments", #"{"name": "Large"}"#)
            let simulation = try #require(try await api.post("/v1/simulations", "{}").json["id"] as? String)
            let lists = Route.table.filter(\.isList)
            #expect(lists.count >= 24)
            for route in lists where route.access == .tenant && !route.path.contains("imports/") {
                let owner =
                    route.path.contains("segments/")
                    ? segment : route.path.contains("simulations/") ? simulation : customer
                let path = route.path.replacingOccurrences(of: "{id}", with: owner)
                    .replacingOccurrences(of: "{finding}", with: "customers_without_address")
                let json = try await api.get(path)
                #expect(json.status == 200, "\(path): \(json.text)")
                let items = try #require(try json.json["data"] as? [[String: Any]], "\(path)")
                for (format, type) in Self.headers {
                    let asked = try await api.get("\(path)?format=\(format)")
                    let accepted = try await api.client.ask("GET", path, key: api.key, headers: ["Accept": type])
                    #expect(asked.status == 200 && asked.body == accepted.body, "\(path)")
                    #expect(asked.headers["content-type"]?.hasPrefix(type) == true, "\(path)")
                    #expect(asked.headers["vary"] == "Accept")
                    let lines = asked.text.split(whereSeparator: \.isNewline)
                    let expected = items.isEmpty ? 0 : items.count + (format == "csv" ? 1 : 0)
                    // Texts of several lines (templates) make more of them.
                    #expect(
                        format == "csv" ? lines.count >= expected : lines.count == expected, "\(path): \(asked.text)")
                }
            }
            try await api.get("/v1/invoices?format=xml").expect(400, "not_in_list", at: "?format")
        }
    }

    /// Else the columns of one page would differ from those of the next.
    @Test func `have the same columns on every page: what may be missing as a whole has its columns all the same`()
        throws
    {
        let description = try Description.shared.get()
        for operation in description.operations {
            let name = operation.body["operationId"]?.text ?? ""
            guard name.hasPrefix("list"),
                let page = operation.body["responses"]?["200"]?["content"]?["application/json"]?["schema"]
            else { continue }
            let item = description.resolved(page)["properties"]?["data"]?["items"].map(description.resolved)
            let members = item?["properties"]?.members ?? [:]
            #expect(!members.isEmpty, "\(name)")
            for (member, schema) in members {
                for choice in schema["oneOf"]?.elements ?? [] {
                    let nested = description.resolved(choice)["properties"]?.members ?? [:]
                    guard !nested.isEmpty else { continue }
                    let spread = [
                        MoneyResponse.absence, ImportResponse.Problem.absence, SegmentsResponse.absence,
                    ].map { Set($0.keys) }
                    #expect(spread.contains(Set(nested.keys)), "\(name): \(member)")
                }
            }
        }
    }

    @Test func `are followed from page to page by their link`() async throws {
        try await RunningAPI.run { api in
            let names = (1...5).map { "Customer \($0)" }
            for (number, name) in names.enumerated() {
                _ = try await api.create("/v1/customers", #"{"external_id": "C-\#(number)", "name": "\#(name)"}"#)
            }
            var (seen, heads): ([String], Set<String>) = ([], [])
            var next: String? = "/v1/customers?limit=2&format=csv"
            while let path = next {
                let page = try await api.get(path)
                let lines = page.text.split(separator: "\r\n").map(String.init)
                heads.formUnion(lines.prefix(1))
                seen += lines.dropFirst()
                next = page.headers["link"].map { String($0.dropFirst().prefix { $0 != ">" }) }
                #expect(
                    page.headers["recoup-next-cursor"] == nil || next?.contains("limit=2&format=csv&cursor=") == true)
            }
            #expect(seen.count == 5)
            #expect(heads.count == 1)
            #expect(Set(names).allSatisfy { name in seen.contains { $0.contains(name) } })
        }
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("+1 555", "'+1 555"),
        ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("\nx", "\"'\nx\""), ("＝1", "'＝1"), ("-5.00", "-5.00"), ("+7", "+7"),
        ("-5.", "'-5."), ("-1e5", "'-1e5"), ("-٥", "'-٥"), ("plain", "plain"), ("a,b", "\"a,b\""), ("", ""),
        ("say \"no\"", "\"say \"\"no\"\"\""), ("=\"x\"", "\"'=\"\"x\"\"\""), ("a\r\nb", "\"a\r\nb\""),
        ("e\u{301}=", "e\u{301}="),
    ]) func `keep a cell from being a formula, and numbers numbers`(text: String, cell: String) {
        let table = Table([.object([.init(name: "x", value: .string(text)), .init(name: "y", value: .number("-1"))])])
        #expect(table.csv == "x,y\r\n\(cell),-1\r\n")
    }

    @Test func `lay nested members out under dotted names, the identifier first`() throws {
        let table = Table([
            try JSONParser.parse(Array(#"{"a": {"b": "1", "c": null}, "d": [1, "x"], "e": true, "id": "i"}"#.utf8)),
            try JSONParser.parse(Array(#"{"a": {"b": "2", "c": "3"}, "d": [], "e": null, "id": "j"}"#.utf8)),
        ])
        #expect(table.csv == "id,a.b,a.c,d,e\r\ni,1,,\"[1,\"\"x\"\"]\",true\r\nj,2,3,[],\r\n")
        #expect(Table([]).csv == "")
    }
}
