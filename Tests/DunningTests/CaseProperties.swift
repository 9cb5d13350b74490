import Dunning
import Foundation
import Testing

/// What holds of every case, and the proof that the tests would notice if it did not.
@Suite struct `Of any case it is true that` {
    /// Many cases played to their end, summed up.
    private struct Tally: Sendable {
        var broken: [String] = []
        var cases = 0
        var brokenCases = 0
        var sent = 0
        var near: [PromiseBook.Danger: Int] = [:]
        var ends: [CaseState.Status: Int] = [:]

        init() {}

        mutating func add(_ other: Tally) {
            broken += other.broken.prefix(3)
            cases += other.cases
            brokenCases += other.brokenCases
            sent += other.sent
            near.merge(other.near, uniquingKeysWith: +)
            ends.merge(other.ends, uniquingKeysWith: +)
        }

        /// What happens to the cases is as random as they are. A twin is played until it has failed three
        /// times.
        init(_ count: Int, _ property: String, twin: CarelessTwin? = nil) {
            var generator = SplitMix(announcing: property)
            while cases < count, twin.map({ brokenCases < 3 || near[$0.danger] == nil }) ?? true {
                cases += 1
                let random = RandomCase(using: &generator)
                var simulation = CaseSimulation(random, using: SplitMix(seed: generator.next()))
                simulation.events = CaseSimulation.events(from: random, &generator)
                if let twin { (simulation.planner, simulation.gate) = (twin.planner, twin.gate) }
                simulation.book.assigned(RandomAssignment(using: &generator), twin?.resolve ?? { $0.resolved() })
                simulation.run()
                broken += simulation.book.broken
                brokenCases += simulation.book.broken.isEmpty ? 0 : 1
                sent += simulation.book.sentCount
                near.merge(simulation.book.near, uniquingKeysWith: +)
                ends[simulation.truth.state.status, default: 0] += 1
            }
        }
    }

    /// More of them where `CASES` says so: `CASES=1000000 swift test -c release --filter "no promise is broken"`.
    private static let count = ProcessInfo.processInfo.environment["CASES"].flatMap(Int.init) ?? 10_000

    @Test func `no promise is broken whatever happens, and it comes to an end`() async {
        let share = Self.count / 4
        let tally = await withTaskGroup(of: Tally.self) { group in
            for part in 0..<4 { group.addTask { Tally(share, "cases played, part \(part)") } }
            return await group.reduce(into: Tally()) { $0.add($1) }
        }
        let ends = tally.ends.map { "\($0.key.rawValue) \($0.value)" }.sorted().joined(separator: ", ")
        let near = tally.near.map { "\($0.key.rawValue) \($0.value)" }.sorted().joined(separator: ", ")
        print("\(tally.cases) cases played: \(tally.sent) messages; ends: \(ends); near: \(near)")
        #expect(tally.broken.prefix(3).isEmpty)
        #expect(tally.sent > Self.count / 2)
        #expect(PromiseBook.Danger.allCases.allSatisfy { tally.near[$0, default: 0] > 0 })
        #expect(tally.ends[.exited, default: 0] > 50 && tally.ends[.exhausted, default: 0] > 50)
    }

    @Test func `left alone it is exhausted within its ladder, or something holds it for good`() {
        var generator = SplitMix(announcing: "cases left alone")
        for _ in 0..<2_000 {
            let random = RandomCase(using: &generator)
            var simulation = CaseSimulation(random, using: SplitMix(seed: generator.next()))
            simulation.isEventful = false
            simulation.run()
            let state = simulation.truth.state
            let owed = simulation.truth.missing(at: simulation.now)
            #expect(simulation.book.broken.isEmpty)
            switch state.status {
            case .exited: #expect(owed <= 0)
            case .exhausted: #expect(owed > 0 && random.facts.workflow.next(after: state) == nil)
            case .pending: #expect(random.facts.state.entry == .review)
            case .handedOver: Issue.record("nobody has handed it over")
            case .active:
                #expect(
                    simulation.open == nil
                        ? simulation.idle != nil : simulation.facts.holds.contains { $0.until == nil })
            }
        }
    }

    @Test func `planning looks at facts alone: twice is once, in any order, never in the past or out of hours`() {
        var generator = SplitMix(announcing: "plans")
        var planned = 0
        for _ in 0..<2_000 {
            let random = RandomCase(using: &generator)
            var book = PromiseBook()
            let plan = Planner.plan(random.facts, now: random.start)
            book.planned(plan, random.facts, random.start) { Planner.plan($0, now: $1) }
            #expect(book.broken.isEmpty)
            var shuffled = random.facts
            shuffled.invoices.shuffle(using: &generator)
            let other = Planner.plan(shuffled, now: random.start)
            #expect(other.next == plan.next && other.state == plan.state && Set(other.ignored) == Set(plan.ignored))
            planned += plan.next == nil ? 0 : 1
        }
        #expect(planned > 500)
    }

    @Test func `every careless twin is listed with what it endangers`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Dunning/Dunning.docc/Twins.md")
        let rows = try String(contentsOf: page, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| `") }
        let listed = rows.map { $0.split(separator: "|").prefix(2).map { $0.trimmingCharacters(in: .whitespaces) } }
        #expect(listed == CarelessTwin.all.map { ["`\($0.name)`", "`\($0.danger.rawValue)`"] })
    }

    @Test(arguments: CarelessTwin.all) func `a careless twin breaks a promise`(_ twin: CarelessTwin) {
        let tally = Tally(3_000, "twin \(twin.name)", twin: twin)
        let near = tally.near[twin.danger, default: 0]
        print("twin \(twin.name): \(near) times in danger, \(tally.brokenCases) of \(tally.cases) cases broken")
        #expect(near > 0)
        #expect(tally.brokenCases >= 3)
    }
}

extension CaseSimulation {
    /// What may happen to a case in some months.
    static func events(
        from random: RandomCase, _ generator: inout SplitMix
    ) -> [(at: Instant, event: Event, isPlanned: Bool)] {
        var events: [(at: Instant, event: Event, isPlanned: Bool)] = []
        var now = random.start
        for number in 0..<Int.random(in: 0...7, using: &generator) {
            now = now.adding(minutes: .random(in: 1...25_000, using: &generator))
            let index = Int.random(in: 0...5, using: &generator)
            let amount = Int64.random(in: 1...300, using: &generator)
            let end = RandomCase.end(now, &generator)
            let event: Event
            switch Int.random(in: 0..<100, using: &generator) {
            case 0..<25: event = .payment(invoice: index, amount)
            case 25..<35:
                event = .happened(
                    [.replied, .promiseBroken, .partPayment, .api("hello")].randomElement(using: &generator)!)
            case 35..<47: event = .promised(invoice: index, amount, until: now.adding(days: 5))
            case 47..<50: event = .credit(amount / 4)
            case 50..<68:
                event = .invoice(
                    RandomCase.invoice(10 + number, today: random.facts.brand.zone.day(of: now), now: now, &generator))
            case 68..<75: event = .holdInvoice(index, until: end)
            case 75..<80: event = .hold(CaseFixture.hold(until: end))
            case 80..<84: event = .release
            case 84..<92: event = .toldElsewhere
            case 92..<94: event = .optOut
            case 94..<96: event = .newAddress
            case 96..<97:
                event = .answered(["approved", "declined", "promised", "no_answer"].randomElement(using: &generator)!)
            default: event = .callReturned
            }
            var isPlanned = RandomCase.chance(75, &generator)
            if case .optOut = event { isPlanned = true }
            if case .newAddress = event { isPlanned = true }
            if case .answered = event { isPlanned = true }
            events.append((now, event, isPlanned))
            // Now and then planning lags behind what happened; the gate alone stands between.
            if !isPlanned {
                now = now.adding(minutes: .random(in: 1...5_000, using: &generator))
                events.append((now, .planning, true))
            }
        }
        return events
    }
}
