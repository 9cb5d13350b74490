import Dunning
import Testing

/// What holds of every case, and the proof that the tests would notice if it did not.
@Suite struct `Of any case it is true that` {
    /// Plays random cases; what happens to each is random as well.
    private func play(
        _ count: Int, _ property: String, planner: CaseSimulation.Planning? = nil, gate: CaseSimulation.Gating? = nil
    ) -> Tally {
        var generator = SplitMix(announcing: property)
        var tally = Tally()
        for _ in 0..<count {
            let random = RandomCase(using: &generator)
            var simulation = CaseSimulation(random, using: SplitMix(seed: generator.next()))
            simulation.events = Self.events(from: random, &generator)
            if let planner { simulation.planner = planner }
            if let gate { simulation.gate = gate }
            simulation.run()
            tally.add(simulation)
        }
        return tally
    }

    private struct Tally {
        var broken: [String] = []
        var cases = 0
        var sent = 0
        var reached: [PromiseBook.Danger: Int] = [:]
        var ends: [CaseState.Status: Int] = [:]

        mutating func add(_ simulation: CaseSimulation) {
            broken += simulation.book.broken
            cases += simulation.book.broken.isEmpty ? 0 : 1
            sent += simulation.book.sentCount
            reached.merge(simulation.book.reached, uniquingKeysWith: +)
            ends[simulation.truth.state.status, default: 0] += 1
        }
    }

    static func events(
        from random: RandomCase, _ generator: inout SplitMix
    ) -> [(at: Instant, event: CaseSimulation.Event, isPlanned: Bool)] {
        var events: [(at: Instant, event: CaseSimulation.Event, isPlanned: Bool)] = []
        var now = random.start
        for number in 0..<Int.random(in: 0...7, using: &generator) {
            now = now.adding(minutes: .random(in: 1...25_000, using: &generator))
            let index = Int.random(in: 0...5, using: &generator)
            let amount = Int64.random(in: 1...300, using: &generator)
            let end = RandomCase.end(now, &generator)
            let event: CaseSimulation.Event
            switch Int.random(in: 0..<100, using: &generator) {
            case 0..<35: event = .payment(invoice: index, amount)
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
            case 94..<97: event = .newAddress
            default: event = .callReturned
            }
            var isPlanned = RandomCase.chance(75, &generator)
            if case .optOut = event { isPlanned = true }
            if case .newAddress = event { isPlanned = true }
            events.append((now, event, isPlanned))
            // Now and then planning lags behind what happened; the gate alone stands between.
            if !isPlanned {
                now = now.adding(minutes: .random(in: 1...5_000, using: &generator))
                events.append((now, .planning, true))
            }
        }
        return events
    }

    @Test func `nothing promised is broken, and it comes to an end`() {
        let tally = play(2_000, "simulated cases")
        print("simulated cases: \(tally.sent) messages, ends \(tally.ends), near \(tally.reached)")
        #expect(tally.broken.prefix(3).isEmpty)
        #expect(tally.sent > 1_000)
        #expect(PromiseBook.Danger.allCases.allSatisfy { tally.reached[$0, default: 0] > 0 })
        #expect(tally.ends[.exited, default: 0] > 50 && tally.ends[.exhausted, default: 0] > 50)
    }
}
