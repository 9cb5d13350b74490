/// The written form of conditions, one for JSON and YAML:
/// `{"all": [{"field": "oldest_age", "at_least": 30}, {"not": {"field": "segment", "is": "vip"}}]}`.
///
/// Amounts are written as elsewhere, in whole units with decimals, with their currency beside them:
/// `{"field": "collectable", "at_least": "500.00", "currency": "EUR"}`.
extension Condition {
    /// Parts within parts, at most so deep.
    package static let deepest = 16
    /// Parts of one `all` or `any`, and values of one `in`.
    package static let widest = 100

    /// Throws ``Rejection/invalid(_:)`` with everything that is wrong, each with where it stands.
    package init(_ value: DocumentValue, at pointer: String = "") throws(Rejection) {
        var problems: [FieldProblem] = []
        let condition = Self.read(value, at: pointer, depth: 1, &problems)
        guard let condition, problems.isEmpty else { throw .invalid(problems) }
        self = condition
    }

    /// The same as ``init(_:at:)`` reads.
    package var document: DocumentValue {
        switch self {
        case .all(let parts): ["all": .list(parts.map(\.document))]
        case .any(let parts): ["any": .list(parts.map(\.document))]
        case .not(let part): ["not": part.document]
        case .test(let field, let comparison, let value):
            switch value {
            case .one(let value):
                .map([.init("field", .text(field.name)), .init(comparison.rawValue, value.document)])
            case .list(let values):
                .map([.init("field", .text(field.name)), .init(comparison.rawValue, .list(values.map(\.document)))])
            case .amount(let money):
                .map([
                    .init("field", .text(field.name)), .init(comparison.rawValue, .text(money.decimal)),
                    .init("currency", .text(money.currency.code)),
                ])
            }
        }
    }

    private static func read(
        _ value: DocumentValue, at pointer: String, depth: Int, _ problems: inout [FieldProblem]
    ) -> Condition? {
        var fields = DocumentFields(value, at: pointer)
        defer { problems += fields.finished() }
        guard depth <= deepest else {
            fields.refuse([
                FieldProblem(pointer: pointer, code: "too_deep", detail: "conditions may be nested \(deepest) deep")
            ])
            for name in fields.names { _ = fields.given(name) }
            return nil
        }
        guard fields.problems.isEmpty else { return nil }
        func parts(_ name: String) -> [Condition]? {
            let elements = fields.list(name, upTo: widest)
            if elements.isEmpty { fields.refuse(name, "empty", "must hold at least one condition") }
            var found: [FieldProblem] = []
            let read = elements.map { Self.read($0.value, at: $0.pointer, depth: depth + 1, &found) }
            fields.refuse(found)
            return read.contains(nil) ? nil : read.compactMap(\.self)
        }
        if fields.has("all") { return parts("all").map(Condition.all) }
        if fields.has("any") { return parts("any").map(Condition.any) }
        if fields.has("not") {
            guard let inner = fields.required("not") else { return nil }
            var found: [FieldProblem] = []
            let part = Self.read(inner, at: fields.pointer(to: "not"), depth: depth + 1, &found)
            fields.refuse(found)
            return part.map(Condition.not)
        }
        guard fields.has("field") else {
            fields.refuse([
                FieldProblem(
                    pointer: pointer, code: "no_condition",
                    detail: "must be one of {\"all\": […]}, {\"any\": […]}, {\"not\": {…}}, {\"field\": …, \"is\": …}")
            ])
            // What else stands there is not the point.
            for name in fields.names { _ = fields.given(name) }
            return nil
        }
        return test(&fields)
    }

    private static func test(_ fields: inout DocumentFields) -> Condition? {
        guard let name = fields.text("field") else { return nil }
        guard let field = ConditionField(name) else {
            for other in fields.names { _ = fields.given(other) }
            fields.refuse(
                "field", "unknown_field",
                "must be one of " + ConditionField.fixed.map(\.name).joined(separator: ", ")
                    + ", or attribute. and a name of a-z, 0-9 and _")
            return nil
        }
        let given = Comparison.allCases.filter { fields.has($0.rawValue) }
        for comparison in given { _ = fields.given(comparison.rawValue) }
        guard let comparison = given.first, given.count == 1 else {
            fields.refuse(
                given.dropFirst().first?.rawValue ?? "is", given.isEmpty ? "missing" : "one_of",
                "must be compared once, by one of " + Comparison.allCases.map(\.rawValue).joined(separator: ", "))
            return nil
        }
        guard let value = fields.required(comparison.rawValue) else { return nil }
        if comparison.isOrder, !field.form.isOrdered {
            fields.refuse(comparison.rawValue, "no_order", "\(field.name) has no order; use is, is_not or in")
            return nil
        }
        guard comparison == .in else {
            return Self.value(value, of: field, comparison, at: nil, &fields).map { .test(field, comparison, $0) }
        }
        if field.form == .amount {
            fields.refuse("in", "not_comparable", "amounts are compared by at_least, more_than, at_most, less_than")
            return nil
        }
        let elements = fields.list("in", upTo: widest)
        if case .list(let list) = value, list.isEmpty {
            fields.refuse("in", "empty", "must hold at least one value")
        }
        var values: [AttributeValue] = []
        for (index, element) in elements.enumerated() {
            if case .one(let value) = Self.value(element.value, of: field, comparison, at: index, &fields) {
                values.append(value)
            }
        }
        return values.count == elements.count && !values.isEmpty ? .test(field, .in, .list(values)) : nil
    }

    /// A single value of the form that the field has.
    private static func value(
        _ value: DocumentValue, of field: ConditionField, _ comparison: Comparison, at index: Int?,
        _ fields: inout DocumentFields
    ) -> Value? {
        func refuse(_ code: String, _ detail: String) -> Value? {
            let place = fields.pointer(to: comparison.rawValue) + (index.map { "/\($0)" } ?? "")
            fields.refuse([FieldProblem(pointer: place, code: code, detail: detail)])
            return nil
        }
        switch field.form {
        case .amount: return amount(value, comparison, &fields)
        case .number:
            guard case .int(let number) = value else {
                return refuse("wrong_type", "must be a whole number, not \(value.kind)")
            }
            return .one(.number(number))
        case .anything:
            guard let one = AttributeValue(value) else {
                return refuse("wrong_type", "must be a string, a whole number or a boolean, not \(value.kind)")
            }
            if comparison.isOrder, case .int = value { return .one(one) }
            return comparison.isOrder ? refuse("no_order", "must be a whole number to have an order") : .one(one)
        case .text, .word, .member:
            guard case .text(let text) = value else {
                return refuse("wrong_type", "must be a string, not \(value.kind)")
            }
            if case .word(let words) = field.form, !words.contains(text) {
                return refuse("unknown_value", "must be one of " + words.joined(separator: ", "))
            }
            guard !text.isEmpty, text.utf8.count <= 200 else {
                return refuse("bad_length", "must be 1 to 200 bytes long")
            }
            switch field {
            case .currency where Currency(text) == nil:
                return refuse("bad_currency", "must be a currency of ISO 4217, such as USD")
            case .country where !CountryCode.isKnown(text):
                return refuse("bad_country", CountryCode.form)
            case .locale:
                guard let tag = LanguageTag(text) else { return refuse("bad_locale", LanguageTag.form) }
                return .one(.text(tag.text))
            default: return .one(.text(text))
            }
        }
    }

    /// `"500.00"` or `500`, in units of the currency beside it.
    private static func amount(
        _ value: DocumentValue, _ comparison: Comparison, _ fields: inout DocumentFields
    ) -> Value? {
        guard let code = fields.text("currency") else { return nil }
        guard let currency = Currency(code) else {
            fields.refuse("currency", "bad_currency", "must be a currency of ISO 4217, such as USD")
            return nil
        }
        let text: String? =
            switch value {
            case .text(let text): text
            case .int(let number): String(number)
            default: nil
            }
        guard let text else {
            fields.wrongType(comparison.rawValue, value, expected: "an amount such as \"500.00\"")
            return nil
        }
        do throws(MoneyError) {
            return .amount(try Money.parse(decimal: text, currency))
        } catch {
            fields.refuse(
                comparison.rawValue, error.label, "must be an amount of \(code) such as 500 or \"500.00\"")
            return nil
        }
    }
}

extension ConditionField.Form {
    /// Attributes may be numbers; whether one is, is seen when it is judged.
    fileprivate var isOrdered: Bool { self == .number || self == .amount || self == .anything }
}
