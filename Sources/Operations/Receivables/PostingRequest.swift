package import Dunning
import Postgres
package import Store

/// What write-offs, reversals and refunds say alike: under which name, how much, when, and why.
package struct PostingRequest: Sendable {
    package let name: SourceName
    /// Nil: all there is.
    package let amount: Money?
    /// Nil: today.
    package let valueDate: Day?
    package let reason: String
    package let note: String

    package init(
        _ name: SourceName, amount: Money? = nil, valueDate: Day? = nil, reason: String, note: String = ""
    ) throws(Rejection) {
        try TextRule.line(upTo: 200).check(name.externalID, at: "/external_id")
        try SourceRule.check(name.source)
        try Word.check(reason, at: "/reason")
        try TextRule.lines(upTo: 2_000).check(note, at: "/note")
        if let amount, amount.minor <= 0 {
            throw .invalid("/amount/amount", "not_positive", "must be more than nothing")
        }
        self.name = name
        self.amount = amount
        self.valueDate = valueDate
        self.reason = reason
        self.note = note
    }

    /// The amount in the currency of what it is about, at most `all`.
    func amount(of all: Money, excess: (code: String, detail: String)) throws(Rejection) -> Int64 {
        guard let amount else { return all.minor }
        guard amount.currency == all.currency else {
            throw .invalid("/amount/currency", "wrong_currency", "must be \(all.currency.code)")
        }
        guard amount.minor <= all.minor else { throw .invalid("/amount/amount", excess.code, excess.detail) }
        return amount.minor
    }

    /// The day it counts from: not before what it is about, not in the future.
    func day(from first: Day, today: Day) throws(Rejection) -> Day {
        guard let valueDate else { return max(first, today) }
        guard valueDate >= first else {
            throw .invalid("/value_date", "too_early", "must not lie before \(first)")
        }
        guard valueDate <= max(first, today) else {
            throw .invalid("/value_date", "in_future", "is recorded when it has happened, not before")
        }
        return valueDate
    }

    func canonical(about subject: String) -> JSONText {
        CanonicalRequest.json([
            "subject": subject, "external_id": name.externalID, "amount": amount?.decimal,
            "currency": amount?.currency.code, "value_date": valueDate?.description, "reason": reason, "note": note,
        ])
    }

    /// What the same request made before; throws for another one of this name.
    func repeated(
        _ kind: PostingRecord.Kind, about subject: String, in tx: inout Transaction
    ) throws -> PostingRecord? {
        guard let stored = try tx.posting(name, kind: kind, request: canonical(about: subject)) else { return nil }
        guard stored.isSame else { throw Rejection.conflict(noun: kind.rawValue, identifier: name.externalID) }
        return stored.record
    }

    /// The first movement carries the name, so that an import cannot book the same again.
    func entries(_ movements: [Movement], on key: LedgerKey) -> [NewEntry] {
        movements.enumerated().map { index, movement in
            NewEntry(
                movement, on: key, name: index == 0 ? name : nil, note: note.isEmpty ? reason : "\(reason): \(note)")
        }
    }
}

/// A posting as answered: with messages that asked for what it ended.
package struct Posted: Sendable {
    package let posting: PostingRecord
    package let crossing: Crossing
    /// False for a repetition of the same request.
    package let isNew: Bool

    init(_ posting: PostingRecord, isNew: Bool) throws {
        self.posting = posting
        crossing = try Crossing(posting.answer)
        self.isNew = isNew
    }
}
