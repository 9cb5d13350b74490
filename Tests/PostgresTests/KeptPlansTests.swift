import Foundation
import Postgres
import Testing

/// Statements stay prepared on a connection that nobody pools; whatever becomes of them, a transaction does not notice.
@Suite(.database, .serialized) struct `A prepared statement` {
    private let queries = """
        -- name: width() -> amount bigint
        select amount::bigint as amount from plan
        -- name: whole() -> amount bigint, note text?
        select * from plan
        -- name: put(amount bigint)
        insert into plan (amount) values ($1)
        -- name: kept() -> name text
        select name from pg_prepared_statements where name in ('width', 'whole', 'put') order by name
        -- name: forget()
        deallocate all
        """

    init() async throws {
        try await TestDatabase.required().admin(
            "drop table if exists plan; create table plan (amount bigint, note text); insert into plan values (7)")
    }

    private func kept(_ database: Database) async throws -> [String] {
        try await database.read(as: .none) { tx in try tx.rows("kept").map { row in try row("name") } }
    }

    private func width(_ database: Database) async throws -> Int {
        try await database.read(as: .none) { tx in try tx.row("width")("amount") }
    }

    @Test func `is kept from one transaction to the next, be it the first of it or a later one`() async throws {
        try await withDatabase(queries) { database in
            let amount: Int = try await database.write(as: .none) { tx in
                let amount: Int = try tx.row("width")("amount")
                try tx.run("put", amount)
                return amount
            }
            #expect(amount == 7)
            #expect(try await kept(database) == ["put", "width"])
        }
    }

    @Test func `is made anew when its table has changed`() async throws {
        try await withDatabase(queries) { database in
            let read = { try await database.read(as: .none) { tx in try tx.row("whole")("amount") as Int } }
            #expect(try await read() == 7)
            // The server refuses the plan it kept: its columns have other types now.
            try await TestDatabase.required().admin("alter table plan alter amount type integer")
            #expect(try await read() == 7)
            #expect(try await kept(database) == ["whole"])
        }
    }

    @Test func `that somebody has taken away is not asked for again`() async throws {
        try await withDatabase(queries) { database in
            #expect(try await width(database) == 7)
            #expect(try await kept(database) == ["width"])
            // As behind a pooler that hides well: another session serves the next transaction.
            try await database.write(as: .none) { tx in _ = try tx.run("forget") }
            #expect(try await width(database) == 7)
            #expect(try await width(database) == 7)
            #expect(try await kept(database) == [])
        }
    }

    @Test func `that fails to be prepared fails its transaction alone`() async throws {
        try await withDatabase(queries) { database in
            try await TestDatabase.required().admin("alter table plan rename amount to total")
            #expect(try await failure { try await width(database) }.sqlState == "42703")
            try await TestDatabase.required().admin("alter table plan rename total to amount")
            #expect(try await width(database) == 7)
        }
    }
}
