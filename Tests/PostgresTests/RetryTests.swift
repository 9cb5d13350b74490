import Dispatch
import Foundation
import Postgres
import Synchronization
import Testing

@testable import struct Postgres.Retry

@Suite struct `The budget of tries` {
    @Test func `a lost race is run five times with bounded pauses`() {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of the pauses: \(seed)")
        var generator = SeededGenerator(seed: seed)
        var retry = Retry()
        var pauses: [Duration] = []
        while let pause = retry.pause(after: .lostRace, using: &generator) { pauses.append(pause) }
        #expect(pauses.count == 4)
        #expect(pauses.allSatisfy { $0 > .zero && $0 < .milliseconds(200) })
    }

    @Test func `other causes are run once more, each by itself`() {
        var generator = SystemRandomNumberGenerator()
        var retry = Retry()
        #expect(retry.pause(after: .lockTimeout, using: &generator) != nil)
        #expect(retry.pause(after: .deadConnection, using: &generator) != nil)
        #expect(retry.pause(after: .lockTimeout, using: &generator) == nil)
        #expect(retry.pause(after: .deadConnection, using: &generator) == nil)
    }
}

@Suite(.database) struct `A transaction that lost a race` {
    private let queries = """
        -- name: fail_before(last bigint, state text) -> tries bigint
        -- A sequence keeps its value through a rollback.
        select flaky($1, $2) as tries
        -- name: add(id bigint, amount bigint)
        update account set balance = balance + $2 where id = $1
        -- name: balance(id bigint) -> balance bigint
        select balance from account where id = $1
        -- name: lock(id bigint) -> id bigint
        select id from account where id = $1 for update nowait
        """

    /// Statements each test needs for itself; the sequence counts the tries.
    private func prepared() async throws -> TestDatabase {
        let database = try await TestDatabase.create()
        try await database.admin(
            """
            create sequence tries;
            create function flaky(last bigint, state text) returns bigint language plpgsql as $$
            declare current bigint := nextval('tries');
            begin
                if current < last then raise exception 'not yet' using errcode = state; end if;
                return current;
            end $$;
            create table account (id bigint primary key, balance bigint not null);
            insert into account values (1, 0), (2, 0);
            alter database \(database.name) set deadlock_timeout = '20ms';
            """)
        return database
    }

    private func withPrepared(connections: Int = 2, _ body: (Database) async throws -> Void) async throws {
        let own = try await prepared()
        try await TestDatabase.$current.withValue(own) {
            try await withDatabase(queries, connections: connections, body)
        }
        try await own.drop()
    }

    @Test(arguments: ["40001", "40P01"])
    func `is run again until it wins`(state: String) async throws {
        try await withPrepared { database in
            let tries: Int = try await database.write(as: .none) { transaction in
                try transaction.run("add", 1, 10)
                return try transaction.row("fail_before", 5, state)("tries")
            }
            #expect(tries == 5)
            let balance: Int = try await database.read(as: .none) { try $0.row("balance", 1)("balance") }
            #expect(balance == 10)
        }
    }

    @Test func `gives up after five tries`() async throws {
        try await withPrepared { database in
            let error = try await failure {
                try await database.write(as: .none) { try $0.run("fail_before", 100, "40001") }
            }
            #expect(error.label == "serialization_failure")
            let next: Int = try await database.write(as: .none) { try $0.row("fail_before", 0, "40001")("tries") }
            #expect(next == 6)
        }
    }

    @Test func `is run again even if the closure put an error of its own in its place`() async throws {
        try await withPrepared { database in
            let tries: Int = try await database.write(as: .none) { transaction in
                do {
                    return try transaction.row("fail_before", 3, "40P01")("tries")
                } catch {
                    throw Refusal()
                }
            }
            #expect(tries == 3)
        }
    }

    @Test func `to a lock is run twice`() async throws {
        try await withPrepared { database in
            let tries: Int = try await database.write(as: .none) { try $0.row("fail_before", 2, "55P03")("tries") }
            #expect(tries == 2)
            let error = try await failure {
                try await database.write(as: .none) { try $0.run("fail_before", 100, "55P03") }
            }
            #expect(error.label == "lock_not_available")
            let next: Int = try await database.write(as: .none) { try $0.row("fail_before", 0, "55P03")("tries") }
            #expect(next == 5)
        }
    }

    @Test func `by any other error is not run again`() async throws {
        try await withPrepared { database in
            let error = try await failure {
                try await database.write(as: .none) { try $0.run("fail_before", 100, "P0001") }
            }
            #expect(error.label == "class_p0")
            let next: Int = try await database.write(as: .none) { try $0.row("fail_before", 0, "P0001")("tries") }
            #expect(next == 2)
        }
    }

    @Test func `of two that lock each other both are committed`() async throws {
        try await withPrepared { database in
            let meeting = Meeting()
            @Sendable func move(from first: Int, to second: Int) async throws {
                let tries = Mutex(0)
                try await database.write(as: .none) { transaction in
                    let number = tries.withLock { tries in
                        tries += 1
                        return tries
                    }
                    try transaction.must("add", first, 1)
                    // Both hold their first lock before either asks for its second.
                    if number == 1 { meeting.arrive() }
                    try transaction.must("add", second, 1)
                }
                meeting.count(tries.withLock { $0 })
            }
            async let one: Void = move(from: 1, to: 2)
            async let two: Void = move(from: 2, to: 1)
            _ = try await (one, two)
            // Usually three; the one run again may take the free row before the one that waited for it wakes, and they lock each other anew.
            #expect(meeting.tries >= 3)
            print("two that locked each other took", meeting.tries, "tries")
            let balances = try await database.read(as: .none) { transaction in
                [try transaction.row("balance", 1)("balance"), try transaction.row("balance", 2)("balance") as Int]
            }
            #expect(balances == [2, 2])
        }
    }
}

/// Where two threads wait for each other.
private final class Meeting: Sendable {
    private let arrived = Mutex((threads: 0, tries: 0))
    private let gate = DispatchSemaphore(value: 0)

    func arrive() {
        let isLast = arrived.withLock { arrived in
            arrived.threads += 1
            return arrived.threads == 2
        }
        if isLast {
            gate.signal()
            gate.signal()
        }
        gate.wait()
    }

    func count(_ tries: Int) { arrived.withLock { $0.tries += tries } }

    var tries: Int { arrived.withLock { $0.tries } }
}
