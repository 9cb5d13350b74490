import Dunning
import Files
import Foundation
import Postgres
import Store
import Support
import Testing

@testable import Operations

/// Each with two good rows around what is wrong: `atomic` takes in nothing, `partial` the good ones, and the fault is named
/// with its place.
@Suite(.database) struct `A broken file` {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        /// `row field code`, as reported.
        let faults: [String]
        /// How many invoices `partial` takes in.
        let good: Int
        var isUnusable = false

        init(_ name: String, _ text: String, _ faults: [String], good: Int = 2) {
            self.init(name, Array(text.utf8), faults, good: good)
        }

        init(_ name: String, _ bytes: [UInt8], _ faults: [String], good: Int = 2, isUnusable: Bool = false) {
            testDescription = name
            self.bytes = bytes
            self.faults = faults
            self.good = good
            self.isUnusable = isUnusable
        }
    }

    private static let head = ImportFixture.header
    private static let first = "c1,,i1,2026-10-01,2026-11-01,10.00,\n"
    private static let last = "c9,,i9,2026-10-01,2026-11-01,90.00,\n"

    private static func around(_ row: String) -> String { head + first + row + "\n" + last }

    static let cases: [Case] = [
        Case("a bad date", around("c2,,i2,2026-10-01,2026-13-01,10.00,"), ["2 invoice.due_date not_a_date"]),
        Case("an ambiguous date", around("c2,,i2,2026-10-01,03/04/2026,10.00,"), ["2 invoice.due_date ambiguous_date"]),
        Case("a negative amount", around("c2,,i2,2026-10-01,2026-11-01,-5.00,"), ["2 invoice.amount not_positive"]),
        Case("a missing customer", around(",,i2,2026-10-01,2026-11-01,5.00,"), ["2 customer.external_id required"]),
        Case(
            "the same id twice with another amount",
            around("c2,,i2,2026-10-01,2026-11-01,5.00,\nc2,,i2,2026-10-01,2026-11-01,6.00,"),
            ["2 invoice.external_id contradiction", "3 invoice.external_id contradiction"]),
        Case(
            "the same id for two customers",
            around("c2,,i2,2026-10-01,2026-11-01,5.00,\nc3,,i2,2026-10-01,2026-11-01,5.00,"),
            ["2 invoice.external_id contradiction", "3 invoice.external_id contradiction"]),
        Case("a NUL", around("c2,,i\u{0}2,2026-10-01,2026-11-01,5.00,"), ["2 3 nul_character"]),
        Case(
            "an unclosed quote", head + first + last + "c2,,\"i2,2026-10-01,2026-11-01,5.00,\n", ["3 3 unclosed_quote"]),
        Case("a byte order mark", "\u{FEFF}" + head + first + last, []),
        Case("a line of a million characters", around(String(repeating: "x", count: 1_000_000)), ["2 1 line_too_long"]),
        Case("UTF-16", utf16(head + first + last), []),
        Case(
            "ten thousand columns", Array((0..<10_000).map { "c\($0)" }.joined(separator: ",").utf8),
            ["0 file too_many_columns"], good: 0, isUnusable: true),
        Case(
            "no column of the mapping", Array("a,b\n1,2\n".utf8), ["0 file missing_column"], good: 0, isUnusable: true),
    ]

    private static func utf16(_ text: String) -> [UInt8] {
        [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    }

    @Test(arguments: cases) func `is told row by row`(broken: Case) async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let atomic = try await ImportFixture(tenant, mode: .atomic).take(broken.bytes)
        #expect(atomic.faults == broken.faults)
        #expect(atomic.errors.allSatisfy { $0.code != "contradiction" || $0.column == "inv" })
        #expect(atomic.record.state == (broken.faults.isEmpty ? .done : .failed))
        if !broken.faults.isEmpty {
            for table in ["customer", "invoice", "payment", "ledger_entry", "enrolment"] {
                #expect(try await tenant.count("\(table) where tenant_id = $t") == 0, "\(table)")
            }
        }
        let dry = try await ImportFixture(tenant, mode: .dryRun).take(broken.bytes)
        #expect(
            dry.faults == broken.faults
                && dry.record.counts.invoicesCreated == (broken.faults.isEmpty ? 0 : broken.good))
        let partial = try await ImportFixture(tenant).take(broken.bytes)
        #expect(partial.faults == broken.faults)
        #expect(partial.record.state == (broken.isUnusable ? .failed : .done))
        #expect(try await tenant.count("invoice where tenant_id = $t") == broken.good)
        #expect(try await tenant.count("import_row where tenant_id = $t") == 0)
        #expect(try await tenant.count("import_piece where tenant_id = $t") == 0)
    }

    @Test func `may be in a currency that is not the stored one, or that is none`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let money = try ImportFixture.mapping([.invoiceCurrency: .column("cur"), .contactEmail: .constant("a@b.test")])
        let header = "cust,inv,issued,due,amount,cur,paid\n"
        let good = "c1,i1,2026-10-01,2026-11-01,10.00,USD,\n"
        let file = try ImportFixture(tenant, money, mode: .partial)
        #expect(try await file.take(good, header: header).record.counts.invoicesCreated == 1)
        let wrong =
            good.replacing("USD", with: "EUR") + "c2,i2,2026-10-01,2026-11-01,10.00,XXX,\n"
            + "c3,i3,2026-10-01,2026-11-01,10.00,EUR,\nc4,i1,2026-10-01,2026-11-01,10.00,USD,\n"
        for mode in [ImportRecord.Mode.atomic, .dryRun, .partial] {
            let taken = try await ImportFixture(tenant, money, mode: mode).take(wrong, header: header)
            #expect(
                taken.faults == [
                    "1 invoice.external_id contradiction", "2 invoice.currency unknown_currency",
                    "4 invoice.external_id contradiction",
                ])
        }
        let other = try await file.take("c1,i1,2026-10-01,2026-11-01,10.00,EUR,\n", header: header)
        #expect(other.faults == ["1 invoice.external_id other_currency"])
        let stranger = try await file.take("c4,i1,2026-10-01,2026-11-01,10.00,USD,\n", header: header)
        #expect(stranger.faults == ["1 invoice.external_id other_customer"])
        #expect(try await tenant.count("invoice where tenant_id = $t and currency = 'USD'") == 1)
    }

    @Test func `may be cut in the middle, be a bomb, or be told as a fault without a row`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        var rows = ""
        for number in 0..<20_000 {
            rows += "c\(number % 500),,i\(number),2026-10-01,2026-11-01,\(number % 97 + 1).00,\n"
        }
        let packed = try await Self.gzip(Array((ImportFixture.header + rows).utf8))
        let cut = Array(packed.prefix(packed.count / 2))
        let atomic = try await ImportFixture(tenant, mode: .atomic).take(cut)
        #expect(atomic.faults == ["0 file gzip_cut"] && atomic.record.state == .failed)
        #expect(try await tenant.count("invoice where tenant_id = $t") == 0)
        let partial = try await ImportFixture(tenant).take(cut)
        #expect(partial.faults == ["0 file gzip_cut"] && partial.record.state == .done)
        let half = try await tenant.count("invoice where tenant_id = $t")
        #expect(half > 1_000 && half < 20_000 && half == partial.record.rowsRead)
        let whole = try await ImportFixture(tenant, mode: .atomic).take(packed)
        #expect(whole.record.state == .done && whole.record.counts.invoicesCreated == 20_000 - half)
        let bomb = try await Self.gzip([UInt8](repeating: UInt8(ascii: "x"), count: 100_000_000))
        let exploded = try await ImportFixture(tenant).take(bomb)
        #expect(exploded.record.state == .failed)
        #expect(
            exploded.errors.map(\.code).contains { $0 == "gzip_bomb" || $0 == "malformed_header" }, "\(exploded.errors)"
        )
    }

    private static func gzip(_ bytes: [UInt8]) async throws -> [UInt8] {
        try await onOwnThread {
            let folder = FileManager.default.temporaryDirectory
            let file = folder.appending(path: "recoup-\(UInt64.random(in: 0 ... .max))")
            defer { try? FileManager.default.removeItem(at: file.appendingPathExtension("gz")) }
            try Data(bytes).write(to: file)
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["gzip", "-f", file.path]
            try process.run()
            process.waitUntilExit()
            return [UInt8](try Data(contentsOf: file.appendingPathExtension("gz")))
        }
    }
}
