import Foundation
import Host
import Testing

@Suite struct `The README's table of settings` {
    @Test func `names every setting with its default and meaning, and no other`() throws {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: checkout.appending(path: "README.md"), encoding: .utf8)
        let rows = readme.split(separator: "\n").filter { row in
            let variable = row.dropFirst(3).prefix { $0 != "`" }
            return row.hasPrefix("| `") && !variable.isEmpty && variable.allSatisfy { $0.isUppercase || $0 == "_" }
        }
        let expected = Settings.table.map { setting in
            "| `\(setting.environment)` | \(setting.initial.map { "`\($0)`" } ?? "—") | \(setting.meaning) |"
        }
        #expect(rows.map(String.init).filter { row in !expected.contains(row) } == [])
        #expect(expected.filter { row in !rows.contains(row[...]) } == [])
    }
}
