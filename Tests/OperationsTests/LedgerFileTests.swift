import Dunning
import Testing

@testable import Operations

@Suite struct `A ledger file` {
    private static let header = "cust,mail,inv,issued,due,amount,cur,paid,pay,received\n"
    private static let today = Day("2026-11-24")!

    private func file(_ rows: String, decimal: Character = ".", header: String = header) throws -> LedgerFile {
        let mapping = try ImportMapping(
            sources: [
                .customerExternalID: .column("cust"), .contactEmail: .column("mail"),
                .invoiceExternalID: .column("inv"),
                .invoiceIssueDate: .column("issued"), .invoiceDueDate: .column("due"),
                .invoiceAmount: .column("amount"),
                .invoiceCurrency: .column("cur"), .paymentValueDate: .column("paid"),
                .paymentExternalID: .column("pay"),
                .paymentAmount: .column("received"),
            ], numbers: NumberForm(decimal: decimal))
        return try LedgerFile(Array((header + rows).utf8), mapping: mapping, today: Self.today)
    }

    private func problems(_ file: LedgerFile) -> [String] {
        file.problems.map { "\($0.line) \($0.part.rawValue) \($0.field) \($0.code)" }
    }

    @Test func `a good row has all its parts`() throws {
        let file = try file(" c1 ,a@b.test,i1,2026-10-01,2026-11-01,12.50,USD,2026-11-24,p1,2.50\n")
        #expect(file.problems.isEmpty)
        let row = try #require(file.customers.first?.first)
        #expect(row.line == 2 && row.customer?.externalID == "c1" && row.contact?.email.text == "a@b.test")
        #expect(
            row.invoice?.total.minor == 1_250 && row.invoice?.number == "i1"
                && row.invoice?.dueDate == Day("2026-11-01"))
        #expect(row.payment?.externalID == "p1" && row.payment?.amount.minor == 250 && row.payment?.method == "other")
    }

    @Test func `parts fail by themselves, and what hangs on a failed part is not reported again`() throws {
        let file = try file(
            """
            c1,nobody,i1,,2026-11-01,10,USD,,,
            c1,,i2,,2026-11-01,10,USD,2026-11-25,p2,10
            c1,,i3,,2026-11-01,-10,USD,2026-11-20,p3,10
            c1,,i4,,2026-11-01,10.001,USD,,,
            c1,,i5,,01.11.2026,10,USD,,,
            c1,,i6,2026-11-02,2026-11-01,10,USD,,,
            c1,,i7,,2026-11-01,10,EURO,,,
            ,,i8,,2026-11-01,10,USD,,,
            c1,,i9,,2026-11-01,"1,000",USD,,,
            c1,,i10,,0203-11-01,10,USD,,,
            c1,,i11,,2026-11-01,10,USD,2026-11-20,,10
            c1,,i12,,2026-11-01,10

            """)
        #expect(
            problems(file) == [
                "2 contact contact.email address_not_one_at", "3 payment payment.value_date payment_in_future",
                "4 invoice invoice.amount not_positive", "5 invoice invoice.amount money_too_many_decimals",
                "6 invoice invoice.due_date ambiguous_date", "7 invoice invoice.due_date before_issue_date",
                "8 invoice invoice.currency unknown_currency", "9 customer customer.external_id required",
                "10 invoice invoice.amount money_grouping_separator", "11 invoice invoice.due_date date_out_of_range",
                "12 payment payment.external_id required", "13 row 7 wrong_field_count",
            ])
        let rows = try #require(file.customers.first)
        #expect(rows.filter { $0.invoice != nil }.map(\.line) == [2, 3, 12])
        #expect(rows.allSatisfy { $0.payment == nil && $0.customer != nil })
        #expect(file.rowCount == 12)
    }

    @Test func `a comma before the decimals is taken where declared`() throws {
        let file = try file("c1,,i1,,2026-11-01,\"1234,5\",USD,,,\nc1,,i2,,2026-11-01,1.000,USD,,,\n", decimal: ",")
        #expect(file.customers[0][0].invoice?.total.minor == 123_450)
        #expect(problems(file) == ["3 invoice invoice.amount money_grouping_separator"])
    }

    @Test func `the same external id with other values is refused in every row that has it`() throws {
        let file = try file(
            """
            c1,a@b.test,i1,,2026-11-01,10,USD,,,
            c1,a@b.test,i2,,2026-11-01,10,USD,2026-11-05,p1,10
            c2,,i1,,2026-11-01,10,USD,,,
            c1,x@b.test,i2,,2026-11-01,10,USD,2026-11-05,p1,9
            c3,,i3,,2026-11-01,10,USD,,,
            c3,,i3,,2026-11-01,10,USD,,,

            """)
        #expect(
            problems(file) == [
                "2 contact contact.email contradiction", "2 invoice invoice.external_id contradiction",
                "3 contact contact.email contradiction", "3 payment payment.external_id contradiction",
                "4 invoice invoice.external_id contradiction", "5 contact contact.email contradiction",
                "5 payment payment.external_id contradiction",
            ])
        #expect(file.problems[1].message.contains("line 4") && file.problems[4].message.contains("line 2"))
        let invoices = file.customers.joined().compactMap(\.invoice?.externalID)
        #expect(invoices == ["i2", "i2", "i3", "i3"])
    }

    @Test func `customers stand together, in the order of their ids`() throws {
        let file = try file("b,,1,,,1,USD,,,\na,,2,,,1,USD,,,\nb,,3,,,1,USD,,,\n")
        #expect(file.customers.map { $0.map(\.line) } == [[3], [2, 4]])
    }

    @Test func `a file that cannot be read as a whole is refused with line and field`() {
        func refusal(_ rows: String, header: String = Self.header) -> String {
            do {
                _ = try file(rows, header: header)
                return "taken"
            } catch Rejection.invalid(let problems) {
                return problems.map { "\($0.pointer) \($0.code) \($0.detail)" }.joined(separator: "; ")
            } catch {
                return "\(error)"
            }
        }
        #expect(refusal("", header: "").hasPrefix(" empty_file"))
        let noMail = Self.header.split(separator: ",").filter { $0 != "mail" }.joined(separator: ",")
        #expect(
            refusal("", header: noMail)
                == "/fields/contact.email missing_column the header in line 1 has no column mail")
        #expect(refusal("", header: "cust," + Self.header).hasPrefix(" doubled_column line 1"))
    }

    @Test func `text that could trick a reader is refused and not repeated`() throws {
        let file = try file("c\u{202E}1,,i1,,,1,USD,,,\n\"a\nb\",,i2,,,1,USD,,,\n")
        #expect(file.problems.map(\.code) == ["control_character", "control_character"])
        #expect(
            !file.problems.contains { $0.message.unicodeScalars.contains { $0.value == 0x202E || $0.value == 0x0A } })
    }

    @Test func `chunks hold whole customers, unless one has more rows than a chunk`() throws {
        func rows(_ customer: String, _ count: Int) -> [LedgerRow] {
            (0..<count).map { line in
                var row = LedgerRow(line: line)
                row.customer = LedgerRow.CustomerPart(externalID: customer, name: nil, kind: nil)
                return row
            }
        }
        let chunks = ImportChunk.chunks(of: [
            rows("a", 300), rows("b", 300), rows("c", 200), rows("d", 1_100), rows("e", 5),
        ])
        #expect(
            chunks.map { $0.rows.map { $0.customer?.externalID ?? "" }.uniqued } == [
                ["a"], ["b", "c"], ["d"], ["d"], ["d", "e"],
            ])
        #expect(chunks.map(\.rows.count) == [300, 500, 500, 500, 105])
    }
}

extension [String] {
    fileprivate var uniqued: [String] { reduce(into: []) { if $0.last != $1 { $0.append($1) } } }
}
