import Foundation
import Support
import Synchronization
import Testing

@testable import recoup_worker

@Suite struct TurnstileTests {
    /// Lanes that always want more, each by its weight; how much each got of so many messages. Each has three who ask, so
    /// that it waits in the line even while the machine lets one of them rest in the middle of a turn.
    private static func work(_ weights: [Int], messages: Int, room: Int) async -> [Int] {
        let turns = Turnstile(places: 2, room: room)
        let got = Shared(Array(repeating: 0, count: weights.count))
        await withDiscardingTaskGroup { group in
            let tenants = weights.map { (id: UUID(), weight: $0) }
            for (index, tenant) in Array(repeating: Array(tenants.enumerated()), count: 3).joined() {
                group.addTask {
                    while true {
                        let granted = await turns.enter(tenant.id, weight: tenant.weight, wanting: 8)
                        guard granted > 0 else { return }
                        let isOver = got.change { got in
                            got[index] += granted
                            return got.reduce(0, +) >= messages
                        }
                        await Task.yield()
                        turns.leave(granted: granted, armed: granted)
                        turns.landed(granted)
                        if isOver { turns.open() }
                    }
                }
            }
        }
        return got.value
    }

    @Test func `messages are shared by weight`() async {
        // Where few wait there is little to share: those that are being served cannot be served more.
        let got = await Self.work(Array(repeating: 100, count: 19) + [300], messages: 22_000, room: 16)
        print("by weight, the last three times the others: \(got)")
        for (index, count) in got.enumerated() {
            let expected = index == 19 ? 3_000 : 1_000
            #expect(abs(count - expected) < expected / 20)
        }
    }

    @Test func `no more messages are on their way than there is room for`() async {
        let turns = Turnstile(places: 4, room: 16)
        let tenant = UUID()
        let first = await turns.enter(tenant, weight: 100, wanting: 20)
        let second = await turns.enter(tenant, weight: 100, wanting: 8)
        #expect((first, second) == (8, 8), "nobody gets more than half")
        turns.leave(granted: first, armed: 5)
        let third = await turns.enter(tenant, weight: 100, wanting: 8)
        #expect(third == 3)
        turns.landed(4)
        #expect(await turns.enter(tenant, weight: 100, wanting: 8) == 4)
    }

    @Test func `who is next waits for room worth a transaction, and not for ever`() async {
        let turns = Turnstile(places: 4, room: 16)
        let tenant = UUID()
        for _ in 1...2 { #expect(await turns.enter(tenant, weight: 100, wanting: 8) == 8) }
        async let next = turns.enter(tenant, weight: 100, wanting: 8)
        // One by one, as from a slow relay: each alone would be a transaction.
        for _ in 1...4 { turns.landed(1) }
        let begin = ContinuousClock.now
        let granted = await next
        print("room for one after the other: \(granted) at a time after \(ContinuousClock.now - begin)")
        #expect(granted == 4)
        async let second = turns.enter(tenant, weight: 100, wanting: 8)
        turns.landed(8)
        #expect(await second == 8)
    }

    @Test func `what others are writing down counts as room, what the tenant itself is writing down does not`() async {
        let turns = Turnstile(places: 4, room: 16)
        let (one, other) = (UUID(), UUID())
        for _ in 1...2 { #expect(await turns.enter(one, weight: 100, wanting: 8) == 8) }
        turns.landing(6, of: one)
        #expect(await turns.enter(other, weight: 100, wanting: 6) == 6)
        async let own = turns.enter(one, weight: 100, wanting: 4)
        turns.landing(2, of: one)
        let begin = ContinuousClock.now
        turns.landing(-8, of: one)
        turns.landed(8)
        #expect(await own == 2)
        print("a turn of its own after \(ContinuousClock.now - begin)")
    }

    /// Runs on a thread of its own, as a transaction does: it may block.
    private static func onThread<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { done in Thread.detachNewThread { done.resume(returning: body()) } }
    }

    /// Lanes that arm, fly and write down, as many as they may; how many were armed at most at once, and how often one had to
    /// wait before its commit, or did so in vain.
    private static func fly(room: Int, boarding: Bool, seed: UInt64) async -> (most: Int, waits: Int, inVain: Int) {
        let turns = Turnstile(places: 8, room: room)
        let seen = Shared((armed: 0, most: 0, waits: 0, inVain: 0))
        await withDiscardingTaskGroup { group in
            for lane in 0..<6 {
                group.addTask {
                    var generator = SeededGenerator(seed: seed &+ UInt64(lane))
                    let tenant = UUID()
                    for _ in 0..<40 {
                        let granted = await turns.enter(tenant, weight: 100, wanting: 8)
                        let armed = Int.random(in: 1...granted, using: &generator)
                        let isOn = await Self.onThread {
                            guard boarding else { return true }
                            let begin = ContinuousClock.now
                            let isOn = (try? turns.board(armed, within: .milliseconds(40))) != nil
                            if ContinuousClock.now - begin > .milliseconds(1) { seen.change { $0.waits += 1 } }
                            return isOn
                        }
                        guard isOn else {
                            seen.change { $0.inVain += 1 }
                            turns.leave(granted: granted, armed: 0)
                            continue
                        }
                        seen.change { seen in
                            seen.armed += armed
                            seen.most = max(seen.most, seen.armed)
                        }
                        turns.leave(granted: granted, armed: armed)
                        turns.landing(armed, of: tenant)
                        try? await Task.sleep(for: .milliseconds(Int.random(in: 1...6, using: &generator)))
                        seen.change { $0.armed -= armed }
                        turns.landing(-armed, of: tenant)
                        turns.landed(armed)
                    }
                }
            }
        }
        return (seen.value.most, seen.value.waits, seen.value.inVain)
    }

    @Test func `no more is armed than there is room for, whatever was counted on`() async {
        let seed = UInt64.random(in: 0 ... .max)
        let kept = await Self.fly(room: 16, boarding: true, seed: seed)
        print("seed \(seed): at most \(kept.most) of 16 armed; \(kept.waits) waited to commit, \(kept.inVain) in vain")
        #expect(kept.most <= 16)
        #expect(kept.waits > 0, "nobody ever had to wait")
        // The twin commits what it was granted.
        let twin = await Self.fly(room: 16, boarding: false, seed: seed)
        print("without boarding: at most \(twin.most) of 16 armed")
        #expect(twin.most > 16)
    }

    @Test func `who finds no room in time gives up, and takes nobody's place`() async {
        let turns = Turnstile(places: 4, room: 8)
        let gone = await Self.onThread {
            let first = (try? turns.board(8)) != nil
            let second = (try? turns.board(1, within: .milliseconds(5))) != nil
            turns.unboard(3)
            let third = (try? turns.board(3, within: .milliseconds(5))) != nil
            return [first, second, third]
        }
        #expect(gone == [true, false, true])
    }

    @Test func `who waits is let go when the worker ends`() async {
        let turns = Turnstile(places: 1, room: 1)
        #expect(await turns.enter(UUID(), weight: 100, wanting: 1) == 1)
        async let waiting = turns.enter(UUID(), weight: 100, wanting: 1)
        turns.open()
        #expect(await waiting == 0)
        #expect(await turns.enter(UUID(), weight: 100, wanting: 1) == 0)
    }
}
