/// A currency of ISO 4217 with its own number of decimals.
package struct Currency: Hashable, Sendable {
    /// Three capital letters.
    package let code: String
    /// How many decimals a minor unit has: 0, 2, 3 or 4.
    package let exponent: Int

    /// `nil` for a code that is not in the table; lower case is refused.
    package init?(_ code: String) {
        guard let exponent = Self.exponents[code] else { return nil }
        self.code = code
        self.exponent = exponent
    }

    /// Minor units in one unit, 10 to the power of ``exponent``.
    package var unit: Int64 {
        switch exponent {
        case 0: 1
        case 2: 100
        case 3: 1_000
        default: 10_000
        }
    }

    /// An amount in thousandths of one unit, to compare debts roughly across currencies: 4.20 EUR as 4200, 420 JPY as 420000.
    package func thousandths(_ minor: Int64) -> Int64 {
        unit > 1_000 ? minor / (unit / 1_000) : minor.multipliedReportingOverflow(by: 1_000 / unit).partialValue
    }

    /// Every known code, sorted.
    package static var codes: [String] { exponents.keys.sorted() }

    package static func == (left: Currency, right: Currency) -> Bool {
        left.code == right.code
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }

    private static let exponents: [String: Int] = {
        var table = [String: Int]()
        for (exponent, codes) in [(0, none), (2, two), (3, three), (4, four), (2, withdrawn)] {
            for code in codes.split(whereSeparator: \.isWhitespace) { table[String(code)] = exponent }
        }
        return table
    }()

    // ISO 4217 list one, without metals, test codes and units of account that have no minor unit.
    private static let none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    private static let three = "BHD IQD JOD KWD LYD OMR TND"
    private static let four = "CLF UYW"
    private static let two = """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW
        CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
        IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
        MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP
        SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER
        ZAR ZMW ZWG
        """
    /// Replaced in 2025 and 2026 (by XCG and EUR), but ledgers still hold them.
    private static let withdrawn = "ANG BGN"
}

extension Currency: CustomStringConvertible, Codable {
    package var description: String { code }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let currency = Currency(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a currency code of ISO 4217")
        }
        self = currency
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(code)
    }
}
