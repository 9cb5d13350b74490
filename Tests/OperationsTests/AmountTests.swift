import Dunning
import Support
import Testing

@testable import Operations

@Suite struct `Declared numbers` {
    private func read(_ text: String, _ form: NumberForm, exponent: Int = 2) -> Result<Int64, NumberForm.Flaw> {
        Result { () throws(NumberForm.Flaw) in try form.read(Array(text.utf8)[...].trimmed, exponent: exponent) }
    }

    @Test(arguments: [
        ("1234.5", 123_450), ("-5", -500), ("5-", -500), ("(5.00)", -500), ("( 5 )", -500), ("+5", 500), ("- 5", -500),
        ("\u{2212}5", -500), ("0", 0), ("0.07", 7), ("90071992547409.91", Money.largest),
    ])
    func `are read`(text: String, minor: Int64) {
        #expect(read(text, .plain) == .success(minor))
    }

    @Test(arguments: [
        (",", NumberForm.Grouping?.none, "1234,50"), (",", .dot, "1.234,50"), (".", .comma, "1,234.50"),
        (".", .apostrophe, "1'234.50"), (".", .apostrophe, "1\u{2019}234.50"), (",", .blank, "1 234,50"),
        (",", .blank, "1\u{A0}234,50"), (",", .blank, "1\u{202F}234,50"), (".", .comma, "1234.50"),
    ])
    func `are read with their separators`(decimal: String, grouping: NumberForm.Grouping?, text: String) {
        #expect(read(text, NumberForm(decimal: Character(decimal), grouping: grouping)) == .success(123_450))
    }

    @Test func `of India are grouped by two`() {
        #expect(read("12,34,567.89", NumberForm(decimal: ".", grouping: .comma)) == .success(123_456_789))
    }

    @Test func `of minor units have no decimals`() {
        let form = NumberForm(decimal: ".", isMinor: true)
        #expect(read("12345", form) == .success(12_345))
        #expect(read("123.45", form) == .failure(.money(.tooManyDecimals(allowed: 0))))
    }

    @Test(arguments: [
        ("", "money_empty"), ("-", "money_malformed"), ("()", "money_malformed"), ("1.", "money_malformed"),
        (".5", "money_grouping_separator"), ("1,234", "money_grouping_separator"),
        ("1 234", "money_grouping_separator"),
        ("1.2.3", "money_grouping_separator"), ("1.234", "money_too_many_decimals"), ("$5", "currency_sign"),
        ("5 \u{20AC}", "currency_sign"), ("5 EUR", "currency_sign"), ("5\u{20AC}", "currency_sign"),
        ("EUR 5", "currency_sign"),
        ("5e3", "money_malformed"), ("--5", "money_malformed"), ("-5-", "money_malformed"), ("(-5)", "money_malformed"),
        ("90071992547409.92", "money_out_of_range"), ("\u{FF11}", "money_malformed"), ("0x10", "currency_sign"),
    ])
    func `in another form are none`(text: String, code: String) {
        guard case .failure(let flaw) = read(text, .plain) else { return #expect(Bool(false), "\(text) was read") }
        #expect(flaw.label == code)
    }

    @Test(arguments: ["1,23", "12,3456", "1,,234", ",234", "1,234,", "1234,567", "1,2,345", "1.50,000"])
    func `with wrong groups are none`(text: String) {
        #expect(throws: NumberForm.Flaw.self) { try read(text, NumberForm(decimal: ".", grouping: .comma)).get() }
    }

    @Test func `written in any declared form read back as they were`() {
        var generator = SeededGenerator()
        print("seed \(generator.seed)")
        for _ in 0..<2_000 {
            let minor =
                Int64.random(in: -Money.largest...Money.largest, using: &generator)
                >> Int64.random(in: 0...50, using: &generator)
            let currency = ["EUR", "JPY", "KWD"].compactMap { Currency($0) }.randomElement(using: &generator)
            guard let currency else { continue }
            let grouping = ([nil] + NumberForm.Grouping.allCases).randomElement(using: &generator) ?? nil
            let decimal: Character =
                grouping == .dot ? "," : grouping == .comma ? "." : Bool.random(using: &generator) ? "," : "."
            let text = Self.write(minor, currency, decimal, grouping, using: &generator)
            #expect(
                read(text, NumberForm(decimal: decimal, grouping: grouping), exponent: currency.exponent)
                    == .success(minor), "\(text)")
        }
    }

    private static func write(
        _ minor: Int64, _ currency: Currency, _ decimal: Character, _ grouping: NumberForm.Grouping?,
        using generator: inout SeededGenerator
    ) -> String {
        let parts = Money(minor: abs(minor), currency: currency).decimal.split(separator: ".")
        var whole = ""
        for (index, digit) in parts[0].enumerated() {
            if let grouping, index > 0, (parts[0].count - index) % 3 == 0 { whole += grouping.rawValue }
            whole.append(digit)
        }
        let text = parts.count > 1 ? "\(whole)\(decimal)\(parts[1])" : whole
        guard minor < 0 else { return text }
        return ["-\(text)", "\(text)-", "(\(text))"].randomElement(using: &generator) ?? text
    }
}

@Suite struct `Several declared dates` {
    private func reading(_ text: String, _ patterns: String...) throws -> String {
        let forms = try #require(DateForms(patterns.compactMap { DatePattern($0) }))
        return switch forms.read(Array(text.utf8)[...]) {
        case .day(let day): day.description
        case .none: "none"
        case .ambiguous: "ambiguous"
        }
    }

    @Test func `are read by the form they fit`() throws {
        for text in ["2026-12-01", "1.12.2026", "2026-12-01T23:59:59.999-11:00", "20261201", "2026-12-01 00:00Z"] {
            #expect(try reading(text, "yyyy-MM-dd", "d.M.yyyy", "timestamp", "yyyyMMdd") == "2026-12-01", "\(text)")
        }
        #expect(try reading("01.12.2026", "d.M.yyyy", "dd.MM.yyyy") == "2026-12-01")
    }

    @Test func `that fit two forms with different days are told`() throws {
        #expect(try reading("12101910", "ddMMyyyy", "yyyyMMdd") == "1910-10-12")
        #expect(try reading("10111012", "ddMMyyyy", "yyyyMMdd") == "ambiguous")
        #expect(try reading("3/4/2026", "yyyy-MM-dd") == "ambiguous")
        #expect(try reading("4/4/2026", "yyyy-MM-dd") == "none")
        #expect(try reading("13/4/2026", "yyyy-MM-dd") == "none")
    }

    @Test func `are no times that are not written as ISO 8601 has them`() throws {
        for text in [
            "2026-12-01", "2026-12-01T", "2026-12-01T24:00", "2026-12-01T10:00:61", "2026-12-01T10:00+1",
            "2026-12-01T10:00:00.",
            "2026-12-01T10:00Zx", "2026-13-01T10:00",
        ] {
            #expect(try reading(text, "timestamp") == "none", "\(text)")
        }
    }

    @Test func `may not differ in the order of day and month alone`() throws {
        func isRefused(_ patterns: String...) -> Bool { DateForms(patterns.compactMap { DatePattern($0) }) == nil }
        #expect(
            isRefused("d/M/yyyy", "M/d/yyyy") && isRefused("dd/MM/yyyy", "M/d/yyyy")
                && isRefused("yyyy-MM-dd", "yyyy-dd-MM"))
        #expect(isRefused("ddMMyyyy", "MMddyyyy") && isRefused())
        #expect(!isRefused("d/M/yyyy", "M-d-yyyy") && !isRefused("d/M/yyyy", "dd/MM/yyyy", "timestamp"))
    }
}
