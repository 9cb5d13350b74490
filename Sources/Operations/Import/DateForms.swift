import Dunning

/// The ways of writing dates that a mapping declares.
///
/// Nothing is guessed: a date in another form is an error, since 3/4 is two different days.
package struct DateForms: Sendable, Hashable {
    package let patterns: [DatePattern]

    package static let limit = 8

    /// `yyyy-MM-dd`, which is what an import takes when none is declared. The tests read dates by it, so it is a
    /// pattern.
    package static let iso = DateForms(unchecked: [DatePattern("yyyy-MM-dd")!])

    /// `nil` when there is none, too many, or one that is another with day and month changed round.
    package init?(_ patterns: [DatePattern]) {
        guard !patterns.isEmpty, patterns.count <= Self.limit, Self.contradiction(in: patterns) == nil else {
            return nil
        }
        self.init(unchecked: patterns)
    }

    private init(unchecked patterns: [DatePattern]) {
        self.patterns = patterns
    }

    /// Two patterns between which a date like 3/4 could not be told.
    package static func contradiction(in patterns: [DatePattern]) -> (DatePattern, DatePattern)? {
        for (index, first) in patterns.enumerated() {
            if let second = patterns[(index + 1)...].first(where: { first.contradicts($0) }) { return (first, second) }
        }
        return nil
    }

    enum Reading {
        case day(Day)
        case none
        /// It fits two declared forms with different days, or it has no declared form and could be two days.
        case ambiguous
    }

    func read(_ text: ArraySlice<UInt8>) -> Reading {
        var found: Day?
        for pattern in patterns {
            guard let day = pattern.day(text), day != found else { continue }
            guard found == nil else { return .ambiguous }
            found = day
        }
        if let found { return .day(found) }
        return Self.couldBeTwoDays(text) ? .ambiguous : .none
    }

    /// `3/4/2026`: the third of April in one country and the fourth of March in another.
    private static func couldBeTwoDays(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        guard let first = DatePattern.number(&rest, 1, 2), let separator = rest.popFirst(),
            Array("/.- ".utf8).contains(separator), let second = DatePattern.number(&rest, 1, 2),
            rest.popFirst() == separator, DatePattern.number(&rest, 2, 4) != nil, rest.isEmpty
        else { return false }
        return first != second && (1...12).contains(first) && (1...12).contains(second)
    }

    /// As a message names them.
    var description: String { patterns.map(\.text).joined(separator: " or ") }
}

/// How a source numbers the versions of what it exports.
package enum VersionForm: String, Sendable, CaseIterable {
    case integer
    /// ISO 8601; its microseconds since 1970 are the version.
    case timestamp

    /// `nil` when the text has another form, or the number is below 1.
    func read(_ text: ArraySlice<UInt8>, _ dates: DateForms) -> Int64? {
        switch self {
        case .integer:
            guard text.count <= 18, text.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
            let value = text.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
            return value > 0 ? value : nil
        case .timestamp:
            if let microseconds = ISOTimestamp.microseconds(text) { return microseconds > 0 ? microseconds : nil }
            guard case .day(let day) = dates.read(text), day.number > 0 else { return nil }
            return Int64(day.number) * 86_400_000_000
        }
    }
}
