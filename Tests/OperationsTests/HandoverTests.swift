import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Cases given to agencies, with the evidence.
@Suite(.database) struct HandoverTests {
    private struct Ready {
        let tenant: TestTenant
        let courier: Courier
        let customer: ID<Customer>
        let invoice: ID<Invoice>
        let enrolment: ID<Enrolment>
        /// When the final notice went out.
        let notice: Instant
        /// Two days after the customer should have answered it.
        let late: Instant
    }

    /// A case whose whole ladder has been sent.
    private static func ready() async throws -> Ready {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let (customer, invoice) = try await tenant.debtor(overdueBy: 40)
        var now = TestTenant.now
        for step in 0..<3 {
            if step > 0 { now = try #require(try await tenant.onlyCase(of: customer).nextDueAt) }
            #expect(try await courier.deliver(at: now).count == 1)
        }
        let enrolment = try await tenant.onlyCase(of: customer).id
        return Ready(
            tenant: tenant, courier: courier, customer: customer, invoice: invoice, enrolment: enrolment, notice: now,
            late: now.adding(days: 12))
    }

    private static func refusal(_ ready: Ready, to agency: ID<Agency>, at now: Instant) async -> String {
        do {
            try await ready.tenant.handOver(ready.enrolment, to: agency, at: now)
            return ""
        } catch Rejection.forbiddenByState(let code, let detail) {
            return "\(code): \(detail)"
        } catch {
            return "\(error)"
        }
    }

    @Test func `a case that is not ready is refused with everything that is missing`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, _) = try await tenant.debtor(overdueBy: 12, 20_00)
        let agency = try await tenant.agency()
        let enrolment = try await tenant.onlyCase(of: customer).id
        let hand = try HandOver(enrolment, to: agency)
        await #expect {
            try await tenant.write { tx, context in _ = try hand.run(in: &tx, context) }
        } throws: { error in
            guard case .forbiddenByState("handover_unmet", let detail) = error as? Rejection else { return false }
            return detail.contains("at least") && detail.contains("overdue for 12 days")
                && detail.contains("no final notice has arrived")
        }
        #expect(try await tenant.onlyCase(of: customer).status == .active)
        #expect(try await tenant.count("handover where tenant_id = $t") == 0)
    }

    @Test func `the customer has its days to answer the final notice`() async throws {
        let ready = try await Self.ready()
        let agency = try await ready.tenant.agency()
        let said = await Self.refusal(ready, to: agency, at: ready.notice.adding(days: 10))
        #expect(said.contains("to answer the final notice"), "\(said)")
        #expect(await Self.refusal(ready, to: agency, at: ready.notice.adding(days: 11)) == "")
    }

    @Test func `what an agency has rests, a new invoice too, and payment ends it`() async throws {
        let ready = try await Self.ready()
        let (tenant, courier) = (ready.tenant, ready.courier)
        let agency = try await tenant.agency()
        #expect(try await tenant.tasks(of: ready.customer).map(\.kind) == [.call])
        let handover = try await tenant.handOver(ready.enrolment, to: agency, at: ready.late)
        #expect(handover.amount == Money(minor: 100_00, currency: TestTenant.dollar))
        #expect(handover.shares.map(\.invoice) == [ready.invoice])
        let held = try await tenant.onlyCase(of: ready.customer)
        #expect(held.status == .handedOver)
        #expect(held.nextStep == nil)
        // Nobody calls either.
        #expect(try await tenant.tasks(of: ready.customer).isEmpty)
        let other = try await tenant.invoice(of: ready.customer, overdueBy: 10, at: ready.late)
        #expect(try await tenant.onlyCase(of: ready.customer).nextStep == nil)
        try await courier.workInternalLane(at: ready.late.adding(days: 20))
        #expect(try await courier.arm(at: ready.late.adding(days: 20)).armed.isEmpty)
        #expect(await Self.refusal(ready, to: agency, at: ready.late).hasPrefix("handed_over"))

        for (index, invoice) in [ready.invoice, other].enumerated() {
            try await tenant.pay(
                ready.customer, 100_00, for: [(invoice, 100_00)], externalID: "A-\(index)", at: ready.late)
        }
        #expect(try await tenant.onlyCase(of: ready.customer).status == .exited)
        let ended = try #require(try await tenant.read { tx, _ in try tx.handover(handover.id) })
        #expect(ended.state == .closed)
        #expect(ended.endReason == "paid")
        let told = try await tenant.told().filter { $0.type.hasPrefix("handover.") }
        #expect(told.map(\.type) == ["handover.made", "handover.closed"])
        #expect(told.allSatisfy { $0.subject == handover.id.description && $0.customer == ready.customer })
        #expect(told.first?.data["amount"] == "100.00")
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    @Test func `only what a final notice listed is handed over`() async throws {
        let ready = try await Self.ready()
        let agency = try await ready.tenant.agency()
        try await ready.tenant.invoice(of: ready.customer, overdueBy: 35, 500_00, at: ready.late)
        let handover = try await ready.tenant.handOver(ready.enrolment, to: agency, at: ready.late)
        #expect(handover.shares.map(\.invoice) == [ready.invoice])
        #expect(handover.amount.minor == 100_00)
    }

    @Test func `a notice that bounced was none`() async throws {
        let ready = try await Self.ready()
        try await ready.tenant.admin("update message set state = 'refused' where tenant_id = $t and tier = 'final'")
        let said = await Self.refusal(ready, to: try await ready.tenant.agency(), at: ready.late)
        #expect(said.contains("no final notice has arrived"), "\(said)")
    }

    @Test func `a case that is taken back goes on where it was`() async throws {
        let ready = try await Self.ready()
        let agency = try await ready.tenant.agency()
        let handover = try await ready.tenant.handOver(ready.enrolment, to: agency, at: ready.late).id
        let recall = try RecallHandover(handover, reason: "customer_pays")
        for _ in 0..<2 {
            let ended = try await ready.tenant.write(at: ready.late) { tx, context in try recall.run(in: &tx, context) }
            #expect(ended.state == .recalled)
        }
        #expect(try await ready.tenant.audited("case.recalled", of: ready.customer) == 1)
        let told = try await ready.tenant.told().filter { $0.type == "handover.recalled" }
        #expect(told.map { $0.data["reason"] } == ["customer_pays"])
        // Its ladder was at its end: a person is asked again.
        #expect(try await ready.tenant.onlyCase(of: ready.customer).status == .exhausted)
        #expect(try await ready.tenant.tasks(of: ready.customer).map(\.kind) == [.call])
        // And the agency can have it again.
        #expect(await Self.refusal(ready, to: agency, at: ready.late.adding(days: 1)) == "")
    }

    // MARK: Evidence

    @Test func `the evidence has the exact bytes, and sha256sum verifies it`() async throws {
        let ready = try await Self.ready()
        let tenant = ready.tenant
        let note = try AddNote(about: ready.customer, "=cmd|' /C calc'!A0, and a second\nline", author: "Ada")
        try await tenant.write { tx, context in _ = try note.run(in: &tx, context) }
        let handover = try await tenant.handOver(ready.enrolment, to: try await tenant.agency(), at: ready.late)
        let pack = try #require(try await tenant.read { tx, _ in try tx.handedPack(handover.id) })
        let folder = try Tool.folder("evidence")
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(pack).write(to: folder.appending(path: "pack.tar"))
        let unpacked = try await Tool.run(
            URL(filePath: "/usr/bin/tar"), ["-x", "-f", folder.appending(path: "pack.tar").path, "-C", folder.path],
            in: folder)
        #expect(unpacked.status == 0, "\(unpacked.text)")
        let inside = folder.appending(path: "evidence-\(ready.enrolment)")
        let sums = try await Tool.run(
            URL(filePath: "/bin/sh"), ["-c", "cd '\(inside.path)' && sha256sum -c manifest.sha256"], in: folder)
        #expect(sums.status == 0, "\(sums.text)")
        let whole = try await Tool.run(
            URL(filePath: "/usr/bin/sha256sum"), [folder.appending(path: "pack.tar").path], in: folder)
        #expect(whole.text.hasPrefix(handover.packSHA256))

        let names = try FileManager.default.subpathsOfDirectory(atPath: inside.path).sorted()
        let listed = sums.text.split(separator: "\n").compactMap { $0.split(separator: ":").first.map(String.init) }
        #expect(Set(names).subtracting(["messages", "manifest.sha256"]) == Set(listed))
        let sent = try await tenant.admin(
            "select message_id, encode(bytes, 'hex') from message where tenant_id = $t order by message_id")
        let letters = names.filter { $0.hasSuffix(".eml") }
        #expect(letters.count == 3)
        for (row, name) in zip(sent, letters) {
            let bytes = try Data(contentsOf: inside.appending(path: name))
            #expect(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == row[1], "\(name)")
        }
        let notes = try String(contentsOf: inside.appending(path: "notes.csv"), encoding: .utf8)
        #expect(notes.contains("\"'=cmd"))
        let ledger = try String(contentsOf: inside.appending(path: "ledger.csv"), encoding: .utf8)
        #expect(ledger.split(separator: "\r\n").count == 2)
        #expect(ledger.contains("100.00,USD"))
    }

    @Test func `a byte that was changed is found`() async throws {
        let ready = try await Self.ready()
        let export = ExportEvidence(ready.enrolment)
        var bytes = try await ready.tenant.write { tx, context in try export.run(in: &tx, context).bytes }
        let subject = Array("Subject:".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: subject) })
        bytes[place + 9] ^= 1
        let folder = try Tool.folder("evidence")
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(bytes).write(to: folder.appending(path: "pack.tar"))
        _ = try await Tool.run(
            URL(filePath: "/usr/bin/tar"), ["-x", "-f", folder.appending(path: "pack.tar").path, "-C", folder.path],
            in: folder)
        let inside = folder.appending(path: "evidence-\(ready.enrolment)")
        let sums = try await Tool.run(
            URL(filePath: "/bin/sh"), ["-c", "cd '\(inside.path)' && sha256sum -c manifest.sha256"], in: folder)
        #expect(sums.status == 1)
        #expect(sums.text.contains("FAILED"))
    }
}
