import Foundation
import SQL
import Testing

@Suite struct EmbeddedFilesTests {
    private static let lists = [
        "bench": SQL.bench, "functions": SQL.functions, "migrations": SQL.migrations, "queries": SQL.queries,
    ]

    @Test(arguments: ["bench", "functions", "migrations", "queries"])
    func `the embedded list is the folder`(folder: String) throws {
        let embedded = try #require(Self.lists[folder])
        let files = try Checkout.files(below: "sql/\(folder)", ending: "")
        #expect(files.map(\.path) == embedded.map { "sql/\(folder)/\($0.name).sql" })
        #expect(files.map(\.text) == embedded.map(\.text))
        #expect(!files.isEmpty)
    }
}
