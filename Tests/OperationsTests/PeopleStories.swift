import Dunning
import Operations
import Postgres
import Store
import Support
import Testing

/// What collectors live through, told as it happens.
@Suite(.database) struct PeopleStories {
    private static let now = TestTenant.now

    @Test func `complaint 14: Bluebird asks to be left alone about one invoice, Cooper altogether until January`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (bluebird, disputed) = try await tenant.debtor("Bluebird")
        let other = try await tenant.invoice(of: bluebird, overdueBy: 9, 50_00)
        let (cooper, _) = try await tenant.debtor("Cooper")
        let january = try #require(Instant(rfc3339: "2027-01-04T05:00:00Z"))
        let one = try PlaceHold(on: .invoice(disputed), reason: "goods_returned", note: "credit note to come")
        let all = try PlaceHold(on: .customer(cooper), reason: "flood", until: january)
        try await tenant.write { tx, context in
            _ = try one.run(in: &tx, context)
            _ = try all.run(in: &tx, context)
        }
        #expect(try await courier.live(through: 2) == [0])
        // Bluebird hears of the other invoice only; Cooper hears nothing, and why says until when.
        #expect(try await tenant.letters(to: bluebird).map { $0.lines.map(\.invoice) } == [[other]])
        #expect(try await tenant.letters(to: cooper).isEmpty)
        let why = try await tenant.read { tx, context in try Explain.customer(cooper, in: &tx, context) }
        #expect(why.next.first?.reason == .held)
        let due = try #require(try await tenant.onlyCase(of: cooper).nextDueAt)
        #expect(due >= january && due < january.adding(days: 2))
        #expect(try await courier.deliver(at: due).count >= 1)
        #expect(try await tenant.letters(to: cooper).count == 1)
    }

    @Test func `complaint 15: a promise pauses chasing, and chasing goes on by itself when it is broken`() async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor(overdueBy: 20)
        #expect(try await courier.live(through: 0) == [0])
        // They call: we pay on Friday next week.
        let task = try await tenant.openTask(.call, of: customer)
        try await tenant.close(
            task, .promised, agreement: .promise(dueOn: TestTenant.today.adding(10), amount: nil, invoices: nil))
        let words = try await tenant.read { tx, context in try Explain.invoice(invoice, in: &tx, context).words }
        #expect(words.contains { $0.contains("has promised $100.00 by 2026-12-04") }, "\(words)")
        // Not a word for the promised ten days and two of grace; then the next letter, at the stage the case had.
        #expect(try await courier.live(from: 1, through: 12) == [])
        #expect(try await courier.live(from: 13, through: 14) == [13])
        #expect(try await tenant.letters(to: customer).map(\.record.stage) == [1, 2])
        #expect(try await tenant.audited("promise.broken", of: customer) == 1)
    }

    @Test func `a promise that is kept ends the case without another word`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor(overdueBy: 20)
        _ = try await courier.live(through: 0)
        try await tenant.promise([invoice], dueIn: 10)
        try await tenant.pay(customer, 100_00, for: [(invoice, 100_00)], at: Self.now.adding(days: 10))
        #expect(try await courier.live(from: 1, through: 20) == [])
        #expect(try await tenant.audited("promise.kept", of: customer) == 1)
        #expect(try await tenant.onlyCase(of: customer).status == .exited)
    }

    @Test func `row promise on part of the debt: the rest goes on, and the letter leaves out what is promised`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, promised) = try await tenant.debtor(overdueBy: 20, 700_00)
        let rest = try await tenant.invoice(of: customer, overdueBy: 15, 50_00)
        try await tenant.promise([promised], dueIn: 10)
        #expect(try await courier.live(through: 1) == [0])
        let letter = try #require(try await tenant.letters(to: customer).first)
        #expect(letter.lines.map(\.invoice) == [rest])
        #expect(letter.text.contains("$50.00"))
        #expect(!letter.text.contains("700"))
    }

    @Test func `row contact changed: the next letter goes to the new one, and the stage stays`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, _) = try await tenant.debtor(email: "old@bluebird.example", overdueBy: 20)
        #expect(try await courier.live(through: 0) == [0])
        let contact = try #require(
            try await tenant.read { tx, _ in try tx.contacts(of: customer, Page(count: 1)).first?.id })
        let change = try UpdateContact(contact, email: .to(try EmailAddress("new@bluebird.example")))
        try await tenant.write { tx, context in _ = try change.run(in: &tx, context) }
        _ = try await courier.live(from: 1, through: 8)
        let letters = try await tenant.letters(to: customer)
        #expect(letters.map(\.record.address) == ["old@bluebird.example", "new@bluebird.example"])
        #expect(letters.map(\.record.stage) == [1, 2])
    }

    @Test func `row contact changed: a workflow that says so repeats its last notice there, once`() async throws {
        let story = try await WorkflowStory(
            """
            name: Again
            gap: 7
            steps:
              - {key: friendly, kind: email, template: Friendly reminder, after_due: 3}
              - {key: again, kind: email, template: Friendly reminder, on_event: contact_changed}
              - {key: firm, kind: email, template: Firm reminder, after_due: 30}
            """)
        let (tenant, courier) = (story.tenant, story.courier)
        let (customer, _) = try await tenant.debtor(email: "old@bluebird.example", overdueBy: 20)
        let contact = try #require(
            try await tenant.read { tx, _ in try tx.contacts(of: customer, Page(count: 1)).first?.id })
        func move(_ email: String?, name: String? = nil, at day: Int) async throws {
            let change = try UpdateContact(
                contact, name: name.map { .to($0) } ?? .keep,
                email: try email.map { .to(try EmailAddress($0)) } ?? .keep)
            try await tenant.write(at: Self.now.adding(days: day)) { tx, context in
                _ = try change.run(in: &tx, context)
            }
        }
        // Before anything was sent there is nothing to repeat.
        try await move("first@bluebird.example", at: 0)
        #expect(try await courier.live(through: 0) == [0])
        try await move("new@bluebird.example", at: 1)
        // Another name is no other address.
        try await move(nil, name: "Grace", at: 1)
        #expect(try await courier.live(from: 1, through: 9) == [1])
        let letters = try await tenant.letters(to: customer)
        #expect(letters.map(\.record.address) == ["first@bluebird.example", "new@bluebird.example"])
        #expect(letters.map(\.record.stage) == [1, 1])
        #expect(try await courier.live(from: 10, through: 14).count == 1)
        #expect(try await tenant.letters(to: customer).map(\.record.stage) == [1, 1, 2])
    }

    @Test func `row payment reversed: the invoice is open again, and the case resumes where it had stopped`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor(overdueBy: 20)
        #expect(try await courier.live(through: 7) == [0, 7])
        let paid = try await tenant.pay(customer, 100_00, for: [(invoice, 100_00)], at: Self.now.adding(days: 8))
        #expect(try await courier.live(from: 8, through: 19) == [])
        try await tenant.reverse(paid.payment.id, at: Self.now.adding(days: 20))
        let days = try await courier.live(from: 20, through: 36)
        let stages = try await tenant.letters(to: customer).map(\.record.stage)
        // A new cycle at the saved stage: never back to the first, never a burst.
        #expect(days.count == 2 && days[1] - days[0] >= 7, "\(days)")
        #expect(stages == [1, 2, 2, 3], "\(stages)")
    }

    @Test func `row payment reversed: a task names what came back, and the case rests for the days of its workflow`()
        async throws
    {
        let story = try await WorkflowStory(
            """
            name: Cautious
            gap: 7
            limits: {on_reversal: 9}
            steps:
              - {key: friendly, kind: email, template: Friendly reminder, after_due: 3}
              - {key: firm, kind: email, template: Firm reminder, after_due: 14}
            """)
        let (tenant, courier) = (story.tenant, story.courier)
        let (customer, invoice) = try await tenant.debtor("Bluebird", overdueBy: 5)
        #expect(try await courier.live(through: 0) == [0])
        let paid = try await tenant.pay(customer, 100_00, for: [(invoice, 100_00)], at: Self.now.adding(days: 1))
        let back = Self.now.adding(days: 13)
        try await tenant.reverse(paid.payment.id, at: back)
        let task = try #require(
            try await tenant.read { tx, _ in
                try tx.tasks(Page(count: 5), TaskFilter(state: .open, customer: customer, kind: .review)).first
            })
        let number = try await tenant.shown(invoice).number
        #expect(task.title == "$100.00 of Bluebird was taken back")
        #expect(
            task.script.contains(paid.payment.name.externalID) && task.script.contains("chargeback")
                && task.script.contains(number), "\(task.script)")
        #expect(try await tenant.cases(of: customer, at: back).first?.id == task.enrolment)
        let why = try #require(try await story.why(customer, at: back).next.first)
        #expect(why.reason == .coolDown && why.words.contains("a payment was taken back"), "\(why.words)")
        // Monday the 7th, and nine days: on Thursday the 17th the letter that would have been next goes out.
        #expect(try await courier.live(from: 13, through: 24) == [23])
        #expect(try await tenant.letters(to: customer).map(\.record.stage) == [1, 1])
        #expect(try await tenant.count("task where tenant_id = $t and kind = 'review'") == 1)
        #expect(try await tenant.count("hold where tenant_id = $t and reason = 'payment_reversed'") == 1)
    }

    @Test func `instalments agreed on the telephone: quiet while they come, and chasing goes on when one does not`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor(overdueBy: 20, 300_00)
        try await tenant.plan([invoice], [(3, 100_00), (13, 100_00), (23, 100_00)])
        try await tenant.pay(customer, 100_00, for: [(invoice, 100_00)], at: Self.now.adding(days: 3))
        // The second one never comes: its day is the 13th, and two of grace.
        #expect(try await courier.live(through: 20) == [16])
        #expect(try await tenant.letters(to: customer).first?.lines.first?.open.minor == 200_00)
    }
}
