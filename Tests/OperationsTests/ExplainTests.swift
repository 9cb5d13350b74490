import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Why something was sent, was not, or waits: by the very gate that decides.
@Suite(.database) struct ExplainTests {
    private static let now = TestTenant.now

    private static func tenant(isLive: Bool = true) async throws -> TestTenant {
        try await TestTenant.make(in: try TestDatabase.current(), isLive: isLive)
    }

    private static func why(
        _ customer: ID<Customer>, in tenant: TestTenant, at now: Instant = now
    ) async throws -> Explanation {
        try await tenant.read(at: now) { tx, context in try Explain.customer(customer, in: &tx, context) }
    }

    @Test func `a planned step says when, in the customer's zone, and that it would go`() async throws {
        let tenant = try await Self.tenant()
        let (customer, _) = try await tenant.debtor()
        let why = try await Self.why(customer, in: tenant)
        #expect(why.subject == customer.description)
        #expect(why.next.first?.verdict == "send")
        #expect(why.next.first?.trace.allSatisfy(\.passed) == true)
        #expect(
            why.words == [
                "Step friendly (stage 1) is planned for 2026-11-24 12:00 America/New_York; it would be sent now if it were due.",
                "It follows 'Ladder', version 1. Its workflow is that of its brand; nothing more particular fits.",
            ])
    }

    @Test func `what stands in the way is named`() async throws {
        let tenant = try await Self.tenant()
        let (customer, _) = try await tenant.debtor()
        let night = try #require(Instant(rfc3339: "2026-11-25T02:00:00Z"))
        let waiting = try await Self.why(customer, in: tenant, at: night)
        #expect(waiting.next.first?.verdict == "wait")
        #expect(waiting.next.first?.reason == .window)
        #expect(waiting.words.first?.contains("waits until 2026-11-25 09:00 America/New_York at least") == true)
        #expect(waiting.words.first?.contains("outside the hours") == true)

        try await tenant.admin("update contact set opted_out = true where tenant_id = $t")
        let silent = try await Self.why(customer, in: tenant)
        #expect(silent.next.first?.verdict == "skip")
        #expect(silent.words.first?.contains("every contact of the customer has opted out") == true)
    }

    @Test func `shadow and holds are explained`() async throws {
        let shadow = try await Self.tenant(isLive: false)
        let (quiet, _) = try await shadow.debtor()
        #expect(try await Self.why(quiet, in: shadow).next.first?.reason == .shadow)

        let tenant = try await Self.tenant()
        let (customer, _) = try await tenant.debtor()
        try await tenant.write { tx, context in
            _ = try PlaceHold(on: .customer(customer), reason: "dispute").run(in: &tx, context)
        }
        let held = try await Self.why(customer, in: tenant)
        #expect(held.next.first?.reason == .held)
        #expect(held.words.first == "No step is planned: a hold is in force.")
        #expect(held.history.map(\.words) == ["Step friendly was not sent: a hold is in force."])
    }

    @Test func `what happened is told, the newest first`() async throws {
        let tenant = try await Self.tenant()
        let (customer, invoice) = try await tenant.debtor()
        let courier = try Courier(of: tenant)
        let armed = try await courier.arm().armed
        let message = try #require(armed.first?.message)
        #expect(try await Self.why(customer, in: tenant).words.first == "Step friendly is on the wire right now.")
        let later = Self.now.adding(minutes: 1)
        try await tenant.pay(customer, 100_00, at: later)
        try await courier.record(.accepted, of: armed, code: 250, reply: "2.0.0 queued", at: later)

        let end = later.adding(minutes: 1)
        let why = try await Self.why(customer, in: tenant, at: end)
        #expect(why.words == ["No case is open."])
        #expect(
            Set(why.history.map(\.words)) == [
                "Step friendly went out.", "The USD case ended: nothing is left to collect.",
            ])
        #expect(why.history.allSatisfy { $0.at == later })

        let ofInvoice = try await tenant.read(at: end) { tx, context in try Explain.invoice(invoice, in: &tx, context) }
        #expect(ofInvoice.words.first?.hasSuffix("over $100.00 is paid since \(later).") == true)
        #expect(ofInvoice.history.contains { $0.messageID == message })

        let ofMessage = try await tenant.read(at: end) { tx, context in try Explain.message(message, in: &tx, context) }
        #expect(ofMessage.words.contains { $0.contains("the gateway accepted it") })
        #expect(ofMessage.words.contains("A payment came while it was on the wire: it crossed."))
        #expect(ofMessage.words.contains("The mail server said: 2.0.0 queued"))
        #expect(ofMessage.words.contains { $0.hasPrefix("Checked before sending step friendly: switches") })
        #expect(ofMessage.history.map(\.words) == ["Attempt 1 (\(armed[0].attempt)): accepted."])
    }

    @Test func `an invoice tells only its own story`() async throws {
        let tenant = try await Self.tenant()
        let (customer, old) = try await tenant.debtor()
        let armed = try await Courier(of: tenant).deliver()
        let young = try await tenant.invoice(of: customer, overdueBy: -20)
        let stories = try await tenant.read { tx, context in
            (try Explain.invoice(old, in: &tx, context), try Explain.invoice(young, in: &tx, context))
        }
        #expect(stories.0.history.compactMap(\.messageID) == armed.map(\.message))
        #expect(stories.0.words.contains("It was due on 2026-11-14 and is overdue."))
        #expect(stories.1.history.compactMap(\.messageID) == [])
        #expect(stories.1.words.contains("It is due on 2026-12-14 and not overdue."))
    }

    @Test func `nobody is told of another tenant's`() async throws {
        let (tenant, other) = (try await Self.tenant(), try await Self.tenant())
        let (customer, invoice) = try await other.debtor()
        let message = try #require(try await Courier(of: other).deliver().first?.message)
        await #expect(throws: Rejection.notFound("customer")) { try await Self.why(customer, in: tenant) }
        await #expect(throws: Rejection.notFound("invoice")) {
            try await tenant.read { tx, context in try Explain.invoice(invoice, in: &tx, context) }
        }
        await #expect(throws: Rejection.notFound("message")) {
            try await tenant.read { tx, context in try Explain.message(message, in: &tx, context) }
        }
    }
}
