import Foundation

/// How amounts, days and numbers are written where a language is spoken: by the rules of CLDR, as Foundation carries
/// them.
///
/// No-break spaces (U+00A0, in French U+202F within numbers) are part of the result. The calendar is the Gregorian one
/// everywhere, since that is what invoices are dated by.
package struct LocalFormat: Sendable {
    private let locale: Locale
    private let shortDays: Date.FormatStyle
    private let fullDays: Date.FormatStyle
    private let numbers: IntegerFormatStyle<Int>

    package init(_ tag: LanguageTag) {
        locale = Locale(identifier: tag.text)
        shortDays = Self.days(.abbreviated, locale)
        fullDays = Self.days(.long, locale)
        numbers = IntegerFormatStyle(locale: locale)
    }

    /// `$1,234.50`, `1.234,50 €`, `₹12,34,567.00`: with all decimals of the currency, and never through floating point.
    package func text(_ money: Money) -> String {
        let amount = Decimal(
            sign: money.minor < 0 ? .minus : .plus, exponent: -money.currency.exponent,
            significand: Decimal(money.minor.magnitude))
        return Decimal.FormatStyle.Currency(code: money.currency.code, locale: locale)
            .precision(.fractionLength(money.currency.exponent)).format(amount)
    }

    /// For lists, `Nov 24, 2026`, `24. Nov. 2026`, `2026年11月24日`: the month by its name where a language has one, since
    /// order alone cannot be trusted.
    package func text(_ day: Day) -> String {
        shortDays.format(Self.midnight(of: day))
    }

    /// For sentences: `November 24, 2026`, `24 de noviembre de 2026`.
    package func fullText(_ day: Day) -> String {
        fullDays.format(Self.midnight(of: day))
    }

    /// `4,800`, `4.800`.
    package func text(_ number: Int) -> String {
        numbers.format(number)
    }

    private static func midnight(of day: Day) -> Date {
        Date(timeIntervalSince1970: Double(day.number) * 86_400)
    }

    private static func days(_ form: Date.FormatStyle.DateStyle, _ locale: Locale) -> Date.FormatStyle {
        Date.FormatStyle(date: form, time: .omitted, locale: locale, calendar: gregorian, timeZone: .gmt)
    }

    private static let gregorian = Foundation.Calendar(identifier: .gregorian)
}

extension Money {
    /// The amount as people write it in `language`.
    package func formatted(in language: LanguageTag = .english) -> String {
        LocalFormat(language).text(self)
    }
}
