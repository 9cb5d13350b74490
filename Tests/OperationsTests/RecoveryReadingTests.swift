import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

@Suite(.database) struct `Recovery and promises of a tenant` {
    private let mature = Day("2026-12-31")!

    private func contacted(_ count: Int) async throws -> (TestTenant, [(customer: ID<Customer>, invoice: ID<Invoice>)])
    {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        var debtors: [(customer: ID<Customer>, invoice: ID<Invoice>)] = []
        for index in 0..<count { debtors.append(try await tenant.debtor("Debtor \(index)")) }
        for _ in 0..<3 {
            let armed = try await courier.arm().armed
            if armed.isEmpty { break }
            try await courier.record(.accepted, of: armed)
        }
        return (tenant, debtors)
    }

    @Test
    func
        `decision 5.10: recovery counts cases from their first contact, money from the day after it, when thirty days are over`()
        async throws
    {
        let (tenant, debtors) = try await contacted(4)
        // Paid in full in time, half in time, on the very day, too late.
        try await tenant.pay(
            debtors[0].customer, 100_00, for: [(debtors[0].invoice, 100_00)], at: TestTenant.now.adding(days: 10))
        try await tenant.pay(
            debtors[1].customer, 50_00, for: [(debtors[1].invoice, 50_00)], at: TestTenant.now.adding(days: 30))
        try await tenant.pay(debtors[2].customer, 100_00, for: [(debtors[2].invoice, 100_00)])
        try await tenant.pay(
            debtors[3].customer, 100_00, for: [(debtors[3].invoice, 100_00)], at: TestTenant.now.adding(days: 31))
        let read = try ReadRecovery(from: TestTenant.today, to: TestTenant.today, asOf: mature)
        let cohorts = try await tenant.read { tx, context in try read.run(in: &tx, context).cohorts }
        let cohort = try #require(cohorts.first)
        #expect(cohorts.count == 1 && cohort.isMature && cohort.month.description == "2026-11")
        #expect(cohort.within.episodes == 4 && cohort.within.recovered == 1)
        #expect(cohort.within.count.value == 25 && cohort.within.amount.value == 37.5)
        #expect(cohort.within.interval == Interval.wilson(1, of: 4))
        #expect(cohort.change.points.reason == .noEarlierCohort)
        #expect(cohort.toDate.rates.recovered == 2 && cohort.toDate.inProgress == 1)
        let early = try ReadRecovery(from: TestTenant.today, to: TestTenant.today, asOf: Day("2026-12-29")!)
        let young = try await tenant.read { tx, context in try early.run(in: &tx, context).cohorts }
        #expect(young.first?.within.count.reason == .immatureCohort && young.first?.isMature == false)
        // On the day before it nobody had been written to.
        let before = try ReadRecovery(from: TestTenant.today, to: TestTenant.today, asOf: TestTenant.today.adding(-1))
        let none = try await tenant.read { tx, context in try before.run(in: &tx, context).cohorts }
        #expect(none.isEmpty)
        let behind = ReadInvoicesBehind(.recovery, from: TestTenant.today, to: mature, page: Page(count: 10))
        let lines = try await tenant.read { tx, context in try behind.run(in: &tx, context).lines }
        #expect(Set(lines.map(\.invoice.id)) == Set(debtors.map(\.invoice)))
    }

    @Test func `judge promises by the money for what was promised`() async throws {
        let (tenant, debtors) = try await contacted(4)
        let due = TestTenant.today.adding(5)
        func promise(_ index: Int, named: Bool, cancelled: Bool = false) async throws {
            let id = UUID()
            try await tenant.admin(
                """
                insert into promise (tenant_id, promise_id, customer_id, brand_id, currency, amount, made_on, due_on,
                    cancelled_on, cancel_reason, note, created_at)
                values ($t, '\(id)', '\(debtors[index].customer.uuid)', '\(tenant.brand.uuid)', 'USD', 10000,
                    '\(TestTenant.today)', '\(due)', \(cancelled ? "'\(TestTenant.today)', 'dispute'" : "null, null"), '',
                    '\(TestTenant.now)')
                """)
            guard named else { return }
            try await tenant.admin(
                "insert into promise_invoice values ($t, '\(id)', '\(debtors[index].invoice.uuid)')")
        }
        try await promise(0, named: true)
        try await promise(1, named: false)
        try await promise(2, named: true)
        try await promise(3, named: true, cancelled: true)
        try await tenant.pay(
            debtors[0].customer, 95_00, for: [(debtors[0].invoice, 95_00)], at: TestTenant.now.adding(days: 7))
        try await tenant.pay(debtors[1].customer, 40_00, at: TestTenant.now.adding(days: 2))
        func groups(_ asOf: Day) async throws -> [ReadPromises.Group] {
            let read = ReadPromises(from: TestTenant.today, to: due, asOf: asOf)
            return try await tenant.read { tx, context in try read.run(in: &tx, context).groups }
        }
        let rates = try #require(try await groups(due.adding(3)).first).rates
        #expect(rates.standings == [.kept: 1, .partlyKept: 1, .broken: 1, .cancelled: 1])
        #expect(rates.count.value.map { abs($0 - 100.0 / 3) < 1e-9 } ?? false)
        #expect(rates.amount.value.map { abs($0 - 45) < 1e-9 } ?? false)
        #expect(try await groups(due.adding(2)).first?.rates.standings[.pending] == 2)
    }

    @Test func `are read by the metrics program's role`() async throws {
        let (tenant, debtors) = try await contacted(2)
        try await tenant.pay(debtors[0].customer, 100_00, for: [(debtors[0].invoice, 100_00)])
        let families = try await tenant.read(as: .metrics, at: TestTenant.now.adding(days: 40)) { tx, context in
            try ReadSamples().run(in: &tx, context)
        }
        #expect(families.map(\.name).contains("recoup_ar_minor_units"))
        #expect(families.first { $0.name == "recoup_recovery_ratio" }?.values.count == 2)
        let labelled = SampleFamily.merged(
            families.map { $0.labelled(tenant: tenant.id) } + families.map { $0.labelled(tenant: tenant.id) })
        #expect(labelled.allSatisfy { $0.labels.first == "tenant" } && labelled.count == families.count)
    }
}
