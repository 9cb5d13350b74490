import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support

/// A worker that looks in once a day, at noon in New York: what stories need of one.
extension Courier {
    /// Works and sends what is due on each of these days, counted from ``TestTenant/today``; those on which something went out.
    @discardableResult
    func live(from first: Int = 0, through last: Int) async throws -> [Int] {
        var days: [Int] = []
        for day in first...last {
            let noon = TestTenant.now.adding(days: day)
            try await workInternalLane(at: noon)
            if try await !deliver(at: noon).isEmpty { days.append(day) }
        }
        return days
    }
}

extension TestTenant {
    /// What was sent to a customer, the oldest first.
    func letters(to customer: ID<Customer>) async throws -> [MessageDetail] {
        try await read { tx, _ in
            try tx.messages(customer: customer, invoice: nil, before: nil, count: 50).reversed().compactMap {
                try tx.message($0.id)
            }
        }
    }

    /// The days on which a customer was written to, counted from ``today`` in the brand's zone.
    func days(ofLettersTo customer: ID<Customer>) async throws -> [Int] {
        try await letters(to: customer).map { Self.today.distance(to: Self.zone.day(of: $0.record.armedAt)) }
    }

    /// When the next step of the customer's only case is due.
    func nextDue(of customer: ID<Customer>) async throws -> Instant {
        guard let due = try await onlyCase(of: customer).nextDueAt else { throw TestServer.Unusable("no step is due") }
        return due
    }

    /// `friendly before_enrolment`: the steps of a customer that were skipped, in the order of their ladder.
    func skipped(of customer: ID<Customer>) async throws -> [String] {
        try await admin(
            """
            select step_key || ' ' || reason from step_run
            where tenant_id = $t and customer_id = '\(customer.uuid)' and state = 'skipped' order by finished_at, stage
            """
        ).compactMap { $0.first ?? nil }
    }

    /// A customer by the name its source has for it.
    func customer(named externalID: String) async throws -> ID<Customer> {
        let text = try await value(
            "select customer_id from customer where tenant_id = $t and external_id = '\(externalID)'")
        guard let id = text.flatMap({ UUID(uuidString: $0) }) else {
            throw TestServer.Unusable("there is no customer \(externalID)")
        }
        return ID(id)
    }

    /// An invoice with the days it states, recorded at `now`.
    @discardableResult
    func invoice(
        of customer: ID<Customer>, issued: Day? = nil, due: Day?, _ amount: Int64 = 100_00, at now: Instant
    ) async throws -> ID<Invoice> {
        let record = try RecordInvoice(
            externalID: "I-\(String(UInt64.random(in: 0 ... .max), radix: 36))", customer: customer, brand: brand,
            issueDate: issued, dueDate: due, total: Money(minor: amount, currency: Self.dollar))
        return try await write(at: now) { tx, context in try record.run(in: &tx, context).invoice.id }
    }

    /// Changes the brand.
    func changeBrand(
        at now: Instant = TestTenant.now, _ change: @escaping @Sendable (inout BrandChange) -> Void
    ) async throws {
        let brand = brand
        try await write(at: now) { tx, context in
            var wanted = BrandChange()
            change(&wanted)
            _ = try ChangeBrand(brand, wanted).run(in: &tx, context)
        }
    }
}
