import Dunning
import Testing

/// What keeps a mistake small: switches, fresh data, time to object, and a slow beginning.
@Suite struct `Safety` {
    private typealias Make = CaseFixture

    private let reminder = PlannedStep(
        key: "friendly", kind: .email, occurrence: Int(CaseFixture.day("2026-11-03").number), stage: 1,
        dueAt: CaseFixture.at("2026-11-06 12:00"))
    private let facts = CaseFixture.facts([CaseFixture.invoice(1, due: "2026-11-03")])
    private let noon = CaseFixture.at("2026-11-06 12:00")

    /// The four levels, and the two states in which nothing is sent either.
    private static let levels: [(String, @Sendable (inout CaseFacts) -> Void)] = [
        ("system", { $0.switches.isSystemOff = true }), ("tenant", { $0.switches.isTenantOff = true }),
        (
            "brand",
            {
                let brand = $0.brand
                $0.brand = BrandRules(
                    id: brand.id, zone: brand.zone, calendar: brand.calendar, window: brand.window,
                    graceDays: brand.graceDays, isSwitchedOff: true, gateway: brand.gateway)
            }
        ), ("workflow", { $0.switches.isWorkflowOff = true }), ("hold", { $0.switches.systemHold = "restored" }),
        ("shadow", { $0.switches.isLive = false }),
    ]

    @Test func `nothing passes a switch that is off, at any of four levels, whatever the case`() {
        var generator = SplitMix(announcing: "kill switches")
        var danger: [String: Int] = [:]
        for _ in 0..<2_000 {
            var random = RandomCase(using: &generator)
            random.facts.state.entry = nil
            guard let step = Planner.plan(random.facts, now: random.start).next else { continue }
            for (level, switchOff) in Self.levels {
                var off = random.facts
                switchOff(&off)
                for now in [random.start, step.dueAt, step.dueAt.adding(hours: 30)] {
                    // Without the switch it would have gone: only these cases prove anything.
                    if case .send = Gate.verdict(for: step, given: random.facts, now: now).verdict {
                        danger[level, default: 0] += 1
                    }
                    for gated in [
                        Gate.verdict(for: step, given: off, now: now),
                        Gate.internalVerdict(for: step, given: off, now: now),
                    ] {
                        guard case .wait = gated.verdict else {
                            Issue.record("\(level): \(gated.verdict)")
                            continue
                        }
                    }
                }
            }
        }
        print("kill switches: would have been sent: \(danger.sorted { $0.key < $1.key })")
        #expect(Self.levels.allSatisfy { danger[$0.0, default: 0] > 100 })
    }

    @Test func `a source silent for too long stops everything, and is named`() {
        var facts = facts
        facts.safety.watched = [
            WatchedSource(name: "bank", staleFrom: noon.adding(hours: 1)),
            WatchedSource(name: "erp", staleFrom: noon),
        ]
        let gated = Gate.verdict(for: reminder, given: facts, now: noon)
        #expect(gated.verdict == .wait(until: noon.adding(hours: 1), .stale))
        #expect(gated.trace.last?.detail.hasPrefix("erp ") == true)
        guard case .send = Gate.verdict(for: reminder, given: facts, now: noon.adding(seconds: -1)).verdict else {
            Issue.record("a second before it was fresh")
            return
        }
    }

    @Test func `a message announced in time leaves when it would have left; one announced late waits`() {
        var facts = facts
        let due = Planner.plan(facts, now: Make.at("2026-11-04 08:00")).next
        facts.safety.vetoHours = 24
        #expect(Planner.plan(facts, now: Make.at("2026-11-04 08:00")).next == due)
        // Found late: a day from now, in the window.
        let late = Planner.plan(facts, now: noon).next
        #expect(late?.dueAt == Make.at("2026-11-09 09:00").adding(seconds: SendTime(facts).spreadSeconds))
        guard case .wait(_, .veto) = Gate.verdict(for: reminder, given: facts, now: noon).verdict else {
            Issue.record("it was never announced")
            return
        }
        facts.safety.announced = Announcement(of: reminder, at: noon.adding(hours: -23))
        guard case .wait(let until, .veto) = Gate.verdict(for: reminder, given: facts, now: noon).verdict else {
            Issue.record("there was an hour left")
            return
        }
        #expect(until == noon.adding(hours: 1))
        facts.safety.announced = Announcement(of: reminder, at: noon.adding(hours: -24))
        guard case .send = Gate.verdict(for: reminder, given: facts, now: noon).verdict else {
            Issue.record("the time to object has passed")
            return
        }
        // Planned again, it stays where it is.
        let again = Planner.plan(facts, now: noon).next
        #expect(again.map { $0.dueAt <= noon.adding(days: 3) } == true)
    }

    @Test func `a first contact waits for its day, and later ones do not`() throws {
        var facts = facts
        facts.safety.firstContactsPerDay = 10
        let plan = Planner.plan(facts, now: noon)
        #expect(plan.next == nil && plan.idle == .quota)
        #expect(plan.wish?.day == Make.day("2026-11-06") && plan.wish?.value == 10_000)
        facts.safety.place = Make.day("2026-11-11")
        let next = try #require(Planner.plan(facts, now: noon).next)
        #expect(Make.newYork.day(of: next.dueAt) == Make.day("2026-11-11"))
        #expect(
            Gate.verdict(for: next, given: facts, now: noon).verdict == .wait(until: next.dueAt, .quota))
        guard case .send = Gate.verdict(for: next, given: facts, now: next.dueAt).verdict else {
            Issue.record("it has its place today")
            return
        }
        // What became due sooner does not stay at the day that was wanted before.
        facts.safety.wantedFrom = Make.day("2026-11-11")
        #expect(Planner.plan(facts, now: noon).wish?.day == Make.day("2026-11-06"))
        facts.safety.wantedFrom = Make.day("2026-11-06")
        #expect(Planner.plan(facts, now: noon).next == next)
        // The day went by: another one is needed.
        let after = Make.at("2026-11-12 10:00")
        #expect(Planner.plan(facts, now: after).wish?.day == Make.day("2026-11-12"))
        facts.state.lastContactDay = Make.day("2026-10-01")
        #expect(Planner.plan(facts, now: noon).idle == nil)
    }

    @Test func `days are given to the largest debts first, never more than there are, in whatever order they come`() {
        var generator = SplitMix(announcing: "first contacts")
        var full = 0
        for _ in 0..<300 {
            let perDay = Int.random(in: 1...5, using: &generator)
            let first = Make.day("2026-11-02")
            var taken: [Day: Int] = [:]
            for offset in 0..<5 where Bool.random(using: &generator) {
                taken[first.adding(offset)] = .random(in: 0...perDay, using: &generator)
            }
            let brand = Make.brand(calendar: .usFederal)
            let waiting = (0..<Int.random(in: 1...40, using: &generator)).map { number in
                FirstContacts.Waiting(
                    customer: ID(Make.uuid(1_000 + number)), brand: brand.id,
                    from: first.adding(.random(in: 0...6, using: &generator)),
                    value: .random(in: 1...10, using: &generator))
            }
            func places(_ waiting: [FirstContacts.Waiting]) -> [ID<Customer>: Day] {
                var contacts = FirstContacts(perDay: perDay, taken: taken) { _, day in
                    brand.window.sendDay(onOrAfter: day, calendar: brand.calendar)
                }
                return contacts.places(for: waiting)
            }
            let given = places(waiting)
            #expect(given == places(waiting.shuffled(using: &generator)))
            #expect(given.count == waiting.count)
            for (day, count) in Dictionary(given.values.map { ($0, 1) }, uniquingKeysWith: +) {
                #expect(count + taken[day, default: 0] <= perDay)
                full += count + taken[day, default: 0] == perDay ? 1 : 0
                #expect(brand.window.sendDay(onOrAfter: day, calendar: brand.calendar) == day)
            }
            for one in waiting {
                guard let day = given[one.customer] else { continue }
                #expect(day >= one.from)
                // Nobody with less has a day that this one could have had.
                let cheaper = waiting.filter { $0.value < one.value }
                #expect(!cheaper.contains { given[$0.customer].map { $0 >= one.from && $0 < day } ?? false })
            }
        }
        print("first contacts: \(full) days were full")
        #expect(full > 300)
    }
}
