import Crypto
import Foundation
import Postgres
import Testing

@Suite struct `The migrator` {
    private let first = SQLFile(
        name: "0001_parties.sql",
        text: """
            create schema app;
            create table app.customer (id bigint constraint customer_pkey primary key);
            """)
    private let second = SQLFile(name: "0002_names.sql", text: "alter table app.customer add column name text;")
    private let functions = [
        SQLFile(
            name: "double.sql",
            text: "create or replace function app.double(n bigint) returns bigint language sql as 'select n * 2';"),
        SQLFile(
            name: "triple.sql",
            text: "create or replace function app.triple(n bigint) returns bigint language sql as 'select n * 3';"),
    ]

    private func withEmptyDatabase(_ body: (TestDatabase) async throws -> Void) async throws {
        let database = try await TestDatabase.create()
        do {
            try await body(database)
        } catch {
            try await database.drop()
            throw error
        }
        try await database.drop()
    }

    @Test func `applies migrations by name, then functions, and nothing twice`() async throws {
        try await withEmptyDatabase { database in
            let report = try await database.migrate([second, first], functions)
            #expect(report.migrations == [first.name, second.name])
            #expect(report.functions == ["double.sql", "triple.sql"])
            #expect(try await database.admin("select app.triple(app.double(7))") == [["42"]])
            #expect(try await database.migrate([first, second], functions) == Migrator.Report())

            let third = SQLFile(name: "0003_more.sql", text: "create table app.more (id bigint primary key)")
            #expect(try await database.migrate([first, second, third], functions).migrations == [third.name])
            let names = try await database.admin("select name from public.schema_migration order by applied_at")
            #expect(names == [[first.name], [second.name], [third.name]])
        }
    }

    @Test func `refuses an applied migration that has another text now`() async throws {
        try await withEmptyDatabase { database in
            _ = try await database.migrate([first, second], [])
            let changed = SQLFile(name: first.name, text: first.text + "\n-- only a comment")
            await #expect {
                try await database.migrate([changed, second], functions)
            } throws: {
                if case MigrationError.changed(first.name) = $0 { "\($0)".contains(first.name) } else { false }
            }
            await #expect {
                try await database.migrate([first], functions)
            } throws: {
                if case MigrationError.unknown(second.name) = $0 { true } else { false }
            }
            await #expect {
                try await database.migrate([first, second, second], functions)
            } throws: {
                if case MigrationError.duplicate(second.name) = $0 { true } else { false }
            }
            #expect(try await database.admin("select 1 from pg_proc where proname = 'double'").isEmpty)
        }
    }

    @Test func `leaves nothing of a migration that fails, and tells file and line`() async throws {
        try await withEmptyDatabase { database in
            let broken = SQLFile(
                name: "0002_broken.sql", text: "create table app.half (id bigint);\n\nselect nothing\nfrom nowhere;")
            let error = try #require(
                await #expect(throws: MigrationError.self) { try await database.migrate([first, broken], []) })
            #expect("\(error)".contains("0002_broken.sql"))
            #expect("\(error)".contains("line 4"))
            #expect(try await database.admin("select name from public.schema_migration") == [[first.name]])
            #expect(try await database.admin("select to_regclass('app.half')") == [[nil]])
            #expect(try await database.migrate([first, second], []).migrations == [second.name])
        }
    }

    @Test func `refuses a migration that ends its own transaction`() async throws {
        try await withEmptyDatabase { database in
            let ending = SQLFile(name: "0002_commit.sql", text: "create table app.half (id bigint); commit;")
            await #expect(throws: MigrationError.self) { try await database.migrate([first, ending], []) }
            let names = try await database.admin("select name from public.schema_migration")
            #expect(names == [[first.name]])
        }
    }

    @Test func `applies all functions again when one has changed, or none when one is wrong`() async throws {
        try await withEmptyDatabase { database in
            _ = try await database.migrate([first], functions)
            let changed = SQLFile(
                name: "triple.sql",
                text:
                    "create or replace function app.triple(n bigint) returns bigint language sql as 'select n + n + n';"
            )
            let report = try await database.migrate([first], [functions[0], changed])
            #expect(report == Migrator.Report(functions: ["double.sql", "triple.sql"]))
            #expect(try await database.migrate([first], [functions[0], changed]) == Migrator.Report())

            let wrong = SQLFile(name: "wrong.sql", text: "create or replace function app.wrong() returns nowhere")
            await #expect(throws: MigrationError.self) {
                try await database.migrate([first], [functions[0], functions[1], wrong])
            }
            #expect(try await database.migrate([first], [functions[0], changed]) == Migrator.Report())
        }
    }

    @Test func `makes roles before migrations and sets passwords with any characters`() async throws {
        try await withEmptyDatabase { database in
            let tag = UInt32.random(in: 0 ... .max)
            let role = "recoup_test_\(tag)\"quoted' role"
            let plain = "recoup_test_\(tag)_plain"
            let password = "it's \"my\" \\ pass;word"
            let quoted = #""\#(role.replacing("\"", with: "\"\""))""#
            let grant = SQLFile(
                name: "0001_grant.sql", text: "create schema app; grant usage on schema app to \(quoted), \(plain)")
            let roles = [RolePassword(role: role, password: password), RolePassword(role: plain)]
            let report = try await database.migrate([grant], [], roles)
            #expect(report.roles == [role, plain])
            let rows = try await database.admin(
                """
                select rolcanlogin, rolinherit, rolbypassrls, rolsuper, rolpassword
                from pg_authid where rolname like 'recoup_test_\(tag)%' order by rolpassword
                """)
            #expect(rows.map { $0.dropLast() } == [["t", "f", "f", "f"], ["t", "f", "f", "f"]])
            #expect(try verifies(password, against: try #require(rows[0][4])))
            #expect(try !verifies("other", against: try #require(rows[0][4])))
            #expect(rows[1][4] == nil)

            let changed = [RolePassword(role: role, password: "new"), RolePassword(role: plain)]
            #expect(try await database.migrate([grant], [], changed) == Migrator.Report())
            let verifier = try await database.admin(
                "select rolpassword from pg_authid where rolname like 'recoup_test_\(tag)%' and rolpassword is not null"
            )
            #expect(try verifies("new", against: try #require(verifier[0][0])))
            #expect(!"\(changed[0])".contains("new"))
            try await database.admin("drop schema app; drop role \(quoted), \(plain)")
        }
    }

    @Test func `works one at a time, in one database and in two`() async throws {
        try await withEmptyDatabase { one in
            try await withEmptyDatabase { two in
                let slow = SQLFile(
                    name: "0002_slow.sql", text: "select pg_sleep(0.1); create table app.slow (id bigint)")
                let role = "recoup_test_\(UInt32.random(in: 0 ... .max))"
                let reports = try await withThrowingTaskGroup { group in
                    for database in [one, one, one, two, two, two] {
                        group.addTask {
                            try await database.migrate(
                                [first, slow], functions, [RolePassword(role: role, password: "x")])
                        }
                    }
                    return try await group.reduce(into: [Migrator.Report]()) { $0.append($1) }
                }
                #expect(reports.count { $0.migrations == [first.name, slow.name] } == 2)
                #expect(reports.count { $0.migrations.isEmpty && $0.functions.isEmpty } == 4)
                #expect(reports.count { $0.roles == [role] } == 1)
                try await one.admin("drop role \(role)")
            }
        }
    }

    @Test func `shares the roles of a server with migrators of other databases`() async throws {
        try await withEmptyDatabase { one in
            try await withEmptyDatabase { two in
                try await withEmptyDatabase { three in
                    let tag = UInt32.random(in: 0 ... .max)
                    let roles = (0..<20).map { RolePassword(role: "recoup_test_\(tag)_\($0)", password: "x") }
                    let made = try await withThrowingTaskGroup { group in
                        for database in [one, two, three] {
                            group.addTask { try await database.migrate([], [], roles).roles }
                        }
                        return try await group.reduce(into: [String]()) { $0 += $1 }
                    }
                    #expect(made.sorted() == roles.map(\.role).sorted())
                    try await one.admin("drop role \(roles.map(\.role).joined(separator: ", "))")
                }
            }
        }
    }

    @Test func `gives up when another one keeps the lock`() async throws {
        try await withEmptyDatabase { database in
            let sleeper = SQLFile(
                name: "0001_sleep.sql", text: "create schema app; select pg_sleep(60)")
            let slow = Task { try await database.migrate([sleeper], []) }
            let sleeping = "pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"
            try await eventually { try await database.admin("select 1 from \(sleeping)").count == 1 }
            await #expect {
                try await database.migrate([sleeper], [], lockLimit: .milliseconds(1))
            } throws: {
                if case MigrationError.locked = $0 { true } else { false }
            }
            try await database.admin("select pg_terminate_backend(pid) from \(sleeping)")
            await #expect(throws: MigrationError.self) { try await slow.value }
            #expect(try await database.admin("select name from public.schema_migration").isEmpty)
        }
    }

    @Test func `tells a server that is not there from a migration that failed`() async throws {
        let migrator = Migrator(url: "postgresql:///none?host=/nowhere", logger: quiet)
        let error = try await failure {
            try await onOwnThread { try migrator.migrate(migrations: [], functions: [], roles: []) }
        }
        #expect(error.kind == .connect)
    }
}

@Suite(.database) struct `The operator's session` {
    @Test func `quotes what goes into a statement`() async throws {
        let url = try TestDatabase.required().url
        let rows = try await onOwnThread {
            var session = try AdminSession(url: url)
            let text = try session.literal(#"a'b\c"d"#)
            let name = try session.identifier(#"Odd "name""#)
            return try session.run("select \(text) as \(name)")
        }
        #expect(rows == [[#"a'b\c"d"#]])
    }

    @Test func `answers NULL as nil and takes parameters`() async throws {
        let url = try TestDatabase.required().url
        let rows = try await onOwnThread {
            var session = try AdminSession(url: url)
            return try session.run("select $1::bigint, $2::text, $3::uuid[]", with: 7, nil, [UUID()]).map {
                $0.dropLast()
            }
        }
        #expect(rows == [["7", nil]])
    }
}

extension TestDatabase {
    fileprivate func migrate(
        _ migrations: [SQLFile], _ functions: [SQLFile], _ roles: [RolePassword] = [],
        lockLimit: Duration = .seconds(60)
    ) async throws -> Migrator.Report {
        let migrator = Migrator(url: url, lockLimit: lockLimit, logger: quiet)
        return try await onOwnThread {
            try migrator.migrate(migrations: migrations, functions: functions, roles: roles)
        }
    }
}

/// Whether a stored SCRAM verifier belongs to this password, computed as RFC 5802 section 3 says.
private func verifies(_ password: String, against verifier: String) throws -> Bool {
    let parts = verifier.split(separator: "$")
    try #require(parts.count == 3 && parts[0] == "SCRAM-SHA-256")
    let cost = parts[1].split(separator: ":")
    let iterations = try #require(Int(cost[0]))
    let salt = try #require(Data(base64Encoded: String(cost[1])))
    let stored = try #require(Data(base64Encoded: String(parts[2].split(separator: ":")[0])))
    func mac(_ message: some DataProtocol, _ key: some ContiguousBytes) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }
    var round = mac(salt + [0, 0, 0, 1], Array(password.utf8))
    var salted = round
    for _ in 1..<iterations {
        round = mac(round, Array(password.utf8))
        salted = zip(salted, round).map { $0 ^ $1 }
    }
    return Array(SHA256.hash(data: mac(Array("Client Key".utf8), salted))) == Array(stored)
}
