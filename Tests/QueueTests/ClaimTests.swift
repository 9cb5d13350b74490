import Dunning
import Foundation
import Postgres
import Queue
import Store
import Support
import Testing

@Suite(.database) struct ClaimTests {
    private struct Tally: Sendable {
        var claims: [UUID: Int] = [:]
        var leases: [UUID: Set<Int64>] = [:]
        var calls = 0
        var empty = 0

        var claimedTwice: Int { claims.values.filter { $0 > 1 }.count }
    }

    /// Many workers claim from the same lanes until everything is taken.
    private static func race(in tenant: TestTenant, lanes: [UUID], rows: Int) async throws -> Tally {
        let work = try tenant.database.pool(.worker, connections: 8)
        let queue = DueQueue(dispatch: work, work: work)
        let tally = Shared(Tally())
        let total = lanes.count * rows
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<12 {
                let worker = UUID()
                group.addTask {
                    var turn = number
                    while tally.value.claims.count < total, tally.value.calls < 5_000 {
                        let lane = lanes[turn % lanes.count]
                        turn += 1
                        let claims = try await queue.claim(
                            tenant: tenant.id.uuid, lane: lane, worker: worker, now: TestTenant.now.timestamp, limit: 7)
                        tally.change { tally in
                            tally.calls += 1
                            if claims.isEmpty { tally.empty += 1 }
                            for claim in claims {
                                tally.claims[claim.lease.due, default: 0] += 1
                                tally.leases[lane, default: []].insert(claim.lease.number)
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        await work.stop()
        return tally.value
    }

    @Test func `no due row is ever claimed twice, whoever claims beside`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let lanes = try await tenant.addLanes(3)
        for lane in lanes { try await tenant.plantDue(200, lane: lane) }
        let tally = try await Self.race(in: tenant, lanes: lanes, rows: 200)
        #expect(tally.claims.count == 600)
        #expect(tally.claimedTwice == 0)
        // Each batch has a number of its own, given by the lane's row.
        for lane in lanes { #expect(tally.leases[lane]?.max() == tally.leases[lane].map { Int64($0.count) }) }
        print("claim race: \(tally.calls) calls for 600 rows in 3 lanes, \(tally.empty) met a busy or empty lane")
    }

    @Test func `a claim that locks nothing is caught`() async throws {
        try await TestDatabase.with { twin in
            let tenant = try await TestTenant.make(in: twin)
            let lanes = try await tenant.addLanes(1)
            try await tenant.plantDue(60, lane: lanes[0])
            let body = try #require(try await twin.value("select prosrc from pg_proc where proname = 'claim'"))
            let broken = body.replacing("for no key update skip locked", with: "")
                .replacing("for update skip locked", with: "")
                .replacing("if v_ids is null then", with: "perform pg_sleep(0.02); if v_ids is null then")
            #expect(broken != body)
            try await twin.replaceFunction("q.claim", body: broken)
            let tally = try await Self.race(in: tenant, lanes: lanes, rows: 60)
            #expect(tally.claimedTwice > 0)
            print("claim race without locks: \(tally.claimedTwice) of 60 rows claimed twice")
        }
    }

    @Test func `rows are claimed in the order they fell due, as many as asked for, and only in their own lane`()
        async throws
    {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        let other = try await tenant.addLanes(1)
        let late = try await tenant.plantDue(1, runAt: TestTenant.now)
        let early = try await tenant.plantDue(2, runAt: TestTenant.now.adding(minutes: -5))
        try await tenant.plantDue(1, runAt: TestTenant.now.adding(minutes: -9), lane: other[0])
        try await tenant.plantDue(1, runAt: TestTenant.now.adding(seconds: 1))
        let first = try await courier.claim(limit: 2)
        #expect(Set(first.map(\.lease.due)) == Set(early))
        #expect(try await courier.claim().map(\.lease.due) == late)
        #expect(try await courier.claim().isEmpty)
    }
}

extension TestDatabase {
    /// Gives a function of this database another body: for twins that lack a safeguard.
    func replaceFunction(_ name: String, body: String) async throws {
        let whole = try await value("select pg_get_functiondef('\(name)'::regproc)") ?? ""
        guard let start = whole.firstRange(of: "AS $function$") else { throw CocoaError(.coderInvalidValue) }
        try await admin("\(whole[..<start.upperBound])\(body)$function$")
    }
}
