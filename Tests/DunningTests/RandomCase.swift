import Dunning
import Foundation

/// Cases nobody would think of: random ledgers, workflows, windows, zones and clocks.
struct RandomCase {
    var facts: CaseFacts
    /// When planning begins.
    let start: Instant

    private static let zones = [
        "America/New_York", "Europe/Berlin", "Australia/Sydney", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia",
    ].map { Zone($0)! }

    init(using generator: inout SplitMix) {
        // Half of them begin near a change of the clocks.
        let around = ["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01"].randomElement(
            using: &generator)!
        let spread = Bool.random(using: &generator) ? 3 : 180
        let today = Day(around)!.adding(.random(in: -spread...spread, using: &generator))
        start = Instant(
            microseconds: Int64(today.number) * 86_400_000_000 + .random(in: 0..<86_400_000_000, using: &generator))
        let brand = Self.brand(today, &generator)
        let now = start
        let invoices = (0..<Int.random(in: 1...4, using: &generator)).map {
            Self.invoice($0, today: today, now: now, &generator)
        }
        facts = CaseFacts(
            state: Self.state(&generator),
            workflow: Self.chance(50, &generator) ? Self.workflow(&generator) : RandomWorkflow.make(&generator),
            brand: brand,
            customerZone: Self.chance(30, &generator) ? Self.zones.randomElement(using: &generator) : nil,
            contacts: Self.contacts(&generator), invoices: invoices,
            credit: Self.chance(15, &generator) ? .random(in: 1...200, using: &generator) : 0,
            holds: Self.holds(start, &generator),
            profile: CustomerProfile(segments: Self.chance(50, &generator) ? ["vip"] : []), openedOn: today)
    }

    static func chance(_ percent: Int, _ generator: inout SplitMix) -> Bool {
        Int.random(in: 0..<100, using: &generator) < percent
    }

    private static func state(_ generator: inout SplitMix) -> CaseState {
        let entries: [EntryPolicy?] = [
            nil, .firstStage, .firstStage, .byAgeCapped(.random(in: 1...3, using: &generator)),
            .ignoreOlderThan(.random(in: 0...60, using: &generator)), .review,
        ]
        return CaseFixture.state(
            customer: .random(in: 0..<60_000, using: &generator),
            priorStage: chance(25, &generator) ? .random(in: 1...4, using: &generator) : 0,
            entry: entries.randomElement(using: &generator)!)
    }

    private static func brand(_ today: Day, _ generator: inout SplitMix) -> BrandRules {
        var calendar = chance(50, &generator) ? BusinessCalendar.usFederal : .none
        if chance(30, &generator) {
            calendar.holidays = Set((0..<20).map { _ in today.adding(.random(in: -10...60, using: &generator)) })
        }
        return CaseFixture.brand(
            zone: zones.randomElement(using: &generator)!, calendar: calendar, window: window(&generator),
            grace: chance(70, &generator) ? 0 : .random(in: 1...6, using: &generator))
    }

    /// Mostly office hours; else any hours, many of them at night, when the clocks change.
    private static func window(_ generator: inout SplitMix) -> SendWindow {
        if chance(60, &generator) { return .standard }
        let opens = Int.random(in: 0..<(chance(50, &generator) ? 200 : 1_400), using: &generator)
        let closes = min(1_440, opens + Int.random(in: 1...(chance(50, &generator) ? 90 : 800), using: &generator))
        let days = Weekday.allCases.filter { _ in Bool.random(using: &generator) } + [.sunday]
        return SendWindow(
            weekdays: Set(days), opens: TimeOfDay(minutes: opens)!, closes: TimeOfDay(minutes: closes)!)!
    }

    /// As one may be published: notes before due, then a ladder whose days do not fall.
    static func workflow(_ generator: inout SplitMix) -> PublishedWorkflow {
        var steps = (0..<Int.random(in: 0...2, using: &generator)).map {
            CaseFixture.email("note_\($0)", .beforeDue(.random(in: 0...9, using: &generator)))
        }
        var days = Int.random(in: 0...5, using: &generator)
        for rung in 0..<Int.random(in: 1...5, using: &generator) {
            let kind: Step.Kind = chance(75, &generator) ? .email : chance(50, &generator) ? .callTask : .wait
            let timing: Step.Timing =
                rung > 0 && chance(25, &generator)
                ? .afterPrevious(.random(in: 0...9, using: &generator)) : .afterDue(days)
            steps.append(
                Step(
                    key: "step_\(rung)", kind: kind, timing: timing,
                    waitsForOutcome: kind == .callTask && chance(50, &generator)))
            days += .random(in: 0...12, using: &generator)
        }
        return CaseFixture.workflow(steps, gap: .random(in: 0...9, using: &generator))
    }

    private static func contacts(_ generator: inout SplitMix) -> [Reachable] {
        (0..<Int.random(in: chance(90, &generator) ? 1...2 : 0...1, using: &generator)).map { number in
            CaseFixture.contact(
                number, chance(90, &generator) ? "contact\(number)@acme.example" : nil,
                zone: chance(60, &generator) ? zones.randomElement(using: &generator) : nil,
                hasOptedOut: chance(8, &generator), isSuppressed: chance(5, &generator))
        }
    }

    static func invoice(
        _ number: Int, today: Day, now: Instant, _ generator: inout SplitMix
    ) -> OpenInvoice {
        let total = Int64.random(in: 1...300, using: &generator)
        let allocated = chance(25, &generator) ? Int64.random(in: 0...total, using: &generator) : 0
        let isCovered = chance(15, &generator)
        return CaseFixture.invoice(
            number,
            due: chance(95, &generator) ? today.adding(.random(in: -50...40, using: &generator)).description : nil,
            total: total, allocated: allocated,
            inFlight: isCovered ? .random(in: 1...total, using: &generator) : 0,
            inFlightUntil: isCovered ? now.adding(hours: .random(in: 1...240, using: &generator)) : nil,
            heldUntil: chance(15, &generator) ? end(now, &generator) ?? ActiveHold.forever : nil)
    }

    static func end(_ now: Instant, _ generator: inout SplitMix) -> Instant? {
        chance(80, &generator) ? now.adding(minutes: .random(in: 1...40_000, using: &generator)) : nil
    }

    private static func holds(_ now: Instant, _ generator: inout SplitMix) -> [ActiveHold] {
        guard chance(20, &generator) else { return [] }
        let scope = [ActiveHold.Scope.customer, .customer, .brand, .tenant].randomElement(using: &generator)!
        return [CaseFixture.hold(scope, until: end(now, &generator))]
    }
}
