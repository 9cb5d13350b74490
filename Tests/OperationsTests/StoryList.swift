import Foundation

/// Which test tells which complaint, edge case and decision, as `Operations.docc/Stories.md` has it.
struct StoryList {
    /// A row that is told: the subject, and the names of its tests.
    private var told: [(subject: String, tests: [String])] = []
    /// A row that waits: the subject, and the line of the roadmap.
    private var waiting: [(subject: String, line: String)] = []

    init(_ document: String) {
        var isWaiting = false
        let lines = document.split(separator: "\n").map(String.init)
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("## ") { isWaiting = line == "## What waits" }
            // The line above the rule names the columns.
            let isHead = index + 1 < lines.count && lines[index + 1].hasPrefix("|---")
            guard line.hasPrefix("| "), !isHead else { continue }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let subject = cells.first, let last = cells.last else { continue }
            if isWaiting {
                waiting.append((subject, last))
            } else {
                let parts = last.split(separator: "`", omittingEmptySubsequences: false)
                told.append((subject, parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }))
            }
        }
    }

    /// What is wrong with it, given the names of all tests there are.
    func faults(among tests: Set<String>) -> [String] {
        var faults: [String] = []
        for (subject, names) in told {
            if names.isEmpty { faults.append("\(subject): told by nothing") }
            for name in names where !tests.contains(name) { faults.append("\(subject): there is no test '\(name)'") }
            let label = subject.lowercased() + ": "
            if subject.hasPrefix("Complaint "), !names.contains(where: { $0.hasPrefix(label) }) {
                faults.append("\(subject): no test bears its number")
            }
        }
        let subjects = told.map(\.subject) + waiting.map(\.subject)
        for subject in Self.subjects where !subjects.contains(subject) { faults.append("\(subject): missing") }
        for (subject, count) in Dictionary(subjects.map { ($0, 1) }, uniquingKeysWith: +) {
            if count > 1 { faults.append("\(subject): twice") }
            if !Self.subjects.contains(subject) { faults.append("\(subject): unknown") }
        }
        for (subject, line) in waiting where Self.mayWait[subject] != line {
            faults.append("\(subject): may not wait for '\(line)'")
        }
        let listed = Set(told.flatMap(\.tests))
        for name in tests where name.contains(Self.label) && !listed.contains(name) {
            faults.append("'\(name)' is not listed")
        }
        return faults.sorted()
    }

    private static var label: Regex<Substring> { #/^(?:complaint \d+|row [^:]+|decision 5\.\d+): /# }

    /// All there is to tell.
    private static let subjects: [String] =
        (1...25).map { "Complaint \($0)" } + [
            "Part payment mid-sequence", "Payment between render and send", "Instalments", "Credit note",
            "Only fee/interest left", "Payment reversed", "Chargeback", "Due date later / earlier",
            "Invoice void / merged customer", "Contact changed", "Workflow edited while enrolled",
            "Workflow archived / rule changed", "Zone and DST", "Month ends", "Weekend/holiday", "Outage / late worker",
            "Backdated import (1000 old invoices)", "Import replay / out of order", "Source stale",
            "Promise on part of the debt", "Parent/child", "Zero/negative, tiny, JPY/BHD", "Two brands, same person",
            "5.1 Shadow", "5.1 One first message by any entry policy", "5.1 The policy where none is named",
            "5.1 Review and the second activation", "5.1 Warm-up quota", "5.2 One message for customer, brand and day",
            "5.2 The highest stage sets the tone", "5.2 One locked, all return", "5.2 Each gated by itself",
            "5.3 Caps by person, across brands and channels", "5.3 Three in seven days",
            "5.3 Days of the contact's zone", "5.3 What counts as a contact", "5.3 The key of an address",
            "5.4 Allocation", "5.4 Money under way", "5.5 Twice in one file; money from the future",
            "5.5 The newer word wins", "5.5 A negative row", "5.5 Settlement and snapshots", "5.6 Overdue",
            "5.6 Windows of the contact's zone", "5.6 What holds where nothing is said", "5.6 The spread",
            "5.6 Holidays, forward and backward", "5.6 The brand's calendar", "5.6 Clocks that jump",
            "5.7 Stage and tier", "5.7 Before due, and overdue only after it",
            "5.7 One stage at a time; the anchor paid", "5.7 Late steps", "5.7 The end, and the next cycle",
            "5.8 Human steps do not stop e-mail", "5.8 The deadline", "5.8 Payment cancels tasks", "5.8 Any reply",
            "5.9 Restore or clone", "5.9 The demo's clock", "5.9 What a sandbox is", "5.10 Recovery", "5.10 CEI",
        ]

    /// What has no mechanism yet, and the line of the roadmap that brings it; nothing else may wait.
    private static let mayWait = [
        "Complaint 9": "The customer's page and the team's console", "Complaint 18": "Failed payments",
        "Complaint 19": "Connectors and credit", "Complaint 20": "Channels and replies",
        "Complaint 22": "Failed payments", "Complaint 23": "The customer's page and the team's console",
        "Complaint 24": "Channels and replies", "Only fee/interest left": "Connectors and credit",
        "Chargeback": "Failed payments", "Parent/child": "Connectors and credit",
    ]
}

extension StoryList {
    private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The document as it stands.
    static func document() throws -> String {
        try String(
            contentsOf: checkout.appending(path: "Sources/Operations/Operations.docc/Stories.md"), encoding: .utf8)
    }

    /// The names of all test functions of the project, as its sources have them.
    static func tests() throws -> Set<String> {
        let folder = checkout.appending(path: "Tests")
        var names: Set<String> = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where path.hasSuffix(".swift") {
            let source = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
            names.formUnion(tests(in: source))
        }
        return names
    }

    /// A test is a function with a name in backticks, and its attribute between it and the name before.
    static func tests(in source: String) -> [String] {
        let parts = source.split(separator: "`", omittingEmptySubsequences: false)
        return zip(parts, parts.dropFirst()).compactMap { before, name in
            guard before.contains("@Test"), before.trimmingCharacters(in: .whitespacesAndNewlines).hasSuffix("func")
            else { return nil }
            return String(name)
        }
    }
}
