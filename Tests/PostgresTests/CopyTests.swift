import Foundation
import Postgres
import Synchronization
import Testing

@Suite(.database, .serialized) struct `Copying rows into a table` {
    private let queries = """
        -- name: note_copy()
        copy note (id, body) from stdin
        -- name: note_add(id bigint, body text?)
        insert into note (id, body) values ($1, $2)
        -- name: notes() -> id bigint, body text?
        select id, body from note order by id
        -- name: note_count() -> count bigint
        select count(*) as count from note
        -- name: note_clear()
        delete from note
        -- name: backend() -> backend integer
        select pg_backend_pid() as backend
        -- name: walled_copy()
        copy walled (id) from stdin
        """

    init() async throws {
        try await TestDatabase.required().admin(
            """
            create table if not exists note (id bigint primary key, body text);
            create table if not exists walled (id bigint);
            alter table walled enable row level security;
            truncate note;
            do $$ begin
                if not exists (select from pg_roles where rolname = 'copy_guest') then create role copy_guest login; end if;
            end $$;
            grant insert on walled to copy_guest;
            grant usage on schema sec to copy_guest;
            """)
    }

    private struct Stop: Error {}

    @Test func `takes any number of rows, first in its transaction and later`() async throws {
        try await withDatabase(queries) { database in
            for isFirst in [true, false] {
                let taken = try await database.write(as: .tenant(UUID())) { transaction in
                    if !isFirst { try transaction.run("note_clear") }
                    var id = 0
                    return try transaction.copy(into: "note_copy") { rows in
                        for _ in 0..<100 {
                            rows.integer(id)
                            rows.text("text of note \(id)")
                            rows.endRow()
                            id += 1
                        }
                        return id < 100_000
                    }
                }
                #expect(taken == 100_000)
                let count: Int = try await database.read(as: .none) { try $0.row("note_count")("count") }
                #expect(count == 100_000)
            }
        }
    }

    @Test func `keeps every character, tells NULL from the empty text, and takes no row at all`() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let awkward: [String?] = [
            nil, "", "\\N", "\\.", "\\", "\t", "\n", "\r\n", "a\tb\\nc", "\u{7F}\u{1}\u{8}\u{B}\u{C}",
        ]
        let texts = awkward + (0..<500).map { _ in Optional(generator.text()) }
        try await withDatabase(queries) { database in
            try await database.write(as: .none) { transaction in
                var rest = texts.enumerated().makeIterator()
                try transaction.copy(into: "note_copy") { rows in
                    guard let (id, text) = rest.next() else { return false }
                    rows.integer(id)
                    if let text, id.isMultiple(of: 2) {
                        rows.text(utf8: Array(text.utf8)[...])
                    } else {
                        rows.text(text)
                    }
                    rows.endRow()
                    return true
                }
                #expect(try transaction.copy(into: "note_copy") { _ in false } == 0)
            }
            let stored: [String?] = try await database.read(as: .none) { transaction in
                try transaction.rows("notes").map { try $0.optional("body") }
            }
            #expect(stored == texts)
        }
    }

    @Test func `writes integers as they are`() async throws {
        let numbers = [0, -1, 10, Int.max, Int.min, 1_000_000]
        try await withDatabase(queries) { database in
            let stored: [Int] = try await database.write(as: .none) { transaction in
                try transaction.copy(into: "note_copy") { rows in
                    for number in numbers {
                        rows.integer(number)
                        rows.integer(Int?.none)
                        rows.endRow()
                    }
                    return false
                }
                return try transaction.rows("notes").map { try $0("id") }
            }
            #expect(stored == numbers.sorted())
        }
    }

    @Test func `given up by the producer throws its error, writes nothing, and leaves a clean connection`() async throws
    {
        try await withDatabase(queries) { database in
            let before: Int = try await database.read(as: .none) { try $0.row("backend")("backend") }
            for rowsBefore in [0, 1, 50_000] {
                await #expect(throws: Stop.self) {
                    try await database.write(as: .none) { transaction in
                        try transaction.run("note_add", -1, "before")
                        var id = 0
                        try transaction.copy(into: "note_copy") { rows in
                            if id == rowsBefore { throw Stop() }
                            rows.integer(id)
                            rows.text("some text")
                            rows.endRow()
                            id += 1
                            return true
                        }
                    }
                }
                let (count, after): (Int, Int) = try await database.write(as: .none) { transaction in
                    (try transaction.row("note_count")("count"), try transaction.row("backend")("backend"))
                }
                #expect(count == 0)
                #expect(after == before)
            }
        }
    }

    @Test func `given up is the end of the transaction even if the closure goes on`() async throws {
        try await withDatabase(queries) { database in
            let error = try await failure {
                try await database.write(as: .none) { transaction in
                    #expect(throws: Stop.self) { try transaction.copy(into: "note_copy") { _ in throw Stop() } }
                    let next = #expect(throws: PostgresError.self) { try transaction.run("note_add", 1, nil) }
                    #expect(next?.kind == .server)
                }
            }
            #expect(error.kind == .server)
            let count: Int = try await database.read(as: .none) { try $0.row("note_count")("count") }
            #expect(count == 0)
        }
    }

    @Test func `refused by the server names line and column and no value`() async throws {
        try await withDatabase(queries) { database in
            let error = try await failure {
                try await database.write(as: .none) { transaction in
                    try transaction.copy(into: "note_copy") { rows in
                        for id in ["1", "2", "secret name"] {
                            rows.text(id)
                            rows.text("body")
                            rows.endRow()
                        }
                        return false
                    }
                }
            }
            #expect(error.kind == .server && error.sqlState == "22P02" && error.query == "note_copy")
            #expect(error.message.hasSuffix(", line 3, column id"))
            #expect(!error.message.contains("secret"))
            let doubled = try await failure {
                try await database.write(as: .none) { transaction in
                    try transaction.copy(into: "note_copy") { rows in
                        for id in [1, 1] {
                            rows.integer(id)
                            rows.text("body")
                            rows.endRow()
                        }
                        return false
                    }
                }
            }
            #expect(doubled.constraint == "note_pkey" && doubled.message.hasSuffix(", line 2"))
            try await database.write(as: .none) { try $0.must("note_add", 1, "works") }
        }
    }

    @Test func `does not send what is no row`() async throws {
        let flaws: [(@Sendable (inout CopyRows) -> Void, String)] = [
            (
                {
                    $0.integer(1); $0.text("a\0b"); $0.endRow()
                }, "column 2 of row 1 holds a NUL character"
            ),
            (
                {
                    $0.integer(1); $0.endRow()
                }, "row 1 has 1 columns of 2"
            ),
            ({ $0.integer(1) }, "row 1 was not ended"),
        ]
        try await withDatabase(queries) { database in
            for (add, message) in flaws {
                let error = try await failure {
                    try await database.write(as: .none) { transaction in
                        try transaction.copy(into: "note_copy") { rows in
                            add(&rows)
                            return false
                        }
                    }
                }
                #expect(error.kind == .decoding && error.message == message)
            }
        }
    }

    @Test(arguments: ["notes", "note_clear"])
    func `is refused for a query that is none`(query: String) async throws {
        try await withDatabase(queries) { database in
            let error = try await failure {
                try await database.write(as: .none) { transaction in
                    try transaction.run("note_add", 1, nil)
                    try transaction.copy(into: query) { _ in false }
                }
            }
            #expect(error.message == "the query is no copy from stdin")
            let count: Int = try await database.read(as: .none) { try $0.row("note_count")("count") }
            #expect(count == 0)
        }
    }

    @Test func `is refused under row security and in a transaction that only reads`() async throws {
        try await withDatabase(queries) { database in
            let reading = try await failure {
                try await database.read(as: .none) { try $0.copy(into: "note_copy") { _ in false } }
            }
            #expect(reading.sqlState == "25006")
        }
        var parts = try #require(URLComponents(string: try TestDatabase.required().url))
        parts.queryItems = parts.queryItems?.filter { $0.name != "user" }
        let guest = DatabaseSettings(
            url: try #require(parts.string), user: "copy_guest", connections: 1, applicationName: "recoup-tests")
        try await withDatabase(guest, queries) { database in
            let walled = try await failure {
                try await database.write(as: .none) { try $0.copy(into: "walled_copy") { _ in false } }
            }
            #expect(walled.sqlState == "0A000")
        }
    }

    @Test func `on a connection that is lost meanwhile wrote nothing, and the next transaction works`() async throws {
        try await withDatabase(queries) { database in
            let backend = Mutex(0)
            let held = Hold()
            let copying = Task {
                try await failure {
                    try await database.write(as: .none) { transaction in
                        let id: Int = try transaction.row("backend")("backend")
                        var next = 0
                        try transaction.copy(into: "note_copy") { rows in
                            if next == 2_000 {
                                backend.withLock { $0 = id }
                                held.wait()
                            }
                            rows.integer(next)
                            rows.text(String(repeating: "x", count: 100))
                            rows.endRow()
                            next += 1
                            return next < 100_000
                        }
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
            #expect(try await copying.value.kind == .connectionLost)
            let count: Int = try await database.read(as: .none) { try $0.row("note_count")("count") }
            #expect(count == 0)
        }
    }
}
