import Dunning
import Foundation
import Testing

@Suite struct `An amount` {
    private func parse(_ text: String, _ code: String = "USD") throws -> Int64 {
        try Money.parse(decimal: text, Currency(code)!).minor
    }

    @Test func `is read exactly`() throws {
        #expect(try parse("16918.95") == 1_691_895)
        #expect(try parse("0.1") == 10)
        #expect(try parse("-5") == -500)
        #expect(try parse("+0.05") == 5)
        #expect(try parse("007") == 700)
        #expect(try parse("1234", "JPY") == 1_234)
        #expect(try parse("1.234", "BHD") == 1_234)
        #expect(try parse("1.2", "CLF") == 12_000)
        #expect(try parse("-0") == 0)
        #expect(try parse("90071992547409.91") == Money.largest)
        #expect(try parse("00000000000000000000000000000000000001") == 100)
    }

    @Test(arguments: [
        ("", MoneyError.empty), ("1,234.50", .groupingSeparator), ("1'234", .groupingSeparator),
        ("1 234", .groupingSeparator),
        ("1_000", .groupingSeparator), (" 5", .groupingSeparator), ("5,00", .groupingSeparator), (".5", .malformed),
        ("5.", .malformed), ("-", .malformed), ("--5", .malformed), ("5-", .malformed), ("1.2.3", .malformed),
        ("$5", .malformed),
        ("1e5", .malformed), ("٣", .malformed), ("NaN", .malformed), ("(5)", .malformed), ("5\n", .malformed),
        ("1\u{A0}234", .malformed), ("1.234", .tooManyDecimals(allowed: 2)), ("1.000", .tooManyDecimals(allowed: 2)),
        ("90071992547409.92", .outOfRange), ("99999999999999999999999999", .outOfRange),
        ("900719925474099", .outOfRange),
    ])
    func `is refused with the reason`(text: String, reason: MoneyError) {
        #expect(throws: reason) { try Money.parse(decimal: text, Currency("USD")!) }
    }

    @Test func `has no decimals in yen`() {
        #expect(throws: MoneyError.tooManyDecimals(allowed: 0)) { try Money.parse(decimal: "12.0", Currency("JPY")!) }
    }

    @Test(
        arguments: [
            (1_691_895, "USD", "$16,918.95", "16918.95"), (123_450, "EUR", "€1,234.50", "1234.50"),
            (99, "GBP", "£0.99", "0.99"),
            (123_450, "CHF", "CHF\u{A0}1,234.50", "1234.50"), (1_234_567, "JPY", "¥1,234,567", "1234567"),
            (0, "JPY", "¥0", "0"),
            (1_234_567, "BHD", "BHD\u{A0}1,234.567", "1234.567"), (5, "BHD", "BHD\u{A0}0.005", "0.005"),
            (-500, "USD", "-$5.00", "-5.00"),
            (-123_456, "CHF", "-CHF\u{A0}1,234.56", "-1234.56"), (0, "USD", "$0.00", "0.00"),
            (99_999, "USD", "$999.99", "999.99"),
            (100_000, "USD", "$1,000.00", "1000.00"), (12_345_678, "CLF", "CLF\u{A0}1,234.5678", "1234.5678"),
            (.max, "USD", "$92,233,720,368,547,758.07", "92233720368547758.07"),
            (.min, "USD", "-$92,233,720,368,547,758.08", "-92233720368547758.08"),
        ] as [(Int64, String, String, String)])
    func `is written for people and for machines`(minor: Int64, code: String, formatted: String, decimal: String) {
        let money = Money(minor: minor, currency: Currency(code)!)
        #expect(money.formatted() == formatted)
        #expect(money.decimal == decimal)
    }

    @Test func `is read back from its own text`() throws {
        var generator = SplitMix(announcing: "money round trip")
        let currencies = Currency.codes.map { Currency($0)! }
        for _ in 0..<10_000 {
            let money = Money(
                minor: Int64.random(in: -Money.largest...Money.largest, using: &generator),
                currency: currencies.randomElement(using: &generator)!)
            #expect(try Money.parse(decimal: money.decimal, money.currency) == money)
        }
    }

    @Test func `adds within its currency`() {
        let usd = Currency("USD")!
        let sum = Money(minor: 150, currency: usd) + Money(minor: 50, currency: usd) - Money(minor: 300, currency: usd)
        #expect(sum == Money(minor: -100, currency: usd))
        #expect(-sum == Money(minor: 100, currency: usd))
        #expect(Money.zero(usd).minor == 0)
    }
}

@Suite struct `A currency` {
    @Test func `has its own exponent`() {
        #expect(Currency("USD")?.exponent == 2)
        #expect(Currency("JPY")?.exponent == 0)
        #expect(Currency("KWD")?.exponent == 3)
        #expect(Currency("UYW")?.exponent == 4)
        #expect(Currency("ISK")?.exponent == 0)
        #expect(Currency("HUF")?.exponent == 2)
        #expect(Currency("BHD")?.unit == 1_000)
        #expect(Currency("CLF")?.unit == 10_000)
    }

    @Test func `is one of the table`() {
        for code in ["", "usd", "US", "USDX", "XAU", "XXX", "DEM", "HRK", "ZWL", "US "] {
            #expect(Currency(code) == nil, "\(code)")
        }
        #expect(Currency.codes.count == 166)
        #expect(Currency.codes.allSatisfy { $0.utf8.count == 3 })
        #expect(Set(Currency.codes.map { Currency($0)!.exponent }) == [0, 2, 3, 4])
    }

    @Test func `is its code in JSON`() throws {
        let json = try JSONEncoder().encode([Currency("EUR")!])
        #expect(String(decoding: json, as: UTF8.self) == "[\"EUR\"]")
        #expect(try JSONDecoder().decode([Currency].self, from: json) == [Currency("EUR")!])
    }
}
