import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// An invoice in instalments, from the request to the letter.
@Suite(.database) struct InstalmentTests {
    private static let today = TestTenant.today

    private static func made() async throws -> (tenant: TestTenant, customer: ID<Customer>, invoice: ID<Invoice>) {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let customer = try await tenant.customer()
        let record = try RecordInvoice(
            externalID: "2041", customer: customer, dueDate: nil,
            total: Money(minor: 300_00, currency: TestTenant.dollar),
            instalments: [-40, -10, 20].map { Instalment(dueDate: today.adding($0), amount: 100_00) })
        let invoice = try await tenant.write { tx, context in try record.run(in: &tx, context).invoice.id }
        return (tenant, customer, invoice)
    }

    private static func overdue(_ tenant: TestTenant) async throws -> Int {
        try await tenant.read { tx, context in
            try tx.invoices(customer: nil, state: "overdue", before: nil, count: 9, now: context.now).count
        }
    }

    @Test
    func `row instalments: the letter lists those that are overdue, under their numbers, as one line of the invoice`()
        async throws
    {
        let (tenant, customer, invoice) = try await Self.made()
        try await tenant.pay(customer, 30_00)
        let armed = try #require(try await Courier(of: tenant).arm().armed.first)
        let detail = try #require(try await tenant.read { tx, _ in try tx.message(armed.message) })
        #expect(detail.text.contains("2041 (1/3)"))
        #expect(detail.text.contains("2041 (2/3)"))
        #expect(!detail.text.contains("2041 (3/3)"))
        #expect(detail.text.contains("$70.00"))
        #expect(detail.text.contains("$170.00"))
        #expect(detail.lines.map(\.invoice) == [invoice])
        #expect(detail.lines.first?.open.minor == 170_00)
        #expect(detail.lines.first?.daysOverdue == 40)
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    @Test func `row instalments: it is overdue while any instalment that was due is not paid, and not after`()
        async throws
    {
        let (tenant, customer, invoice) = try await Self.made()
        #expect(try await Self.overdue(tenant) == 1)
        try await tenant.pay(customer, 199_99)
        #expect(try await Self.overdue(tenant) == 1)
        #expect(try await tenant.asked(customer) == 100_01)
        try await tenant.pay(customer, 1)
        #expect(try await Self.overdue(tenant) == 0)
        let due = try #require(try await tenant.onlyCase(of: customer).nextDueAt)
        // Three days after the last one is due, moved off the weekend.
        #expect(TestTenant.zone.day(of: due) >= Self.today.adding(23))
        #expect(try await tenant.shown(invoice).instalments.count == 3)
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    @Test func `a lowered total is taken off the youngest, and a new plan replaces the old from today`() async throws {
        let (tenant, customer, invoice) = try await Self.made()
        try await tenant.put(invoice, 150_00)
        let parts = try await tenant.cases(of: customer).first?.facts.invoices.map(\.total)
        #expect(parts == [100_00, 50_00])
        let plan = [5, 35].map { Instalment(dueDate: Self.today.adding($0), amount: 75_00) }
        try await tenant.put(invoice, 150_00, instalments: .to(plan))
        #expect(try await Self.overdue(tenant) == 0)
        #expect(try await tenant.shown(invoice).dueDate == Self.today.adding(5))
        try await tenant.put(invoice, 150_00, dueDate: .to(Self.today.adding(-3)), instalments: .to([]))
        #expect(try await Self.overdue(tenant) == 1)
        #expect(try await tenant.shown(invoice).instalments == [])
    }

    @Test(arguments: [
        ([100_00, 200_01], "/instalments other_sum"), ([300_00], "/instalments out_of_range"),
        ([300_00, 0], "/instalments/1/amount not_positive"),
    ]) func `a plan that is none is refused`(amounts: [Int64], problem: String) throws {
        let rejection = #expect(throws: Rejection.self) {
            _ = try RecordInvoice(
                SourceName("x"), customer: .externalID("C"), dueDate: nil,
                total: Money(minor: 300_00, currency: TestTenant.dollar),
                instalments: amounts.enumerated().map { .init(dueDate: Self.today.adding($0), amount: $1) })
        }
        guard case .invalid(let problems)? = rejection else { return }
        #expect(problems.map { "\($0.pointer) \($0.code)" } == [problem])
    }
}
