import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Edge cases of money and of a case's life (`reference/dunning.md` 3.6), each told to its end.
@Suite(.database) struct `Edge cases of debts and cases` {
    private static let now = TestTenant.now
    private static let today = TestTenant.today

    private static func made() async throws -> (TestTenant, Courier) {
        let tenant = try await TestTenant.make(in: .current())
        return (tenant, try Courier(of: tenant))
    }

    @Test func `row part payment: the stage stays, some days of courtesy, the new amount; a tiny rest ends it`()
        async throws
    {
        let story = try await WorkflowStory(
            """
            name: Courteous
            gap: 3
            limits: {on_part_payment: 3}
            steps:
              - {key: friendly, kind: email, template: Friendly reminder, after_due: 3}
              - {key: firm, kind: email, template: Firm reminder, after_due: 5}
              - {key: final, kind: email, template: Final reminder, after_due: 30, tier: final}
            """)
        let (tenant, courier) = (story.tenant, story.courier)
        let (customer, invoice) = try await tenant.debtor(overdueBy: 20)
        #expect(try await courier.live(through: 0) == [0])
        // Without it the second letter would go on Friday, three days after the first.
        try await tenant.pay(customer, 40_00, for: [(invoice, 40_00)], at: Self.now.adding(days: 2))
        #expect(try await courier.live(from: 2, through: 8) == [6])
        let letters = try await tenant.letters(to: customer)
        #expect(letters.map(\.record.stage) == [1, 2])
        #expect(letters.map { $0.lines[0].open.minor } == [100_00, 60_00])
        let later = Self.now.adding(days: 8)
        _ = try await SetTolerances([Money(minor: 5_00, currency: TestTenant.dollar)]).run(
            on: try tenant.database.database(.api), tenant.context(at: later))
        try await tenant.pay(customer, 56_00, for: [(invoice, 56_00)], at: later)
        #expect(try await courier.live(from: 8, through: 40) == [])
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
        #expect(try await tenant.shown(invoice).open.minor == 4_00)
    }

    @Test func `row payment between render and send: before it is armed nothing leaves; after it, the payer is told`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let (early, _) = try await tenant.debtor("Early")
        let (late, _) = try await tenant.debtor("Late")
        let claimed = try await courier.claim()
        try await tenant.pay(early, 100_00)
        let armed = try await courier.arm(claimed).armed
        #expect(armed.count == 1)
        #expect(try await tenant.skipped(of: early) == ["friendly paid"])
        // Its bytes are frozen, and it may be on the wire: it stays, and the payment's answer names it.
        let answer = try await tenant.pay(late, 100_00).answer
        #expect(answer.messages.map(\.id) == armed.map(\.message))
        #expect(answer.messages.map(\.state) == ["crossed"])
        try await courier.record(.accepted, of: armed, code: 250)
        #expect(try await tenant.letters(to: late).map(\.record.isCrossed) == [true])
        #expect(try await tenant.letters(to: early).isEmpty)
        #expect(try await courier.live(through: 30) == [])
    }

    @Test func `row due date later or earlier: silence until the new day, the stage kept; never a day in the past`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let (customer, invoice) = try await tenant.debtor()
        #expect(try await courier.live(through: 0) == [0])
        try await tenant.put(invoice, 100_00, dueDate: .to(Self.today.adding(20)), at: Self.now.adding(days: 1))
        #expect(try await courier.live(from: 1, through: 10) == [])
        let kept = try await tenant.onlyCase(of: customer)
        #expect(kept.stage == 1 && kept.nextStep == "firm")
        #expect(TestTenant.zone.day(of: try await tenant.nextDue(of: customer)) == Self.today.adding(34))
        // On Saturday it turns out to have been due long ago: Monday is the next day on which anybody is written to.
        try await tenant.put(invoice, 100_00, dueDate: .to(Self.today.adding(-40)), at: Self.now.adding(days: 11))
        #expect(try await courier.live(from: 11, through: 17) == [13])
        #expect(try await tenant.letters(to: customer).map(\.record.stage) == [1, 2])
    }

    @Test func `row invoice void: what was planned goes, what is under way is named, and the rest is asked for alone`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let (customer, wrong) = try await tenant.debtor(overdueBy: 20)
        let right = try await tenant.invoice(of: customer, overdueBy: 15, 50_00)
        let armed = try await courier.arm().armed
        let voided = try await tenant.put(wrong, 0)
        #expect(voided.crossing.messages.map(\.id) == armed.map(\.message))
        #expect(voided.crossing.messages.map(\.state) == ["crossed"])
        try await courier.record(.accepted, of: armed, code: 250)
        #expect(try await courier.live(from: 1, through: 8) == [7])
        let letters = try await tenant.letters(to: customer)
        #expect(letters.map { Set($0.lines.map(\.invoice)) } == [[wrong, right], [right]])
        try await tenant.put(right, 0, at: Self.now.adding(days: 8))
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
        #expect(try await tenant.count("step_run where tenant_id = $t and state = 'planned'") == 0)
        #expect(try await courier.live(from: 9, through: 30) == [])
    }

    @Test
    func `row workflow edited: who is under way goes on as before, until cases are moved, and no stage rises by it`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let workflow = tenant.workflow
        let (old, _) = try await tenant.debtor("Old", overdueBy: 20)
        #expect(try await courier.live(through: 0) == [0])
        let record = try #require(try await tenant.read { tx, _ in try tx.workflow(workflow) })
        @discardableResult
        func publish(_ steps: [Step], movesCases: Bool) async throws -> ID<WorkflowVersion> {
            let proposal = WorkflowProposal(
                steps: try WorkflowSteps(steps), gapDays: record.escalationGapDays, limits: record.limits)
            return try await tenant.write { tx, context in
                try PublishVersion(proposal, of: workflow, movesCases: movesCases).run(in: &tx, context).version
            }
        }
        func version(of customer: ID<Customer>) async throws -> [String] {
            try #require(try await tenant.cases(of: customer).first).facts.workflow.steps.map(\.key)
        }
        // The second letter is taken out.
        let shorter = [record.steps[0], record.steps[2]]
        try await publish(shorter, movesCases: false)
        let (new, _) = try await tenant.debtor("New", overdueBy: 20)
        #expect(try await version(of: old) == ["friendly", "firm", "final"])
        #expect(try await version(of: new) == ["friendly", "final"])
        #expect(try await tenant.onlyCase(of: old).nextStep == "firm")
        // Now the others are to come along, into a version that has a letter more at its end.
        let more = Step(key: "last", kind: .email, timing: .afterDue(60), template: record.steps[0].template)
        let longer = try await publish(shorter + [more], movesCases: true)
        // One that nobody asked to take cases along, published before the job gets to it.
        let unseen = try await publish([record.steps[0]], movesCases: false)
        func move(to version: ID<WorkflowVersion>) async throws {
            while case .moved = try await tenant.write(
                as: .bulk, { tx, context in try MoveCases(to: version).step(in: &tx, context) })
            {}
        }
        try await move(to: longer)
        let (newest, _) = try await tenant.debtor("Newest", overdueBy: 20)
        #expect(try await version(of: newest) == ["friendly"])
        // The first job runs on, or is repeated: who follows a later version stays there.
        try await move(to: longer)
        #expect(try await version(of: newest) == ["friendly"])
        #expect(try await tenant.count("q.due where tenant_id = $t and ref = '\(unseen.uuid)'") == 0)
        #expect(try await version(of: old) == ["friendly", "final", "last"])
        let moved = try await tenant.onlyCase(of: old)
        #expect(moved.stage == 1 && moved.nextStep == "final")
        // Day 30 is 4 December; its distance to the first letter is kept, and the first letter is not told again.
        #expect(try await courier.live(from: 0, through: 12) == [0, 10])
        #expect(try await tenant.days(ofLettersTo: old) == [0, 10])
        #expect(try await tenant.letters(to: old).map(\.record.stage) == [1, 2])
    }

    @Test func `row outage: after three weeks without a worker everybody gets one letter, and the next a week later`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        var customers: [ID<Customer>] = []
        for number in 0..<10 {
            customers.append(try await tenant.debtor("Debtor \(number)", overdueBy: number * 5).customer)
        }
        #expect(try await courier.live(through: 0) == [0])
        var told: [ID<Customer>: Int] = [:]
        for customer in customers { told[customer] = try await tenant.letters(to: customer).count }
        // Steps of all stages fall due meanwhile; the worker comes back on Tuesday, 15 December.
        #expect(try await courier.live(from: 21, through: 30) == [21, 28])
        for customer in customers {
            let letters = try await tenant.letters(to: customer)
            let before = told[customer] ?? 0
            #expect(letters.count - before == 2)
            #expect(letters.map(\.record.stage) == Array(1...before + 2), "one stage at a time")
        }
        #expect(Set(told.values) == [0, 1])
    }

    @Test
    func
        `row tiny amounts: yen have no cents, dinars have three; too little is told by currency, nothing is no invoice`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let (yen, dinar) = (try #require(Currency("JPY")), try #require(Currency("BHD")))
        let customer = try await tenant.customer()
        try await tenant.invoice(of: customer, overdueBy: 10, 1_000, in: yen)
        try await tenant.invoice(of: customer, overdueBy: 10, 12_345, in: dinar)
        #expect(try await courier.live(through: 0) == [0])
        let letter = try #require(try await tenant.letters(to: customer).first)
        #expect(letter.text.contains("1,000") && !letter.text.contains("1,000.00"), "\(letter.text)")
        #expect(letter.text.contains("12.345"))
        // Ten yen are too little to ask for; ten fils are not.
        _ = try await SetTolerances([Money(minor: 10, currency: yen)]).run(
            on: try tenant.database.database(.api), tenant.context())
        let later = Self.now.adding(days: 1)
        try await tenant.pay(customer, 990, in: yen, at: later)
        try await tenant.pay(customer, 12_335, in: dinar, at: later)
        try await courier.workInternalLane(at: later)
        #expect(try await tenant.cases(of: customer).map(\.facts.state.currency) == [dinar])
        #expect(try await courier.live(from: 1, through: 8) == [7])
        #expect(try await tenant.letters(to: customer).last?.lines.map(\.open.minor) == [10])
        for amount in [0, -1] as [Int64] {
            await #expect(throws: Rejection.self) {
                try await tenant.invoice(of: customer, overdueBy: 10, amount)
            }
        }
        #expect(try await tenant.count("invoice where tenant_id = $t") == 2)
    }
}
