/// A question about one case that has an answer at any time: all, any and not over tests of single fields.
///
/// Pure: what is not known answers every test with "no", and the words say so.
package indirect enum Condition: Hashable, Sendable {
    case all([Condition])
    case any([Condition])
    case not(Condition)
    case test(ConditionField, Comparison, ConditionValue)

    /// What a field is compared with.
    package enum Value: Hashable, Sendable {
        case one(AttributeValue)
        /// For `in`: any of them.
        case list([AttributeValue])
        /// In minor units of its currency; a case in another currency does not fulfil the test.
        case amount(Money)
    }

    /// The answer, with what led to it as a person would say it.
    package struct Judgement: Hashable, Sendable {
        package let holds: Bool
        package let words: String

        package init(holds: Bool, words: String) {
            self.holds = holds
            self.words = words
        }
    }

    package func judged(_ subject: ConditionSubject) -> Judgement {
        switch self {
        case .all(let parts):
            let answers = parts.map { $0.judged(subject) }
            // The first that fails is the reason; where none does, all are.
            if let failed = answers.first(where: { !$0.holds }) { return failed }
            return Judgement(holds: true, words: Self.joined(answers, empty: "nothing is asked for"))
        case .any(let parts):
            let answers = parts.map { $0.judged(subject) }
            if let held = answers.first(where: \.holds) { return held }
            return Judgement(holds: false, words: Self.joined(answers, empty: "nothing can be fulfilled"))
        case .not(let part):
            let answer = part.judged(subject)
            return Judgement(holds: !answer.holds, words: answer.words)
        case .test(let field, let comparison, let value):
            return Self.judge(field, comparison, value, subject)
        }
    }

    /// Every field it looks at.
    package var fields: Set<ConditionField> {
        switch self {
        case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.fields) }
        case .not(let part): part.fields
        case .test(let field, _, _): [field]
        }
    }

    /// The texts that tests of `field` name, such as all segments a condition relies on.
    package func texts(of field: ConditionField) -> Set<String> {
        switch self {
        case .all(let parts), .any(let parts): return parts.reduce(into: []) { $0.formUnion($1.texts(of: field)) }
        case .not(let part): return part.texts(of: field)
        case .test(let own, _, let value):
            guard own == field else { return [] }
            return Set(
                value.single.compactMap { value -> String? in
                    if case .text(let text) = value { text } else { nil }
                })
        }
    }

    private static func joined(_ answers: [Judgement], empty: String) -> String {
        answers.isEmpty ? empty : answers.map(\.words).joined(separator: "; ")
    }

    private static func judge(
        _ field: ConditionField, _ comparison: Comparison, _ value: Value, _ subject: ConditionSubject
    ) -> Judgement {
        let wanted = "\(field.name) \(comparison.words) \(value.words)"
        let known = subject.values(of: field)
        if case .amount(let amount) = value, let money = subject.collectable, field == .collectable {
            guard money.currency == amount.currency else {
                return Judgement(
                    holds: false, words: "\(wanted): no, the case is in \(money.currency.code)")
            }
            return answer(comparison.holds(money.minor, amount.minor), wanted, money.words)
        }
        if known.isEmpty {
            // Whoever is in no segment is not in this one: an empty set is known, a missing value is not.
            guard field.isSet else {
                return Judgement(holds: false, words: "\(wanted): no, \(field.name) is not known")
            }
            return answer(comparison == .isNot, wanted, "none")
        }
        let told = field == .locale ? known[0].words : known.map(\.words).joined(separator: ", ")
        switch comparison {
        case .is, .in: return answer(known.contains { value.single.contains($0) }, wanted, told)
        case .isNot: return answer(!known.contains { value.single.contains($0) }, wanted, told)
        case .atLeast, .moreThan, .atMost, .lessThan:
            guard case .number(let left) = known[0], case .one(.number(let right)) = value else {
                return Judgement(holds: false, words: "\(wanted): no, \(field.name) is \(told), which is no number")
            }
            return answer(comparison.holds(left, right), wanted, told)
        }
    }

    private static func answer(_ holds: Bool, _ wanted: String, _ told: String) -> Judgement {
        Judgement(holds: holds, words: "\(wanted): \(holds ? "yes" : "no"), it is \(told)")
    }
}

package typealias ConditionValue = Condition.Value

extension Condition.Value {
    /// The values that `is` and `in` look for.
    var single: [AttributeValue] {
        switch self {
        case .one(let value): [value]
        case .list(let values): values
        case .amount(let money): [.number(money.minor)]
        }
    }

    var words: String {
        switch self {
        case .one(let value): value.words
        case .list(let values): values.map(\.words).joined(separator: ", ")
        case .amount(let money): money.words
        }
    }
}

extension ConditionField {
    /// Whether having none of it is knowledge too.
    fileprivate var isSet: Bool { self == .segment || self == .hasChannel }
}

extension Money {
    fileprivate var words: String { "\(decimal) \(currency.code)" }
}
