import Configuration
import Dunning
import Foundation
import Host
import Operations
import Postgres
import Store
import Support
import Testing

@testable import recoup

/// Runs one command in this process; its status.
func recoup(_ arguments: String..., in database: TestDatabase, _ settings: [String: String] = [:]) async -> Int32 {
    await recoup(arguments, in: database, settings)
}

func recoup(_ arguments: [String], in database: TestDatabase, _ settings: [String: String] = [:]) async -> Int32 {
    let settings = [
        "DATABASE_URL": database.url, "SANDBOX_GATEWAYS": "127.0.0.1:2525", "ENVIRONMENT_NAME": "test",
        "SECRETS_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ].merging(settings) { $1 }
    return await Main.run(
        arguments,
        ConfigReader(
            provider: EnvironmentVariablesProvider(environmentVariables: settings, secretsSpecifier: .none)))
}

@Suite(.database) struct `Commands on a database` {
    @Test func `wrong usage is 2, an error is 1, help is 0`() async throws {
        let database = try TestDatabase.current()
        #expect(await recoup("nonsense", in: database) == 2)
        #expect(await recoup("activate", "--entry-policy", "now", in: database) == 2)
        #expect(await recoup("demo", "forward", in: database) == 2)
        #expect(await recoup("key", "revoke", "key_1", "--tenant", "nobody", in: database) == 1)
        #expect(await recoup("tenant", "list", in: database, ["DATABASE_URL": ""]) == 1)
        #expect(await recoup("--help", in: database) == 0)
        #expect(await recoup("settings", in: database) == 0)
    }

    @Test(.database) func `a tenant is made, given a key, filled and taken live`() async throws {
        let database = try TestDatabase.current()
        #expect(await recoup("tenant", "create", "Acme", in: database) == 0)
        #expect(await recoup("tenant", "show", in: database) == 0)
        #expect(await recoup("key", "create", "first", in: database) == 0)
        #expect(await recoup("key", "list", in: database) == 0)
        let key = try await database.value("select api_key_id::text from api_key").flatMap { UUID(uuidString: $0) }
        #expect(await recoup("key", "revoke", ID<APIKey>(try #require(key)).description, in: database) == 0)
        #expect(try await database.number("select count(*) from api_key where revoked_at is not null") == 1)
        #expect(await recoup("demo", "seed", in: database) == 0)
        #expect(await recoup("tenant", "show", in: database) == 1)
        #expect(await recoup("tenant", "show", "Demo", in: database) == 0)
        #expect(try await database.value("select mode from tenant where name = 'Demo'") == "live")
        #expect(try await database.number("select count(*) from customer") == 40)
        let invoices = try await database.number("select count(*) from invoice")
        #expect(await recoup("demo", "seed", in: database) == 0)
        #expect(try await database.number("select count(*) from invoice") == invoices)
        #expect(try await database.number("select count(*) from tenant") == 2)
        #expect(try await database.number("select count(*) from api_key where name = 'demo'") == 2)
    }

    @Test(.database) func `a workflow is listed, tried as a document, archived when nothing names it, and restored`()
        async throws
    {
        let database = try TestDatabase.current()
        let tenant = try await TestTenant.make(in: database)
        _ = try await tenant.debtor()
        let file = FileManager.default.temporaryDirectory.appending(path: "recoup-\(UUID()).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try """
        name: Ladder
        steps:
          - {key: friendly, kind: email, template: Friendly reminder, after_due: 3}
        """.write(to: file, atomically: true, encoding: .utf8)
        #expect(await recoup("workflow", "list", in: database) == 0)
        #expect(await recoup("simulate", "--document", file.path, "--move-cases", in: database) == 0)
        let simulation = try await database.value(
            "select simulation_id from simulation where moves_cases and state = 'done'")
        let id = ID<SimulationRun>(try #require(simulation.flatMap { UUID(uuidString: $0) }))
        #expect(
            await recoup(
                "workflow", "import", file.path, "--move-cases", "--confirm", id.description, in: database) == 0)
        #expect(try await database.number("select count(*) from q.due where kind = 'move'") == 1)
        #expect(await recoup("workflow", "archive", "Ladder", in: database) == 1, "the brand names it")
        #expect(await recoup("workflow", "archive", "Standard", in: database) == 1, "the tenant names it")
        try await tenant.admin("update tenant set workflow_id = null where tenant_id = $t")
        #expect(await recoup("workflow", "archive", "Standard", in: database) == 0)
        #expect(try await database.number("select count(*) from workflow where archived_at is not null") == 1)
        #expect(await recoup("workflow", "restore", "Standard", in: database) == 0)
        #expect(try await database.number("select count(*) from workflow where archived_at is not null") == 0)
        #expect(await recoup("workflow", "archive", "Nobody's", in: database) == 1)
    }

    @Test(.database) func `a file is imported by its mapping, and activation asks for the confirmation it showed`()
        async throws
    {
        let database = try TestDatabase.current()
        let folder = FileManager.default.temporaryDirectory.appending(path: "recoup-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func path(_ name: String) -> String { folder.appending(path: name).path }
        try """
        {"date_format": "M/d/yyyy", "fields": {"customer.external_id": {"column": "c"}, "contact.email":
        {"pattern": "{c}@x.test"}, "invoice.external_id": {"column": "i"}, "invoice.due_date": {"column": "due"},
        "invoice.amount": {"column": "a"}, "invoice.currency": {"constant": "USD"}}}
        """.write(toFile: path("map.json"), atomically: true, encoding: .utf8)
        try "c,i,due,a\none,i1,11/1/2026,5.00\ntwo,i2,13/1/2026,6.00\n".write(
            toFile: path("rows.csv"), atomically: true, encoding: .utf8)
        #expect(await recoup("demo", "at", "2026-11-24T09:00[America/New_York]", in: database) == 0)
        let tenant = try await TestTenant.make(in: database, isLive: false)
        async let worked: Void = tenant.workNextImport()
        #expect(
            await recoup(
                "import", "--mapping", path("map.json"), "--report", path("report.csv"), path("rows.csv"), in: database)
                == 0)
        try await worked
        let report = try String(contentsOfFile: path("report.csv"), encoding: .utf8).split(whereSeparator: \.isNewline)
        #expect(report.count == 2)
        #expect(
            report.last?.hasPrefix("2,3,\"due\",\"invoice.due_date\",\"not_a_date\",\"invoice.due_date (column due) ")
                == true)
        #expect(await recoup("import", "--mapping", path("none.json"), path("rows.csv"), in: database) == 1)

        #expect(await recoup("activate", in: database) == 0)
        let shown = try #require(ID<SimulationRun>.init(try await tenant.simulation()))
        #expect(await recoup("activate", "--confirm", "act_0", in: database) == 1)
        #expect(
            await recoup("activate", "--confirm", "\(ID<SimulationRun>.make(at: TestTenant.now))", in: database) == 1)
        #expect(try await tenant.value("select mode from tenant where tenant_id = $t") == "shadow")
        #expect(await recoup("activate", "--confirm", shown.description, in: database) == 0)
        #expect(try await tenant.value("select mode from tenant where tenant_id = $t") == "live")
        let invoice = try await tenant.read { tx, _ in
            try tx.invoices(customer: nil, state: nil, before: nil, count: 1, now: TestTenant.now)[0].id
        }
        #expect(await recoup("why", invoice.description, "--json", in: database) == 0)
        #expect(await recoup("why", ID<Invoice>.make(at: TestTenant.now).description, in: database) == 1)
        #expect(await recoup("why", tenant.brand.description, in: database) == 1)
    }

    @Test(.database) func `doctor is content with a sound database, and says so when it is another one`() async throws {
        let database = try TestDatabase.current()
        let tenant = try await TestTenant.make(in: database)
        _ = try await tenant.debtor()
        #expect(await recoup("doctor", in: database) == 0)
        #expect(await recoup("data-quality", in: database) == 0)
        #expect(await recoup("data-quality", "--finding", "duplicate_addresses", in: database) == 0)
        #expect(await recoup("data-quality", "--finding", "ugliness", in: database) == 2)
        #expect(await recoup("export", "invoices", "--format", "csv", "--key-file", "/nowhere", in: database) == 1)
        #expect(await recoup("doctor", "--adopt", "--yes", in: database) == 1)
        try await database.admin("update instance set system_identifier = '1'")
        #expect(await recoup("doctor", in: database) == 1)
        #expect(try await database.value("select hold_reason from instance") != nil)
        // On hold the clock moves, and nothing else does.
        #expect(await recoup("demo", "forward", "1h", in: database) == 0)
        #expect(try await database.value("select count(*)::text from message") == "0")
        #expect(await recoup("doctor", "--adopt", "--yes", in: database) == 0)
        #expect(try await database.value("select hold_reason from instance") == nil)
    }

    @Test func `migrate names an empty database once, and never one that was restored`() async throws {
        let name = "recoup_cli_\(UInt64.random(in: 0 ... .max))"
        let server = try TestServer.url()
        let url = try #require(
            URLComponents(string: server).flatMap { parts -> String? in
                var parts = parts
                parts.path = "/\(name)"
                return parts.string
            })
        func admin(_ text: String, in url: String) async throws -> [[String?]] {
            try await onOwnThread {
                var session = try AdminSession(url: url)
                return try session.run(text)
            }
        }
        _ = try await admin("create database \(name)", in: server)
        let database = try TestDatabase.current()
        #expect(await recoup("tenant", "list", in: database, ["DATABASE_URL": url]) == 1)
        #expect(await recoup("migrate", in: database, ["DATABASE_URL": url]) == 0)
        let environment = try await admin("select environment from instance", in: url)
        #expect(environment == [["test"]])
        #expect(await recoup("migrate", in: database, ["DATABASE_URL": url, "ENVIRONMENT_NAME": "other"]) == 0)
        let kept = try await admin("select environment from instance", in: url)
        #expect(kept == [["test"]])
        _ = try await admin("drop database \(name) with (force)", in: server)
    }
}

/// The operation ended in another way than the test is about.
private struct Unexpected: Error, CustomStringConvertible {
    let description: String
}

extension TestTenant {
    /// The last simulation that was made.
    fileprivate func simulation() async throws -> String {
        try await read { tx, _ in
            try tx.simulations(Page(count: 1)).first?.id.description ?? ""
        }
    }
}
