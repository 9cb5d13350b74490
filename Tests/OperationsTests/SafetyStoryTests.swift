import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// What keeps a mistake small, through the operations and the queue as the worker uses them.
@Suite(.database) struct SafetyStoryTests {
    private static func events(_ tenant: TestTenant, _ kinds: Set<String>) async throws -> [EventRecord] {
        try await tenant.told().filter { kinds.contains($0.type) }
    }

    private static func change(_ tenant: TestTenant, _ change: ChangeTenant, at now: Instant = TestTenant.now)
        async throws
    {
        try await tenant.write(at: now) { tx, context in _ = try change.run(in: &tx, context) }
    }

    @Test
    func `row source stale: a bank that is silent stops all reminders, says so once, and they go on when it speaks`()
        async throws
    {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        let (debtor, _) = try await tenant.debtor()
        let (payer, owed) = try await tenant.debtor("Payer")
        try await tenant.write { tx, context in
            _ = try SetSourceAge(of: "bank", hours: SetSourceAge.standardHours).run(in: &tx, context)
        }
        func payment(_ name: String, at now: Instant) async throws {
            let record = try RecordPayment(
                SourceName(name, source: "bank"), customer: .id(payer), brand: tenant.brand,
                amount: Money(minor: 1_00, currency: TestTenant.dollar), valueDate: TestTenant.zone.day(of: now),
                shares: [PaymentShare(.id(owed), 1_00)])
            try await tenant.write(at: now) { tx, context in _ = try record.run(in: &tx, context) }
        }
        // Tuesday noon it speaks; on Wednesday at two in the afternoon that is 26 hours ago.
        try await payment("P-1", at: TestTenant.now)
        let late = TestTenant.now.adding(hours: 26)
        #expect(try await courier.deliver(at: late.adding(seconds: -60)).count == 2)
        _ = try await tenant.debtor("Third", at: late)
        for _ in 0..<3 { #expect(try await courier.deliver(at: late.adding(minutes: 5)).isEmpty) }
        try await courier.workInternalLane(at: late)
        try await courier.workInternalLane(at: late.adding(minutes: 10))
        #expect(try await Self.events(tenant, ["source.stale", "source.fresh"]).map(\.type) == ["source.stale"])
        let why = try await tenant.read(at: late.adding(minutes: 10)) { tx, context in
            try Explain.customer(debtor, in: &tx, context)
        }
        #expect(why.next.first?.reason == .stale && why.next.first?.words.contains("bank") == true)
        let shown = try await tenant.read { tx, _ in try tx.source(named: "bank") }
        #expect(shown?.isStale(at: late) == true)

        try await payment("P-2", at: late.adding(minutes: 20))
        try await courier.workInternalLane(at: late.adding(minutes: 20))
        #expect(
            try await Self.events(tenant, ["source.stale", "source.fresh"]).map(\.type) == [
                "source.stale", "source.fresh",
            ])
        #expect(try await courier.deliver(at: late.adding(minutes: 70)).count == 1)
    }

    @Test func `a message is announced a day ahead, and leaves when it would have left`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        let (debtor, _) = try await tenant.debtor(overdueBy: 1)
        let planned = try #require(try await tenant.cases(of: debtor).first?.open)
        try await Self.change(tenant, try ChangeTenant(vetoHours: .to(24)))
        try await courier.workInternalLane()
        #expect(try await Self.events(tenant, ["message.planned"]).isEmpty)
        let dayBefore = planned.step.dueAt.adding(hours: -24)
        try await courier.workInternalLane(at: dayBefore.adding(seconds: -1))
        #expect(try await Self.events(tenant, ["message.planned"]).isEmpty)
        try await courier.workInternalLane(at: dayBefore)
        let told = try await Self.events(tenant, ["message.planned"])
        #expect(told.count == 1 && told.first?.subject == planned.id.description)
        #expect(told.first?.data["due_at"] == .text(planned.step.dueAt.description))
        #expect(told.first?.data["amount"] == "100.00")
        try await courier.workInternalLane(at: dayBefore.adding(hours: 3))
        #expect(try await Self.events(tenant, ["message.planned"]).count == 1)
        #expect(try await courier.deliver(at: planned.step.dueAt.adding(seconds: -1)).isEmpty)
        #expect(try await courier.deliver(at: planned.step.dueAt).count == 1)
    }

    @Test func `a veto skips the message, and the case goes on to the next at its distance`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        try await Self.change(tenant, try ChangeTenant(vetoHours: .to(4)))
        let (debtor, _) = try await tenant.debtor(overdueBy: 20)
        try await courier.workInternalLane()
        let open = try #require(try await tenant.cases(of: debtor).first?.open)
        #expect(open.announcedAt == TestTenant.now)
        // Announced just now, so it cannot leave before four in the afternoon.
        #expect(open.step.dueAt == TestTenant.now.adding(hours: 4))
        try await tenant.write { tx, context in
            _ = try SkipStep(open.id, .veto, note: "they called").run(in: &tx, context)
        }
        await #expect(throws: Rejection.self) {
            try await tenant.write { tx, context in _ = try SkipStep(open.id, .veto).run(in: &tx, context) }
        }
        #expect(try await courier.deliver(at: TestTenant.now.adding(hours: 5)).isEmpty)
        let next = try #require(try await tenant.cases(of: debtor).first)
        #expect(next.open?.step.key == "firm" && next.facts.state.stage == 0)
        #expect(next.facts.state.lastContactDay == nil)
        #expect(next.open.map { TestTenant.zone.day(of: $0.step.dueAt) } == TestTenant.today.adding(7))
        #expect(try await Self.events(tenant, ["message.vetoed"]).map(\.subject) == [open.id.description])
        let why = try await tenant.read { tx, context in try Explain.customer(debtor, in: &tx, context) }
        #expect(why.history.contains { $0.reason == .vetoed })
    }

    @Test func `money that comes before the time is over takes the announced message away`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        try await Self.change(tenant, try ChangeTenant(vetoHours: .to(4)))
        let (debtor, invoice) = try await tenant.debtor()
        try await courier.workInternalLane()
        try await tenant.pay(debtor, 100_00, for: [(invoice, 100_00)])
        #expect(
            try await Self.events(tenant, ["message.planned", "message.withdrawn", "case.exited"]).map(\.type).sorted()
                == ["case.exited", "message.planned", "message.withdrawn"])
        #expect(try await courier.deliver(at: TestTenant.now.adding(hours: 5)).isEmpty)
    }

    @Test
    func `decision 5.1: after go-live five customers a day are written to for the first time, the largest debts first`()
        async throws
    {
        let tenant = try await TestTenant.make(in: try TestDatabase.current(), isLive: false)
        let courier = try Courier(of: tenant)
        var values: [ID<Customer>: Int64] = [:]
        for number in 1...17 {
            let value = Int64((number * 7) % 17 + 1) * 10_00
            let (debtor, _) = try await tenant.debtor("Number \(number)", overdueBy: 5 + number, value)
            values[debtor] = value
        }
        // One of them owes in two currencies: one message, one place.
        let both = try #require(values.max { $0.value < $1.value }?.key)
        try await tenant.invoice(of: both, overdueBy: 30, 5_00, in: Currency("EUR")!)
        try await Self.change(tenant, try ChangeTenant(firstContactsPerDay: .to(5)))
        guard
            case .preview(let preview) = try await tenant.write(
                as: .bulk, { tx, context in try Activate(policy: .firstStage).run(in: &tx, context) })
        else { return }
        try await tenant.write(as: .bulk) { tx, context in
            _ = try Activate(policy: .firstStage, confirmation: preview.confirmation).run(in: &tx, context)
        }
        try await courier.workInternalLane()
        try await courier.workInternalLane(at: TestTenant.now.adding(seconds: 1))
        var sent: [[Int64]] = []
        // Tuesday, Wednesday, no Thursday (Thanksgiving), Friday, and on.
        for offset in 0..<12 {
            let now = TestTenant.now.adding(days: offset)
            try await courier.workInternalLane(at: now)
            let before = try await tenant.count("message where tenant_id = $t")
            try await courier.deliver(at: now)
            let rows = try await tenant.admin(
                "select customer_id::text from message where tenant_id = $t order by created_at offset \(before)")
            let customers = Set(rows.compactMap { $0[0].flatMap { UUID(uuidString: $0) }.map { ID<Customer>($0) } })
            let first = try await tenant.admin(
                """
                select customer_id::text from message where tenant_id = $t group by customer_id having count(*) = 1
                """
            ).compactMap { $0[0].flatMap { UUID(uuidString: $0) }.map { ID<Customer>($0) } }
            sent.append(customers.filter(first.contains).compactMap { values[$0] })
        }
        let days = sent.filter { !$0.isEmpty }
        print("first contacts by day: \(sent.map(\.count))")
        #expect(days.map(\.count) == [5, 5, 5, 2])
        for (today, tomorrow) in zip(days, days.dropFirst()) {
            #expect((today.min() ?? 0) >= (tomorrow.max() ?? .max))
        }
        #expect(try await tenant.count("first_contact where tenant_id = $t and place is null") == 0)
    }

    /// The twin whose job nobody sees gives days to those moved so far.
    @Test(arguments: [false, true])
    func `no day is given for a first contact while cases still move to a version`(isTwin: Bool) async throws {
        let story = try await WorkflowStory(
            """
            name: Late
            steps:
              - {key: late, kind: email, template: Friendly reminder, after_due: 60}
            """)
        let (tenant, courier) = (story.tenant, story.courier)
        try await Self.change(tenant, try ChangeTenant(firstContactsPerDay: .to(2)))
        for number in 0..<7 {
            _ = try await tenant.debtor("Customer \(number)", overdueBy: 20, Int64((number * 3) % 7 + 1) * 100_00)
        }
        let document = try WorkflowDocument(
            try YAMLDocument.read(
                """
                name: Late
                steps:
                  - {key: friendly, kind: email, template: Friendly reminder, after_due: 3}
                  - {key: late, kind: email, template: Friendly reminder, after_due: 60}
                """))
        let version = try await tenant.write { tx, context in
            try PutWorkflow(document, movesCases: true).run(in: &tx, context).record.version
        }
        func work() async throws {
            for seconds in 0..<3 { try await courier.workInternalLane(at: TestTenant.now.adding(seconds: seconds)) }
        }
        func portion() async throws -> MoveCases.Progress {
            try await tenant.write(as: .bulk) { tx, context in
                try MoveCases(to: version, portion: 4).step(in: &tx, context)
            }
        }
        #expect(try await portion() == .moved(4))
        if isTwin { try await tenant.admin("delete from q.due where tenant_id = $t and kind = 'move'") }
        try await work()
        guard !isTwin else {
            #expect(try await tenant.count("first_contact where tenant_id = $t and place is not null") > 0)
            return
        }
        #expect(try await tenant.count("first_contact where tenant_id = $t and place is not null") == 0)
        #expect(try await portion() == .moved(3))
        try await work()
        let order = try await tenant.admin(
            "select value from first_contact where tenant_id = $t order by place, value desc, customer_id")
        #expect(order.compactMap { $0[0] } == (1...7).reversed().map { "\($0 * 1_000_00)" })
        #expect(try await tenant.count("first_contact where tenant_id = $t and place is null") == 0)
    }

    @Test func `who waits for a place is told so, and freed when the limit goes`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        try await Self.change(tenant, try ChangeTenant(firstContactsPerDay: .to(1)))
        let (_, _) = try await tenant.debtor("Large", 900_00)
        let (small, _) = try await tenant.debtor("Small", 100_00)
        for seconds in 0..<3 { try await courier.workInternalLane(at: TestTenant.now.adding(seconds: seconds)) }
        #expect(try await courier.deliver(at: TestTenant.now.adding(seconds: 3)).count == 1)
        let why = try await tenant.read { tx, context in try Explain.customer(small, in: &tx, context) }
        #expect(why.next.first?.reason == .quota)
        #expect(why.next.first?.words.contains("2026-11-25") == true)
        try await Self.change(tenant, try ChangeTenant(firstContactsPerDay: .to(nil)))
        try await courier.workInternalLane(at: TestTenant.now.adding(seconds: 4))
        #expect(try await courier.deliver(at: TestTenant.now.adding(seconds: 5)).count == 1)
    }
}
