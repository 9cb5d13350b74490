import Dunning
import Foundation
import Postgres
import Store
import Support
import Testing

@testable import Operations

/// What was decided about going live, consolidated messages and contact caps (architecture 5.1 to 5.3), as it is lived.
@Suite(.database) struct `Decisions about who is written to` {
    private static let now = TestTenant.now
    private static let today = TestTenant.today
    private static let euro = Currency("EUR")!

    private static func made(isLive: Bool = true) async throws -> (TestTenant, Courier) {
        let tenant = try await TestTenant.make(in: .current(), isLive: isLive)
        return (tenant, try Courier(of: tenant))
    }

    // MARK: Going live

    @Test func `decision 5.1: in shadow the next step is planned and shown, nothing is sent, and no stage rises`()
        async throws
    {
        let (tenant, courier) = try await Self.made(isLive: false)
        let (customer, _) = try await tenant.debtor(overdueBy: 20)
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'step'") == 0)
        #expect(try await courier.live(through: 20) == [])
        #expect(try await tenant.count("message where tenant_id = $t") == 0)
        let found = try await tenant.onlyCase(of: customer)
        #expect(found.status == .active && found.stage == 0 && found.nextStep == "friendly")
        let next = try #require(try await tenant.why(customer).next.first)
        #expect(next.step == "friendly" && next.dueAt != nil && next.reason == .shadow)
    }

    @Test(
        arguments: [
            (.firstStage, 1, 3, []), (.byAgeCapped(2), 2, 3, ["friendly"]),
            (.byAgeCapped(9), 3, 3, ["friendly", "firm"]),
            (.ignoreOlderThan(30), 1, 2, []),
        ] as [(EntryPolicy, Int, Int, [String])])
    func `decision 5.1: by whatever policy it enters, a customer gets one first letter, in the next window`(
        policy: EntryPolicy, stage: Int, lines: Int, passedOver: [String]
    ) async throws {
        let (tenant, courier) = try await Self.made(isLive: false)
        let (customer, _) = try await tenant.debtor(overdueBy: 40)
        for age in [25, 5] { try await tenant.invoice(of: customer, overdueBy: age) }
        // Eight in the evening.
        let evening = try #require(Instant(rfc3339: "2026-11-25T01:00:00Z"))
        guard
            case .preview(let preview) = try await tenant.write(
                as: .bulk, at: evening, { tx, context in try Activate(policy: policy).run(in: &tx, context) })
        else { throw TestServer.Unusable("no preview") }
        try await tenant.write(as: .bulk, at: evening) { tx, context in
            _ = try Activate(policy: policy, confirmation: preview.confirmation).run(in: &tx, context)
        }
        try await courier.workInternalLane(at: evening)
        #expect(try await courier.deliver(at: evening).isEmpty)
        #expect(try await courier.live(from: 1, through: 6) == [1])
        let letters = try await tenant.letters(to: customer)
        #expect(letters.map(\.record.stage) == [stage])
        #expect(letters.map(\.lines.count) == [lines])
        // Only what lies below the first letter is passed over.
        let skipped = try await tenant.skipped(of: customer).filter { $0.hasSuffix(" before_enrolment") }
        #expect(skipped == passedOver.map { "\($0) before_enrolment" })
    }

    @Test
    func `decision 5.1: an old debt from a file waits for a person, one the API writes begins at the first stage`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let (written, _) = try await tenant.debtor("Written", overdueBy: 200)
        // Overdue by 91 days; the other by 90.
        let old = try await ImportFixture(tenant).take("c1,ap@one.test,i1,2026-07-01,2026-08-25,100.00,\n")
        let young = try await ImportFixture(tenant).take("c2,ap@two.test,i2,2026-07-01,2026-08-26,100.00,\n")
        #expect(old.record.entry == .review && young.record.entry == .firstStage)
        #expect(try await courier.live(through: 1) == [0])
        #expect(try await tenant.letters(to: written).map(\.record.stage) == [1])
        let (waiting, entered) = (try await tenant.customer(named: "c1"), try await tenant.customer(named: "c2"))
        #expect(try await tenant.letters(to: entered).map(\.record.stage) == [1])
        #expect(try await tenant.letters(to: waiting).isEmpty)
        #expect(try await tenant.onlyCase(of: waiting).status == .pending)
        #expect(try await tenant.why(waiting).next.first?.reason == .review)
    }

    // MARK: One message

    @Test
    func `decision 5.2: the case with the highest stage gives the letter over both its tone, and each goes its way`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let (customer, _) = try await tenant.debtor()
        #expect(try await courier.live(through: 5) == [0])
        // The euros come on Monday; the second letter about the dollars is due on Tuesday, and goes along.
        try await tenant.invoice(of: customer, overdueBy: 10, 70_00, in: Self.euro, at: Self.now.adding(days: 6))
        #expect(try await courier.live(from: 6, through: 8) == [6])
        let letters = try await tenant.letters(to: customer)
        #expect(letters.map(\.record.stage) == [1, 2])
        #expect(letters.last?.lines.map(\.open.currency.code).sorted() == ["EUR", "USD"])
        #expect(letters.first?.record.subject != letters.last?.record.subject)
        let stages = try await tenant.cases(of: customer).map {
            "\($0.facts.state.currency.code) \($0.facts.state.stage) \($0.facts.state.position ?? "")"
        }
        #expect(stages.sorted() == ["EUR 1 friendly", "USD 2 firm"])
    }

    @Test func `decision 5.2: while one of its cases is locked the whole letter waits, and then leaves with both`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        let (customer, _) = try await tenant.debtor()
        try await tenant.invoice(of: customer, overdueBy: 10, 70_00, in: Self.euro)
        let claims = try await courier.claim()
        #expect(claims.count == 2)
        var elsewhere = try tenant.database.session(as: .owner)
        _ = try elsewhere.run(
            """
            begin;
            select 1 from enrolment where tenant_id = '\(tenant.id.uuid)' and currency = 'EUR' for update
            """)
        let blocked = try await courier.arm(claims)
        #expect(blocked.armed.isEmpty && blocked.returned > 0)
        #expect(try await tenant.count("message where tenant_id = $t") == 0)
        _ = try elsewhere.run("rollback")
        #expect(try await courier.deliver(at: Self.now.adding(seconds: 2)).count == 1)
        #expect(try await tenant.letters(to: customer).map(\.lines.count) == [2])
    }

    // MARK: Caps

    @Test
    func `decision 5.3: what nobody knows is a contact, a bounce is none, a second try is no second, by hand is one`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        for name in ["unknown", "bounced", "again"] {
            _ = try await tenant.debtor(name, email: "\(name)@caps.example")
        }
        // Planned for Friday, and sent today by a person.
        let (hand, _) = try await tenant.debtor("hand", email: "hand@caps.example", overdueBy: 1)
        let enrolment = try await tenant.onlyCase(of: hand).id
        try await tenant.write { tx, context in _ = try SendNow(enrolment).run(in: &tx, context) }
        let armed = try await courier.arm().armed
        #expect(armed.count == 4)
        func to(_ name: String) -> [ArmedMessage] { armed.filter { $0.recipient == "\(name)@caps.example" } }
        try await courier.record(.unknown, of: to("unknown"))
        try await courier.record(.permanent(suppresses: true), of: to("bounced"), code: 550)
        try await courier.record(.transient(retryAfter: 600), of: to("again"), code: 451)
        try await courier.record(.accepted, of: to("hand"), code: 250)
        #expect(try await courier.deliver(at: Self.now.adding(seconds: 600)).count == 1)
        let counted = try await tenant.admin(
            "select address_key, count(*)::text from contact_budget where tenant_id = $t group by 1 order by 1")
        #expect(counted == ["again", "hand", "unknown"].map { ["\($0)@caps.example", "1"] })
    }

    @Test func `decision 5.3: two days apart are two days of the contact's own`() async throws {
        let story = try await WorkflowStory(
            """
            name: Quick
            gap: 0
            limits: {max_contacts: 5}
            steps:
              - {key: one, kind: email, template: Friendly reminder, after_due: 3}
              - {key: two, kind: email, template: Friendly reminder, after_due: 3}
            """)
        let (tenant, courier) = (story.tenant, story.courier)
        let sydney = try #require(Zone("Australia/Sydney"))
        // Half past five on Wednesday in Sydney; half past one on Wednesday in New York.
        let late = try #require(Instant(rfc3339: "2026-11-25T06:30:00Z"))
        let customer = try await tenant.customer(zone: sydney, at: late)
        try await tenant.invoice(of: customer, overdueBy: 10, at: late)
        #expect(try await courier.deliver(at: late).count == 1)
        #expect(try await courier.deliver(at: late.adding(minutes: 1)).isEmpty)
        // On Friday morning in Sydney it is Thursday in New York: there, the day after.
        let next = try await tenant.nextDue(of: customer)
        #expect(sydney.day(of: next) == Self.today.adding(3) && sydney.time(of: next) < 11 * 3_600)
        #expect(TestTenant.zone.day(of: next) == Self.today.adding(2))
        #expect(try await courier.deliver(at: next).count == 1)
        #expect(
            try await tenant.value(
                "select string_agg(day::text, ' ' order by day) from contact_budget where tenant_id = $t")
                == "2026-11-25 2026-11-27")
    }

    @Test func `decision 5.3: one address is one person in whatever spelling, and with a tag it is another`()
        async throws
    {
        let (tenant, courier) = try await Self.made()
        for address in [
            "Anna@Bücher.example", "anna@xn--bcher-kva.example", "anna+bills@xn--bcher-kva.example",
        ] {
            _ = try await tenant.debtor(address, email: address)
        }
        #expect(try await courier.live(through: 0) == [0])
        let keys = try await tenant.admin("select address_key from contact_budget where tenant_id = $t order by 1")
        #expect(keys == [["anna+bills@xn--bcher-kva.example"], ["anna@xn--bcher-kva.example"]])
        // Two days later is Thanksgiving.
        #expect(try await courier.live(from: 1, through: 6) == [3])
        #expect(try await tenant.count("contact_budget where tenant_id = $t") == 3)
    }
}
