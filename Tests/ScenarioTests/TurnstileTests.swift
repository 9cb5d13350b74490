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

    @Test func `who waits is let go when the worker ends`() async {
        let turns = Turnstile(places: 1, room: 1)
        #expect(await turns.enter(UUID(), weight: 100, wanting: 1) == 1)
        async let waiting = turns.enter(UUID(), weight: 100, wanting: 1)
        turns.open()
        #expect(await waiting == 0)
        #expect(await turns.enter(UUID(), weight: 100, wanting: 1) == 0)
    }
}
