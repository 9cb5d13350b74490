import Dunning
import Operations
import Postgres
import Store
import Support
import Testing

/// What comes of the work of people: claims, outcomes from a closed list, and what they do by themselves.
@Suite(.database) struct TaskTests {
    private static let now = TestTenant.now

    private static func code(_ error: any Error) -> String? {
        switch error as? Rejection {
        case .forbiddenByState(let code, _): code
        case .invalid(let problems): problems.first.map { "\($0.pointer) \($0.code)" }
        default: nil
        }
    }

    @Test func `a task is one person's at a time`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, _) = try await tenant.debtor()
        let task = try await tenant.openTask(.call, of: customer)
        func claim(_ person: String) async throws -> TaskRecord {
            let claim = try ClaimTask(task, by: person)
            return try await tenant.write { tx, context in try claim.run(in: &tx, context) }
        }
        #expect(try await claim("Ada").state == .claimed)
        #expect(try await claim("Ada").claimedBy == "Ada")
        await #expect {
            try await claim("Grace")
        } throws: {
            Self.code($0) == "task_claimed"
        }
        // Twice by the same person is once.
        #expect(try await tenant.audited("task.claimed", of: customer) == 1)
        let claimed = try await tenant.read { tx, _ in
            try tx.tasks(Page(count: 5), TaskFilter(state: .claimed, claimedBy: "Ada")).map(\.id)
        }
        #expect(claimed == [task])
        #expect(try await tenant.read { tx, _ in try tx.tasks(Page(count: 5), TaskFilter(state: .open)).isEmpty })
        try await tenant.write { tx, context in _ = try ReleaseTask(task).run(in: &tx, context) }
        #expect(try await claim("Grace").claimedBy == "Grace")
        try await tenant.close(task, .noAnswer)
        await #expect {
            try await claim("Grace")
        } throws: {
            Self.code($0) == "task_closed"
        }
    }

    @Test func `late tasks are found by their deadline`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, _) = try await tenant.debtor()
        let task = try await tenant.openTask(.call, of: customer)
        func late(at now: Instant) async throws -> [ID<CollectorTask>] {
            try await tenant.read { tx, _ in try tx.tasks(Page(count: 5), TaskFilter(lateAt: now)).map(\.id) }
        }
        #expect(try await late(at: Self.now.adding(days: 1)) == [])
        #expect(try await late(at: Self.now.adding(days: 2)) == [task])
    }

    @Test(arguments: TaskKind.allCases)
    func `a task ends in an outcome of its kind, and in no other`(kind: TaskKind) async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, _) = try await tenant.debtor()
        let task = try await tenant.openTask(kind, of: customer)
        let foreign = TaskOutcome.allCases.filter { !kind.outcomes.contains($0) }
        for outcome in foreign {
            await #expect {
                try await tenant.close(task, outcome)
            } throws: {
                Self.code($0) == "/outcome not_in_list"
            }
        }
        let last = try #require(kind.outcomes.last)
        #expect(try await tenant.close(task, last).outcome == last.rawValue)
        #expect(!foreign.isEmpty)
    }

    @Test func `a promise made on the telephone is recorded with the call, and holds`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, invoice) = try await tenant.debtor()
        let task = try await tenant.openTask(.call, of: customer)
        let friday = TestTenant.today.adding(3)
        try await tenant.close(task, .promised, agreement: .promise(dueOn: friday, amount: nil, invoices: nil))
        let promises = try await tenant.read { tx, _ in try tx.promises(Page(count: 5), of: customer) }
        #expect(promises.map(\.dueOn) == [friday])
        #expect(promises.map(\.invoices) == [[invoice]])
        #expect(try await tenant.asked(customer) == 0)
    }

    @Test func `what was agreed belongs to its outcome, and is blamed where it stands`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, invoice) = try await tenant.debtor()
        let (_, foreign) = try await tenant.debtor("Other")
        let task = try await tenant.openTask(.call, of: customer)
        let promise = Agreement.promise(dueOn: TestTenant.today.adding(-1), amount: nil, invoices: nil)
        await #expect {
            try await tenant.close(task, .noAnswer, agreement: promise)
        } throws: {
            Self.code($0) == "/promise wrong_outcome"
        }
        await #expect {
            try await tenant.close(task, .promised, agreement: promise)
        } throws: {
            Self.code($0) == "/promise/due_on out_of_range"
        }
        await #expect {
            try await tenant.close(
                task, .disputed, agreement: .dispute(invoice: foreign, amount: nil, reason: "damaged"))
        } throws: {
            Self.code($0) == "/dispute/invoice_id unknown_invoice"
        }
        // Nothing of it was kept: the task is open still.
        #expect(try await tenant.tasks(of: customer).map(\.id) == [task])
        try await tenant.close(task, .disputed, agreement: .dispute(invoice: invoice, amount: nil, reason: "damaged"))
        #expect(try await tenant.asked(customer) == 0)
    }

    @Test func `the money is said to be on its way: five days of rest`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, _) = try await tenant.debtor()
        try await tenant.close(try await tenant.openTask(.call, of: customer), .saysPaid)
        let due = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        #expect(due >= Self.now.adding(days: 5))
        #expect(try await courier.arm().armed.isEmpty)
    }

    @Test func `a wrong number asks somebody to find another`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, _) = try await tenant.debtor()
        try await tenant.close(try await tenant.openTask(.call, of: customer), .wrongNumber)
        #expect(try await tenant.tasks(of: customer).map(\.kind) == [.address])
    }

    @Test func `only a person's yes gives a debt up`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, invoice) = try await tenant.debtor()
        try await tenant.close(try await tenant.openTask(.writeOff, of: customer), .declined)
        #expect(try await tenant.asked(customer) == 100_00)
        try await tenant.close(try await tenant.openTask(.writeOff, of: customer), .approved)
        #expect(try await tenant.shown(invoice).open.minor == 0)
        let found = try await tenant.onlyCase(of: customer)
        #expect(found.status == .exited)
        #expect(try await tenant.count("posting where tenant_id = $t and kind = 'write_off'") == 1)
    }

    @Test func `who found out what became of a message settles it with the task`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, _) = try await tenant.debtor(overdueBy: 40)
        // The last letter of the ladder is a final notice: a person has to find out.
        var now = Self.now
        for _ in 0..<2 {
            try await courier.deliver(at: now)
            now = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        }
        let armed = try await courier.arm(at: now).armed
        try await courier.record(.unknown, of: armed, at: now)
        now = now.adding(hours: RecordOutcomes.settleHours)
        try await courier.workInternalLane(at: now)
        let task = try #require(try await tenant.tasks(of: customer).first { $0.kind == .unknown })
        try await tenant.close(task.id, .notSent, at: now)
        let message = try #require(armed.first?.message)
        #expect(try await tenant.read { tx, _ in try tx.message(message)?.record.state } == "refused")
    }

    @Test func `payment cancels what people were asked to do`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, invoice) = try await tenant.debtor()
        let task = try await tenant.openTask(.call, of: customer)
        try await tenant.pay(customer, 100_00, for: [(invoice, 100_00)])
        let after = try #require(try await tenant.read { tx, _ in try tx.task(task) })
        #expect(after.state == .cancelled)
        #expect(after.outcome == "paid")
    }
}
