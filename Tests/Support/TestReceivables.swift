package import Dunning
import Foundation
package import Operations
package import Store

/// What can be done to money, in one call each: names are made up, the day is today, the brand is the first.
extension TestTenant {
    private static func name(_ prefix: String) -> SourceName {
        SourceName("\(prefix)-\(String(UInt64.random(in: 0 ... .max), radix: 36))")
    }

    private static func request(
        _ prefix: String, _ amount: Int64?, _ reason: String, on day: Day?
    ) throws -> PostingRequest {
        try PostingRequest(
            name(prefix), amount: amount.map { Money(minor: $0, currency: dollar) }, valueDate: day, reason: reason)
    }

    @discardableResult
    package func credit(
        _ customer: ID<Customer>, _ amount: Int64, for shares: [(ID<Invoice>, Int64)]? = nil, on day: Day? = nil,
        at now: Instant = TestTenant.now
    ) async throws -> RecordPayment.Result {
        let record = try RecordPayment(
            externalID: Self.name("N").externalID, kind: .creditNote, customer: customer, brand: brand,
            amount: Money(minor: amount, currency: Self.dollar), valueDate: day ?? Self.zone.day(of: now),
            shares: shares.map { $0.map { InvoiceShare(invoice: $0.0, amount: $0.1) } })
        return try await write(at: now) { tx, context in try record.run(in: &tx, context) }
    }

    @discardableResult
    package func writeOff(
        _ invoice: ID<Invoice>, _ amount: Int64? = nil, on day: Day? = nil, at now: Instant = TestTenant.now
    ) async throws -> Posted {
        let request = try Self.request("W", amount, "insolvency", on: day)
        return try await write(at: now) { tx, context in try WriteOff(invoice, request).run(in: &tx, context) }
    }

    @discardableResult
    package func reverse(
        _ payment: ID<Payment>, _ amount: Int64? = nil, on day: Day? = nil, at now: Instant = TestTenant.now
    ) async throws -> Posted {
        let request = try Self.request("CB", amount, "chargeback", on: day)
        return try await write(at: now) { tx, context in try ReversePayment(payment, request).run(in: &tx, context) }
    }

    @discardableResult
    package func refund(
        _ payment: ID<Payment>, _ amount: Int64? = nil, on day: Day? = nil, at now: Instant = TestTenant.now
    ) async throws -> Posted {
        let request = try Self.request("RF", amount, "overpaid", on: day)
        return try await write(at: now) { tx, context in try RefundPayment(payment, request).run(in: &tx, context) }
    }

    @discardableResult
    package func finish(
        _ payment: ID<Payment>, _ outcome: FinishPayment.Outcome, at now: Instant = TestTenant.now
    ) async throws -> RecordPayment.Result {
        try await write(at: now) { tx, context in try FinishPayment(payment, outcome).run(in: &tx, context) }
    }

    /// States an invoice by the name it has.
    @discardableResult
    package func put(
        _ invoice: ID<Invoice>, _ total: Int64, dueDate: Change<Day?> = .keep,
        instalments: Change<[Instalment]> = .keep, status: PutInvoice.Status? = nil, version: Int64 = 0,
        at now: Instant = TestTenant.now
    ) async throws -> PutInvoice.Result {
        try await write(at: now) { tx, context in
            guard let stored = try tx.invoice(invoice) else { throw Rejection.notFound("invoice") }
            let put = try PutInvoice(
                stored.name, version: version, customer: .id(stored.customer), dueDate: dueDate,
                total: Money(minor: total, currency: stored.total.currency), instalments: instalments, status: status)
            return try put.run(in: &tx, context)
        }
    }

    @discardableResult
    package func dispute(
        _ invoice: ID<Invoice>, _ amount: Int64? = nil, at now: Instant = TestTenant.now
    ) async throws -> DisputeRecord {
        let open = try OpenDispute(
            about: invoice, amount: amount.map { Money(minor: $0, currency: Self.dollar) }, reason: "damaged")
        return try await write(at: now) { tx, context in try open.run(in: &tx, context).dispute }
    }

    @discardableResult
    package func promise(
        _ invoices: [ID<Invoice>], _ amount: Int64? = nil, dueIn days: Int, at now: Instant = TestTenant.now
    ) async throws -> PromiseRecord {
        let make = try MakePromise(
            about: invoices, amount: amount.map { Money(minor: $0, currency: Self.dollar) },
            dueOn: Self.zone.day(of: now).adding(days))
        return try await write(at: now) { tx, context in try make.run(in: &tx, context).promise }
    }

    /// An invoice as shown.
    package func shown(_ invoice: ID<Invoice>) async throws -> InvoiceRecord {
        guard let record = try await read({ tx, _ in try tx.invoice(invoice) }) else {
            throw TestServer.Unusable("there is no such invoice")
        }
        return record
    }

    /// What may be asked of the customer now, in minor units.
    package func asked(_ customer: ID<Customer>, at now: Instant = TestTenant.now) async throws -> Int64 {
        try await cases(of: customer, at: now).reduce(0) { $0 + $1.facts.askedTotal(at: now) }
    }

    /// The customer's credit that covers nothing, in minor units.
    package func credit(of customer: ID<Customer>) async throws -> Int64 {
        let sum = try await value(
            "select coalesce(-sum(amount), 0) from ledger_entry where tenant_id = $t and customer_id = '\(customer.uuid)'"
                + " and invoice_id is null")
        return Int64(sum ?? "") ?? -1
    }
}
