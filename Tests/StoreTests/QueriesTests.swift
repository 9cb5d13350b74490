import Foundation
import Logging
import Postgres
import SQL
import Support
import Testing

/// The header of a query is its contract: the server is asked whether it is true.
@Suite(.database) struct QueriesTests {
    private static func queries() throws -> [Query] {
        let catalogue = try Catalogue(SQL.queries.map(\.text))
        return catalogue.names.compactMap { catalogue[$0] }
    }

    /// Prepares each query with the types of its header, as the client does.
    private static func describe<R: Sendable>(
        _ body: @escaping @Sendable (borrowing Preparer, [Query]) throws -> R
    ) async throws -> R {
        let url = try TestDatabase.current().url
        return try await onOwnThread { try body(try Preparer(url: url), try queries()) }
    }

    @Test func `every query can be prepared with the types of its header`() async throws {
        #expect(
            try await Self.describe { preparer, queries in queries.compactMap { Self.refusal(of: $0, by: preparer) } }
                == [])
    }

    private static func refusal(of query: Query, by preparer: borrowing Preparer) -> String? {
        do throws(Unpreparable) {
            _ = try preparer.describe(query.text, types: query.parameters.map(\.type.oid))
            return nil
        } catch {
            return "\(query.name): \(error)"
        }
    }

    @Test func `parameters are numbered without a gap and are of the types the server would choose`() async throws {
        #expect(
            try await Self.describe { preparer, queries in
                queries.flatMap { Self.wrongParameters(of: $0, by: preparer) }
            } == [])
    }

    private static func wrongParameters(of query: Query, by preparer: borrowing Preparer) -> [String] {
        let used = Set(query.text.matches(of: /\$(\d+)/).compactMap { Int($0.1) })
        guard used == Set(query.parameters.indices.map { $0 + 1 }) else {
            return ["\(query.name) uses \(used.sorted()) of \(query.parameters.count)"]
        }
        // What the server cannot infer, the header decides.
        guard let inferred = try? preparer.describe(query.text).parameters else { return [] }
        return zip(query.parameters, inferred).filter { field, type in
            field.type.oid != type && !isWider(type, than: field.type)
        }.map { field, type in "\(query.name): \(field.name) is \(field.type), the server takes type \(type)" }
    }

    /// A narrower integer than a place takes is no mistake.
    private static func isWider(_ oid: UInt32, than type: PostgresType) -> Bool {
        switch type.base {
        case .smallint: [PostgresType(.integer), PostgresType(.bigint)].contains { $0.oid == oid }
        case .integer: [PostgresType(.bigint), PostgresType(.double)].contains { $0.oid == oid }
        default: false
        }
    }

    @Test func `columns have the names and types of the header`() async throws {
        #expect(
            try await Self.describe { preparer, queries in
                try queries.flatMap { try Self.wrongColumns(of: $0, by: preparer) }
            } == [])
    }

    private static func wrongColumns(of query: Query, by preparer: borrowing Preparer) throws -> [String] {
        let found = try preparer.describe(query.text, types: query.parameters.map(\.type.oid)).columns
        if query.columns.isEmpty, !found.isEmpty { return mayIgnoreColumns(query) ? [] : [query.name] }
        guard found.map(\.name) == query.columns.map(\.name) else {
            return ["\(query.name) returns \(found.map(\.name))"]
        }
        return zip(query.columns, found).filter { $0.type.oid != $1.type }.map { field, column in
            "\(query.name): \(field.name) is \(field.type), the server returns type \(column.type)"
        }
    }

    @Test(arguments: [
        "-- name: x(tenant uuid) -> name text\nselect name from nowhere where tenant_id = $1",
        "-- name: x(tenant uuid, id text) -> name text\nselect name from customer where tenant_id = $1 and customer_id = $2",
        "-- name: x(tenant uuid, id uuid) -> name text\nselect name from customer where tenant_id = $1",
        "-- name: x(tenant text) -> name text\nselect c.name from customer c where c.tenant_id::text = $1 and c.name = $2",
        "-- name: x(tenant uuid, day timestamptz) -> found bool\nselect true as found from invoice where due_date = $2 and tenant_id = $1",
        "-- name: x(tenant uuid) -> total integer\nselect total from invoice where tenant_id = $1",
        "-- name: x(tenant uuid) -> amount bigint\nselect sum(total) as amount from invoice where tenant_id = $1",
        "-- name: x(tenant uuid) -> number text, name text\nselect number from invoice where tenant_id = $1",
        "-- name: x(tenant uuid) -> name text\nselect number from invoice where tenant_id = $1",
        "-- name: x(tenant uuid)\nselect number from invoice where tenant_id = $1",
    ])
    func `a header that is not true is found`(text: String) async throws {
        let found = try await Self.describe { preparer, _ in
            let query = try Query(parsing: text)
            if let refusal = Self.refusal(of: query, by: preparer) { return [refusal] }
            return Self.wrongParameters(of: query, by: preparer) + (try Self.wrongColumns(of: query, by: preparer))
        }
        #expect(found != [])
    }

    /// `returning` may stand there for a distributed server only, and a function may be called for its effect.
    private static func mayIgnoreColumns(_ query: Query) -> Bool {
        query.text.contains("returning") || query.text.hasPrefix("select sec.")
    }

    /// Columns that may be NULL in their table and cannot be in the query, because of its conditions.
    private static let neverNull: Set<String> = [
        "enrolment_current_versions.version_id", "explain_closed_cases.exit_reason", "explain_closed_cases.closed_at",
        "facts_awaited_tasks.enrolment_id", "facts_balances.invoice_id", "step_run_of_messages.message_id",
        "due_armed_among.lease", "due_held.lease",
        "account_covered.payment_id", "account_covered.invoice_id", "change_booked.payment_id", "change_invoices.total",
        "change_payments.paid", "change_payments.value_date", "change_payments.method", "chunk_awaited.customer_id",
        "chunk_fresh.customer_id", "chunk_news.customer_id", "chunk_payers.customer_id", "chunk_payers.currency",
        "chunk_segments.customer_id", "handover_close.reason", "message_task_cancel.outcome",
        "merge_followed.other", "message_task_settled.outcome", "safety_places.place", "safety_taken.place",
        "segment_rules.condition", "workflow_archived.archived_at",
    ]

    @Test func `what may be NULL is marked, and nothing else`() async throws {
        let rows = try await TestDatabase.current().admin(
            "select attrelid::text, attnum::text, attnotnull::text from pg_attribute where attnum > 0")
        var notNull: [StatementDescription.Origin: Bool] = [:]
        for row in rows {
            guard let table = UInt32(row[0] ?? ""), let column = Int(row[1] ?? "") else { continue }
            notNull[.init(table: table, column: column)] = row[2] == "true"
        }
        let known = notNull
        let (wrong, decided) = try await Self.describe { preparer, queries in
            var wrong: [String] = []
            var decided = 0
            for query in queries {
                let found = try preparer.describe(query.text, types: query.parameters.map(\.type.oid)).columns
                let isOuter = query.text.contains(/left join|full join/)
                for (field, column) in zip(query.columns, found) {
                    guard let origin = column.origin, let isNotNull = known[origin] else { continue }
                    decided += 1
                    let place = "\(query.name).\(field.name)"
                    if !isNotNull, !field.nullable, !Self.neverNull.contains(place) {
                        wrong.append("\(place) may be NULL")
                    }
                    if isNotNull, field.nullable, !isOuter { wrong.append("\(place) is never NULL") }
                    if Self.neverNull.contains(place), isNotNull || field.nullable {
                        wrong.append("\(place) needs no exemption")
                    }
                }
            }
            return (wrong, decided)
        }
        #expect(wrong == [])
        #expect(decided > 300)
        print("nullability decided for \(decided) columns")
    }

    /// The server looks at a COPY only when it runs, so each is run without a row.
    @Test func `every copy names columns that exist`() async throws {
        let names = try Self.queries().filter { $0.text.hasPrefix("copy ") }.map(\.name)
        #expect(try await Self.refusedCopies(names, of: try Catalogue(SQL.queries.map(\.text))) == [])
        let planted = """
            -- name: wrong_column()
            copy customer (tenant_id, shoe) from stdin
            -- name: wrong_table()
            copy shoe (tenant_id) from stdin
            -- name: right()
            copy customer (tenant_id) from stdin
            """
        let refused = try await Self.refusedCopies(
            ["right", "wrong_column", "wrong_table"], of: try Catalogue([planted]))
        #expect(refused == ["wrong_column", "wrong_table"])
    }

    private static func refusedCopies(_ names: [String], of catalogue: Catalogue) async throws -> [String] {
        let settings = DatabaseSettings(
            url: try TestDatabase.current().url, connections: 1, applicationName: "recoup-tests")
        let database = Database(settings, catalogue: catalogue, logger: Logger(label: "tests"))
        var refused: [String] = []
        for name in names {
            do {
                try await database.write(as: .none) { tx in try tx.copy(into: name) { _ in false } }
            } catch {
                refused.append(name)
            }
        }
        await database.stop()
        return refused
    }

    @Test func `every query is used, and every used name exists`() throws {
        let known = Set(try Self.queries().map(\.name))
        var literals: Set<String> = []
        var called: [String: String] = [:]
        for file in try Checkout.files(below: "Sources", ending: ".swift")
        where !file.path.hasPrefix("Sources/Postgres/") {
            for match in file.text.matches(of: /"(?<name>[a-z][a-z0-9_]*)"/) { literals.insert(String(match.name)) }
            // With a comma it is a query and its parameters; `row("name")` alone reads a column, unless asked of a transaction.
            let calls =
                file.text.matches(of: /\b(?:rows|row|first|run|must|dueIDs)\(\s*"(?<name>[a-z][a-z0-9_]*)"\s*,/)
                + file.text.matches(of: /\btx\.(?:rows|row|first|run|must)\(\s*"(?<name>[a-z][a-z0-9_]*)"\)/)
                + file.text.matches(of: /\bcopy\(\s*into: "(?<name>[a-z][a-z0-9_]*)"/)
            for match in calls { called[String(match.name)] = file.path }
        }
        #expect(called.count > 100)
        #expect(called.filter { !known.contains($0.key) } == [:])
        #expect(known.subtracting(literals).sorted() == [])
    }
}
