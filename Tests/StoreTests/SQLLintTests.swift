import Foundation
import Postgres
import SQL
import Testing

@Suite struct SQLLintTests {
    private static let lint = SQLLint(tenantTables: tenantTables, tenant: "$1")

    /// Every table of the migrations but those that belong to nobody.
    private static let tenantTables: Set<String> = {
        var tables: Set<String> = []
        for file in SQL.migrations {
            for match in file.text.matches(of: /create table (?<name>[a-z_.]+)/) { tables.insert(String(match.name)) }
        }
        return tables.subtracting(["instance", "q.periodic", "q.worker"])
    }()

    /// Queries that look across tenants: run by roles with a policy of their own for reading, never inside a tenant.
    private static let acrossTenants: Set<String> = [
        "dispatch_case_exists", "dispatch_gateways", "dispatch_next_due", "dispatch_unsettled", "dispatch_sent",
        "doctor_tenants", "every_tenant_page", "instance_is_empty", "metrics_messages",
        "metrics_queue",
        "judge_tenants", "metrics_tenants", "queue_dead", "queue_lanes", "queue_unknown", "queue_workers",
        "receivable_pending",
    ]

    private static func queries() throws -> [Query] {
        let catalogue = try Catalogue(SQL.queries.map(\.text))
        return catalogue.names.compactMap { catalogue[$0] }
    }

    @Test func `there are tenant tables and queries to look at`() throws {
        #expect(Self.tenantTables.count >= 30)
        #expect(try Self.queries().count >= 150)
    }

    @Test func `every table of every query is bound to the one tenant`() throws {
        for query in try Self.queries() where !Self.acrossTenants.contains(query.name) {
            #expect(Self.lint.strangers(in: query.text) == [], "\(query.name)")
            let usesTenant = SQLScope.all(in: SQLText.parse(query.text)).contains {
                !$0.references(to: Self.tenantTables).isEmpty
            }
            if usesTenant { #expect(query.parameters.first?.name == "tenant", "\(query.name)") }
        }
    }

    @Test func `only queries that need it look across tenants`() throws {
        let needing = try Self.queries().filter { !Self.lint.strangers(in: $0.text).isEmpty }.map(\.name)
        #expect(Set(needing) == Self.acrossTenants)
    }

    @Test func `queries keep the rules`() throws {
        for query in try Self.queries() {
            var faults = Self.lint.faults(in: query.text)
            // A heartbeat is database time, and so is its age (architecture 4.15).
            if ["metrics_periodic", "metrics_workers", "queue_workers"].contains(query.name) {
                faults.removeAll { $0 == "clock_timestamp" }
            }
            // A new era of events keeps their writers out; both are numbered by the node that has them.
            if query.name == "doctor_adopt" { faults.removeAll { $0 == "pg_advisory_xact_lock" } }
            #expect(faults == [], "\(query.name)")
        }
    }

    @Test func `functions of the queue are bound to the tenant they are given`() throws {
        let lint = SQLLint(tenantTables: Self.tenantTables, tenant: "p_tenant")
        // These look across tenants, on behalf of the dispatch role.
        let acrossTenants: Set<String> = ["q.ready_lanes", "q.stageable_lanes", "q.bury", "q.forget_workers"]
        // These know of no tenant.
        let withoutTenant: Set<String> = [
            "q.heartbeat", "q.farewell", "q.take_periodic", "q.work_of", "event_turn", "analyze_grown",
        ]
        var seen: Set<String> = []
        for file in SQL.functions {
            for match in file.text.matches(of: /(?s)function (?<name>[a-z_.]+)\((?<head>.*?)\$\$(?<body>.*?)\$\$/) {
                let name = String(match.name)
                seen.insert(name)
                let strangers = match.body.split(separator: ";").flatMap { lint.strangers(in: String($0)) }
                #expect(strangers.isEmpty != acrossTenants.contains(name), "\(name): \(strangers)")
                if !acrossTenants.contains(name), !withoutTenant.contains(name) {
                    #expect(
                        match.head.hasPrefix("p_tenant uuid") || match.head.contains(/^\s*p_tenant uuid/), "\(name)")
                }
                let faults = lint.faults(in: String(match.body)).filter {
                    // Leases are database time, read into a variable first; native bodies may insert in a CTE.
                    $0 != "clock_timestamp" && $0 != "insert inside a CTE"
                }
                #expect(faults == [], "\(name)")
            }
        }
        #expect(seen.count == 33)
    }

    @Test func `the context is entered by one statement that every node sees`() throws {
        for file in SQL.migrations {
            let uses = file.text.matches(of: /(?m)^.*set_config.*$/).map { String($0.0) }
                .filter { !$0.hasPrefix("--") && !$0.contains("never set_config") }
            #expect(uses.allSatisfy { $0.hasPrefix("revoke execute on function pg_catalog.set_config") }, "\(uses)")
        }
    }

    @Test func `names of constraints and indexes are short and given`() throws {
        var names: [String] = []
        for file in SQL.migrations {
            names += file.text.matches(of: /(?:constraint|index) (?<name>[a-z_]+)/).map { String($0.name) }
            #expect(
                !file.text.contains(#/(?m)^    (?!constraint )[a-z_]+ [a-z]+.* primary key/#),
                "unnamed key in \(file.name)")
            #expect(
                !file.text.contains(#/(?m)^    (?!constraint )[a-z_]+ [a-z]+.* references /#),
                "unnamed reference in \(file.name)")
        }
        #expect(names.count > 100)
        #expect(names.filter { $0.utf8.count >= 50 } == [])
    }

    @Test func `no SQL stands in Swift outside the client`() throws {
        let statement =
            /(?i)"[^"]*\b(select\s.+\sfrom\s|insert into |update \w+ set |delete from |set local |create table )/
        var looked = 0
        for file in try Checkout.files(below: "Sources", ending: ".swift") {
            guard !file.path.hasPrefix("Sources/Postgres/") else { continue }
            looked += 1
            for line in file.text.split(separator: "\n") where !line.drop(while: \.isWhitespace).hasPrefix("//") {
                #expect(!line.contains(statement), "\(file.path): \(line)")
            }
        }
        #expect(looked > 100)
    }

    @Test(arguments: [
        "select a.name from customer a join contact c on c.customer_id = a.customer_id where a.tenant_id = $1",
        "select a.name from customer a where a.customer_id = $2",
        "select 1 from customer where tenant_id = $2",
        "select 1 from customer c where c.tenant_id = $1 and exists (select 1 from hold h where h.customer_id = c.customer_id)",
        "select 1 from customer c where c.tenant_id = $1 union all select 1 from hold h where h.hold_id = $2",
        "update customer c set name = x.name from contact x where c.tenant_id = $1 and x.customer_id = c.customer_id",
        "delete from q.due d using unnest($2, $3) x (due_id, lease) where d.due_id = x.due_id",
        "select n.customer_id from customer c, contact n where c.tenant_id = $1 and n.customer_id = c.customer_id",
        "insert into customer (customer_id, tenant_id) values ($2, $1)",
        "insert into customer (tenant_id, customer_id) select c.tenant_id, c.id from unnest($1, $2) c (tenant_id, id) returning 1",
    ])
    func `a table without its tenant is found`(statement: String) {
        #expect(Self.lint.strangers(in: statement) != [])
    }

    @Test(arguments: [
        "update customer set updated_at = now() where tenant_id = $1",
        "select case c.kind when 'x' then 1 end from customer c",
        "insert into customer (tenant_id, name) select $1, x.name from unnest($2) x (name)",
        "with x as (insert into customer (tenant_id) values ($1) returning name) select x.name from x",
        "merge into customer c using unnest($2) x (id) on c.customer_id = x.id when matched then do nothing",
        "select set_config('app.tenant_id', $1, true)", "select 1 from customer where tenant_id = any ($1)",
        "select gen_random_uuid()", "SELECT 1", "select 1 where $1 > current_timestamp",
        "update hold set until_at = until_at + '1 day'::interval where tenant_id = $1",
        "copy import_row from stdin", "copy import_row (line) to stdout", "copy import_row (line) from stdin binary",
    ])
    func `a broken rule is found`(statement: String) {
        #expect(Self.lint.faults(in: statement) != [])
    }
}
