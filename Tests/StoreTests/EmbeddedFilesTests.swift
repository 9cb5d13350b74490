import Foundation
import SQL
import Testing

@Suite struct EmbeddedFilesTests {
    @Test(arguments: [("migrations", SQL.migrations), ("functions", SQL.functions), ("queries", SQL.queries)])
    func `the embedded list is the folder`(folder: String, embedded: [SQL.File]) throws {
        let files = try Checkout.files(below: "sql/\(folder)", ending: "")
        #expect(files.map(\.path) == embedded.map { "sql/\(folder)/\($0.name).sql" })
        #expect(files.map(\.text) == embedded.map(\.text))
        #expect(!files.isEmpty)
    }
}
