import Dunning
import Files
import Foundation
import Support
import Testing

@testable import Operations

/// The same ledger, written in any way a mapping can declare, is read as the same rows.
@Suite struct `A ledger in any dialect` {
    private struct Item: Equatable {
        var customer: String
        var name: String
        var invoice: String
        var due: Day
        var total: Money
        var paid: Int64?
    }

    private struct Dialect {
        let isJSON: Bool
        let date: String
        let decimal: String
        let grouping: String?
        let isMinor: Bool
        let delimiter: String
        let encoding: TextEncoding

        init(using generator: inout SeededGenerator) {
            isJSON = Bool.random(using: &generator)
            date =
                ["yyyy-MM-dd", "d.M.yyyy", "MM/dd/yyyy", "yyyyMMdd", "timestamp"].randomElement(using: &generator) ?? ""
            decimal = [".", ","].randomElement(using: &generator) ?? "."
            grouping = [nil, "'", " ", decimal == "." ? "," : "."].randomElement(using: &generator) ?? nil
            isMinor = Bool.random(using: &generator)
            delimiter = [",", ";", "\t", "|"].randomElement(using: &generator) ?? ","
            encoding = [.auto, .utf16LE, .windows1252].randomElement(using: &generator) ?? .auto
        }

        var mapping: String {
            let names = [
                "customer.external_id", "customer.name", "invoice.external_id", "invoice.due_date", "invoice.amount",
                "invoice.currency", "payment.value_date", "payment.amount",
            ]
            let more = [
                "\"date_formats\": [\"\(date)\"]", "\"decimal\": \"\(decimal)\"", "\"minor_units\": \(isMinor)",
                "\"encoding\": \"\(encoding.rawValue)\"", isJSON ? "\"format\": \"ndjson\"" : nil,
                grouping.map { "\"grouping\": \"\($0)\"" },
                isJSON ? nil : "\"delimiter\": \"\(delimiter == "\t" ? "\\t" : delimiter)\"",
            ]
            return straight(names, ", " + more.compactMap(\.self).joined(separator: ", "))
        }

        func write(_ day: Day) -> String {
            func padded(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
            return switch date {
            case "d.M.yyyy": "\(day.day).\(day.month).\(day.year)"
            case "MM/dd/yyyy": "\(padded(day.month))/\(padded(day.day))/\(day.year)"
            case "yyyyMMdd": "\(day.year)\(padded(day.month))\(padded(day.day))"
            case "timestamp": "\(day)T23:59:59.5-08:00"
            default: day.description
            }
        }

        func write(_ money: Money) -> String {
            let parts = (isMinor ? String(money.minor) : money.decimal).split(separator: ".")
            var whole = ""
            for (index, digit) in parts[0].enumerated() {
                if let grouping, index > 0, (parts[0].count - index) % 3 == 0 { whole += grouping }
                whole.append(digit)
            }
            return parts.count > 1 ? "\(whole)\(decimal)\(parts[1])" : whole
        }

        func file(_ items: [Item]) throws -> [UInt8] {
            let rows = items.map { item in
                [
                    item.customer, item.name, item.invoice, write(item.due), write(item.total),
                    item.total.currency.code, item.paid == nil ? "" : write(item.due),
                    item.paid.map { write(Money(minor: $0, currency: item.total.currency)) } ?? "",
                ]
            }
            let names = mappingNames
            let lines: [String]
            if isJSON {
                lines = try rows.map { row in
                    var parts: [String: [String: String]] = [:]
                    for (name, text) in zip(names, row) {
                        let path = name.split(separator: ".").map(String.init)
                        parts[path[0], default: [:]][path[1]] = text
                    }
                    return String(decoding: try JSONSerialization.data(withJSONObject: parts), as: UTF8.self)
                }
            } else {
                lines = ([names] + rows).map { row in
                    row.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: delimiter)
                }
            }
            let text = lines.joined(separator: "\n") + "\n"
            switch encoding {
            case .utf16LE: return text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] as [UInt8] }
            case .windows1252: return text.unicodeScalars.map { $0 == "€" ? 0x80 : UInt8($0.value) }
            default: return Array(text.utf8)
            }
        }

        private var mappingNames: [String] {
            [
                "customer.external_id", "customer.name", "invoice.external_id", "invoice.due_date", "invoice.amount",
                "invoice.currency", "payment.value_date", "payment.amount",
            ]
        }
    }

    private func item(_ number: Int, using generator: inout SeededGenerator) -> Item {
        let letters = ["a", "É", "ß", "€", ";", ",", "|", "\"", "'", "\\", "/", " "]
        let name = "N" + (0..<8).map { _ in letters.randomElement(using: &generator) ?? "" }.joined() + "."
        let code = ["EUR", "JPY", "KWD"].randomElement(using: &generator) ?? "EUR"
        let minor =
            Int64.random(in: 1...9_000_000_000, using: &generator) >> Int64.random(in: 0...30, using: &generator)
        let currency = Currency(code) ?? Currency("EUR")!
        return Item(
            customer: "c\(number % 3)", name: name, invoice: "i\(number)",
            due: Day("2026-11-24")!.adding(-Int.random(in: 0...3_000, using: &generator)),
            total: Money(minor: max(1, minor), currency: currency),
            paid: Bool.random(using: &generator) ? Int64.random(in: 1...max(1, minor), using: &generator) : nil)
    }

    @Test func `is read as the same rows`() throws {
        var generator = SeededGenerator()
        print("seed \(generator.seed)")
        for _ in 0..<200 {
            let items = (0..<Int.random(in: 1...8, using: &generator)).map { item($0, using: &generator) }
            let dialect = Dialect(using: &generator)
            let ledger = try ReadLedger(try dialect.file(items), dialect.mapping)
            #expect(ledger.problems.isEmpty, "\(dialect.mapping)")
            let found = ledger.rows.compactMap { row -> Item? in
                guard let customer = row.customer, let invoice = row.invoice, let due = invoice.dueDate else {
                    return nil
                }
                return Item(
                    customer: customer.externalID, name: customer.name ?? "", invoice: invoice.externalID, due: due,
                    total: invoice.total, paid: row.payment?.amount.minor)
            }
            #expect(found == items, "\(dialect.mapping)")
            #expect(
                ledger.rows.allSatisfy {
                    $0.payment.map { $0.invoice != nil && $0.valueDate <= ReadLedger.today } ?? true
                })
        }
    }
}
