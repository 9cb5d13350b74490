import Foundation
import Postgres
import Testing

@Suite(.database, .serialized) struct `A transaction` {
    private let queries = """
        -- name: tenant() -> tenant uuid?
        select sec.tenant() as tenant
        -- name: settings() -> isolation text, read_only text, backend integer
        select
            current_setting('transaction_isolation') as isolation,
            current_setting('transaction_read_only') as read_only,
            pg_backend_pid() as backend
        -- name: add(id bigint)
        insert into mark (id) values ($1)
        -- name: divide(by bigint)
        insert into mark (id) values (1000 / $1)
        -- name: marks() -> id bigint
        select id from mark order by id
        -- name: touch(id bigint)
        update mark set id = id where id = $1
        -- name: clear()
        delete from mark
        -- name: lies_name() -> other bigint
        select 1::bigint as one
        -- name: lies_more() -> one bigint, two bigint
        select 1::bigint as one
        -- name: lies_less() -> one bigint
        select 1::bigint as one, 2::bigint as two
        -- name: lies_null() -> one bigint
        select null::bigint as one
        -- name: lies_rows() -> one bigint
        delete from mark
        -- name: copy_out()
        copy mark to stdout
        -- name: copy_in()
        copy mark from stdin
        -- name: quiet_rows()
        select generate_series(1, 3)
        """

    private func withMarks<R>(_ body: (Database) async throws -> R) async throws -> R {
        try await withDatabase(queries, body)
    }

    init() async throws {
        try await TestDatabase.required().admin("create table if not exists mark (id bigint primary key)")
    }

    @Test func `enters its tenant before the first query and leaves nothing behind`() async throws {
        let tenant = UUID()
        try await withMarks { database in
            let seen: UUID? = try await database.write(as: .tenant(tenant)) { transaction in
                #expect(transaction.tenant == tenant)
                return try transaction.row("tenant").optional("tenant")
            }
            #expect(seen == tenant)
            let later: UUID? = try await database.write(as: .none) { transaction in
                #expect(transaction.tenant == nil)
                return try transaction.row("tenant").optional("tenant")
            }
            #expect(later == nil)
            await #expect(throws: Refusal.self) {
                try await database.write(as: .tenant(tenant)) { transaction in
                    _ = try transaction.row("tenant")
                    throw Refusal()
                }
            }
            let last: UUID? = try await database.read(as: .none) { try $0.row("tenant").optional("tenant") }
            #expect(last == nil)
        }
    }

    @Test func `is read committed, and read only when it reads`() async throws {
        try await TestDatabase.required().admin(
            "alter database \(TestDatabase.required().name) set default_transaction_isolation = 'serializable'")
        try await withMarks { database in
            let writing = try await database.write(as: .none) { try $0.row("settings") }
            #expect(try writing("isolation") == "read committed")
            #expect(try writing("read_only") == "off")
            let reading = try await database.read(as: .tenant(UUID())) { try $0.row("settings") }
            #expect(try reading("isolation") == "read committed")
            #expect(try reading("read_only") == "on")
            #expect(try reading("backend") == writing("backend") as Int)
            let error = try await failure { try await database.read(as: .none) { try $0.run("add", 500) } }
            #expect(error.label == "read_only_transaction")
        }
    }

    @Test func `commits what it wrote, and nothing when the closure throws`() async throws {
        try await withMarks { database in
            try await database.write(as: .none) { transaction in
                try transaction.run("clear")
                try transaction.run("add", 1)
                #expect(try transaction.run("add", 2) == 1)
            }
            await #expect(throws: Refusal.self) {
                try await database.write(as: .none) { transaction in
                    try transaction.run("add", 3)
                    throw Refusal()
                }
            }
            let marks = try await database.read(as: .none) { try $0.rows("marks").map { try $0("id") as Int } }
            #expect(marks == [1, 2])
        }
    }

    @Test func `whose first query fails is rolled back and the connection is used again`() async throws {
        try await withMarks { database in
            let before: Int = try await database.read(as: .none) { try $0.row("settings")("backend") }
            let error = try await failure { try await database.write(as: .tenant(UUID())) { try $0.run("divide", 0) } }
            #expect(error.sqlState == "22012")
            #expect(error.query == "divide")
            let after: Int = try await database.write(as: .tenant(UUID())) { try $0.row("settings")("backend") }
            #expect(before == after)
        }
    }

    @Test func `without a query needs no server`() async throws {
        let settings = DatabaseSettings(url: "postgresql:///none?host=/nowhere", connections: 1)
        await #expect(throws: PostgresError.self) {
            try await withDatabase(settings, queries) { try await $0.write(as: .none) { try $0.run("clear") } }
        }
        try await withMarks { database in
            let hasTenant = try await database.write(as: .tenant(UUID())) { $0.tenant != nil }
            #expect(hasTenant)
        }
    }

    @Test func `counts what must be one`() async throws {
        try await withMarks { database in
            try await database.write(as: .none) { transaction in
                try transaction.run("clear")
                #expect(try transaction.first("marks") == nil)
                #expect(#expect(throws: PostgresError.self) { try transaction.row("marks") }?.kind == .noRow)
                #expect(#expect(throws: PostgresError.self) { try transaction.must("touch", 1) }?.kind == .noRow)
                try transaction.run("add", list: [1])
                try transaction.must("touch", 1)
                #expect(try transaction.row("marks")("id") == 1)
                try transaction.run("add", 2)
                #expect(#expect(throws: PostgresError.self) { try transaction.row("marks") }?.kind == .manyRows)
                #expect(#expect(throws: PostgresError.self) { try transaction.first("marks") }?.kind == .manyRows)
                #expect(try transaction.run("quiet_rows") == 3)
            }
        }
    }

    @Test func `refuses what the header does not allow, and stays usable`() async throws {
        try await withMarks { database in
            try await database.write(as: .none) { transaction in
                func kind(_ query: String, _ parameters: [(any PostgresValue)?]) -> PostgresError.Kind? {
                    #expect(throws: PostgresError.self) { try transaction.run(query, list: parameters) }?.kind
                }
                #expect(kind("nothing", []) == .unknownQuery)
                #expect(kind("add", []) == .decoding)
                #expect(kind("add", [1, 2]) == .decoding)
                #expect(kind("add", [nil]) == .decoding)
                #expect(kind("add", ["1\0"]) == .decoding)
                try transaction.run("clear")
            }
        }
    }

    @Test(arguments: ["lies_name", "lies_more", "lies_less", "lies_null", "lies_rows"])
    func `finds a header that lies`(query: String) async throws {
        try await withMarks { database in
            let error = try await failure { try await database.write(as: .none) { try $0.rows(query) } }
            #expect(error.kind == .decoding)
            #expect(error.query == query)
        }
    }

    @Test(arguments: ["copy_out", "copy_in"])
    func `does not copy, neither first nor later`(query: String) async throws {
        try await withMarks { database in
            for isFirst in [true, false] {
                let error = try await failure {
                    try await database.write(as: .tenant(UUID())) { transaction in
                        if !isFirst { try transaction.run("clear") }
                        try transaction.run(query)
                    }
                }
                #expect(error.message.contains("COPY"))
            }
            try await database.write(as: .none) { try $0.run("clear") }
        }
    }

    @Test func `reads columns by name only`() async throws {
        try await withMarks { database in
            let row = try await database.read(as: .none) { try $0.row("settings") }
            #expect(#expect(throws: PostgresError.self) { try row("nothing") as String }?.kind == .decoding)
            let error = try #require(throws: PostgresError.self) { try row("isolation") as Int }
            #expect(error.kind == .decoding)
            #expect(error.query == "settings")
            #expect("\(error)".contains("isolation"))
            #expect(!"\(error)".contains("committed"))
        }
    }
}

struct Refusal: Error {}
