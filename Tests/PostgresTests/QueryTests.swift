import Postgres
import Testing

@Suite struct `Query files` {
    @Test func `a header names parameters and columns`() throws {
        let query = try Query(
            parsing: """
                -- name: enrolment_open(tenant uuid, customers uuid[], until date?)
                --+ -> enrolment_id uuid, stage bigint, note text?
                -- Why this query exists.
                -- Two lines of it.

                select enrolment_id, stage, note
                -- a comment inside stays
                from enrolment;

                """)
        #expect(query.name == "enrolment_open")
        #expect(
            query.parameters == [
                .init(name: "tenant", type: PostgresType(.uuid), nullable: false),
                .init(name: "customers", type: PostgresType(.uuid, isArray: true), nullable: false),
                .init(name: "until", type: PostgresType(.date), nullable: true),
            ])
        #expect(query.columns.map(\.name) == ["enrolment_id", "stage", "note"])
        #expect(query.columns.map(\.nullable) == [false, false, true])
        #expect(query.text == "select enrolment_id, stage, note\n-- a comment inside stays\nfrom enrolment;")
    }

    @Test func `a signature may go over many lines`() throws {
        let query = try Query(
            parsing: """
                -- name: wide(
                --+   a bigint,
                --+   b text[]?
                --+ )
                --+ ->
                --+   c double,
                --+   d jsonb?
                select 1
                """)
        #expect(query.parameters.map(\.name) == ["a", "b"])
        #expect(query.parameters.map { "\($0.type)" } == ["bigint", "text[]"])
        #expect(query.columns.map(\.name) == ["c", "d"])
        #expect(try Query(parsing: "-- name: bare()\ndelete from t").columns.isEmpty)
    }

    @Test(arguments: [
        ("select 1", "starts with"),
        ("select 1\n-- name: a()\nselect 1", "above"),
        ("-- name: a\nselect 1", "parentheses"),
        ("-- name: A()\nselect 1", "no name"),
        ("-- name: ()\nselect 1", "no name"),
        ("-- name: a(x)\nselect 1", "a name and a type"),
        ("-- name: a(x int)\nselect 1", "unknown type"),
        ("-- name: a(x uuid[][])\nselect 1", "unknown type"),
        ("-- name: a(x uuid,)\nselect 1", "a name and a type"),
        ("-- name: a(x uuid, x text)\nselect 1", "twice"),
        ("-- name: a() x\nselect 1", "follows"),
        ("-- name: a() ->\nselect 1", "no column"),
        ("-- name: a() -> x text, x text\nselect 1", "twice"),
        ("-- name: a()\n-- only words", "no statement"),
        ("-- name: a()\nselect 1\n--+ -> x text", "inside"),
        ("-- name: a()\n-- Why.\n--+ -> x text\nselect 1", "inside"),
    ])
    func `a malformed query is refused with a reason`(text: String, reason: String) throws {
        let error = try #require(throws: QueryError.self) { try Query(parsing: text) }
        #expect("\(error)".contains(reason))
    }

    @Test func `a catalogue finds the queries of many files`() throws {
        let catalogue = try Catalogue([
            "-- Queries of the queue.\n\n-- name: b()\nselect 2\n\n-- name: a()\n-- Why.\nselect 1\n", "",
            "-- name: c()\nselect 3",
        ])
        #expect(catalogue.names == ["a", "b", "c"])
        #expect(catalogue["b"]?.text == "select 2")
        #expect(catalogue["a"]?.text == "select 1")
        #expect(catalogue["d"] == nil)
    }

    @Test func `a name may be there once only`() throws {
        let error = try #require(throws: QueryError.self) {
            try Catalogue(["-- name: a()\nselect 1", "-- name: b()\nselect 1\n-- name: a()\nselect 2"])
        }
        #expect(error.query == "a")
        #expect(throws: QueryError.self) { try Catalogue(["select 1\n"]) }
    }
}
