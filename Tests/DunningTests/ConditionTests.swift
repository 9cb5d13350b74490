import Dunning
import Foundation
import Testing

@Suite struct `A condition` {
    private let euro = Currency("EUR")!

    /// Reads the JSON form.
    private func read(_ json: String) throws -> Condition {
        try Condition(JSONDecoder().decode(DocumentValue.self, from: Data(json.utf8)))
    }

    private func problems(_ json: String) -> [String] {
        do {
            _ = try read(json)
            return []
        } catch Rejection.invalid(let problems) {
            return problems.map { "\($0.pointer) \($0.code)" }
        } catch {
            return ["\(error)"]
        }
    }

    private var subject: ConditionSubject {
        var subject = ConditionSubject()
        subject.collectable = Money(minor: 50_000, currency: euro)
        subject.oldestAge = 45
        subject.stage = 2
        subject.segments = ["vip", "south"]
        subject.kind = "business"
        subject.locale = LanguageTag("de-AT")
        subject.channels = [.email]
        subject.currency = euro
        subject.attributes = ["plan": .text("gold"), "seats": .number(12), "trial": .flag(true)]
        return subject
    }

    @Test(arguments: [
        (#"{"field": "oldest_age", "at_least": 45}"#, true), (#"{"field": "oldest_age", "more_than": 45}"#, false),
        (#"{"field": "oldest_age", "at_most": 45}"#, true), (#"{"field": "oldest_age", "less_than": 45}"#, false),
        (#"{"field": "stage", "in": [1, 2]}"#, true), (#"{"field": "stage", "is_not": 2}"#, false),
        (#"{"field": "segment", "is": "vip"}"#, true), (#"{"field": "segment", "is": "north"}"#, false),
        (#"{"field": "segment", "is_not": "vip"}"#, false), (#"{"field": "segment", "in": ["north", "south"]}"#, true),
        (#"{"field": "locale", "is": "de"}"#, true), (#"{"field": "locale", "is": "de-CH"}"#, false),
        (#"{"field": "has_channel", "is": "email"}"#, true), (#"{"field": "has_channel", "is": "sms"}"#, false),
        (#"{"field": "collectable", "at_least": 500, "currency": "EUR"}"#, true),
        (#"{"field": "collectable", "more_than": "500.00", "currency": "EUR"}"#, false),
        (#"{"field": "collectable", "at_least": 1, "currency": "USD"}"#, false),
        (#"{"field": "attribute.plan", "is": "gold"}"#, true), (#"{"field": "attribute.seats", "at_least": 10}"#, true),
        (#"{"field": "attribute.seats", "is": "12"}"#, false), (#"{"field": "attribute.trial", "is": true}"#, true),
        (#"{"field": "attribute.plan", "at_least": 1}"#, false),
        (#"{"all": [{"field": "stage", "is": 2}, {"not": {"field": "segment", "is": "vip"}}]}"#, false),
        (#"{"any": [{"field": "stage", "is": 9}, {"field": "kind", "is": "business"}]}"#, true),
    ]) func `is judged of a case`(json: String, holds: Bool) throws {
        #expect(try read(json).judged(subject).holds == holds, "\(json)")
    }

    @Test func `on something nobody knows does not hold, whatever is asked, and says so`() throws {
        for json in [
            #"{"field": "attribute.colour", "is": "red"}"#, #"{"field": "attribute.colour", "is_not": "red"}"#,
            #"{"field": "owner", "is_not": "kim"}"#, #"{"field": "on_time_share", "at_most": 100}"#,
            #"{"field": "collectable", "at_most": 1, "currency": "EUR"}"#,
        ] {
            let answer = try read(json).judged(ConditionSubject())
            #expect(!answer.holds)
            #expect(answer.words.hasSuffix("is not known"), "\(answer.words)")
        }
        // Having no segment and no channel is knowledge.
        #expect(try read(#"{"field": "segment", "is_not": "vip"}"#).judged(ConditionSubject()).holds)
        #expect(!(try read(#"{"field": "has_channel", "is": "sms"}"#).judged(ConditionSubject()).holds))
    }

    @Test func `says in words what decided`() throws {
        let json =
            #"{"all": [{"field": "oldest_age", "at_least": 30}, {"any": [{"field": "segment", "is": "north"}, {"field": "collectable", "at_least": 900, "currency": "EUR"}]}]}"#
        #expect(
            try read(json).judged(subject).words
                == "segment is north: no, it is south, vip; collectable is at least 900.00 EUR: no, it is 500.00 EUR")
        #expect(
            try read(#"{"not": {"field": "attribute.seats", "less_than": 10}}"#).judged(subject)
                == .init(holds: true, words: "attribute.seats is less than 10: no, it is 12"))
    }

    @Test(arguments: [
        (#"{"field": "age", "at_least": 3}"#, ["/field unknown_field"]),
        (#"{"field": "attribute.", "is": 3}"#, ["/field unknown_field"]),
        (#"{"field": "stage", "is": "two"}"#, ["/is wrong_type"]), (#"{"field": "stage"}"#, ["/is missing"]),
        (#"{"field": "stage", "is": 1, "at_most": 2}"#, ["/at_most one_of"]),
        (#"{"field": "segment", "at_least": "vip"}"#, ["/at_least no_order"]),
        (#"{"field": "kind", "in": ["business", "state"]}"#, ["/in/1 unknown_value"]),
        (#"{"field": "country", "is": "de"}"#, ["/is bad_country"]), (#"{"field": "stage", "in": []}"#, ["/in empty"]),
        (#"{"field": "collectable", "at_least": 5}"#, ["/currency missing"]),
        (#"{"field": "collectable", "at_least": "5.001", "currency": "EUR"}"#, ["/at_least money_too_many_decimals"]),
        (#"{"field": "stage", "is": 1, "currency": "EUR"}"#, ["/currency unknown_key"]),
        (
            #"{"all": [{"field": "stage", "is": 1}, {"field": "locale", "is": "en-UK"}, []]}"#,
            ["/all/1/is bad_locale", "/all/2 wrong_type"]
        ),
        (#"{"all": []}"#, ["/all empty"]), (#"{}"#, [" no_condition"]), (#"3"#, [" wrong_type"]),
        (#"{"not": {"any": [{"field": "x~y", "is": 1}]}}"#, ["/not/any/0/field unknown_field"]),
    ]) func `that is written wrong is refused where it is wrong`(json: String, expected: [String]) {
        #expect(problems(json) == expected)
    }

    @Test func `is not nested for ever`() {
        func nested(_ depth: Int) -> String {
            String(repeating: #"{"not": "#, count: depth - 1) + #"{"field": "stage", "is": 1}"#
                + String(repeating: "}", count: depth - 1)
        }
        #expect(problems(nested(Condition.deepest)).isEmpty)
        #expect(problems(nested(Condition.deepest + 1)).map { $0.split(separator: " ").last } == ["too_deep"])
    }

    @Test func `prints as it reads`() throws {
        for seed in UInt64(1)...2_000 {
            var dice = SplitMix(seed: seed)
            let condition = RandomCondition.make(depth: 3, using: &dice)
            let read = try Condition(condition.document)
            #expect(read == condition, "seed \(seed)")
            // Through JSON too, whose members come back in another order.
            if seed % 20 == 0 {
                let json = try JSONEncoder().encode(condition.document)
                let decoded = try JSONDecoder().decode(DocumentValue.self, from: json)
                #expect(try Condition(decoded) == condition, "seed \(seed)")
            }
            // Not turns every answer, whatever is known.
            #expect(
                Condition.not(condition).judged(subject).holds == !condition.judged(subject).holds, "seed \(seed)")
        }
    }

    @Test func `sees sums and ages from the ledger and segments from the facts`() {
        var facts = CaseFixture.facts(
            [
                CaseFixture.invoice(1, due: "2026-10-01"), CaseFixture.invoice(2, due: "2026-11-20", total: 5_000),
                CaseFixture.invoice(3, due: "2026-01-01", allocated: 10_000),
            ], CaseFixture.state(stage: 1, contacted: "2026-11-10"), credit: 1_000)
        facts.profile.segments = ["vip"]
        facts.profile.segmentRules = [
            SegmentRule(name: "old", condition: .test(.oldestAge, .atLeast, .one(.number(30)))),
            SegmentRule(name: "old-vip", condition: .test(.segment, .is, .one(.text("old")))),
        ]
        let subject = facts.subject(at: CaseFixture.at("2026-11-24 10:00"))
        #expect(subject.collectable == Money(minor: 14_000, currency: CaseFixture.usd))
        #expect(subject.oldestAge == 54)
        #expect(subject.invoiceCount == 2)
        #expect(subject.stage == 1)
        #expect(subject.lastContactAge == 14)
        #expect(subject.channels == [.email])
        #expect(subject.segments == ["vip", "old"])
    }
}

/// Any condition that may be written.
enum RandomCondition {
    static func make(depth: Int, using dice: inout SplitMix) -> Condition {
        if depth > 0, Int.random(in: 0..<2, using: &dice) == 0 {
            let parts = (0..<Int.random(in: 1...3, using: &dice)).map { _ in make(depth: depth - 1, using: &dice) }
            switch Int.random(in: 0..<3, using: &dice) {
            case 0: return .all(parts)
            case 1: return .any(parts)
            default: return .not(parts[0])
            }
        }
        let field =
            Int.random(in: 0..<6, using: &dice) == 0
            ? .attribute("seats") : ConditionField.fixed.randomElement(using: &dice)!
        let plain: [Comparison] = [.is, .isNot]
        switch field.form {
        case .amount:
            let money = Money(minor: .random(in: 0...100_000, using: &dice), currency: Currency("EUR")!)
            return .test(field, [.atLeast, .moreThan, .atMost, .lessThan].randomElement(using: &dice)!, .amount(money))
        case .number:
            let number = AttributeValue.number(.random(in: 0...60, using: &dice))
            let comparison = Comparison.allCases.randomElement(using: &dice)!
            return .test(field, comparison, comparison == .in ? .list([number]) : .one(number))
        case .word(let words): return .test(field, .in, .list(words.map(AttributeValue.text)))
        case .anything: return .test(field, .atLeast, .one(.number(.random(in: 0...20, using: &dice))))
        case .text, .member:
            let text =
                switch field {
                case .country: "DE"
                case .locale: "de"
                case .currency: "EUR"
                default: "vip"
                }
            return .test(field, plain.randomElement(using: &dice)!, .one(.text(text)))
        }
    }
}
