/// Which form of a noun goes with a number: the cardinal plural categories of CLDR, for whole numbers.
///
/// English says "1 invoice, 2 invoices" (one, other), French counts 0 as one, Polish has three forms, Japanese a single
/// one. What CLDR asks of fractions and of millions ("un millón de facturas") is left out: counts of a message have
/// neither.
package enum PluralCategory: String, Hashable, Sendable, CaseIterable {
    case zero, one, two, few, many, other

    /// The category of `number` in `language`; a language without a rule of its own counts as English does.
    package init(_ number: Int, in language: LanguageTag) {
        self = PluralRule(language).category(number.magnitude)
    }

    /// The categories that whole numbers have in `language`, in the order of the cases.
    package static func all(in language: LanguageTag) -> [PluralCategory] {
        PluralRule(language).categories
    }
}

/// A family of languages that count alike.
private enum PluralRule {
    case single, one, zeroOrOne
    case russian, croatian, polish, czech, slovene, lithuanian, latvian, romanian, icelandic
    case arabic, hebrew, irish, welsh, maltese, tagalog

    /// Everything that is not listed has a singular for 1 and a plural.
    private static let families: [String: PluralRule] = {
        var table = [String: PluralRule]()
        for (rule, languages) in [
            (single, "bo dz id ig ii ja jv km ko lo ms my sah ses sg su th to vi wo yo yue zh"),
            (zeroOrOne, "ak am as bn fa ff fr gu hi hy kn ln mg nso pa si ti wa zu"),
            (russian, "be ru uk"), (croatian, "bs hr sr"), (polish, "pl"), (czech, "cs sk"),
            (slovene, "dsb hsb sl"), (lithuanian, "lt"), (latvian, "lv prg"), (romanian, "mo ro"),
            (icelandic, "is mk"), (arabic, "ar"), (hebrew, "he"), (irish, "ga"), (welsh, "cy"), (maltese, "mt"),
            (tagalog, "fil"),
        ] {
            for language in languages.split(separator: " ") { table[String(language)] = rule }
        }
        return table
    }()

    init(_ tag: LanguageTag) {
        // Brazil says "0 fatura", Portugal "0 faturas".
        if tag.language == "pt" {
            self = tag.lookup.contains { $0.text == "pt-PT" } ? .one : .zeroOrOne
        } else {
            self = Self.families[tag.language] ?? .one
        }
    }

    var categories: [PluralCategory] {
        switch self {
        case .single: [.other]
        case .one, .zeroOrOne, .icelandic, .tagalog: [.one, .other]
        case .russian, .polish: [.one, .few, .many]
        case .croatian, .czech, .lithuanian, .romanian: [.one, .few, .other]
        case .slovene: [.one, .two, .few, .other]
        case .latvian: [.zero, .one, .other]
        case .arabic, .welsh: PluralCategory.allCases
        case .hebrew: [.one, .two, .other]
        case .irish, .maltese: [.one, .two, .few, .many, .other]
        }
    }

    func category(_ number: UInt) -> PluralCategory {
        let ten = number % 10, hundred = number % 100
        switch self {
        case .single: return .other
        case .one: return number == 1 ? .one : .other
        case .zeroOrOne: return number < 2 ? .one : .other
        case .russian, .croatian:
            if ten == 1, hundred != 11 { return .one }
            if (2...4).contains(ten), !(12...14).contains(hundred) { return .few }
            return self == .russian ? .many : .other
        case .polish:
            if number == 1 { return .one }
            return (2...4).contains(ten) && !(12...14).contains(hundred) ? .few : .many
        case .czech: return number == 1 ? .one : (2...4).contains(number) ? .few : .other
        case .slovene: return hundred == 1 ? .one : hundred == 2 ? .two : (3...4).contains(hundred) ? .few : .other
        case .lithuanian:
            guard !(11...19).contains(hundred) else { return .other }
            return ten == 1 ? .one : ten == 0 ? .other : .few
        case .latvian:
            if ten == 0 || (11...19).contains(hundred) { return .zero }
            return ten == 1 ? .one : .other
        case .romanian:
            if number == 1 { return .one }
            return number == 0 || (1...19).contains(hundred) ? .few : .other
        case .icelandic: return ten == 1 && hundred != 11 ? .one : .other
        case .arabic:
            if number < 3 { return [.zero, .one, .two][Int(number)] }
            return (3...10).contains(hundred) ? .few : hundred >= 11 ? .many : .other
        case .hebrew: return number == 1 ? .one : number == 2 ? .two : .other
        case .irish:
            return number == 1
                ? .one
                : number == 2 ? .two : (3...6).contains(number) ? .few : (7...10).contains(number) ? .many : .other
        case .welsh: return [0: .zero, 1: .one, 2: .two, 3: .few, 6: .many][number] ?? .other
        case .maltese:
            if number == 1 { return .one }
            if number == 2 { return .two }
            if number == 0 || (3...10).contains(hundred) { return .few }
            return (11...19).contains(hundred) ? .many : .other
        case .tagalog: return (1...3).contains(number) || ![4, 6, 9].contains(ten) ? .one : .other
        }
    }
}
