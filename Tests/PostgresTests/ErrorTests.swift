import Foundation
import Postgres
import Testing

@testable import struct Postgres.ServerReport

@Suite struct `Error reports` {
    @Test(arguments: [
        ("invoice_total_positive", "invoice_total_positive"),
        ("contact_tenant_id_fkey_102179", "contact_tenant_id_fkey"),
        ("plan_v2", "plan_v2"), ("_1", "_1"), ("a_", "a_"),
    ])
    func `a shard number is no part of a constraint's name`(name: String, expected: String) {
        #expect(ServerReport(sqlState: "23514", constraint: name, message: "m").constraint == expected)
    }

    @Test(arguments: [
        (#"duplicate key value violates unique constraint "invoice_pkey_102179""#, "23505", "invoice_pkey"),
        (#"insert or update on table "c_1" violates foreign key constraint "contact_fkey_7""#, "23503", "contact_fkey"),
        (#"new row for relation "i_9" violates check constraint "total_positive_9""#, "23514", "total_positive"),
        (#"new row violates row-level security policy for table "i_9""#, "42501", nil),
        (#"null value in column "a" of relation "b_1" violates not-null constraint"#, "23502", nil),
        ("something violates the rest", "23000", nil),
        ("tuple concurrently updated", "XX000", nil),
    ])
    func `a violation in a distributed statement gets the code it means`(
        message: String, state: String, constraint: String?
    ) {
        let report = ServerReport(sqlState: "XX000", constraint: nil, message: message)
        #expect(report.sqlState == state)
        #expect(report.constraint == constraint)
    }
}

@Suite(.database) struct `Errors of the server` {
    private let queries = """
        -- name: insert_invoice(id bigint, total bigint?, customer bigint)
        insert into invoice (id, total, customer) values ($1, $2, $3)
        -- name: cast_text(value text) -> id uuid
        select $1::uuid as id
        -- name: broken()
        select nothing from nowhere
        -- name: one() -> one integer
        select 1 as one
        """

    @Test func `constraints are told apart by name and rows are not told at all`() async throws {
        try await TestDatabase.required().admin(
            """
            create table customer (id bigint constraint customer_pkey primary key);
            create table invoice (
                id bigint constraint invoice_pkey primary key,
                total bigint not null constraint invoice_total_positive check (total > 0),
                customer bigint constraint invoice_customer_fkey references customer
            );
            insert into customer values (1);
            insert into invoice values (71830, 5, 1);
            """)
        try await withDatabase(queries) { database in
            func insert(_ id: Int, _ total: Int?, _ customer: Int) async throws -> PostgresError {
                try await failure {
                    try await database.write(as: .none) { try $0.run("insert_invoice", id, total, customer) }
                }
            }
            let unique = try await insert(71830, 5, 1)
            #expect(unique.kind == .server)
            #expect(unique.sqlState == "23505")
            #expect(unique.constraint == "invoice_pkey")
            #expect(unique.query == "insert_invoice")
            #expect(unique.label == "unique_violation")
            #expect(!"\(unique)".contains("71830"))
            let check = try await insert(2, -4096, 1)
            #expect(check.constraint == "invoice_total_positive")
            #expect(!"\(check)".contains("4096"))
            #expect(try await insert(2, 1, 9).constraint == "invoice_customer_fkey")
            #expect(try await insert(2, nil, 1).label == "not_null_violation")
            let one: Int = try await database.read(as: .none) { try $0.row("one")("one") }
            #expect(one == 1)
        }
    }

    @Test func `input values stay out of data exceptions`() async throws {
        try await withDatabase(queries) { database in
            let error = try await failure {
                try await database.read(as: .none) { try $0.rows("cast_text", "Erika \"M\"") }
            }
            #expect(error.sqlState == "22P02")
            #expect(error.message == "invalid input syntax for type uuid: \"…\"")
            #expect(error.label == "class_22")
        }
    }

    @Test func `after a refused statement the transaction is lost, whatever the closure makes of it`() async throws {
        try await withDatabase(queries) { database in
            let error = try await failure {
                try await database.write(as: .none) { transaction in
                    _ = try? transaction.run("broken")
                    let second = try #require(throws: PostgresError.self) { try transaction.rows("one") }
                    #expect(second.sqlState == "42P01")
                }
            }
            #expect(error.sqlState == "42P01")
        }
    }
}
