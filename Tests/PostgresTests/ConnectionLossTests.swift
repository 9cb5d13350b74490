import Foundation
import Postgres
import Synchronization
import Testing

@Suite(.database) struct `A lost connection` {
    private let queries = """
        -- name: backend() -> backend integer
        select pg_backend_pid() as backend
        -- name: add(id bigint)
        insert into mark (id) values ($1)
        -- name: mark(id bigint) -> id bigint
        select id from mark where id = $1
        -- name: quit() -> quit bool
        select pg_terminate_backend(pg_backend_pid()) as quit
        """

    init() async throws {
        // Two tests at once would both find no table; the lock lets one of them make it.
        try await TestDatabase.required().admin(
            """
            begin;
            select pg_advisory_xact_lock(1);
            create table if not exists mark (id bigint primary key);
            create table if not exists last_word (id bigint primary key);
            create or replace function quit() returns trigger language plpgsql as $$
            begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); return null; end $$;
            drop trigger if exists at_commit on last_word;
            create constraint trigger at_commit after insert on last_word
                deferrable initially deferred for each row execute function quit();
            commit;
            """)
    }

    @Test func `in the middle wrote nothing, and the next transaction works`() async throws {
        try await withDatabase(queries) { database in
            let error = try await failure {
                try await database.write(as: .none) { transaction in
                    try transaction.run("add", 1)
                    try transaction.run("quit")
                }
            }
            #expect(error.kind == .connectionLost)
            #expect(error.query == "quit")
            let mark = try await database.write(as: .none) { try $0.first("mark", 1) }
            #expect(mark == nil)
        }
    }

    @Test func `in the opening is told as such and not repeated for ever`() async throws {
        try await withDatabase(queries) { database in
            for _ in 0..<2 {
                let error = try await failure { try await database.write(as: .tenant(UUID())) { try $0.run("quit") } }
                #expect(error.kind == .connectionLost)
            }
            let backend: Int = try await database.write(as: .none) { try $0.row("backend")("backend") }
            #expect(backend > 0)
        }
    }

    @Test func `that nobody noticed while it idled costs a second try and no error`() async throws {
        try await withDatabase(queries) { database in
            for access in 0..<2 {
                let before: Int = try await database.write(as: .none) { try $0.row("backend")("backend") }
                try await TestDatabase.required().admin("select pg_terminate_backend(\(before))")
                try await eventually {
                    try await TestDatabase.required().admin("select 1 from pg_stat_activity where pid = \(before)")
                        .isEmpty
                }
                let runs = Mutex(0)
                let body: @Sendable (inout Transaction) throws -> Int = { transaction in
                    runs.withLock { $0 += 1 }
                    return try transaction.row("backend")("backend")
                }
                let after =
                    access == 0
                    ? try await database.write(as: .tenant(UUID()), body) : try await database.read(as: .none, body)
                #expect(after != before)
                #expect(runs.withLock { $0 } == 2)
            }
        }
    }

    @Test func `in the commit of a write is uncertain, and is not run again`() async throws {
        let queries = "-- name: say(id bigint)\ninsert into last_word (id) values ($1)"
        try await withDatabase(queries) { database in
            let runs = Mutex(0)
            let error = try await failure {
                try await database.write(as: .none) { transaction in
                    runs.withLock { $0 += 1 }
                    try transaction.run("say", 1)
                }
            }
            #expect(error.kind == .lostAtCommit)
            #expect(runs.withLock { $0 } == 1)
        }
    }

    @Test func `during a statement is no error of the statement, whatever the server said last`() async throws {
        try await withDatabase(queries) { database in
            let backend = Mutex(0)
            let held = Hold()
            let idle = Task {
                try await failure {
                    try await database.write(as: .none) { transaction in
                        let id: Int = try transaction.row("backend")("backend")
                        backend.withLock { $0 = id }
                        held.wait()
                        try transaction.run("add", 2)
                    }
                }
            }
            try await eventually { backend.withLock { $0 } != 0 }
            let id = backend.withLock { $0 }
            try await TestDatabase.required().admin("select pg_terminate_backend(\(id))")
            try await eventually {
                try await TestDatabase.required().admin("select 1 from pg_stat_activity where pid = \(id)").isEmpty
            }
            held.release()
            #expect(try await idle.value.kind == .connectionLost)
        }
    }
}
