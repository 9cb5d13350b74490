import Dunning
import Foundation
import Operations
import Store

/// A simulation as a person reads it.
enum SimulationWords {
    static func text(_ record: SimulationRecord) throws -> String {
        guard record.state == .done else {
            return "The simulation \(record.id) is \(record.state.rawValue)" + (record.problem.map { ": \($0)" } ?? ".")
        }
        let sums = try record.decodedSums()
        var rows = [
            ["simulation", record.id.description], ["from", "\(record.beginsAt), \(record.days) days"],
            ["payments", record.payments.text], ["customers looked at", "\(record.customersDone)"],
            ["customers written to", "\(sums.customers)"], ["messages", "\(sums.messages)"],
        ]
        for (stage, count) in sums.stages.sorted(by: { $0.key < $1.key }) {
            rows.append(["  stage \(stage)", "\(count)"])
        }
        if sums.inApp > 0 { rows.append(["shown in the product", "\(sums.inApp)"]) }
        let asked = sums.asked.sorted { $0.key < $1.key }.compactMap { code, minor in
            Currency(code).map { Money(minor: minor, currency: $0).formatted() }
        }
        rows.append(["first asked for", asked.isEmpty ? "nothing" : asked.joined(separator: ", ")])
        for (kind, count) in sums.total(\.tasks).sorted(by: { $0.key < $1.key }) {
            rows.append(["tasks, \(kind)", "\(count)"])
        }
        for (reason, count) in sums.total(\.skips).sorted(by: { $0.key < $1.key }) {
            rows.append(["skipped, \(Reason(rawValue: reason)?.words ?? reason)", "\(count)"])
        }
        if let live = try record.decodedLiveSums() {
            rows.append(["messages as things are", "\(live.messages)"])
            rows.append(["customers it changes", "\(record.customersDiffering)"])
        }
        let days = sums.days.filter { !$0.value.messages.isEmpty }.sorted { $0.key < $1.key }
        guard !days.isEmpty else { return Terminal.table(rows) }
        let perDay = days.prefix(14).map { day, sums in
            [day, "\(sums.messages.values.reduce(0, +)) messages, \(sums.firstContacts) of them first contacts"]
        }
        let rest = days.count > 14 ? ["… and \(days.count - 14) more days"] : []
        return ([Terminal.table(rows), "", Terminal.table(perDay)] + rest).joined(separator: "\n")
    }
}
