import Dunning
import Postgres
import SQL
import Store

/// The migrated database all others are cloned from: made by the product's own migrator, once for each text of the schema.
///
/// Its name holds a checksum of the SQL, so that a run finds what an earlier one made only if nothing has changed. It gets the
/// name when it is complete; processes that meet wait for each other.
enum TestTemplate {
    static func clone(as name: String) async throws {
        let template = try await Once.shared.template()
        try await TestServer.admin { admin in
            _ = try admin.run("create database \(name) template \(template) strategy file_copy")
        }
    }

    private actor Once {
        static let shared = Once()
        private var making: Task<String, any Error>?

        func template() async throws -> String {
            if let making { return try await making.value }
            let task = Task { try await TestTemplate.make() }
            making = task
            return try await task.value
        }
    }

    private static func make() async throws -> String {
        let migrations = SQL.migrations.map { SQLFile(name: $0.name, text: $0.text) }
        let functions = SQL.functions.map { SQLFile(name: $0.name, text: $0.text) }
        let name = "recoup_template_\(checksum(migrations + functions))"
        let draft = "\(name)_draft"
        let url = try TestServer.url(ofDatabase: draft)
        try await TestServer.admin { admin in
            // Any number; it only has to be another one than the migrator's.
            try admin.run("select pg_advisory_lock(7310)")
            guard try admin.run("select 1 from pg_database where datname = '\(name)'").isEmpty else { return }
            try admin.run("drop database if exists \(draft) with (force)")
            try admin.run("create database \(draft) encoding 'UTF8' template template0")
            _ = try Migrator(url: url, logger: TestServer.quiet).migrate(
                migrations: migrations, functions: functions,
                roles: TestDatabase.Role.allCases.compactMap(\.login).map { RolePassword(role: $0) })
            try complete(url)
            try admin.run("alter database \(draft) rename to \(name)")
        }
        return name
    }

    /// What `recoup migrate` does on an empty database besides: row security binds the owner, and the instance has a name.
    private static func complete(_ url: String) throws {
        var session = try AdminSession(url: url)
        try session.run("select sec.force(true)")
        try session.run(
            """
            insert into instance (system_identifier, timeline, environment, created_at)
            select s.system_identifier::text, c.timeline_id, 'test', '\(TestTenant.now)'
            from pg_control_system() s cross join pg_control_checkpoint() c
            """)
    }

    /// FNV-1a; it tells schemas apart, nothing more.
    private static func checksum(_ files: [SQLFile]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for file in files {
            for byte in (file.name + "\0" + file.text).utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return String(hash, radix: 36)
    }
}
