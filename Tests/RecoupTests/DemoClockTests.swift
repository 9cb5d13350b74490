import Dunning
import Foundation
import Host
import Operations
import Postgres
import Store
import Support
import Testing

@testable import recoup

/// Work at a tenant's lanes as a worker does it, by the instance's clock, while `body` runs.
private func working<R>(for tenant: TestTenant, _ body: () async throws -> R) async throws -> R {
    let courier = try Courier(of: tenant)
    let dispatch = try tenant.database.database(.dispatch)
    let worker = Task {
        while !Task.isCancelled {
            let now = Instant(microseconds: Clock.system() + (try await InstanceClock.offset(dispatch)))
            try await courier.workInternalLane(at: now)
            try await courier.deliver(at: now)
            try await Task.sleep(for: .milliseconds(5))
        }
    }
    let result = try await body()
    worker.cancel()
    _ = await worker.result
    return result
}

@Suite(.database) struct `The clock of a demonstration` {
    @Test(.database) func `decision 5.9: going forward stops at every due instant, so nothing is sent late`()
        async throws
    {
        let database = try TestDatabase.current()
        #expect(await recoup("demo", "at", TestTenant.now.description, in: database) == 0)
        let tenant = try await TestTenant.make(in: database)
        let (customer, _) = try await tenant.debtor(overdueBy: 1)
        _ = try await tenant.debtor("Later", overdueBy: -3)
        let status = try await working(for: tenant) { await recoup("demo", "forward", "20d", in: database) }
        #expect(status == 0)
        #expect(
            try await tenant.value(
                "select string_agg(step_key, ' ' order by due_at) from step_run where tenant_id = $t and state = 'done'"
            )
                == "friendly friendly firm firm")
        #expect(
            try await tenant.count(
                "step_run where tenant_id = $t and state = 'done' and finished_at > due_at + interval '10 seconds'")
                == 0)
        let now = try await database.number("select clock_offset_us from instance") + Int(Clock.system())
        #expect(now >= Int(TestTenant.now.adding(days: 20).microseconds))
        try await tenant.pay(customer, 100_00, at: Instant(microseconds: Int64(now)))
        #expect(await recoup("demo", "forward", "--to", TestTenant.now.description, in: database) == 1)
    }

    @Test(.database)
    func `decision 5.9: it is set only before there is a case, and moved only among pretended gateways`() async throws {
        let database = try TestDatabase.current()
        #expect(await recoup("demo", "at", "2026-11-24T17:00:00Z", in: database) == 0)
        #expect(await recoup("demo", "at", "2026-11-24T16:00:00Z", in: database) == 0)
        let tenant = try await TestTenant.make(in: database)
        let real = ["SANDBOX_GATEWAYS": "127.0.0.1:2526"]
        #expect(await recoup("demo", "at", "2026-11-25T17:00:00Z", in: database, real) == 1)
        #expect(await recoup("demo", "forward", "1h", in: database, real) == 1)
        _ = try await tenant.debtor(overdueBy: -10)
        let before = try await database.value("select clock_offset_us::text from instance")
        #expect(await recoup("demo", "at", "2026-11-25T17:00:00Z", in: database) == 1)
        #expect(try await database.value("select clock_offset_us::text from instance") == before)
    }
}
