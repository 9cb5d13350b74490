import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// A tenant whose brand follows a workflow written as YAML, and a clock that goes from one due step to the next.
struct WorkflowStory {
    let tenant: TestTenant
    let courier: Courier
    /// Reminds a person of the steps of the standard texts.
    static let end = TestTenant.now.adding(days: 200)

    init(_ yaml: String, in database: TestDatabase? = nil) async throws {
        tenant = try await TestTenant.make(in: try database ?? TestDatabase.current())
        courier = try Courier(of: tenant)
        let put = PutWorkflow(try WorkflowDocument(try YAMLDocument.read(yaml)))
        let brand = tenant.brand
        try await tenant.write { tx, context in
            let workflow = try put.run(in: &tx, context).record.id
            var change = BrandChange()
            change.workflow = .to(workflow)
            _ = try ChangeBrand(brand, change).run(in: &tx, context)
        }
    }

    /// Works whatever is due, when it is due, until nothing is or the day is over; when it stopped.
    @discardableResult
    func play(from start: Instant = TestTenant.now, until end: Instant = WorkflowStory.end) async throws -> Instant {
        var now = start
        for _ in 0..<300 {
            let next = try await tenant.value(
                "select (extract(epoch from min(due_at)) * 1000000)::bigint from step_run where tenant_id = $t and state = 'planned'"
            )
            guard let due = next.flatMap(Int64.init) else { return now }
            guard due <= end.microseconds else { return end }
            now = max(Instant(microseconds: due), now).adding(seconds: 1)
            try await courier.deliver(at: now)
            try await courier.workInternalLane(at: now)
        }
        throw TestServer.Unusable("the story does not come to an end")
    }

    /// The steps of a customer's cases in the order in which they ended: `firm done`, `call skipped condition_false`.
    func steps(of customer: ID<Customer>) async throws -> [String] {
        try await tenant.admin(
            """
            select step_key || ' ' || state || coalesce(' ' || reason, '') from step_run
            where tenant_id = $t and customer_id = '\(customer.uuid)' and state in ('done', 'skipped')
            order by finished_at, step_run_id
            """
        ).compactMap { $0.first ?? nil }
    }

    func why(_ customer: ID<Customer>, at now: Instant = TestTenant.now) async throws -> Explanation {
        try await tenant.read(at: now) { tx, context in try Explain.customer(customer, in: &tx, context) }
    }

    /// The day in New York on which a step of a customer ended, counted from the first day.
    func days(of key: String, _ customer: ID<Customer>) async throws -> [Int] {
        try await tenant.admin(
            """
            select (finished_at at time zone 'America/New_York')::date - '\(TestTenant.today)'::date from step_run
            where tenant_id = $t and customer_id = '\(customer.uuid)' and step_key = '\(key)' and state = 'done'
            order by finished_at
            """
        ).compactMap { $0.first.flatMap { $0 }.flatMap(Int.init) }
    }
}
