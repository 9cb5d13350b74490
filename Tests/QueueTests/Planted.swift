import Dunning
import Foundation
import Postgres
import Queue
import Store
import Support

/// Rows for the queue by the thousand, written by the superuser: what the queue does with them does not depend on who they are.
extension TestTenant {
    var lane: UUID { gateway.uuid }

    /// Cases with one planned step each, in the lane of the gateway unless another is named.
    func plantSteps(_ count: Int, due: Instant, every seconds: Int = 0, lane: UUID? = nil) async throws {
        let mark = UUID().uuidString
        try await admin(
            """
            insert into customer (tenant_id, customer_id, external_id, name, kind, request, created_at, updated_at)
            select $t, gen_random_uuid(), '\(mark)-' || g, 'Planted', 'business', '{}', '\(Self.now)', '\(Self.now)'
            from generate_series(1, \(count)) g;
            insert into enrolment (
                tenant_id, enrolment_id, customer_id, brand_id, currency, track, workflow_version_id, status, cycle, opened_at)
            select $t, gen_random_uuid(), c.customer_id, '\(brand.uuid)', 'USD', 'receivable', w.current_version_id, 'active', 1,
                '\(Self.now)'
            from customer c join workflow w on w.tenant_id = $t and w.workflow_id = '\(workflow.uuid)'
            where c.tenant_id = $t and c.external_id like '\(mark)-%';
            insert into step_run (
                tenant_id, step_run_id, enrolment_id, customer_id, cycle, step_key, occurrence, kind, stage, lane_id, state,
                due_at, planned_at)
            select $t, gen_random_uuid(), e.enrolment_id, e.customer_id, 1, 'friendly', 0, 'email', 1,
                '\((lane ?? self.lane).uuidString)', 'planned',
                '\(due)'::timestamptz + row_number() over () * '\(seconds) s'::interval, '\(Self.now)'
            from enrolment e join customer c on c.tenant_id = $t and c.customer_id = e.customer_id
            where e.tenant_id = $t and c.external_id like '\(mark)-%'
            """)
    }

    /// Rows in the hot queue with nothing behind them.
    @discardableResult
    func plantDue(_ count: Int, runAt: Instant = now, lane: UUID? = nil) async throws -> [UUID] {
        let lane = lane ?? self.lane
        let ids = (0..<count).map { _ in UUID() }
        try await write(as: .worker) { tx, _ in
            try tx.enqueue(ids.map { NewDue(kind: .step, ref: $0, lane: lane, runAt: runAt) })
        }
        return ids
    }

    /// Further lanes beside the gateway's.
    func addLanes(_ count: Int) async throws -> [UUID] {
        let ids = (0..<count).map { _ in UUID() }
        for id in ids {
            try await admin(
                "insert into q.lane (tenant_id, lane_id, kind, staged_to) values ($t, '\(id)', 'mail', '-infinity')")
        }
        return ids
    }

    var staged: Int {
        get async throws { try await count("q.due where tenant_id = $t and kind = 'step'") }
    }
}
