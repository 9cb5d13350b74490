import Dunning
import Foundation
import Postgres
import Support

/// Tries, as a login role inside one tenant, to reach the rows of another: every table, every way.
struct IsolationProbe: Sendable {
    let database: TestDatabase
    /// Whose context is entered.
    let own: ID<Tenant>
    /// Whose rows must be out of reach.
    let other: ID<Tenant>

    /// What was tried, and what got through.
    struct Result: Sendable {
        var leaks: [String] = []
        /// Statements row security had to answer.
        var probes = 0
        /// Statements the role has no right to at all.
        var denials = 0
    }

    func run(as role: TestDatabase.Role) async throws -> Result {
        let tables = try await database.admin(Self.tables).compactMap { $0[0] }
        var result = Result()
        for table in tables {
            let target = try await target(table, role)
            let answer = try await onOwnThread { [self] in try probe(target, role) }
            result.leaks += answer.leaks
            result.probes += answer.probes
            result.denials += answer.denials
        }
        return result
    }

    private static let tables = """
        select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where n.nspname in ('public', 'q') and c.relkind in ('r', 'p') and c.relname <> 'import_row' order by 1
        """

    private struct Target: Sendable {
        let table: String
        /// The tenant's own rows, counted by the superuser.
        let ownRows: Int
        /// One of the other's rows, as JSON.
        let foreignRow: String
        /// A column the role may write, if there is one.
        let writable: String?
        /// All columns that can be given, by their names in SQL.
        let columns: String
    }

    private func target(_ table: String, _ role: TestDatabase.Role) async throws -> Target {
        let row = try await database.admin(
            """
            select (select count(*) from \(table) where tenant_id = '\(own.uuid)'),
                (select row_to_json(t) from \(table) t where tenant_id = '\(other.uuid)' limit 1),
                (select a.attname from pg_attribute a
                    where a.attrelid = '\(table)'::regclass and a.attnum > 0 and a.attname <> 'tenant_id'
                        and a.attgenerated = '' and has_column_privilege('\(role.login ?? "")', a.attrelid, a.attnum, 'update')
                    order by a.attnum desc limit 1),
                (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a
                    where a.attrelid = '\(table)'::regclass and a.attnum > 0 and not a.attisdropped
                        and a.attgenerated = '')
            """)[0]
        guard let count = Int(row[0] ?? ""), count > 0, let foreign = row[1], let columns = row[3] else {
            throw Unfilled(table: table)
        }
        return Target(table: table, ownRows: count, foreignRow: foreign, writable: row[2], columns: columns)
    }

    /// A table nobody made rows for proves nothing: a new table needs a line in ``EveryTable``.
    struct Unfilled: Error { let table: String }

    private enum Answer {
        case count(Int)
        case refusedByRowSecurity
        case denied
        case failed(PostgresError)
    }

    private func probe(_ target: Target, _ role: TestDatabase.Role) throws -> Result {
        var session = try database.session(as: role)
        var result = Result()
        let (table, foreign) = (target.table, "tenant_id = '\(other.uuid)'")
        func expect(_ answer: Answer, _ wanted: Int?, _ what: String) {
            switch answer {
            case .denied: result.denials += 1
            case .count(wanted): result.probes += 1
            case .refusedByRowSecurity where wanted == nil: result.probes += 1
            case .count(let count): result.leaks.append("\(role) \(what) \(table): \(count)")
            case .refusedByRowSecurity: result.leaks.append("\(role) \(what) \(table): refused")
            case .failed(let error): result.leaks.append("\(role) \(what) \(table): \(error)")
            }
        }
        let inside = "begin; select sec.enter('\(own.uuid)')"
        func counted(_ change: String) -> String { "with x as (\(change) returning 1) select count(*) from x" }
        func ask(_ statement: String, after opening: String = inside, _ wanted: Int?, _ what: String) {
            expect(Self.ask(&session, opening, statement), wanted, what)
        }
        ask("select count(*) from \(table) where \(foreign)", 0, "sees the other's")
        ask("select count(*) from \(table)", target.ownRows, "sees other than its own of")
        ask("select count(*) from \(table)", after: "begin", 0, "without a tenant sees")
        if let column = target.writable {
            ask(counted("update \(table) set \(column) = \(column) where \(foreign)"), 0, "changes the other's")
            ask(counted("update \(table) set \(column) = \(column)"), target.ownRows, "changes other than its own of")
            ask(counted("update \(table) set \(column) = \(column)"), after: "begin", 0, "without a tenant changes")
            ask(counted("update \(table) set tenant_id = '\(other.uuid)'"), nil, "gives away")
        }
        ask(counted("delete from \(table) where \(foreign)"), 0, "deletes the other's")
        let json = try session.literal(target.foreignRow)
        let columns = target.columns
        let row =
            "insert into \(table) (\(columns)) select \(columns) from json_populate_record(null::\(table), \(json))"
        ask(counted(row), nil, "plants rows in the other's")
        ask(counted(row), after: "begin", nil, "without a tenant plants rows in")
        return result
    }

    private static func ask(_ session: inout AdminSession, _ opening: String, _ statement: String) -> Answer {
        defer { _ = try? session.run("rollback") }
        do throws(PostgresError) {
            try session.run(opening)
            return .count(Int(try session.run(statement)[0][0] ?? "") ?? -1)
        } catch {
            guard error.sqlState == "42501" else { return .failed(error) }
            return error.message.contains("row-level security") ? .refusedByRowSecurity : .denied
        }
    }
}
