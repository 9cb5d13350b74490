import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// What is told to the outside: once, in the transaction that makes it true, and in an order a reader can trust.
@Suite(.database) struct OutboxTests {
    private static func types(_ tenant: TestTenant, after place: EventPlace = .start) async throws -> [String] {
        try await tenant.told(after: place).map(\.type)
    }

    @Test func `a reminder and its payment tell four things, a second plan none`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        let (payer, invoice) = try await tenant.debtor("Payer")
        try await courier.deliver()
        try await tenant.write { tx, context in
            try PlanCases.lock(customers: [payer], in: &tx)
            try PlanCases.replan(customers: [payer], cause: "test", in: &tx, context)
        }
        try await tenant.pay(payer, 100_00, for: [(invoice, 100_00)])
        let told = try await tenant.told()
        #expect(told.map(\.type) == ["case.opened", "message.accepted", "case.stage_changed", "case.exited"])
        #expect(told.allSatisfy { $0.customer == payer })
        #expect(told[2].data == ["from": 0, "to": 1])
        #expect(told[3].data["reason"] == "paid")
        #expect(try await Self.types(tenant, after: told[1].place) == ["case.stage_changed", "case.exited"])
    }

    @Test func `what is rolled back was never told`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        struct Stop: Error {}
        await #expect(throws: (any Error).self) {
            try await tenant.write { tx, context in
                _ = try PlaceHold(on: .tenant, reason: "audit").run(in: &tx, context)
                throw Stop()
            }
        }
        #expect(try await Self.types(tenant) == [])
        try await tenant.write { tx, context in _ = try PlaceHold(on: .tenant, reason: "audit").run(in: &tx, context) }
        #expect(try await Self.types(tenant) == ["hold.placed"])
    }

    /// Transactions that begin first and commit last are the danger: a reader that had gone past them would miss them.
    @Test func `a reader that remembers its place misses nothing of writers that commit out of order`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let writers = 8, rounds = 40
        let seed = UInt64.random(in: 0...UInt64.max)
        print("outbox: seed \(seed)")
        async let written: Void = withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    var generator = SeededGenerator(seed: seed &+ UInt64(writer))
                    for round in 0..<rounds {
                        let pause = UInt32.random(in: 0...4_000, using: &generator)
                        try await tenant.write { tx, context in
                            try tx.emit(context, Emission(.workflowEvent, named: "\(writer).\(round)"))
                            try tx.flush()
                            usleep(pause)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        var (place, seen) = (EventPlace.start, [String]())
        // The careless twin reads all there is, and goes on from the last.
        var (carelessPlace, careless) = (EventPlace.start, Set<ID<OutboxEvent>>())
        let deadline = ContinuousClock.now + .seconds(60)
        while seen.count < writers * rounds, ContinuousClock.now < deadline {
            let page = try await tenant.read { [place] tx, _ in try tx.events(after: place, count: 25) }
            seen += page.map(\.subject)
            place = page.last?.place ?? place
            (careless, carelessPlace) = try await Self.readAll(tenant, careless, after: carelessPlace)
        }
        try await written
        (careless, carelessPlace) = try await Self.readAll(tenant, careless, after: carelessPlace)
        let missed = writers * rounds - careless.count
        print("outbox: \(seen.count) events read; a reader without the rule missed \(missed)")
        #expect(seen.count == writers * rounds)
        #expect(Set(seen).count == writers * rounds)
        #expect(missed > 0)
    }

    private static func readAll(
        _ tenant: TestTenant, _ seen: Set<ID<OutboxEvent>>, after place: EventPlace
    ) async throws -> (Set<ID<OutboxEvent>>, EventPlace) {
        var (seen, place) = (seen, place)
        let rows = try await tenant.admin(
            """
            select event_id::text, turn::text from event
            where tenant_id = $t and (turn, event_id) > (\(place.turn), '\(place.event.uuid)')
            order by turn, event_id
            """)
        for row in rows {
            guard let id = row[0].flatMap({ UUID(uuidString: $0) }), let turn = row[1].flatMap({ Int64($0) }) else {
                continue
            }
            seen.insert(ID(id))
            place = EventPlace(turn: turn, event: ID(id))
        }
        return (seen, place)
    }

    @Test func `after a restore events go on behind what the lost database told`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        try await tenant.write { tx, context in _ = try PlaceHold(on: .tenant, reason: "audit").run(in: &tx, context) }
        // The copy knows an event of a transaction that its own count has not reached.
        try await tenant.admin(
            """
            select pg_advisory_xact_lock(1, 1); update event set turn = turn + 1000000 where tenant_id = $t;
            update instance set era = era + 1
            """)
        let first = try await tenant.told()
        #expect(first.map(\.type) == ["hold.placed"])
        try await tenant.write { tx, context in _ = try PlaceHold(on: .tenant, reason: "again").run(in: &tx, context) }
        let place = try #require(first.last?.place)
        #expect(try await Self.types(tenant, after: place) == ["hold.placed"])
    }
}
