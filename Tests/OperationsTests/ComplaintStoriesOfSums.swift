import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Complaints of users of today's systems about what reminders ask for, and how often (`reference/dunning.md` 2).
@Suite(.database) struct `Complaints about what is asked for, and how often` {
    private static let now = TestTenant.now
    private static let today = TestTenant.today
    private static let euro = Currency("EUR")!

    private static func made() async throws -> (TestTenant, Courier) {
        let tenant = try await TestTenant.make(in: .current())
        return (tenant, try Courier(of: tenant))
    }

    @Test func `complaint 8: invoices of six ages and two currencies are one letter at a time, with all of them in it`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let customer = try await tenant.customer()
        for age in [4, 15, 31, 50, 80] { try await tenant.invoice(of: customer, overdueBy: age) }
        try await tenant.invoice(of: customer, overdueBy: 20, 70_00, in: Self.euro)
        // This one falls due while the others are asked for, and joins them.
        try await tenant.invoice(of: customer, overdueBy: -2)
        #expect(try await courier.live(through: 30) == [0, 7, 14])
        let letters = try await tenant.letters(to: customer)
        #expect(letters.map(\.record.stage) == [1, 2, 3])
        #expect(letters.map(\.lines.count) == [6, 7, 7])
    }

    @Test func `complaint 10: an invoice paid in part stays, with what is left of it to the cent, everywhere`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let (customer, invoice) = try await tenant.debtor(overdueBy: 20, 100_00)
        func left(at day: Int) async throws -> [Int64] {
            let letter = try #require(try await tenant.letters(to: customer).last)
            return [
                letter.lines[0].open.minor, try await tenant.shown(invoice).open.minor,
                try await tenant.asked(customer, at: Self.now.adding(days: day)),
            ]
        }
        #expect(try await courier.live(through: 0) == [0])
        #expect(try await left(at: 0) == [100_00, 100_00, 100_00])
        try await tenant.pay(customer, 33_33, for: [(invoice, 33_33)], at: Self.now.adding(days: 1))
        #expect(try await courier.live(from: 1, through: 7) == [7])
        #expect(try await left(at: 7) == [66_67, 66_67, 66_67])
        #expect(try await tenant.letters(to: customer).last?.text.contains("$66.67") == true)
        try await tenant.pay(customer, 66_66, for: [(invoice, 66_66)], at: Self.now.adding(days: 8))
        #expect(try await courier.live(from: 8, through: 14) == [14])
        #expect(try await left(at: 14) == [1, 1, 1])
        try await tenant.pay(customer, 1, for: [(invoice, 1)], at: Self.now.adding(days: 15))
        #expect(try await courier.live(from: 15, through: 40) == [])
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
        // What was said and paid is all still there.
        #expect(try await tenant.letters(to: customer).map(\.record.stage) == [1, 2, 3])
        #expect(try await tenant.count("ledger_entry where tenant_id = $t and kind = 'payment'") == 3)
    }

    @Test func `complaint 11: credit on account is shown and taken off, and a cancelled invoice is not shown`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let customer = try await tenant.customer()
        let large = try await tenant.invoice(of: customer, overdueBy: 20, 100_00)
        let small = try await tenant.invoice(of: customer, overdueBy: 15, 40_00)
        let wrong = try await tenant.invoice(of: customer, overdueBy: 10, 70_00)
        // Forty of it are for the small one; twenty stay on account.
        try await tenant.credit(customer, 60_00, for: [(small, 40_00)])
        try await tenant.put(wrong, 0)
        #expect(try await tenant.asked(customer) == 80_00)
        #expect(try await courier.live(through: 0) == [0])
        let letter = try #require(try await tenant.letters(to: customer).first)
        #expect(letter.lines.map(\.invoice) == [large])
        #expect(letter.text.contains("$20.00"), "\(letter.text)")
        #expect(!letter.text.contains("70.00"))
        // Another note, and nothing is left to ask for: eighty, and the twenty on account.
        try await tenant.credit(customer, 80_00, at: Self.now.adding(days: 1))
        #expect(try await courier.live(from: 1, through: 20) == [])
        #expect(try await tenant.onlyCase(of: customer).exitReason == .paid)
    }

    @Test func `complaint 12: nobody is reminded who has paid, whose debit is under way, or whose bank is silent`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let (paid, invoice) = try await tenant.debtor("Paid")
        let (pending, _) = try await tenant.debtor("Pending")
        let (owing, _) = try await tenant.debtor("Owing")
        // A worker holds all three when the money is told.
        let claimed = try await courier.claim()
        #expect(claimed.count == 3)
        try await tenant.pay(paid, 100_00, for: [(invoice, 100_00)])
        let debit = try await tenant.pay(pending, 100_00, method: .debit, status: .pending).payment.id
        try await courier.record(.accepted, of: try await courier.arm(claimed).armed, code: 250)
        #expect(try await tenant.days(ofLettersTo: owing) == [0])
        #expect(try await tenant.days(ofLettersTo: paid) == [])
        #expect(try await tenant.days(ofLettersTo: pending) == [])
        // The debit bounces after all.
        try await tenant.finish(debit, .failed, at: Self.now.adding(days: 1))
        #expect(try await courier.live(from: 1, through: 1) == [1])
        // From here on the bank is watched, and says nothing.
        try await tenant.write(at: Self.now.adding(days: 1)) { tx, context in
            _ = try SetSourceAge(of: "bank", hours: SetSourceAge.standardHours).run(in: &tx, context)
        }
        #expect(try await courier.live(from: 3, through: 14) == [])
        #expect(try await tenant.why(owing, at: Self.now.adding(days: 14)).next.first?.reason == .stale)
    }

    @Test func `complaint 17: as many steps as one likes, and what repeats has an end with a person`() async throws {
        let letters = (1...6).map {
            "  - {key: letter_\($0), kind: email, template: Friendly reminder, after_due: \($0 * 4)}"
        }
        let text = """
            name: Long
            gap: 3
            limits: {max_contacts: 20}
            steps:
            \(letters.joined(separator: "\n"))
              - {key: again, kind: repeat, after_previous: 7, back_to: letter_6, times: 3}
            """
        let story = try await WorkflowStory(text)
        let (customer, _) = try await story.tenant.debtor(overdueBy: 4)
        try await story.play()
        let days = try await story.tenant.days(ofLettersTo: customer)
        #expect(days.count == 9, "\(days)")
        #expect(zip(days, days.dropFirst()).allSatisfy { $1 - $0 >= 3 }, "\(days)")
        #expect(try await story.tenant.onlyCase(of: customer).status == .exhausted)
        #expect(try await story.tenant.tasks(of: customer).map(\.kind) == [.call])
        // For ever is not to be had.
        #expect(throws: Rejection.self) {
            try WorkflowDocument(try YAMLDocument.read(text.replacingOccurrences(of: ", times: 3", with: "")))
        }
    }

    @Test func `complaint 21: each currency and each brand has a ladder of its own`() async throws {
        let (tenant, courier) = try await Self.made()
        let (customer, _) = try await tenant.debtor()
        #expect(try await courier.live(through: 0) == [0])
        let other = try await tenant.addBrand("Borealis")
        try await tenant.invoice(of: customer, overdueBy: 10, brand: other, at: Self.now.adding(days: 1))
        // Thursday is Thanksgiving; on Tuesday the first brand's second letter.
        #expect(try await courier.live(from: 1, through: 7) == [3, 7])
        try await tenant.invoice(of: customer, overdueBy: 10, in: Self.euro, at: Self.now.adding(days: 8))
        #expect(try await courier.live(from: 8, through: 9) == [9])
        let stages = try await tenant.cases(of: customer).map {
            "\($0.facts.brand.id == tenant.brand ? "Acme" : "Borealis") \($0.facts.state.currency.code) \($0.facts.state.stage)"
        }
        #expect(stages.sorted() == ["Acme EUR 1", "Acme USD 2", "Borealis USD 1"])
    }

    @Test
    func `complaint 25: no letter on a holiday, no days with a sign, and one more invoice brings no letter sooner`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        // Day 3 after Monday is Thanksgiving.
        let (customer, first) = try await tenant.debtor(overdueBy: 1)
        #expect(try await courier.live(through: 3) == [3])
        // On Saturday an older invoice comes in: a week lies between two letters all the same, and the next lists both.
        let second = try await tenant.invoice(of: customer, overdueBy: 9, at: Self.now.adding(days: 4))
        #expect(try await courier.live(from: 4, through: 16) == [10])
        #expect(
            try await tenant.letters(to: customer).map { Set($0.lines.map(\.invoice)) } == [[first], [first, second]])
        func days(_ timing: String) throws -> Step.Timing? {
            let text = """
                name: Signs
                steps:
                  - {key: one, kind: email, template: Friendly reminder, \(timing)}
                  - {key: two, kind: email, template: Firm reminder, after_due: 30}
                """
            return try WorkflowDocument(try YAMLDocument.read(text)).steps.first?.step.timing
        }
        #expect(try days("before_due: 3") == .beforeDue(3))
        #expect(try days("after_due: 3") == .afterDue(3))
        #expect(throws: Rejection.self) { try days("after_due: -3") }
    }
}
