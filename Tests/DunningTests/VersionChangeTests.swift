import Dunning
import Testing

@Suite struct `A case that goes over to another version` {
    private func version(_ keys: [String]) -> PublishedWorkflow {
        CaseFixture.workflow(
            keys.enumerated().map { index, key in CaseFixture.email(key, .afterDue(3 + 7 * index)) })
    }

    private func state(_ position: String?, stage: Int, next: String? = nil) -> CaseState {
        var state = CaseFixture.state(customer: 1)
        state.position = position
        state.stage = stage
        state.nextKey = next
        return state
    }

    @Test func `stays where it is when its step is still there`() {
        let moved = VersionChange.moved(
            state("firm", stage: 2), from: version(["friendly", "firm", "final"]),
            to: version(["friendly", "firm", "firmer", "final"]))
        #expect(moved.position == "firm" && moved.stage == 2 && moved.nextKey == nil)
    }

    @Test func `goes on with the next old step that still exists when its own is gone`() {
        let new = version(["friendly", "final", "last"])
        let moved = VersionChange.moved(
            state("firm", stage: 2), from: version(["friendly", "firm", "final"]), to: new)
        #expect(moved.position == "friendly")
        #expect(new.next(after: moved).map { new.ladder[$0].key } == "final")
        #expect(moved.stage == 2)
    }

    @Test func `of which nothing is left goes on behind the stage it had reached`() {
        let new = version(["a", "b", "c"])
        let moved = VersionChange.moved(state("firm", stage: 2), from: version(["friendly", "firm"]), to: new)
        #expect(new.next(after: moved).map { new.ladder[$0].key } == "c")
        let done = VersionChange.moved(
            state("firm", stage: 3), from: version(["friendly", "firm"]), to: new)
        #expect(new.next(after: done) == nil)
    }

    @Test func `that had run out of steps goes on where there are more, and only there`() {
        var old = state("final", stage: 3)
        old.status = .exhausted
        let more = VersionChange.moved(
            old, from: version(["friendly", "firm", "final"]), to: version(["friendly", "firm", "final", "legal"]))
        #expect(more.status == .active)
        let same = VersionChange.moved(
            old, from: version(["friendly", "firm", "final"]), to: version(["new", "firm", "final"]))
        #expect(same.status == .exhausted)
    }

    @Test func `never rises, and never hears again what it was told, whatever the versions`() {
        var generator = SplitMix(seed: 5)
        print("seed 5")
        var changed = 0
        for _ in 0..<20_000 {
            let names = (0..<8).map { "s\($0)" }
            let old = version(
                names.shuffled(using: &generator).prefix(Int.random(in: 1...6, using: &generator)).map(\.self))
            let new = version(
                names.shuffled(using: &generator).prefix(Int.random(in: 1...6, using: &generator)).map(\.self))
            let place = Int.random(in: 0..<old.ladder.count, using: &generator)
            let before = state(old.ladder[place].key, stage: old.stages[place])
            let moved = VersionChange.moved(before, from: old, to: new)
            #expect(moved.stage <= before.stage)
            changed += moved.position == before.position ? 0 : 1
            guard let next = new.next(after: moved) else { continue }
            // What comes next is no step the case has done, where the position tells.
            if new.rung(of: before.position) == nil {
                #expect(!old.ladder[...place].map(\.key).contains(new.ladder[next].key) || moved.nextKey == nil)
            }
        }
        #expect(changed > 1_000, "the dangerous state was reached \(changed) times")
    }
}
