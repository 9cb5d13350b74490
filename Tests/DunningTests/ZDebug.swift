import Dunning
import Testing
@Suite struct ZDebug {
    @Test func dbg() {
        var seen: [String: Int] = [:]
        var examples: [String: String] = [:]
        var g = SplitMix(seed: UInt64.random(in: 0...UInt64.max))
        for n in 0..<100000 {
            let random = RandomCase(using: &g)
            let seed = g.next()
            var s = CaseSimulation(random, using: SplitMix(seed: seed))
            s.events = `Of any case it is true that`.events(from: random, &g)
            let ev = s.events
            s.run()
            for b in Set(s.book.broken) {
                let key = b.split(separator: " ").prefix(1).joined() + " " + b.split(separator: " ").dropFirst(2).prefix(3).joined(separator: " ")
                seen[key, default: 0] += 1
                if examples[key] == nil {
                    let f = random.facts
                    examples[key] = "case \(n): \(b)\n start \(random.start) brand \(f.brand.zone) zone \(f.zone) window \(f.brand.window) grace \(f.brand.graceDays) gap \(f.workflow.escalationGapDays) cal \(f.brand.calendar.rule) entry \(f.state.entry?.text ?? "-") prior \(f.state.priorStage) credit \(f.credit) holds \(f.holds.map{"\($0.scope) \(String(describing: $0.until))"})\n steps \(f.workflow.steps.map{"\($0.key) \($0.kind) \($0.timing)"})\n inv \(f.invoices.map{"\($0.number) due \($0.dueDate?.description ?? "-") \($0.total)-\($0.allocated)-\($0.inFlight) until \(String(describing: $0.inFlightUntil)) held \(String(describing: $0.heldUntil))"})\n contacts \(f.contacts.map{"\($0.email ?? "-") \($0.zone?.identifier ?? "-") \($0.isUsable)"})\n events \(ev)\n all \(s.book.broken.prefix(4))"
                }
            }
        }
        for (k, v) in seen { print("##", v, k); print(examples[k]!) }
    }
}
