import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

@Suite struct DoctorTests {
    private static let now = TestTenant.now

    private static func doctor(of database: TestDatabase) throws -> Doctor {
        Doctor(dispatch: try database.database(.dispatch), bulk: try database.database(.bulk))
    }

    /// A tenant with something of everything, all of it sound.
    private static func busy(in database: TestDatabase) async throws -> TestTenant {
        let tenant = try await TestTenant.make(in: database)
        let courier = try Courier(of: tenant)
        for name in ["Sent", "Paid", "Part"] { _ = try await tenant.debtor(name) }
        let sent = try await courier.arm().armed
        try await courier.record(.accepted, of: [sent[0]], code: 250)
        try await courier.record(.unknown, of: [sent[1]])
        try await courier.record(.transient(retryAfter: nil), of: [sent[2]], code: 451)
        let (payer, _) = try await tenant.debtor("Payer")
        try await tenant.pay(payer, 120_00)
        let (kept, first) = try await tenant.debtor("Kept")
        try await tenant.pay(kept, 60_00, for: [(first, 50_00)])
        let (held, _) = try await tenant.debtor("Held")
        try await tenant.write { tx, context in
            _ = try PlaceHold(on: .customer(held), reason: "dispute").run(in: &tx, context)
        }
        _ = try await tenant.debtor("Due")
        let wire = try await courier.claim(limit: 1)
        _ = try await courier.arm(wire)
        return tenant
    }

    @Test(.database) func `a healthy database is content`() async throws {
        let database = try TestDatabase.current()
        let tenants = [try await Self.busy(in: database), try await TestTenant.make(in: database, isLive: false)]
        _ = try await tenants[1].debtor()
        let report = try await Self.doctor(of: database).examine(environment: "test", now: Self.now)
        #expect(report.findings == [])
        #expect(report.hold == nil)
        #expect(report.isContent)
        #expect(report.tenants == 2)
    }

    @Test(.database) func `work of every kind on its own lane is no fault`() async throws {
        let database = try TestDatabase.current()
        let tenant = try await TestTenant.make(in: database)
        let gateway = try await tenant.value("select lane_id from q.lane where tenant_id = $t and kind = 'mail'")
        let mail = try #require(gateway.flatMap { UUID(uuidString: $0) })
        try await tenant.write(as: .worker) { tx, context in
            let lanes: [(UUID, [NewDue.Kind])] = [
                (tx.tenantID, [.drain, .plan, .settle, .watch, .wake]), (mail, [.note]),
                (try tx.lane(.bulk), [.import, .simulate, .move]),
                (try tx.lane(.upkeep), [.fold, .prune, .judge, .reassign]),
            ]
            try tx.enqueue(
                lanes.flatMap { lane, kinds in
                    kinds.map { NewDue(kind: $0, ref: UUID(), lane: lane, runAt: context.now) }
                })
        }
        #expect(try await tenant.count("q.due where tenant_id = $t") == 13)
        #expect(try await Self.doctor(of: database).examine(environment: "test", now: Self.now).findings == [])
    }

    private struct Fault: CustomTestStringConvertible, Sendable {
        let finding: String
        let change: String
        var testDescription: String { finding }
    }

    private static let faults = [
        Fault(
            finding: "due row without a planned or travelling step",
            change: """
                insert into q.due (tenant_id, due_id, lane_id, kind, ref, run_at)
                select $t, $t, l.lane_id, 'step', $t, now() from q.lane l where l.tenant_id = $t and l.kind = 'mail'
                """),
        Fault(
            finding: "armed due row whose step is not on its way",
            change: """
                update q.due set phase = 2, worker_id = $t, lease = 99
                where tenant_id = $t and kind = 'step' and phase = 0
                """),
        Fault(
            finding: "message on the wire without an armed due row",
            change: "delete from q.due where tenant_id = $t and phase = 2"),
        Fault(
            finding: "step on its way without a message on the wire",
            change: "update message set state = 'accepted' where tenant_id = $t and state = 'sending'"),
        Fault(
            finding: "due row on a lane of another kind",
            change: """
                update q.due d set lane_id = l.lane_id from q.lane l
                where d.tenant_id = $t and l.tenant_id = $t and l.kind = 'mail' and d.kind = 'settle'
                """),
        Fault(
            finding: "invoice whose entries differ from its total",
            change: "update ledger_entry set amount = amount + 1 where tenant_id = $t and kind = 'invoice'"),
        Fault(
            finding: "received payment whose entries differ from its amount",
            change: "delete from ledger_entry where tenant_id = $t and kind = 'payment'"),
        Fault(
            finding: "payment whose credit differs from its entries",
            change: "update payment set unallocated = unallocated - 1 where tenant_id = $t and unallocated > 0"),
        Fault(
            finding: "invoice covered by more than its total",
            change: """
                update ledger_entry set amount = amount - 1
                where tenant_id = $t and kind = 'payment' and invoice_id is not null
                """),
        Fault(
            finding: "payment whose money stands in two places on some day",
            change: """
                insert into ledger_entry
                select (jsonb_populate_record(e, jsonb_build_object('ledger_entry_id', gen_random_uuid(),
                    'kind', 'transfer', 'amount', x.amount, 'value_date', e.value_date - x.days))).*
                from ledger_entry e, (values (1, 1), (-1, 0)) x (amount, days)
                where e.tenant_id = $t and e.kind = 'payment' and e.invoice_id is not null
                """),
        Fault(
            finding: "payment whose transfers do not add up",
            change: "update ledger_entry set kind = 'transfer' where tenant_id = $t and kind = 'payment'"),
        Fault(
            finding: "invoice whose settled mark differs from its entries",
            change: "update invoice set settled_at = null where tenant_id = $t and settled_at is not null"),
        Fault(
            finding: "invoice whose settled mark differs from its entries",
            change: "update invoice set settled_at = recorded_at where tenant_id = $t and settled_at is null"),
        Fault(
            finding: "open invoice with a due date and no case",
            change:
                "update enrolment set status = 'exited', exit_reason = 'paid' where tenant_id = $t and status = 'active'"
        ),
        Fault(
            finding: "open step of a closed case",
            change:
                "update enrolment set status = 'exited', exit_reason = 'paid' where tenant_id = $t and status = 'active'"
        ),
        Fault(
            finding: "active case without a next step or a reason",
            change:
                "update step_run set state = 'skipped', reason = 'superseded' where tenant_id = $t and state = 'planned'"
        ),
    ]

    @Test(.database) func `every planted fault is found`() async throws {
        let database = try TestDatabase.current()
        var planted: [(tenant: TestTenant, fault: Fault)] = []
        for fault in Self.faults {
            let tenant = try await Self.busy(in: database)
            try await tenant.admin("\(fault.change); select 1")
            planted.append((tenant, fault))
        }
        let report = try await Self.doctor(of: database).examine(environment: "test", now: Self.now)
        for (tenant, fault) in planted {
            let found = Set(report.findings.filter { $0.tenant == tenant.id }.map(\.finding))
            #expect(found.contains(fault.finding), "\(found)")
        }
        #expect(!report.isContent)
        print("doctor: \(planted.count) planted faults, all found")
    }

    @Test(.database) func `decision 5.9: another environment's data put the system on hold until they are adopted`()
        async throws
    {
        let database = try TestDatabase.current()
        let tenant = try await Self.busy(in: database)
        let doctor = try Self.doctor(of: database)
        let hold = try await doctor.examine(environment: "production", now: Self.now).hold
        #expect(hold?.contains("environment 'test'") == true)
        // It lasts, whatever the program is told afterwards.
        #expect(try await doctor.examine(environment: "test", now: Self.now).hold == hold)
        #expect(try await InstanceGuard.isOnHold(try database.database(.dispatch)))
        let courier = try Courier(of: tenant)
        _ = try await tenant.debtor("Stopped")
        #expect(try await courier.arm().armed.isEmpty)

        let exposed = try await doctor.exposed(now: Self.now)
        #expect(exposed.armed == 1)
        #expect(exposed.due > 0)
        #expect(exposed.cases == exposed.armed + exposed.due)
        #expect(try await tenant.count("enrolment where tenant_id = $t and status = 'pending'") == 0)

        let adopted = try await doctor.adopt(environment: "production", now: Self.now)
        #expect(adopted.cases == exposed.cases)
        #expect(try await tenant.count("enrolment where tenant_id = $t and status = 'pending'") == adopted.cases)
        #expect(try await tenant.count("message where tenant_id = $t and state = 'sending'") == 0)
        #expect(try await tenant.count("step_run where tenant_id = $t and reason = 'restored'") == adopted.cases)
        let report = try await doctor.examine(environment: "production", now: Self.now)
        #expect(report.hold == nil)
        #expect(report.findings == [])
        #expect(
            try await tenant.count("audit_event where tenant_id = $t and action = 'case.restored'") == adopted.cases)
        #expect(try await courier.arm().armed.isEmpty)
    }

    @Test(.database) func `a restored copy and a promoted standby are recognised`() async throws {
        for change in ["system_identifier = '1'", "timeline = timeline + 1"] {
            try await TestDatabase.with { database in
                try await database.admin("update instance set \(change)")
                let report = try await Self.doctor(of: database).examine(environment: "test", now: Self.now)
                #expect(report.hold != nil)
            }
        }
    }
}
