import Dunning
import Foundation
import Operations
import Store
import Support
import Testing

/// An apology for a reminder of what had been paid: one for each message, outside all escalation.
@Suite(.database) struct CorrectionTests {
    /// Reminded on Tuesday; the bank tells on Thursday that the money had come on Monday.
    private static func wrongReminder(_ tenant: TestTenant, _ courier: Courier) async throws -> (
        payer: ID<Customer>, thursday: Instant
    ) {
        try await tenant.write { tx, context in _ = try ChangeTenant(sendsCorrections: .to(true)).run(in: &tx, context)
        }
        let (payer, invoice) = try await tenant.debtor("Payer")
        _ = try await tenant.debtor("Debtor")
        #expect(try await courier.deliver().count == 2)
        let friday = TestTenant.now.adding(days: 3)
        let record = try RecordPayment(
            SourceName("P-1", source: "bank"), customer: .id(payer), brand: tenant.brand,
            amount: Money(minor: 100_00, currency: TestTenant.dollar), valueDate: TestTenant.today.adding(-1),
            shares: [PaymentShare(.id(invoice), 100_00)])
        try await tenant.write(at: friday) { tx, context in _ = try record.run(in: &tx, context) }
        return (payer, friday)
    }

    @Test func `goes to the same person once, asks for nothing, and counts as no contact`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        let (payer, friday) = try await Self.wrongReminder(tenant, courier)
        try await courier.workInternalLane(at: friday)
        let sent = try await courier.deliver(at: friday)
        #expect(sent.count == 1)
        let mail = String(decoding: try #require(sent.first?.bytes), as: UTF8.self)
        #expect(mail.contains("Our reminder of November 24, 2026 was a mistake"))
        #expect(mail.contains("Acme Supply Company, Inc."))
        let note = try #require(sent.first?.message)
        let kept = try await tenant.admin(
            "select purpose, state, customer_id::text from message where tenant_id = $t and message_id = '\(note.uuid)'"
        )
        #expect(kept == [["correction", "accepted", payer.uuid.uuidString.lowercased()]])
        #expect(try await tenant.count("contact_budget where tenant_id = $t and message_id = '\(note.uuid)'") == 0)
        for hours in [1, 24, 48] {
            try await courier.workInternalLane(at: friday.adding(hours: hours))
            let again = try await courier.deliver(at: friday.adding(hours: hours))
            #expect(again.allSatisfy { $0.message != note })
        }
        #expect(try await tenant.count("correction where tenant_id = $t") == 1)
        // The apology is no reminder: one of two was wrong, not of three.
        let rate = try await tenant.read(at: friday) { tx, context in
            try ReadWrongDunning(from: TestTenant.today).run(in: &tx, context)
        }
        #expect(rate.figures.sent == 2 && rate.figures.wrong == 1)
    }

    @Test func `waits for the window, and never reaches who has opted out`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        let (payer, friday) = try await Self.wrongReminder(tenant, courier)
        let night = friday.adding(hours: 10)
        try await courier.workInternalLane(at: night)
        #expect(try await courier.deliver(at: night).isEmpty)
        try await tenant.admin(
            "update contact set opted_out = true where tenant_id = $t and customer_id = '\(payer.uuid)'")
        let monday = friday.adding(days: 3)
        try await courier.workInternalLane(at: monday)
        try await courier.deliver(at: monday)
        #expect(try await tenant.count("message where tenant_id = $t and purpose = 'correction'") == 0)
    }

    @Test func `is not sent while a switch is off`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        let (_, friday) = try await Self.wrongReminder(tenant, courier)
        try await courier.workInternalLane(at: friday)
        try await tenant.write(at: friday) { tx, context in
            _ = try ChangeTenant(killSwitch: .to(true)).run(in: &tx, context)
        }
        #expect(try await courier.deliver(at: friday).isEmpty)
        try await tenant.write(at: friday) { tx, context in
            _ = try ChangeTenant(killSwitch: .to(false)).run(in: &tx, context)
        }
        #expect(try await courier.deliver(at: friday.adding(minutes: 2)).count == 1)
    }
}
