import Dunning
import Foundation
import Postgres
import Store
import Support
import Synchronization
import Testing

@testable import Operations

@Suite(.database) struct `An import that is interrupted` {
    private struct Cut: Error {}

    private static func rows(_ count: Int) -> String {
        (0..<count).map { number in
            let paid = number % 3 == 0 ? "2026-11-0\(number % 9 + 1)" : ""
            return "c\(number % 2_000),,i\(number),2026-10-01,2026-10-15,\(number % 89 + 1).00,\(paid)\n"
        }.joined()
    }

    /// Numbers that must be the same however often it was interrupted.
    private static func sums(of tenant: TestTenant) async throws -> [String?] {
        try await tenant.admin(
            """
            select (select count(*) from customer where tenant_id = $t), (select count(*) from invoice where tenant_id = $t),
                (select count(*) from payment where tenant_id = $t), (select count(*) from ledger_entry where tenant_id = $t),
                (select sum(amount) from ledger_entry where tenant_id = $t),
                (select count(*) from invoice where tenant_id = $t and settled_at is not null),
                (select count(*) from enrolment where tenant_id = $t)
            """)[0]
    }

    @Test func `goes on where it was, in staging and in applying, and brings no row twice`() async throws {
        let rows = Self.rows(30_000)
        let whole = try await TestTenant.make(in: .current(), isLive: false)
        let once = try await ImportFixture(whole).take(rows)
        let expected = try await Self.sums(of: whole)
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let file = try ImportFixture(tenant)
        let id = try await file.upload(Array((ImportFixture.header + rows).utf8))
        var hits: [RunImport.Moment: Int] = [:]
        for moment in [RunImport.Moment.staged, .staged, .applied, .applied, .applied] {
            let count = Atomic<Int>(0)
            // The process is gone between two transactions: what it would have done next never happens.
            let outcome = try await file.run(id, isStopping: { count.load(ordering: .relaxed) > 0 }) {
                if $0 == moment { count.add(1, ordering: .relaxed) }
            }
            #expect(outcome == .stopped)
            hits[moment, default: 0] += 1
        }
        #expect(try await file.run(id) == .ended(.done))
        #expect(try await Self.sums(of: tenant) == expected)
        let taken = try await file.taken(id)
        #expect(taken.brief == once.brief && taken.record.rowsApplied == 30_000)
        print("interrupted: \(hits)")
    }

    @Test func `is staged again when the server has lost the staged rows`() async throws {
        let rows = Self.rows(20_000)
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let file = try ImportFixture(tenant)
        let id = try await file.upload(Array((ImportFixture.header + rows).utf8))
        let count = Atomic<Int>(0)
        let outcome = try await file.run(id, isStopping: { count.load(ordering: .relaxed) > 1 }) {
            if $0 == .applied { count.add(1, ordering: .relaxed) }
        }
        #expect(outcome == .stopped)
        try await tenant.admin("delete from import_row where tenant_id = $t")
        #expect(try await file.run(id) == .ended(.done))
        #expect(try await file.taken(id).brief == [20_000, 2_000, 20_000, 6_667, 0, 0])
        #expect(try await tenant.count("ledger_entry where tenant_id = $t") == 26_667)
    }

    @Test func `whose pieces cannot be read for a while is not taken for one that ends early`() async throws {
        let rows = Self.rows(20_000)
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let file = try ImportFixture(tenant)
        let id = try await file.upload(Array((ImportFixture.header + rows).utf8))
        // An error of the server that is not tried again, for this tenant alone.
        try await tenant.admin(
            """
            create policy torn on import_piece as restrictive for select using (
                case when tenant_id = $t then 1 / (length(tenant_id::text) - 36) = 1 else true end)
            """)
        let error = await #expect(throws: PostgresError.self) { try await file.run(id) }
        #expect(error?.sqlState == "22012")
        #expect(try await tenant.count("import where tenant_id = $t and state = 'failed'") == 0)
        try await tenant.admin("drop policy torn on import_piece")
        #expect(try await file.run(id) == .ended(.done))
        #expect(try await file.taken(id).brief == [20_000, 2_000, 20_000, 6_667, 0, 0])
    }

    @Test func `is not written on by a worker that lost it`() async throws {
        let rows = Self.rows(20_000)
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let file = try ImportFixture(tenant)
        let id = try await file.upload(Array((ImportFixture.header + rows).utf8))
        let count = Atomic<Int>(0)
        _ = try await file.run(id, isStopping: { count.load(ordering: .relaxed) > 0 }) {
            if $0 == .applied { count.add(1, ordering: .relaxed) }
        }
        // Here the first worker hangs; another takes the import up and ends it; then the first one comes back.
        let lost = try await tenant.read(as: .bulk) { tx, _ in try #require(try tx.importJob(id)) }
        let range = try await tenant.read(as: .bulk) { tx, _ in
            try #require(try tx.nextRange(of: lost.id, after: lost.at, size: 1_000))
        }
        #expect(try await file.run(id) == .ended(.done))
        let late = ApplyChunk(job: lost, range: range, today: TestTenant.today, entry: .firstStage, isCareful: false)
        let error = await #expect(throws: PostgresError.self) {
            try await tenant.write(as: .bulk) { tx, context in try late.run(in: &tx, context) }
        }
        #expect(error?.kind == .noRow)
        #expect(try await file.taken(id).brief == [20_000, 2_000, 20_000, 6_667, 0, 0])
        #expect(try await tenant.count("ledger_entry where tenant_id = $t") == 26_667)
    }
}
