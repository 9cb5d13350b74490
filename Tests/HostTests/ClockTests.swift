import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import Host

@Suite struct `The product's clock` {
    @Test func `it is real time plus its offset`() {
        let clock = Clock(offset: -500) { 10_000 }
        #expect(clock.microseconds() == 9_500)
        clock.setOffset(7)
        #expect(clock.microseconds() == 10_007)
    }

    @Test func `real time counts microseconds since 1970`() {
        // Between 2025 and 2100: seconds or nanoseconds would be far outside.
        #expect((1_735_689_600_000_000..<4_102_444_800_000_000).contains(Clock().microseconds()))
    }

    @Test func `a follower applies the offset before the program begins`() async throws {
        let clock = Clock { 0 }
        try await ClockFollower(clock, logger: .silent) { 42 }.follow()
        #expect(clock.microseconds() == 42)
    }

    @Test func `a follower goes on after a failed read and keeps the last offset meanwhile`() async throws {
        let clock = Clock { 0 }
        let reads = Atomic(0)
        let log = Lines()
        let during = Mutex<[Int64]>([])
        let follower = ClockFollower(clock, every: .microseconds(100), logger: log.logger) {
            let read = reads.add(1, ordering: .relaxed).newValue
            during.withLock { $0.append(clock.offset) }
            switch read {
            case 1: return 5
            case 2, 3: throw Away()
            default: return 9
            }
        }
        let task = Task { await follower.run() }
        while clock.offset != 9 { await Task.yield() }
        task.cancel()
        await task.value
        #expect(during.withLock { Array($0.prefix(4)) } == [0, 5, 5, 5])
        #expect(log.all.filter { $0.contains("cannot be read") }.count == 1)
    }

    private struct Away: Error {}
}
