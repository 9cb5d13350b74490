import Postgres
import Testing

@Suite(.database, .serialized) struct `What is posted, and what is asked ahead` {
    private let queries = """
        -- name: add(id bigint)
        insert into posted_mark (id) values ($1)
        -- name: divide(by bigint)
        insert into posted_mark (id) values (1000 / $1)
        -- name: from(least bigint) -> id bigint
        select id from posted_mark where id >= $1 order by id
        -- name: lies(least bigint) -> other bigint
        select $1::bigint as one
        -- name: clear()
        delete from posted_mark
        """

    init() async throws {
        try await TestDatabase.required().admin("create table if not exists posted_mark (id bigint primary key)")
    }

    private func withMarks<R>(_ body: (Database) async throws -> R) async throws -> R {
        try await withDatabase(queries) { database in
            try await database.write(as: .none) { try $0.run("clear") }
            return try await body(database)
        }
    }

    private static func marks(_ transaction: inout Transaction, from least: Int = 0) throws -> [Int] {
        try transaction.rows("from", least).map { try $0("id") }
    }

    @Test func `is seen by the next query, and committed without one`() async throws {
        try await withMarks { database in
            try await database.write(as: .none) { transaction in
                for id in 1...3 { try transaction.post("add", id) }
                #expect(try Self.marks(&transaction) == [1, 2, 3])
                try transaction.post("add", 4)
                try transaction.run("add", 5)
                try transaction.post("add", 6)
            }
            try await database.write(as: .none) { try $0.post("add", 7) }
            #expect(try await database.read(as: .none) { try Self.marks(&$0) } == [1, 2, 3, 4, 5, 6, 7])
            await #expect(throws: Refusal.self) {
                try await database.write(as: .none) { transaction in
                    try transaction.post("add", 8)
                    throw Refusal()
                }
            }
            #expect(try await database.read(as: .none) { try Self.marks(&$0, from: 7) } == [7])
        }
    }

    @Test func `is refused by the next query or the commit under its own name, and nothing is kept`() async throws {
        try await withMarks { database in
            let atCommit = try await failure {
                try await database.write(as: .none) { transaction in
                    try transaction.run("add", 1)
                    try transaction.post("divide", 0)
                    try transaction.post("add", 2)
                }
            }
            #expect(atCommit.query == "divide" && atCommit.sqlState == "22012")
            let first = try await failure { try await database.write(as: .none) { try $0.post("divide", 0) } }
            #expect(first.query == "divide")
            let atNext = try await failure {
                try await database.write(as: .none) { transaction in
                    try transaction.post("add", 1)
                    try transaction.post("divide", 0)
                    let next = #expect(throws: PostgresError.self) { try transaction.run("add", 3) }
                    #expect(next?.query == "divide")
                    // The transaction is lost, whatever the closure makes of it.
                    #expect(throws: PostgresError.self) { try transaction.post("add", 4) }
                }
            }
            #expect(atNext.query == "divide")
            let flushed = try await failure {
                try await database.write(as: .none) { transaction in
                    try transaction.post("divide", 0)
                    try transaction.flush()
                }
            }
            #expect(flushed.query == "divide")
            #expect(try await database.read(as: .none) { try Self.marks(&$0) } == [])
        }
    }

    @Test func `asked ahead, each question gets its own answer, once`() async throws {
        try await withMarks { database in
            try await database.write(as: .none) { transaction in
                for id in 1...3 { try transaction.post("add", id) }
                try transaction.foresee([Ask("from", 3), Ask("from", 1), Ask("from", 2)])
                #expect(try Self.marks(&transaction, from: 1) == [1, 2, 3])
                #expect(try Self.marks(&transaction, from: 2) == [2, 3])
                // One that was not asked ahead is asked now.
                #expect(try Self.marks(&transaction, from: 0) == [1, 2, 3])
                #expect(try Self.marks(&transaction, from: 3) == [3])
                transaction.forget()
            }
        }
    }

    @Test func `what is written drops the answers`() async throws {
        try await withMarks { database in
            try await database.write(as: .none) { transaction in
                try transaction.foresee([Ask("from", 0)])
                try transaction.run("add", 1)
                #expect(try Self.marks(&transaction) == [1])
                try transaction.foresee([Ask("from", 0)])
                try transaction.post("add", 2)
                #expect(try Self.marks(&transaction) == [1, 2])
                #expect(try Self.marks(&transaction) == [1, 2], "given once: asked again, it is read again")
            }
        }
    }

    @Test func `a header that lies is found ahead, and the connection stays usable`() async throws {
        try await withMarks { database in
            let error = try await failure {
                let asks = [Ask("from", 0), Ask("lies", 1), Ask("from", 1)]
                try await database.write(as: .none) { try $0.foresee(asks) }
            }
            #expect(error.kind == .decoding && error.query == "lies")
            try await database.write(as: .none) { try $0.post("add", 9) }
            #expect(try await database.read(as: .none) { try Self.marks(&$0) } == [9])
        }
    }
}
