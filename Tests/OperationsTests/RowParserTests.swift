import Dunning
import Files
import Testing

@testable import Operations

/// What the rows of one file become by a mapping.
struct ReadLedger {
    static let today = Day("2026-11-24")!

    var rows: [LedgerRow] = []
    var problems: [ImportProblem] = []

    init(_ text: String, _ mapping: String) throws { try self.init(Array(text.utf8), mapping) }

    init(_ bytes: [UInt8], _ mapping: String) throws {
        var reader = try LedgerReader(
            ByteSource(bytes: bytes), mapping: try ImportMapping(json: mapping), today: Self.today)
        while let (row, found) = try reader.next() {
            rows.append(row)
            problems += found
        }
    }

    /// `row column code`.
    var summaries: [String] { problems.map { "\($0.row) \($0.column ?? $0.field) \($0.code)" } }
}

/// A mapping whose columns are called as the targets, dots as they are.
func straight(_ targets: [String], _ rest: String = "") -> String {
    let fields = targets.map { "\"\($0)\": {\"column\": \"\($0)\"}" }.joined(separator: ", ")
    return "{\"fields\": {\(fields)}\(rest)}"
}

@Suite struct `The rows of a ledger` {
    private static let targets = [
        "customer.external_id", "invoice.external_id", "invoice.due_date", "invoice.amount", "invoice.currency",
        "payment.external_id", "payment.value_date", "payment.amount",
    ]
    private static let header =
        "customer.external_id,invoice.external_id,invoice.due_date,invoice.amount,"
        + "invoice.currency,payment.external_id,payment.value_date,payment.amount\n"

    private func read(_ rows: String, _ rest: String = "") throws -> ReadLedger {
        try ReadLedger(Self.header + rows, straight(Self.targets, rest))
    }

    @Test func `carry a customer, an invoice, a payment, or only some of them`() throws {
        let ledger = try read(
            """
            c1,i1,2026-12-01,10.00,EUR,p1,2026-11-20,4.00
            c1,i2,2026-12-01,10.00,EUR,,,
            c1,,,,EUR,p2,2026-11-20,5.00
            c1,,,,,,,

            """)
        #expect(ledger.problems.isEmpty)
        #expect(ledger.rows.map { $0.invoice?.externalID } == ["i1", "i2", nil, nil])
        #expect(ledger.rows.map { $0.payment?.invoice } == ["i1", nil, nil, nil])
        #expect(ledger.rows.map { $0.payment?.amount.minor } == [400, nil, 500, nil])
        #expect(ledger.rows.allSatisfy { $0.customer?.externalID == "c1" })
    }

    @Test func `payments and credit notes may come alone and name invoices that need not be there`() throws {
        let payments = try ReadLedger(
            "p;i;d;a\np1;i9;2026-11-01;5\np2;;2026-11-01;5\n;i9;2026-11-01;5\np3;i9;;5\n",
            """
            {"delimiter": "auto", "default_currency": "EUR", "fields": {"payment.external_id": {"column": "p"},
                "payment.invoice": {"column": "i"}, "payment.value_date": {"column": "d"},
                "payment.amount": {"column": "a"}}}
            """)
        #expect(payments.rows.first?.payment?.invoice == "i9" && payments.rows.first?.payment?.customer == nil)
        #expect(payments.rows.first?.payment?.amount.currency.code == "EUR")
        #expect(
            payments.summaries == [
                "2 customer.external_id required", "3 p required", "4 d required",
            ])
        let credits = try ReadLedger(
            "c,n,i,a\nc1,n1,i9,5.5\nc1,n2,,-5\nc1,n3,,0\nc1,,,5\nc1,,,\n",
            """
            {"default_currency": "EUR", "fields": {"customer.external_id": {"column": "c"},
                "credit_note.external_id": {"column": "n"}, "credit_note.invoice": {"column": "i"},
                "credit_note.amount": {"column": "a"}}}
            """)
        #expect(credits.rows.map { $0.credit?.amount.minor } == [550, nil, nil, nil, nil])
        #expect(credits.rows[0].credit?.invoice == "i9")
        #expect(credits.summaries == ["2 a not_positive", "3 a not_positive", "4 n required"])
    }

    @Test func `a negative invoice is an error, or a credit note where that is declared`() throws {
        let rows = "c1,i1,,-10.00,EUR,,,\nc1,i2,,(10.00),EUR,,,\nc1,i3,,10.00-,EUR,,,\nc1,i4,,0,EUR,,,\n"
        let refused = try read(rows)
        #expect(refused.summaries == (1...4).map { "\($0) invoice.amount not_positive" })
        #expect(refused.problems[0].message.contains("\"-10.00\""))
        let taken = try read(rows, ", \"negative\": \"credit_note\"")
        #expect(taken.rows.map { $0.credit?.amount.minor } == [1_000, 1_000, 1_000, nil])
        #expect(taken.rows.allSatisfy { $0.invoice == nil })
        #expect(taken.rows[0].credit?.externalID == "i1" && taken.rows[0].credit?.invoice == nil)
        #expect(taken.summaries == ["4 invoice.amount not_positive"])
    }

    @Test func `of any dialect say the same`() throws {
        let german = try ReadLedger(
            Array("Kunde;Beleg;F\u{E4}llig;Betrag\n".unicodeScalars.map { UInt8($0.value) })
                + Array("K 1;B1;1.12.2026;1.234,50\nK 1;B2;20261201;-7,00\n".utf8),
            """
            {"delimiter": ";", "encoding": "windows-1252", "date_formats": ["d.M.yyyy", "yyyyMMdd"], "decimal": ",",
             "grouping": ".", "negative": "credit_note", "default_currency": "EUR", "source": "datev", "fields": {
                "customer.external_id": {"column": "Kunde"}, "invoice.external_id": {"column": "Beleg"},
                "invoice.due_date": {"column": "Fällig"}, "invoice.amount": {"column": "Betrag"}}}
            """)
        #expect(german.problems.isEmpty)
        #expect(german.rows[0].invoice?.total.minor == 123_450 && german.rows[0].invoice?.dueDate == Day("2026-12-01"))
        #expect(german.rows[1].credit?.amount.minor == 700)
        let json = try ReadLedger(
            """
            {"customer": {"id": 17, "lang": "en-IN", "zone": "Asia/Kolkata"}, "no": "I1", "due": "2026-12-01T00:00:00+05:30", \
            "amount": 1234.5, "state": "open", "rest": 0, "rev": "2026-11-01T10:00:00.5Z", \
            "plan": [{"due_date": "2026-12-01", "amount": "1000"}, {"amount": 234.50, "due_date": "2027-01-01"}]}
            """,
            """
            {"format": "ndjson", "date_formats": ["yyyy-MM-dd", "timestamp"], "version": "timestamp",
             "default_currency": "INR", "fields": {
                "customer.external_id": {"pattern": "erp-{customer.id}"}, "customer.locale": {"column": "customer.lang"},
                "customer.zone": {"column": "customer.zone"}, "invoice.external_id": {"column": "no"},
                "invoice.due_date": {"column": "due"}, "invoice.amount": {"column": "amount"},
                "invoice.status": {"column": "state"}, "invoice.open_amount": {"column": "rest"},
                "invoice.version": {"column": "rev"}, "invoice.instalments": {"column": "plan"}}}
            """)
        #expect(json.problems.isEmpty)
        let invoice = try #require(json.rows.first?.invoice)
        #expect(invoice.customer == "erp-17" && invoice.total.minor == 123_450 && invoice.dueDate == Day("2026-12-01"))
        #expect(invoice.status == .open && invoice.open?.minor == 0)
        #expect(invoice.version == Instant(rfc3339: "2026-11-01T10:00:00.5Z")?.microseconds)
        #expect(invoice.instalments.map(\.amount.minor) == [100_000, 23_450])
        #expect(json.rows[0].customer?.locale == "en-IN" && json.rows[0].customer?.zone == "Asia/Kolkata")
    }

    @Test(
        arguments: [
            ("[]", nil), ("[{\"due_date\": \"2026-12-01\", \"amount\": 10}]", nil), ("null", nil),
            ("[{\"due_date\": \"2026-12-01\", \"amount\": 9}]", "wrong_sum"), ("{}", "wrong_type"),
            ("\"x\"", "wrong_type"),
            ("[1]", "wrong_type"), ("[{\"due_date\": \"2026-12-01\", \"amount\": 5, \"amount\": 5}]", "wrong_type"),
            ("[{\"amount\": 10}]", "not_a_date"),
            ("[{\"due_date\": \"2026-12-01\", \"amount\": \"x\"}]", "currency_sign"),
            (
                "[{\"due_date\": \"2026-12-01\", \"amount\": 11}, {\"due_date\": \"2026-12-02\", \"amount\": -1}]",
                "not_positive"
            ),
            (
                "[{\"due_date\": \"2026-12-01\", \"amount\": 5}, {\"due_date\": \"2026-12-01\", \"amount\": 5}]",
                "not_in_order"
            ),
        ] as [(String, String?)])
    func `instalments add up to the invoice`(plan: String, code: String?) throws {
        let ledger = try ReadLedger(
            "{\"customer.external_id\": 1, \"invoice.external_id\": 1, \"invoice.amount\": 10, \"invoice.instalments\": \(plan)}",
            straight(
                ["customer.external_id", "invoice.external_id", "invoice.amount", "invoice.instalments"],
                ", \"format\": \"ndjson\", \"default_currency\": \"EUR\""))
        #expect(ledger.problems.first?.code == code)
        #expect((ledger.rows.first?.invoice == nil) == (code != nil))
    }

    @Test func `a version is a number or a time, as declared`() throws {
        func versions(_ form: String, _ texts: String...) throws -> [Int64?] {
            let ledger = try ReadLedger(
                "c,i,a,v\n" + texts.map { "c,\($0),1,\($0)\n" }.joined(),
                """
                {"version": "\(form)", "default_currency": "EUR", "fields": {"customer.external_id": {"column": "c"},
                    "invoice.external_id": {"column": "i"}, "invoice.amount": {"column": "a"},
                    "invoice.version": {"column": "v"}}}
                """)
            #expect(ledger.problems.allSatisfy { $0.code == "not_a_version" })
            return ledger.rows.map { $0.invoice?.version }
        }
        #expect(
            try versions("integer", "7", "0", "-1", "1.0", "2026-01-01", "123456789012345678") == [
                7, nil, nil, nil, nil, 123_456_789_012_345_678,
            ])
        #expect(
            try versions("timestamp", "1970-01-02", "1970-01-01T00:00:01Z", "1970-01-01T01:00:01+01:00", "7") == [
                86_400_000_000, 1_000_000, 1_000_000, nil,
            ])
    }

    @Test(arguments: [
        ("customer.zone", "Mars/Phobos", "unknown_zone"), ("customer.locale", "english", "unknown_locale"),
        ("customer.locale", "de_DE", "unknown_locale"), ("customer.kind", "robot", "unknown_value"),
        ("invoice.status", "lost", "unknown_value"), ("invoice.open_amount", "10.01", "above_total"),
        ("invoice.open_amount", "-1", "negative"), ("payment.method", "shells", "unknown_value"),
        ("payment.currency", "EURO", "unknown_currency"), ("payment.currency", "USD", "currency_mismatch"),
        ("payment.amount", "0", "not_positive"),
        ("invoice.currency", "usd", "unknown_currency"), ("invoice.amount", "10.000", "money_too_many_decimals"),
        ("invoice.amount", "99999999999999999", "money_out_of_range"), ("invoice.amount", "$10", "currency_sign"),
        ("invoice.amount", "10 EUR", "currency_sign"), ("invoice.amount", "", "required"),
        ("customer.name", "a\u{202E}b", "control_character"),
        ("customer.name", String(repeating: "é", count: 201), "too_long"),
        ("contact.email", "ann.example@", "address_domain"), ("payment.value_date", "2026-11-25", "payment_in_future"),
    ])
    func `that are wrong name column and code`(target: String, text: String, code: String) throws {
        var values = [
            "customer.external_id": "c1", "customer.name": "Ann", "customer.kind": "", "customer.locale": "",
            "customer.zone": "", "contact.email": "", "invoice.external_id": "i1", "invoice.amount": "10",
            "invoice.currency": "EUR", "invoice.status": "", "invoice.open_amount": "", "payment.external_id": "p1",
            "payment.value_date": "2026-11-24", "payment.amount": "5", "payment.currency": "", "payment.method": "",
        ]
        values[target] = text
        let names = values.keys.sorted()
        let ledger = try ReadLedger(
            names.joined(separator: ";") + "\n" + names.map { values[$0] ?? "" }.joined(separator: ";"),
            straight(names, ", \"delimiter\": \";\""))
        #expect(ledger.summaries == ["1 \(target) \(code)"])
    }

    @Test func `never repeat a name, an address or an identifier in a message`() throws {
        let ledger = try ReadLedger(
            "cust,mail,name,date,inv\nSecret-1,secret@,\u{202E}Secret Name,secret@mail.test,\"\u{7}Secret-2\"\n",
            """
            {"default_currency": "EUR", "fields": {"customer.external_id": {"column": "cust"},
                "contact.email": {"column": "mail"}, "contact.name": {"column": "name"},
                "payment.value_date": {"column": "date"}, "payment.external_id": {"column": "inv"},
                "payment.amount": {"column": "inv"}}}
            """)
        #expect(ledger.summaries == ["1 name control_character", "1 date not_a_date"])
        #expect(!ledger.problems.contains { $0.message.lowercased().contains("secret") })
    }
}
