import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// What was decided about days, stages and the work of people (architecture 5.6 to 5.8), as it is lived.
@Suite(.database) struct `Decisions about days and stages` {
    private static let now = TestTenant.now
    private static let today = TestTenant.today

    private static func made() async throws -> (TestTenant, Courier) {
        let tenant = try await TestTenant.make(in: .current())
        return (tenant, try Courier(of: tenant))
    }

    private static func story(_ steps: String...) async throws -> WorkflowStory {
        try await WorkflowStory(
            """
            name: Story
            gap: 3
            limits: {max_contacts: 9}
            steps:
            \(steps.map { "  - \($0)" }.joined(separator: "\n"))
            """)
    }

    // MARK: Days

    @Test func `decision 5.6: overdue begins with the day after due and grace at the brand, wherever the customer is`()
        async throws
    {
        let story = try await Self.story("{key: friendly, kind: email, template: Friendly reminder, after_due: 0}")
        let (tenant, courier) = (story.tenant, story.courier)
        try await tenant.changeBrand { $0.graceDays = .to(5) }
        let away = try await tenant.customer("Away", zone: Zone("Australia/Sydney"))
        let home = try await tenant.customer("Home")
        for customer in [away, home] { try await tenant.invoice(of: customer, overdueBy: 0) }
        func overdue(at now: Instant) async throws -> Int {
            try await tenant.read(at: now) { tx, context in
                try tx.invoices(customer: nil, state: "overdue", before: nil, count: 9, now: context.now).count
            }
        }
        // Monday, 30 November, in New York; in Sydney it is four in the afternoon.
        let midnight = TestTenant.zone.startOfDay(Self.today.adding(6))
        #expect(try await overdue(at: midnight.adding(seconds: -1)) == 0)
        #expect(try await overdue(at: midnight) == 2)
        #expect(try await tenant.nextDue(of: away) == midnight)
        #expect(try await courier.deliver(at: midnight.adding(seconds: -1)).isEmpty)
        #expect(try await courier.deliver(at: midnight).count == 1)
        #expect(try await tenant.letters(to: away).count == 1)
        let morning = try await tenant.nextDue(of: home)
        #expect(TestTenant.zone.day(of: morning) == Self.today.adding(6))
        #expect(TestTenant.zone.time(of: morning) >= 9 * 3_600)
    }

    @Test func `decision 5.6: who says nothing gets no grace, no tolerance, weekdays from nine to six, and day 3`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let brand = tenant.brand
        let (rules, tolerances, standard) = try await tenant.read { tx, _ in
            (try tx.brand(brand), try tx.tolerances(), try tx.workflow(named: "Standard"))
        }
        #expect(rules?.graceDays == 0 && tolerances.isEmpty)
        #expect(rules?.window.weekdays == [.monday, .tuesday, .wednesday, .thursday, .friday])
        #expect(rules?.window.opens == TimeOfDay("09:00") && rules?.window.closes == TimeOfDay("18:00"))
        let days = standard?.steps.compactMap { step -> Int? in
            if case .afterDue(let days) = step.timing { days } else { nil }
        }
        #expect(days?.min() == 3)
        // A cent is asked for, three days after its day.
        let (customer, _) = try await tenant.debtor(overdueBy: 0, 1)
        #expect(try await courier.live(through: 4) == [3])
        #expect(try await tenant.letters(to: customer).first?.lines.map(\.open.minor) == [1])
    }

    @Test func `decision 5.6: a morning's letters are spread over two hours, and each customer keeps its moment`()
        async throws
    {
        let (tenant, _) = try await Self.made()
        var customers: [ID<Customer>] = []
        for number in 0..<40 {
            customers.append(try await tenant.debtor("Number \(number)", overdueBy: -6).customer)
        }
        func moments() async throws -> [Int] {
            var found: [Int] = []
            for customer in customers {
                let due = try await tenant.nextDue(of: customer)
                #expect(TestTenant.zone.day(of: due) == Self.today.adding(9))
                found.append(TestTenant.zone.time(of: due) - 9 * 3_600)
            }
            return found
        }
        let first = try await moments()
        #expect(first.allSatisfy { (0..<7_200).contains($0) } && Set(first).count > 30)
        #expect(Set(first.map { $0 / 1_800 }) == [0, 1, 2, 3], "some in every half hour")
        let all = customers
        try await tenant.write(at: Self.now.adding(days: 2)) { tx, context in
            try PlanCases.replan(customers: all, cause: "again", in: &tx, context)
        }
        #expect(try await moments() == first)
    }

    @Test func `decision 5.6: a brand keeps the holidays of the calendar it names, its own days among them, or none`()
        async throws
    {
        func days(_ change: @escaping @Sendable (TestTenant) async throws -> Void) async throws -> [Int] {
            let (tenant, courier) = try await Self.made()
            try await change(tenant)
            // Day 3 after Monday is Thanksgiving.
            _ = try await tenant.debtor(overdueBy: 1)
            return try await courier.live(through: 7)
        }
        #expect(try await days { _ in } == [3])
        #expect(try await days { try await $0.changeBrand { $0.calendar = .to(nil) } } == [2])
        let own = try CalendarDays([26, 27].map { CalendarDay(day: Day("2026-11-\($0)")!, name: "Stocktaking") })
        #expect(
            try await days { tenant in
                let create = try CreateCalendar(name: "Works", rule: .none, days: own)
                let calendar = try await tenant.write { tx, context in try create.run(in: &tx, context).id }
                try await tenant.changeBrand { $0.calendar = .to(calendar) }
            } == [6])
    }

    // MARK: Stages

    @Test func `decision 5.7: a call keeps the stage of the letter before it, and the last letter is a final notice`()
        async throws
    {
        let story = try await Self.story(
            "{key: friendly, kind: email, template: Friendly reminder, after_due: 3}",
            "{key: call, kind: call_task, after_due: 10}",
            "{key: firm, kind: email, template: Firm reminder, after_due: 14}",
            "{key: final, kind: email, template: Final reminder, after_due: 30, tier: final}")
        let (customer, _) = try await story.tenant.debtor(overdueBy: 4)
        try await story.play()
        let letters = try await story.tenant.letters(to: customer)
        #expect(letters.map(\.record.stage) == [1, 2, 3])
        #expect(letters.map(\.record.tier) == [.reminder, .reminder, .final])
        #expect(
            try await story.tenant.value(
                "select stage::text from step_run where tenant_id = $t and step_key = 'call' and state = 'done'") == "1"
        )
    }

    @Test func `decision 5.7: before due each day is announced once, and nothing more as soon as something is overdue`()
        async throws
    {
        let story = try await Self.story(
            "{key: courtesy, kind: email, template: Friendly reminder, before_due: 3}",
            "{key: friendly, kind: email, template: Friendly reminder, after_due: 3}")
        let (tenant, courier) = (story.tenant, story.courier)
        // Two invoices due on Friday, 4 December, and one a week later.
        func customer(_ name: String) async throws -> ID<Customer> {
            let customer = try await tenant.customer(name)
            for days in [10, 10, 17] { try await tenant.invoice(of: customer, overdueBy: -days) }
            return customer
        }
        let (silent, punctual) = (try await customer("Silent"), try await customer("Punctual"))
        #expect(try await courier.live(through: 8) == [7])
        try await tenant.pay(punctual, 200_00, at: Self.now.adding(days: 9))
        try await courier.live(from: 9, through: 24)
        // What is due on the 11th is not announced on the 8th to who is three days late with the rest, nor listed with it.
        #expect(try await tenant.days(ofLettersTo: silent) == [7, 13])
        #expect(try await tenant.letters(to: silent).map(\.lines.count) == [2, 2])
        #expect(try await tenant.letters(to: silent).map(\.record.stage) == [0, 1])
        #expect(try await tenant.days(ofLettersTo: punctual) == [7, 14, 20])
        #expect(try await tenant.letters(to: punctual).map(\.lines.count) == [2, 1, 1])
        #expect(try await tenant.letters(to: punctual).map(\.record.stage) == [0, 0, 1])
    }

    @Test
    func `decision 5.7: the oldest debt paid, the case falls back to the age of the next, and no letters burst out`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let (customer, old) = try await tenant.debtor(overdueBy: 40)
        let young = try await tenant.invoice(of: customer, overdueBy: 4)
        #expect(try await courier.live(through: 7) == [0, 7])
        try await tenant.pay(customer, 100_00, for: [(old, 100_00)], at: Self.now.adding(days: 8))
        #expect(try await tenant.onlyCase(of: customer).stage == 1)
        // The second letter once more, for the younger one on its day 18, a week after the last; then its own day 30.
        #expect(try await courier.live(from: 8, through: 30) == [14, 27])
        let letters = try await tenant.letters(to: customer)
        #expect(letters.map(\.record.stage) == [1, 2, 2, 3])
        #expect(letters.map { Set($0.lines.map(\.invoice)) } == [[old, young], [old, young], [young], [young]])
    }

    @Test
    func
        `decision 5.7: after the last letter there is one call; what falls due then joins in silence, and a new debt begins where the old ended, as its age allows`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let (customer, _) = try await tenant.debtor(overdueBy: 40)
        #expect(try await courier.live(through: 20) == [0, 7, 14])
        #expect(try await tenant.onlyCase(of: customer).status == .exhausted)
        try await tenant.invoice(of: customer, overdueBy: 30, at: Self.now.adding(days: 21))
        #expect(try await courier.live(from: 21, through: 40) == [])
        #expect(try await tenant.tasks(of: customer).map(\.kind) == [.call])
        try await tenant.pay(customer, 200_00, at: Self.now.adding(days: 41))
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
        #expect(try await tenant.tasks(of: customer).isEmpty)
        // Friday, 8 January: overdue by twenty days, old enough for the second letter.
        try await tenant.invoice(of: customer, overdueBy: 20, at: Self.now.adding(days: 45))
        #expect(try await courier.live(from: 45, through: 46) == [45])
        #expect(try await tenant.letters(to: customer).map(\.record.stage) == [1, 2, 3, 2])
    }

    // MARK: People

    @Test func `decision 5.8: a call that nobody makes stops no letter, unless the workflow waits for its outcome`()
        async throws
    {
        func days(_ wait: String) async throws -> [Int] {
            let story = try await Self.story(
                "{key: friendly, kind: email, template: Friendly reminder, after_due: 3}",
                "{key: call, kind: call_task, after_due: 13, deadline_business_days: 2\(wait)}",
                "{key: firm, kind: email, template: Firm reminder, after_due: 14}")
            let (customer, _) = try await story.tenant.debtor(overdueBy: 4)
            try await story.play()
            #expect(try await story.tenant.tasks(of: customer).contains { $0.kind == .call })
            return try await story.days(of: "firm", customer)
        }
        // The call is asked for on Thursday, 3 December: Friday and Monday are two business days.
        #expect(try await days("") == [10])
        let patient = try await days(", wait_for_outcome: true")
        #expect(patient.count == 1 && patient.allSatisfy { (13...14).contains($0) }, "\(patient)")
    }
}
