import Dunning
import Files
import Testing

@testable import Operations

/// Each way a file can be broken: the good rows are read, the bad ones named by row and column.
@Suite struct `Broken ledger files` {
    private static let mapping = """
        {"delimiter": "auto", "fields": {"customer.external_id": {"column": "cust"},
            "contact.email": {"column": "mail"}, "invoice.external_id": {"column": "inv"},
            "invoice.due_date": {"column": "due"}, "invoice.amount": {"column": "amount"},
            "invoice.currency": {"column": "cur"}}}
        """
    private static let header = "cust,mail,inv,due,amount,cur\n"
    private static let good = "c1,a@b.test,i1,2026-12-01,10.00,EUR\n"
    private static let last = "c9,z@b.test,i9,2026-12-01,9.00,EUR\n"

    /// Between two good rows.
    private func read(_ row: String) throws -> ReadLedger {
        try ReadLedger(Self.header + Self.good + row + "\n" + Self.last, Self.mapping)
    }

    @Test(arguments: [
        ("c2,,i2,nonsense,10,EUR", "2 due not_a_date"), ("c2,,i2,2026-02-30,10,EUR", "2 due not_a_date"),
        ("c2,,i2,03/04/2026,10,EUR", "2 due ambiguous_date"), ("c2,,i2,3.4.26,10,EUR", "2 due ambiguous_date"),
        ("c2,,i2,31.12.2026,10,EUR", "2 due not_a_date"), ("c2,,i2,2026-12-01,-10,EUR", "2 amount not_positive"),
        (",,i2,2026-12-01,10,EUR", "2 cust required"), ("c2,,i2,2026-12-01,10,XXX", "2 cur unknown_currency"),
        ("c2,,i2,2026-12-01,10.5,JPY", "2 amount money_too_many_decimals"),
        ("c2,,i2,2026-12-01,10.5\0,EUR", "2 amount nul_character"), ("c2,,i2,2026-12-01", "2 amount wrong_field_count"),
        ("c2,,i2,2026-12-01,10,EUR,more", "2 7 wrong_field_count"),
        ("c2," + String(repeating: "x", count: 70_000) + ",i2,2026-12-01,10,EUR", "2 mail line_too_long"),
    ])
    func `spoil one row`(row: String, problem: String) throws {
        let ledger = try read(row)
        #expect(ledger.summaries == [problem])
        #expect(ledger.problems.first?.line == 3)
        #expect(ledger.rows.compactMap(\.invoice?.externalID) == ["i1", "i9"])
    }

    @Test func `end at a mark that is never closed, in the row it was opened in`() throws {
        let ledger = try read("c2,\"open,i2,2026-12-01,10,EUR")
        #expect(ledger.summaries == ["2 mail unclosed_quote"])
        #expect(ledger.rows.compactMap(\.invoice?.externalID) == ["i1"])
    }

    @Test func `are read with byte order mark, as UTF-16, and compressed`() throws {
        let text = Self.header + Self.good
        var wide: [UInt8] = [0xFF, 0xFE]
        for unit in text.utf16 { wide += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        for bytes in [[0xEF, 0xBB, 0xBF] + Array(text.utf8), wide] {
            let ledger = try ReadLedger(bytes, Self.mapping)
            #expect(ledger.problems.isEmpty && ledger.rows.count == 1)
        }
    }

    @Test func `are refused as a whole where no row can be read`() throws {
        func refusal(_ bytes: [UInt8]) -> String {
            do {
                _ = try ReadLedger(bytes, Self.mapping)
                return "taken"
            } catch Rejection.invalid(let problems) {
                return problems.map { "\($0.pointer) \($0.code)" }.joined(separator: ", ")
            } catch {
                return "\(error)"
            }
        }
        let wide = String(Self.header.dropLast()) + "," + (0..<10_000).map { "c\($0)" }.joined(separator: ",") + "\n"
        #expect(refusal(Array(wide.utf8)) == " too_many_columns")
        #expect(refusal(Array("cust,cust,mail\n".utf8)) == " doubled_column")
        #expect(refusal([]) == " empty_file")
        #expect(refusal(Array("cust,mail,inv,due,amount\n".utf8)) == "/fields/invoice.currency missing_column")
        #expect(refusal([0xEF, 0xBB, 0xBF]) == " empty_file")
    }

    @Test func `cut in the middle lose their last row only`() throws {
        let text = Array((Self.header + Self.good + Self.last).utf8)
        let start = Self.header.utf8.count + Self.good.utf8.count
        for length in start + 1..<text.count - 5 {
            let ledger = try ReadLedger(Array(text.prefix(length)), Self.mapping)
            #expect(ledger.problems.count == 1 && ledger.problems.first?.row == 2, "\(length)")
            #expect(ledger.rows.compactMap(\.invoice?.externalID) == ["i1"])
        }
    }
}
