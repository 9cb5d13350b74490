import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Complaints of users of today's systems about when reminders come (`reference/dunning.md` 2), each told to its end.
@Suite(.database) struct `Complaints about when reminders come` {
    private static let now = TestTenant.now
    private static let today = TestTenant.today

    @Test
    func `complaint 1: however often the queue is looked at, and by however many, a reminder goes out once`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        var customers: [ID<Customer>] = []
        for number in 0..<8 { customers.append(try await tenant.debtor("Debtor \(number)").customer) }
        let (debtors, looks) = (customers, Shared(0))
        for hour in [0, 1, 2, 24, 25] {
            let then = Self.now.adding(hours: hour)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let courier = try Courier(of: tenant)
                        for look in 0..<4 {
                            try await courier.deliver(at: then.adding(seconds: 2 * look))
                            looks.change { $0 += 1 }
                        }
                    }
                }
                // Somebody plans all of them again meanwhile; a case that is just being planned is left for a second, and in the
                // third hour there is peace.
                group.addTask {
                    for customer in debtors where hour != 2 {
                        try await tenant.write(at: then) { tx, context in
                            try PlanCases.replan(customers: [customer], cause: "again", in: &tx, context)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        var days: [[Int]] = []
        for customer in customers { days.append(try await tenant.days(ofLettersTo: customer)) }
        #expect(days == Array(repeating: [0], count: 8))
        #expect(
            try await tenant.count("step_run where tenant_id = $t and step_key = 'friendly'") == 8,
            "one row for a case, a step and a due day, whatever planned it")
        print("complaint 1: \(looks.value) looks by four workers at a time, \(customers.count) letters")
    }

    @Test func `complaint 2: after days on which nobody worked the reminder is made up for, and none is left out`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        // Day 3 of the ladder is tomorrow, day 14 in two weeks, day 30 on 22 December.
        let (customer, _) = try await tenant.debtor(overdueBy: 2)
        // The machine is off until Thursday, 10 December.
        #expect(try await courier.live(from: 16, through: 40) == [16, 23, 30])
        #expect(try await tenant.letters(to: customer).map(\.record.stage) == [1, 2, 3])
    }

    @Test func `complaint 3: invoices that come in late are asked for in one letter, and then go their way`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        // All three days of the ladder are over when the file comes.
        let taken = try await ImportFixture(tenant).take(
            """
            c1,ap@late.test,i1,2026-08-20,2026-09-20,100.00,
            c1,ap@late.test,i2,2026-09-01,2026-10-01,200.00,
            c1,ap@late.test,i3,2026-09-20,2026-10-20,300.00,

            """)
        #expect(taken.record.counts.invoicesCreated == 3, "\(taken)")
        let customer = try await tenant.customer(named: "c1")
        #expect(try await courier.live(through: 20) == [0, 7, 14])
        let letters = try await tenant.letters(to: customer)
        #expect(letters.map(\.record.stage) == [1, 2, 3])
        #expect(letters.allSatisfy { Set($0.lines.map(\.number)) == ["i1", "i2", "i3"] })
    }

    @Test func `complaint 4: a due day is a day wherever the server stands, and the hour is that of the customer`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        // Due on Monday, so day 3 is Thursday, 3 December.
        let thursday = Self.today.adding(9)
        var due: [(at: Instant, customer: ID<Customer>)] = []
        for name in ["Pacific/Auckland", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "Pacific/Honolulu"] {
            let zone = try #require(Zone(name))
            let customer = try await tenant.customer(name, zone: zone)
            try await tenant.invoice(of: customer, overdueBy: -6)
            let moment = try await tenant.nextDue(of: customer)
            #expect(zone.day(of: moment) == thursday, "\(name)")
            #expect((9 * 3_600..<11 * 3_600).contains(zone.time(of: moment)), "\(name)")
            due.append((moment, customer))
        }
        // In Auckland it is Thursday while a clock in London, as servers have it, still says Wednesday.
        let london = try #require(Zone("Europe/London"))
        #expect(due[0].at < london.startOfDay(thursday))
        #expect(due.map(\.at) == due.map(\.at).sorted())
        for (moment, customer) in due {
            #expect(try await courier.deliver(at: moment.adding(seconds: -1)).isEmpty)
            #expect(try await courier.deliver(at: moment).count == 1)
            #expect(try await tenant.letters(to: customer).count == 1)
        }
    }

    @Test func `complaint 5: a due date that moves takes the reminder along, and without one nothing is sent`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor()
        let claimed = try await courier.claim()
        try await tenant.put(invoice, 100_00, dueDate: .to(Self.today.adding(20)))
        // Not even by the worker that held the step already.
        #expect(try await courier.arm(claimed).armed.isEmpty)
        #expect(TestTenant.zone.day(of: try await tenant.nextDue(of: customer)) == Self.today.adding(23))
        try await tenant.put(invoice, 100_00, dueDate: .to(nil), at: Self.now.adding(days: 1))
        let why = try await tenant.why(customer, at: Self.now.adding(days: 1))
        #expect(why.next.first?.reason == .noDueDate && why.next.first?.dueAt == nil)
        #expect(try await courier.live(from: 1, through: 40) == [])
        // Monday, 4 January: it was due ten days ago after all.
        try await tenant.put(invoice, 100_00, dueDate: .to(Self.today.adding(31)), at: Self.now.adding(days: 41))
        #expect(try await courier.live(from: 41, through: 42) == [41])
    }

    @Test func `complaint 7: who got an invoice on Monday evening is not told on Tuesday that it is past due`()
        async throws
    {
        // Due on receipt, and a workflow that writes on the day after.
        func letters(minimumAge: String) async throws -> [[String]] {
            let story = try await WorkflowStory(
                """
                name: On receipt
                gap: 3
                limits: {\(minimumAge)}
                steps:
                  - {key: friendly, kind: email, template: Friendly reminder, after_due: 1}
                """)
            let monday = Self.today.adding(6)
            let evening = try #require(Instant(rfc3339: "2026-11-30T23:30:00Z"))
            let customer = try await story.tenant.customer()
            try await story.tenant.invoice(of: customer, issued: monday, due: monday, at: evening)
            // Beside it an older debt, which does not make the new one older.
            let other = try await story.tenant.customer("Other")
            try await story.tenant.invoice(of: other, issued: monday.adding(-30), due: monday, 70_00, at: evening)
            try await story.tenant.invoice(of: other, issued: monday, due: monday, at: evening)
            try await story.courier.live(from: 7, through: 20)
            var told: [[String]] = []
            for customer in [customer, other] {
                told.append(
                    try await story.tenant.letters(to: customer).map {
                        "\(TestTenant.zone.day(of: $0.record.armedAt)) \($0.lines.count)"
                    })
            }
            return told
        }
        #expect(try await letters(minimumAge: "max_contacts: 9") == [["2026-12-01 1"], ["2026-12-01 2"]])
        // A week to look at it first: Monday, 7 December.
        #expect(
            try await letters(minimumAge: "max_contacts: 9, min_age: 7") == [["2026-12-07 1"], ["2026-12-01 1"]])
    }

    @Test func `complaint 13: whenever the planner runs, dates count from the due day and no stage is left out`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (calm, _) = try await tenant.debtor("Calm", overdueBy: 0)
        let (restless, _) = try await tenant.debtor("Restless", overdueBy: 0)
        for day in 0...35 {
            for minutes in [-1_000, -777, -301, -59, -1] where day > 0 {
                try await tenant.write(at: Self.now.adding(days: day).adding(minutes: minutes)) { tx, context in
                    try PlanCases.replan(customers: [restless], cause: "again", in: &tx, context)
                }
            }
            try await courier.live(from: day, through: day)
        }
        for customer in [calm, restless] {
            #expect(try await tenant.days(ofLettersTo: customer) == [3, 14, 30])
            #expect(try await tenant.letters(to: customer).map(\.record.stage) == [1, 2, 3])
        }
    }
}
