import Dunning
import Foundation
import Postgres
import Queue
import Store
import Support
import Testing

@testable import Operations

/// What is known of cases after the outcomes of their messages is what reading them again says.
@Suite(.database) struct KnownOutcomeTests {
    private static let euro = Currency("EUR")!

    /// Customers who owe in one currency or two, some of them under one address.
    private static func made(
        _ count: Int, using generator: inout SeededGenerator
    ) async throws -> (TestTenant, Courier, [ID<Customer>]) {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        var customers: [ID<Customer>] = []
        for number in 0..<count {
            let email = number % 4 == 3 ? "shared@bluebird.example" : ""
            let overdue = [4, 10, 20, 40].randomElement(using: &generator)!
            let (customer, _) = try await tenant.debtor("Debtor \(number)", email: email, overdueBy: overdue)
            if Bool.random(using: &generator) {
                try await tenant.invoice(of: customer, overdueBy: overdue + 1, 70_00, in: euro)
            }
            customers.append(customer)
        }
        return (tenant, try Courier(of: tenant), customers)
    }

    private static func result(using generator: inout SeededGenerator) -> DeliveryReport.Result {
        switch Int.random(in: 0..<16, using: &generator) {
        case 0: .transient(retryAfter: nil)
        case 1: .transient(retryAfter: 7_200)
        case 2: .permanent(suppresses: false)
        case 3: .permanent(suppresses: true)
        case 4: .notBegun
        case 5...7: .unknown
        default: .accepted
        }
    }

    private struct Seen: Sendable {
        /// Before the outcomes were written.
        let before: [LoadedCase]
        /// What recording knows afterwards, and of whom it does not.
        let known: [LoadedCase]
        let unsure: Set<ID<Customer>>
        /// What reading says of the cases that are known.
        let read: [LoadedCase]
    }

    /// Records the reports, and plans by what is known then.
    ///
    /// - Parameter isTwin: plans by what was known before.
    private static func record(
        _ reports: [DeliveryReport], in tenant: TestTenant, _ courier: Courier, at now: Instant = TestTenant.now,
        isTwin: Bool = false
    ) async throws -> Seen {
        let (worker, lane) = (courier.worker, courier.lane)
        return try await tenant.write(as: .worker, at: now) { tx, context in
            var generator = SeededGenerator(seed: 1)
            let steps = reports.map { ID<StepRun>($0.lease.due) }
            let customers = Array(Set(try tx.messages(ofSteps: steps).values.map(\.customer)))
            let before = try tx.loadCases(customers: customers, now: now)
            let written = try RecordOutcomes(worker: worker).write(
                reports, lane: lane, in: &tx, context, using: &generator)
            let known = written.known.filter { !written.unsure.contains($0.facts.state.customer) }
            let read = try tx.loadCases(customers: customers.filter { !written.unsure.contains($0) }, now: now)
            try PlanCases.replan(
                known: isTwin ? before : written.known, uncovered: written.uncovered,
                unsure: isTwin ? [] : written.unsure, cause: "delivery", in: &tx, context)
            return Seen(
                before: before, known: known.sorted { $0.id < $1.id }.map(Self.alone), unsure: written.unsure,
                read: read.map(Self.alone))
        }
    }

    /// With the contact days of its own addresses only: of others there are as many as were read with it.
    private static func alone(_ loaded: LoadedCase) -> LoadedCase {
        var loaded = loaded
        let keys = Set(loaded.facts.contacts.flatMap(\.keys))
        loaded.facts.contactedDays = loaded.facts.contactedDays.filter { keys.contains($0.key) }
        return loaded
    }

    /// Plans the same customers by reading them; whether that changed anything.
    private static func leftToPlan(
        _ customers: Set<ID<Customer>>, in tenant: TestTenant, at now: Instant = TestTenant.now
    ) async throws -> Bool {
        let once = try await planned(in: tenant)
        try await tenant.write(as: .worker, at: now) { tx, context in
            try PlanCases.replan(customers: Array(customers), cause: "delivery", in: &tx, context)
        }
        return try await planned(in: tenant) != once
    }

    /// Everything that planning writes.
    private static func planned(in tenant: TestTenant) async throws -> [[String?]] {
        try await tenant.admin(
            """
            select 'case', e::text from enrolment e where tenant_id = $t
            union all select 'step', (to_jsonb(s) - 'trace')::text from step_run s where tenant_id = $t
            union all select 'due', d::text from q.due d where tenant_id = $t
            union all select 'task', t::text from task t where tenant_id = $t
            union all select 'audit', a::text from audit_event a where tenant_id = $t
            union all select 'event', v::text from event v where tenant_id = $t
            order by 1, 2
            """)
    }

    @Test func `what is known after random outcomes is what reading says, and leaves nothing to plan`() async throws {
        var generator = SeededGenerator()
        print("seed of the known outcomes: \(generator.seed)")
        let (tenant, courier, customers) = try await Self.made(24, using: &generator)
        var (contacts, companions, again) = (0, 0, 0)
        var now = TestTenant.now
        for _ in 0..<12 {
            let armed = try await courier.arm(at: now).armed
            if let payer = customers.randomElement(using: &generator), Bool.random(using: &generator) {
                try await tenant.pay(payer, 30_00, at: now)
            }
            if Bool.random(using: &generator) {
                try await tenant.admin(
                    """
                    update enrolment e set dirty = true
                    from step_run s
                    where e.tenant_id = $t and s.enrolment_id = e.enrolment_id and s.state = 'sending' and e.stage = 1
                    """)
            }
            // Some are still on the wire, and one has lost its lease.
            let reported = armed.filter { _ in Int.random(in: 0..<8, using: &generator) > 0 }
            var reports = reported.dropLast().map { message in
                DeliveryReport(
                    lease: message.lease, attempt: message.attempt, result: Self.result(using: &generator), code: 1)
            }
            if let lost = reported.last?.lease {
                let lease = Lease(due: lost.due, number: lost.number - 1, worker: lost.worker)
                reports.append(DeliveryReport(lease: lease, attempt: nil, result: .accepted))
            }
            let seen = try await Self.record(reports, in: tenant, courier, at: now)
            #expect(seen.known == seen.read)
            let touched = Set(seen.before.map(\.facts.state.customer))
            #expect(try await !Self.leftToPlan(touched, in: tenant, at: now))

            let before = Dictionary(uniqueKeysWithValues: seen.before.map { ($0.id, $0) })
            let moved = seen.known.filter { $0.open == nil && before[$0.id]?.open?.isSending == true }
            contacts += moved.count
            companions += moved.count - Set(moved.map(\.facts.state.customer)).count
            again += seen.unsure.count
            for loaded in moved {
                // A step counts among those done since it was armed: a twin that counts it now is not what is read.
                var twin = loaded
                guard let open = before[loaded.id]?.open else { continue }
                twin.facts.finish(open.step, on: TestTenant.zone.day(of: now))
                #expect(!seen.read.contains(twin))
            }
            let left = armed.filter { one in !reported.dropLast().contains { $0.message == one.message } }
            try await courier.record(.accepted, of: left, at: now)
            now = now.adding(days: Int.random(in: 1...4, using: &generator))
            try await courier.workInternalLane(at: now)
        }
        #expect(contacts > 10 && companions > 0 && again > 0, "\(contacts) \(companions) \(again)")
    }

    @Test func `a twin that plans by what it knew before the outcomes leaves cases without a next step`() async throws {
        for isTwin in [false, true] {
            let tenant = try await TestTenant.make(in: try TestDatabase.current())
            let courier = try Courier(of: tenant)
            let customer = try await tenant.debtor().customer
            let reports = try await courier.arm().armed.map {
                DeliveryReport(lease: $0.lease, attempt: $0.attempt, result: .accepted, code: 250)
            }
            _ = try await Self.record(reports, in: tenant, courier, isTwin: isTwin)
            #expect(try await (tenant.onlyCase(of: customer).nextStep == nil) == isTwin)
            #expect(try await Self.leftToPlan([customer], in: tenant) == isTwin)
        }
    }

    @Test func `after contacts alone nothing is read again`() async throws {
        var generator = SeededGenerator()
        print("seed of the contacts: \(generator.seed)")
        let (tenant, courier, _) = try await Self.made(8, using: &generator)
        let reports = try await courier.arm().armed.enumerated().map { number, armed in
            DeliveryReport(lease: armed.lease, attempt: armed.attempt, result: number == 0 ? .unknown : .accepted)
        }
        let seen = try await Self.record(reports, in: tenant, courier)
        #expect(seen.unsure.isEmpty)
        #expect(seen.known == seen.read && seen.known.count >= reports.count && reports.count > 5)
    }

    @Test func `an address that is refused by text is read again for everybody who has it`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let gateway = try await tenant.textGateway()
        var courier = try Courier(of: tenant)
        courier.lane = gateway.uuid
        let phone = "+491701234567"
        let first = try await tenant.debtor(phone: phone).customer
        let second = try await tenant.debtor(phone: "+14155550199", email: "b@bluebird.example").customer
        let armed = try await courier.arm().armed
        #expect(armed.count == 2)
        // Got while its text was on the wire.
        try await tenant.write { tx, context in
            _ = try AddContact(to: second, name: "Ada", email: nil, phone: try PhoneNumber(phone)).run(in: &tx, context)
        }
        let reports = armed.map { one in
            DeliveryReport(
                lease: one.lease, attempt: one.attempt,
                result: one.recipient == phone ? .permanent(suppresses: true) : .accepted)
        }
        let seen = try await Self.record(reports, in: tenant, courier)
        #expect(seen.unsure == [first, second])
        #expect(seen.known.isEmpty)
    }
}
