import Dispatch
import Foundation
import Postgres
import Synchronization
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct `The line in front of the connections` {
    private let queries = """
        -- name: one() -> one integer
        select 1 as one
        -- name: add(amount bigint)
        update total set amount = amount + $1
        -- name: total() -> amount bigint
        select amount from total
        """

    @Test func `a transaction that waited too long fails while all connections are busy`() async throws {
        try await withDatabase(queries, connections: 2, waitLimit: .milliseconds(50)) { database in
            let held = Hold()
            let running = (0..<2).map { _ in
                Task { try await patiently { try await database.write(as: .none) { _ in held.wait() } } }
            }
            try await eventually { held.holding == 2 }
            #expect(try await failure { try await database.write(as: .none) { try $0.run("one") } }.kind == .busy)
            // The sweeper slept in between and has to wake up a second time.
            #expect(try await failure { try await database.read(as: .none) { try $0.run("one") } }.kind == .busy)
            #expect(database.waiting == 0)
            held.release(2)
            for task in running { try await task.value }
            let one: Int = try await patiently { try await database.write(as: .none) { try $0.row("one")("one") } }
            #expect(one == 1)
        }
    }

    /// A limit of milliseconds is soon over on a machine that has other things to do.
    private func patiently<R>(_ operation: () async throws -> R) async throws -> R {
        while true {
            do {
                return try await operation()
            } catch let error as PostgresError where error.kind == .busy {
                await Task.yield()
            }
        }
    }

    @Test func `a full line refuses at once`() async throws {
        try await withDatabase(queries, lineLimit: 1) { database in
            let held = Hold()
            let running = Task { try await database.write(as: .none) { _ in held.wait() } }
            try await eventually { held.holding == 1 }
            let waiting = Task { try await database.write(as: .none) { try $0.run("one") } }
            try await eventually { database.waiting == 1 }
            #expect(try await failure { try await database.write(as: .none) { try $0.run("one") } }.kind == .busy)
            held.release()
            try await running.value
            #expect(try await waiting.value == 1)
        }
    }

    @Test func `cancelling a task takes it out of the line and nobody else`() async throws {
        try await withDatabase(queries) { database in
            let held = Hold()
            let ran = Journal()
            let running = Task { try await database.write(as: .none) { _ in held.wait() } }
            try await eventually { held.holding == 1 }
            let cancelled = Task {
                try await failure { try await database.write(as: .none) { _ in ran.note("cancelled") } }
            }
            try await eventually { database.waiting == 1 }
            let other = Task { try await database.write(as: .none) { _ in ran.note("other") } }
            try await eventually { database.waiting == 2 }
            cancelled.cancel()
            #expect(try await cancelled.value.kind == .cancelled)
            #expect(database.waiting == 1)
            held.release()
            try await running.value
            try await other.value
            #expect(ran.entries == ["other"])
            let late = Task {
                while !Task.isCancelled { await Task.yield() }
                return try await failure { try await database.write(as: .none) { try $0.run("one") } }
            }
            late.cancel()
            #expect(try await late.value.kind == .cancelled)
        }
    }

    @Test func `no cancelled task is forgotten, however early it was cancelled`() async throws {
        try await withDatabase(queries) { database in
            let held = Hold()
            let running = Task { try await database.write(as: .none) { _ in held.wait() } }
            try await eventually { held.holding == 1 }
            for round in 0..<500 {
                let task = Task {
                    try await failure { try await database.write(as: .none) { try $0.run("one") } }
                }
                for _ in 0..<(round % 20) { await Task.yield() }
                task.cancel()
                #expect(try await task.value.kind == .cancelled)
            }
            #expect(database.waiting == 0)
            held.release()
            try await running.value
        }
    }

    @Test func `stopping lets run what runs and fails what waits`() async throws {
        let name = "recoup-stop-\(UInt32.random(in: 0 ... .max))"
        let settings = DatabaseSettings(
            url: try TestDatabase.required().url, connections: 2, waitLimit: .seconds(30), applicationName: name)
        let database = Database(settings, catalogue: try Catalogue([queries]), logger: quiet)
        let held = Hold()
        let running = (0..<2).map { _ in
            Task {
                try await database.write(as: .none) { transaction in
                    held.wait()
                    return try transaction.row("one")("one") as Int
                }
            }
        }
        try await eventually { held.holding == 2 }
        let waiting = Task { try await failure { try await database.write(as: .none) { try $0.run("one") } } }
        try await eventually { database.waiting == 1 }
        let stopping = Task { await database.stop() }
        #expect(try await waiting.value.kind == .stopped)
        held.release(2)
        for task in running { #expect(try await task.value == 1) }
        await stopping.value
        #expect(try await failure { try await database.write(as: .none) { try $0.run("one") } }.kind == .stopped)
        await database.stop()
        try await eventually {
            try await TestDatabase.required().admin("select 1 from pg_stat_activity where application_name = '\(name)'")
                .isEmpty
        }
    }

    @Test func `sixty-four tasks on four connections lose no update`() async throws {
        try await TestDatabase.required().admin(
            "create table total (amount bigint not null); insert into total values (0)")
        try await withDatabase(queries, connections: 4) { database in
            try await withThrowingTaskGroup { group in
                for number in 1...64 {
                    group.addTask {
                        for _ in 0..<10 {
                            try await database.write(as: .tenant(UUID())) { try $0.must("add", number) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let total: Int = try await database.read(as: .none) { try $0.row("total")("amount") }
            #expect(total == 10 * 64 * 65 / 2)
        }
    }
}

/// Keeps threads waiting until they are released.
final class Hold: Sendable {
    private let count = Mutex(0)
    private let gate = DispatchSemaphore(value: 0)

    var holding: Int { count.withLock { $0 } }

    func wait() {
        count.withLock { $0 += 1 }
        gate.wait()
    }

    func release(_ threads: Int = 1) {
        for _ in 0..<threads { gate.signal() }
    }
}

/// What happened, in order, told by any thread.
final class Journal: Sendable {
    private let lines = Mutex<[String]>([])

    var entries: [String] { lines.withLock { $0 } }

    func note(_ line: String) { lines.withLock { $0.append(line) } }
}
