import Dunning

/// Reading of what dunning is about: money, days, zones, addresses.
extension Fields {
    mutating func day(_ name: String) -> Day {
        value(name, standIn: Day(number: 0), "bad_date", Self.dayForm, Day.init(_:))
    }

    mutating func day(optional name: String) -> Day? {
        value(optional: name, "bad_date", Self.dayForm, Day.init(_:))
    }

    mutating func instant(optional name: String) -> Instant? {
        value(optional: name, "bad_time", "must be a time such as 2026-11-24T14:00:00Z") { Instant(rfc3339: $0) }
    }

    mutating func zone(_ name: String) -> Zone {
        value(name, standIn: Self.greenwich, "bad_zone", Self.zoneForm, Zone.init(_:))
    }

    mutating func zone(optional name: String) -> Zone? {
        value(optional: name, "bad_zone", Self.zoneForm, Zone.init(_:))
    }

    mutating func locale(_ name: String) -> LanguageTag {
        value(name, standIn: .english, "bad_locale", LanguageTag.form, LanguageTag.init(_:))
    }

    mutating func locale(optional name: String) -> LanguageTag? {
        value(optional: name, "bad_locale", LanguageTag.form, LanguageTag.init(_:))
    }

    mutating func time(_ name: String) -> TimeOfDay {
        value(
            name, standIn: SendWindow.standard.opens, "bad_time", "must be a time of day such as 09:00",
            TimeOfDay.init(_:))
    }

    mutating func currency(_ name: String) -> Currency {
        value(
            name, standIn: Self.dollar, "bad_currency", "must be a currency of ISO 4217, such as USD", Currency.init(_:)
        )
    }

    mutating func currency(optional name: String) -> Currency? {
        value(
            optional: name, "bad_currency", "must be a currency of ISO 4217, such as USD", Currency.init(_:))
    }

    /// Three rising numbers of days.
    mutating func agingEdges(_ name: String) -> AgingEdges {
        guard let value = required(name) else { return .standard }
        guard case .array(let elements) = value else {
            wrongType(name, value, expected: "an array")
            return .standard
        }
        let days = elements.compactMap { element -> Int? in
            guard case .number(let digits) = element else { return nil }
            return Int(digits)
        }
        guard days.count == elements.count, let edges = AgingEdges(days) else {
            refuse(name, "bad_edges", "must be three rising numbers of days, such as [30, 60, 90], at most 3650")
            return .standard
        }
        return edges
    }

    mutating func email(_ name: String) -> EmailAddress {
        required(name).flatMap { email($0, name) } ?? Self.nobody
    }

    mutating func email(optional name: String) -> EmailAddress? {
        given(name).flatMap { email($0, name) }
    }

    /// A telephone number in its international form.
    mutating func phone(optional name: String) -> PhoneNumber? {
        guard let value = given(name) else { return nil }
        guard case .string(let text) = value else {
            wrongType(name, value, expected: "a string")
            return nil
        }
        do throws(PhoneNumberError) {
            return try PhoneNumber(text)
        } catch {
            refuse(name, "bad_phone", error.detail)
            return nil
        }
    }

    /// `{"amount": "16918.95", "currency": "USD"}`, more than nothing, or not less.
    mutating func money(_ name: String, orZero mayBeZero: Bool = false) -> Money {
        object(name) { $0.amount(orZero: mayBeZero) }
    }

    mutating func money(optional name: String) -> Money? {
        object(optional: name) { $0.amount() }
    }

    /// This object itself as an amount.
    mutating func amount(orZero mayBeZero: Bool = false) -> Money {
        let currency = currency("currency")
        let zero = Money.zero(currency)
        guard let value = required("amount") else { return zero }
        guard case .string(let text) = value else {
            wrongType("amount", value, expected: "decimal text such as \"16918.95\"")
            return zero
        }
        do throws(MoneyError) {
            let money = try Money.parse(decimal: text, currency)
            if money.minor < (mayBeZero ? 0 : 1) {
                refuse("amount", "not_positive", mayBeZero ? "must not be less than zero" : "must be more than zero")
            }
            return money
        } catch {
            refuse("amount", error.label, "must be decimal text such as 16918.95, exact to the currency")
            return zero
        }
    }

    private mutating func email(_ value: JSONValue, _ name: String) -> EmailAddress? {
        guard case .string(let text) = value else {
            wrongType(name, value, expected: "a string")
            return nil
        }
        do throws(EmailAddressError) {
            return try EmailAddress(text)
        } catch {
            refuse(name, error.label, "must be one plain e-mail address")
            return nil
        }
    }

    private static let dayForm = "must be a day such as 2026-11-24"
    private static let zoneForm = "must be a time zone of the IANA database, such as America/New_York"

    // Stand-ins: literals that these types accept; what is made of them is thrown away.
    private static let greenwich = Zone("UTC")!
    private static let dollar = Currency("USD")!
    private static let nobody: EmailAddress = {
        do {
            return try EmailAddress("nobody@example.com")
        } catch {
            preconditionFailure("a plain address")
        }
    }()
}
