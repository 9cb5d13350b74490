import Dunning

/// Dates, amounts, currencies and versions as the mapping declares them.
extension RowParser {
    /// Years outside are slips of the pen, and would be astonishing debts.
    static let years = 1900...2199

    func date(_ target: ImportTarget, _ texts: RowTexts) throws(Flaw) -> Day? {
        let bytes = texts.bytes(target)
        guard !bytes.isEmpty else { return nil }
        switch mapping.dates.read(bytes) {
        case .day(let day):
            guard Self.years.contains(day.year) else {
                throw texts.flaw(target, "date_out_of_range", "is not between the years 1900 and 2199")
            }
            return day
        case .ambiguous:
            throw texts.flaw(
                target, "ambiguous_date",
                "could be two days, and \(mapping.dates.description) does not say which")
        case .none:
            try texts.checkScalar(target)
            throw texts.flaw(target, "not_a_date", "is not a date of the form \(mapping.dates.description)")
        }
    }

    func currency(_ target: ImportTarget, _ texts: RowTexts, _ other: Currency?) throws(Flaw) -> Currency {
        let bytes = texts.bytes(target)
        if bytes.isEmpty {
            if let other { return other }
            // A payment or credit note is in the currency of its row's invoice.
            if target != .invoiceCurrency, has.invoice, hasInvoice(texts) || mapping.defaultCurrency == nil {
                return try currency(.invoiceCurrency, texts, nil)
            }
            if let standard = mapping.defaultCurrency { return standard }
            throw texts.flaw(target, "required", "is empty")
        }
        guard let currency = CurrencyCodes.currency(bytes) else {
            throw texts.flaw(target, "unknown_currency", "is not a currency code of ISO 4217")
        }
        return currency
    }

    func amount(
        _ target: ImportTarget, _ texts: RowTexts, _ currency: Currency, atLeast least: Int64
    ) throws(Flaw) -> Money {
        let bytes = texts.bytes(target)
        guard !bytes.isEmpty else { throw texts.flaw(target, "required", "is empty") }
        let minor: Int64
        do throws(NumberForm.Flaw) {
            minor = try mapping.numbers.read(bytes, exponent: currency.exponent)
        } catch {
            try texts.checkScalar(target)
            throw texts.flaw(target, error.label, sentence(for: error, currency))
        }
        guard minor >= least else {
            let sentence =
                switch (target, least) {
                case (.invoiceAmount, _): "is not above zero; a mapping may declare negative amounts to be credit notes"
                case (_, 0): "is below zero"
                default: "is not above zero"
                }
            throw texts.flaw(target, least == 0 ? "negative" : "not_positive", sentence)
        }
        return Money(minor: minor, currency: currency)
    }

    private func sentence(for flaw: NumberForm.Flaw, _ currency: Currency) -> String {
        let form = mapping.numbers
        switch flaw {
        case .currencySign: return "holds a currency sign; an amount is a number, and its currency a field of its own"
        case .money(.tooManyDecimals(let allowed)): return "has more than the \(allowed) decimals of \(currency.code)"
        case .money(.outOfRange): return "is too large"
        case .money(.groupingSeparator):
            return "holds a separator that is not declared: decimal is \"\(form.decimal)\", grouping "
                + (form.grouping.map { "\"\($0.rawValue)\"" } ?? "none")
        case .money: return "is not an amount in \(currency.code) with \"\(form.decimal)\" before its decimals"
        }
    }

    func version(_ target: ImportTarget, _ texts: RowTexts) throws(Flaw) -> Int64 {
        let bytes = texts.bytes(target)
        guard !bytes.isEmpty else { return 0 }
        guard let version = mapping.version.read(bytes, mapping.dates) else {
            throw texts.flaw(
                target, "not_a_version",
                mapping.version == .integer ? "is not a whole number above zero" : "is not a time of ISO 8601")
        }
        return version
    }
}

/// The currencies by the three bytes of their code.
private enum CurrencyCodes {
    private static let table = Dictionary(
        uniqueKeysWithValues: Currency.codes.compactMap { code in
            Currency(code).map { (key(Array(code.utf8)[...]), $0) }
        })

    static func currency(_ code: ArraySlice<UInt8>) -> Currency? {
        code.count == 3 ? table[key(code)] : nil
    }

    private static func key(_ code: ArraySlice<UInt8>) -> UInt32 { code.reduce(0) { $0 << 8 | UInt32($1) } }
}

/// Names of zones that were asked for before; files have few different ones.
struct ZoneNames {
    private var known: [String: Bool] = [:]

    mutating func contains(_ name: String) -> Bool {
        if let answer = known[name] { return answer }
        let answer = Zone(name) != nil
        // A file of nothing but wrong names must not fill the memory.
        if known.count < 1_000 { known[name] = answer }
        return answer
    }
}
