/// How often one address may be written to, counted in civil days of the contact's zone, across brands, tracks and
/// channels.
package struct ContactCaps: Hashable, Sendable, Codable {
    /// What the caps say about one day.
    package enum Verdict: Hashable, Sendable {
        case clear
        /// Spent; the given day is the first that is clear if nobody writes in between.
        case spent(until: Day)
    }

    package let perDay: Int
    /// Within the seven days that end with the day in question.
    package let perWeek: Int
    /// Days from one contact to the next: 2 means that after a Monday comes Wednesday at the earliest, 0 switches the
    /// rule off.
    package let minimumGapDays: Int

    /// One a day, three in seven days, two days apart.
    package static let standard = ContactCaps()

    private init() {
        (perDay, perWeek, minimumGapDays) = (1, 3, 2)
    }

    /// `nil` unless both counts are 1 to 100 and the gap is 0 to 365 days: a cap of nothing is a hold, not a cap.
    package init?(perDay: Int, perWeek: Int, minimumGapDays: Int) {
        guard (1...100).contains(perDay), (1...100).contains(perWeek), (0...365).contains(minimumGapDays) else {
            return nil
        }
        self.perDay = perDay
        self.perWeek = perWeek
        self.minimumGapDays = minimumGapDays
    }

    /// May a contact on `day` be added to those on `days`? One entry per contact, in any order, the same day as often
    /// as it was used.
    ///
    /// The gap counts in both directions: after a move to a zone further west, yesterday's contact can lie on
    /// tomorrow's date.
    package func verdict(on day: Day, contacted days: [Day]) -> Verdict {
        guard !isClear(day, days) else { return .clear }
        var candidate = day.adding(1)
        while !isClear(candidate, days) { candidate = candidate.adding(1) }
        return .spent(until: candidate)
    }

    private func isClear(_ day: Day, _ days: [Day]) -> Bool {
        var today = 0
        var week = 0
        for contact in days {
            let age = contact.distance(to: day)
            if abs(age) < minimumGapDays { return false }
            if age == 0 { today += 1 }
            if (0..<7).contains(age) { week += 1 }
        }
        return today < perDay && week < perWeek
    }
}

extension ContactCaps {
    private enum CodingKeys: CodingKey {
        case perDay, perWeek, minimumGapDays
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let caps = ContactCaps(
            perDay: try container.decode(Int.self, forKey: .perDay),
            perWeek: try container.decode(Int.self, forKey: .perWeek),
            minimumGapDays: try container.decode(Int.self, forKey: .minimumGapDays))
        guard let caps else {
            throw DecodingError.dataCorruptedError(
                forKey: .perDay, in: container, debugDescription: "counts are 1 to 100, the gap is 0 to 365 days")
        }
        self = caps
    }
}
