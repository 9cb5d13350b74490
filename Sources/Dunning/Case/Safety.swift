/// What keeps a mistake small: sources that must have been heard of, time for somebody to object, and how many people are
/// written to for the first time on one day. The tenant's rules, and where a case stands with them.
package struct Safety: Hashable, Sendable {
    package var watched: [WatchedSource]
    /// Hours between the announcement of a message and its departure; 0: none is announced.
    package var vetoHours: Int
    /// Customers written to for the first time on one day; nil: as many as there are.
    package var firstContactsPerDay: Int?
    /// Of the case's open step.
    package var announced: Announcement?
    /// The civil day, in the contact's zone, on which this case may make its first contact.
    package var place: Day?
    /// The day from which on that place was wanted; whoever wants an earlier one gives it back.
    package var wantedFrom: Day?

    package init(
        watched: [WatchedSource] = [], vetoHours: Int = 0, firstContactsPerDay: Int? = nil,
        announced: Announcement? = nil, place: Day? = nil, wantedFrom: Day? = nil
    ) {
        self.watched = watched
        self.vetoHours = vetoHours
        self.firstContactsPerDay = firstContactsPerDay
        self.announced = announced
        self.place = place
        self.wantedFrom = wantedFrom
    }

    /// The source that has been silent for longest beyond what it may be.
    package func staleSource(at now: Instant) -> WatchedSource? {
        watched.filter { $0.isStale(at: now) }.min { ($0.staleFrom, $0.name) < ($1.staleFrom, $1.name) }
    }

    /// From when on an announced step may leave; nil when it was not announced.
    package func freeFrom(_ step: PlannedStep) -> Instant? {
        guard let announced, announced.key == step.key, announced.occurrence == step.occurrence,
            announced.round == step.round
        else { return nil }
        return announced.at.adding(hours: vetoHours)
    }
}

/// A source that has to be heard of again and again: while it is silent, payments it knows of may be missing here.
package struct WatchedSource: Hashable, Sendable {
    package let name: String
    /// When it has been silent for too long, if nothing comes before.
    package let staleFrom: Instant

    package init(name: String, staleFrom: Instant) {
        self.name = name
        self.staleFrom = staleFrom
    }

    package func isStale(at now: Instant) -> Bool { staleFrom <= now }
}

/// It was said that this step will be sent, so that somebody can object.
package struct Announcement: Hashable, Sendable {
    package let key: String
    package let occurrence: Int
    package let round: Int
    package let at: Instant

    package init(of step: PlannedStep, at: Instant) {
        key = step.key
        occurrence = step.occurrence
        round = step.round
        self.at = at
    }
}

extension Planner {
    /// A plan as the tenant's safety allows it: no message before it can be objected to, no first contact without a place.
    static func guarded(_ plan: Plan, _ facts: CaseFacts, now: Instant) -> Plan {
        guard facts.switches.isLive, let step = plan.next, step.kind.isContact else { return plan }
        var plan = plan
        let time = SendTime(facts)
        var next = step
        if facts.safety.vetoHours > 0 {
            let free = facts.safety.freeFrom(next) ?? now.adding(hours: facts.safety.vetoHours)
            next = next.postponed(to: free, time) ?? next
        }
        guard facts.safety.firstContactsPerDay != nil, plan.state.lastContactDay == nil else {
            plan.next = next
            return plan
        }
        let day = time.zone.day(of: next.dueAt)
        if let place = facts.safety.place, place >= day, facts.safety.wantedFrom.map({ $0 <= day }) ?? true {
            plan.next = place == day ? next : next.postponed(to: time.zone.startOfDay(place), time)
            if let moved = plan.next, time.zone.day(of: moved.dueAt) == place { return plan }
        }
        plan.next = nil
        plan.idle = .quota
        plan.wish = Plan.Wish(day: day, value: facts.askedTotal(at: next.dueAt))
        return plan
    }
}

extension PlannedStep {
    /// The same step at the first moment from `instant` on at which it may be sent; itself when it is later already.
    fileprivate func postponed(to instant: Instant, _ time: SendTime) -> PlannedStep? {
        guard dueAt < instant else { return self }
        return time.moment(onOrAfter: time.zone.day(of: instant), notBefore: instant).map {
            PlannedStep(key: key, kind: kind, occurrence: occurrence, round: round, stage: stage, dueAt: $0)
        }
    }
}
