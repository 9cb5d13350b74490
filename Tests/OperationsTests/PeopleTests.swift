import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Notes, replies, leaving a customer alone, and passing over a step.
@Suite(.database) struct PeopleTests {
    private static let now = TestTenant.now

    @Test func `a note is kept as it was said`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, _) = try await tenant.debtor()
        for (hour, text, author) in [
            (0, "Prefers the afternoon.", "Ada"), (1, "Has moved.\nAsk for the address.", nil),
        ] {
            let add = try AddNote(about: customer, text, author: author)
            try await tenant.write(at: Self.now.adding(hours: hour)) { tx, context in
                _ = try add.run(in: &tx, context)
            }
        }
        let notes = try await tenant.read { tx, _ in try tx.notes(Page(count: 5), about: customer) }
        #expect(notes.map(\.author) == ["test", "Ada"])
        #expect(notes.map(\.body) == ["Has moved.\nAsk for the address.", "Prefers the afternoon."])
        #expect(throws: Rejection.self) { try AddNote(about: customer, " \n") }
        let nobody = try AddNote(about: ID<Customer>.make(at: Self.now), "x")
        await #expect(throws: Rejection.notFound("customer")) {
            try await tenant.write { tx, context in _ = try nobody.run(in: &tx, context) }
        }
    }

    @Test func `decision 5.8: whatever way a customer answers, its cases rest for three business days`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, _) = try await tenant.debtor()
        let reply = try RecordReply(from: customer, by: .letter, "Please send a copy.")
        try await tenant.write { tx, context in try reply.run(in: &tx, context) }
        // Tuesday before Thanksgiving: Wednesday, Friday, Monday.
        let due = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        #expect(TestTenant.zone.day(of: due) >= Day("2026-11-30")!)
        #expect(try await courier.arm().armed.isEmpty)
        let task = try #require(try await tenant.tasks(of: customer).first)
        #expect(task.kind == .reply)
        #expect(task.script == "Please send a copy.")
        #expect(
            try await tenant.read { tx, _ in try tx.notes(Page(count: 5), about: customer) }.map(\.author) == [
                "customer"
            ])
    }

    @Test func `a customer that is left alone is written to when the days are over`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, _) = try await tenant.debtor()
        let snooze = try Snooze(customer, days: 7)
        let hold = try await tenant.write { tx, context in try snooze.run(in: &tx, context) }
        let why = try await tenant.read { tx, context in try Explain.customer(customer, in: &tx, context) }
        #expect(why.next.first?.reason == .snoozed)
        #expect(hold.until == Self.now.adding(days: 7))
        #expect(try await courier.arm().armed.isEmpty)
        let due = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        #expect(due >= Self.now.adding(days: 7))
        #expect(try await courier.deliver(at: due).count == 1)
        #expect(throws: Rejection.self) { try Snooze(customer, days: 0) }
    }

    @Test func `a step passed over by hand is not sent, and the next one is`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, _) = try await tenant.debtor(overdueBy: 20)
        let claims = try await courier.claim()
        let first = try await tenant.plannedStep(of: customer)
        let skip = try SkipStep(first, note: "Spoke with them.")
        try await tenant.write { tx, context in try skip.run(in: &tx, context) }
        // Whoever had claimed it finds nothing to arm.
        #expect(try await courier.arm(claims).armed.isEmpty)
        let after = try await tenant.onlyCase(of: customer)
        #expect(after.nextStep == "firm")
        #expect(after.stage == 0)
        let history = try await tenant.read { tx, _ in try tx.stepHistory(of: customer, limit: 5) }
        #expect(history.first { $0.id == first }?.reason == .skippedByHand)
        // Once is once; and a message on its way cannot be called back.
        await #expect(throws: Rejection.self) {
            try await tenant.write { tx, context in try skip.run(in: &tx, context) }
        }
        let due = try #require(after.nextDueAt)
        #expect(try await courier.arm(at: due).armed.count == 1)
        let sending = try SkipStep(try await tenant.plannedStep(of: customer, in: "sending"))
        await #expect(throws: Rejection.self) {
            try await tenant.write { tx, context in try sending.run(in: &tx, context) }
        }
    }
}

extension TestTenant {
    fileprivate func plannedStep(of customer: ID<Customer>, in state: String = "planned") async throws -> ID<StepRun> {
        let found = try await value(
            "select step_run_id from step_run where tenant_id = $t and customer_id = '\(customer.uuid)'"
                + " and state = '\(state)'")
        guard let found, let id = UUID(uuidString: found) else { throw TestServer.Unusable("no step is \(state)") }
        return ID(id)
    }
}
