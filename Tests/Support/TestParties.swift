package import Dunning
import Foundation
package import Operations
package import Store

/// Customers, what they owe, and what they pay: through the operations the product has for it.
extension TestTenant {
    /// A customer with one billing contact.
    ///
    /// - Parameter email: made up when not given; `nil` for a contact that cannot be written to.
    package func customer(
        _ name: String = "Bluebird", email: String? = "", zone: Zone? = nil, locale: LanguageTag? = nil,
        at now: Instant = TestTenant.now
    ) async throws -> ID<Customer> {
        let key = String(UInt64.random(in: 0 ... .max), radix: 36)
        let address = try email.map { try EmailAddress($0.isEmpty ? "ap-\(key)@bluebird.example" : $0) }
        return try await write(at: now) { tx, context in
            let made = try CreateCustomer(externalID: "C-\(key)", name: name, zone: zone, locale: locale).run(
                in: &tx, context)
            _ = try AddContact(to: made.customer.id, name: "Accounts payable", email: address).run(in: &tx, context)
            return made.customer.id
        }
    }

    /// An invoice due that many days before the day of `now`; negative: after it.
    @discardableResult
    package func invoice(
        of customer: ID<Customer>, overdueBy days: Int, _ amount: Int64 = 100_00,
        in currency: Currency = TestTenant.dollar,
        brand: ID<Brand>? = nil, number: String? = nil, at now: Instant = TestTenant.now
    ) async throws -> ID<Invoice> {
        let record = try RecordInvoice(
            externalID: number ?? "I-\(String(UInt64.random(in: 0 ... .max), radix: 36))", customer: customer,
            brand: brand ?? self.brand, dueDate: Self.zone.day(of: now).adding(-days),
            total: Money(minor: amount, currency: currency))
        return try await write(at: now) { tx, context in try record.run(in: &tx, context).invoice.id }
    }

    /// A customer with one overdue invoice, whose first letter is due at once.
    package func debtor(
        _ name: String = "Bluebird", email: String? = "", overdueBy days: Int = 10, _ amount: Int64 = 100_00,
        at now: Instant = TestTenant.now
    ) async throws -> (customer: ID<Customer>, invoice: ID<Invoice>) {
        let customer = try await customer(name, email: email, at: now)
        return (customer, try await invoice(of: customer, overdueBy: days, amount, at: now))
    }

    package typealias Paid = (payment: PaymentRecord, answer: Crossing, isNew: Bool)

    /// Money received today; `shares` is what its source says it is for.
    @discardableResult
    package func pay(
        _ customer: ID<Customer>, _ amount: Int64, in currency: Currency = TestTenant.dollar, brand: ID<Brand>? = nil,
        for shares: [(ID<Invoice>, Int64)]? = nil, externalID: String? = nil, method: PaymentRecord.Method = .transfer,
        status: PaymentRecord.Status = .succeeded, at now: Instant = TestTenant.now
    ) async throws -> Paid {
        let record = try RecordPayment(
            externalID: externalID ?? "P-\(String(UInt64.random(in: 0 ... .max), radix: 36))", customer: customer,
            brand: brand ?? self.brand, amount: Money(minor: amount, currency: currency),
            valueDate: Self.zone.day(of: now), method: method, status: status,
            shares: shares.map { $0.map { InvoiceShare(invoice: $0.0, amount: $0.1) } })
        return try await write(at: now) { tx, context in try record.run(in: &tx, context) }
    }

    /// The open cases of a customer, as planner and gate see them.
    package func cases(of customer: ID<Customer>, at now: Instant = TestTenant.now) async throws -> [LoadedCase] {
        try await read(at: now) { tx, context in try tx.loadCases(customers: [customer], now: context.now) }
    }

    /// The only case of a customer, open or not.
    package func onlyCase(of customer: ID<Customer>) async throws -> CaseRecord {
        let cases = try await read { tx, _ in try tx.cases(of: customer) }
        guard cases.count == 1 else { throw TestServer.Unusable("one case was expected, there are \(cases.count)") }
        return cases[0]
    }
}

/// Requests under the API's own name, about customers and invoices known by id: what most tests want to say.
extension RecordInvoice {
    package init(
        externalID: String, number: String? = nil, customer: ID<Customer>, brand: ID<Brand>? = nil,
        issueDate: Day? = nil, dueDate: Day?, total: Money, instalments: [Instalment] = []
    ) throws(Rejection) {
        try self.init(
            SourceName(externalID), number: number, customer: .id(customer), brand: brand, issueDate: issueDate,
            dueDate: dueDate, total: total, instalments: instalments)
    }
}

extension RecordPayment {
    package init(
        externalID: String, kind: Movement.Kind = .payment, customer: ID<Customer>, brand: ID<Brand>? = nil,
        amount: Money, valueDate: Day, method: PaymentRecord.Method = .transfer,
        status: PaymentRecord.Status = .succeeded, shares: [InvoiceShare]? = nil
    ) throws(Rejection) {
        try self.init(
            SourceName(externalID), kind: kind, customer: .id(customer), brand: brand, amount: amount,
            valueDate: valueDate, method: method, status: status,
            shares: shares.map { $0.map { PaymentShare(.id($0.invoice), $0.amount) } })
    }
}
