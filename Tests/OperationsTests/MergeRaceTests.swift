import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Merges against whoever plans, arms, pays or takes files in at the same moment.
@Suite(.database) struct MergeRaceTests {
    private static let now = TestTenant.now
    private static let today = TestTenant.today

    private struct Pair {
        let tenant: TestTenant
        let stays: ID<Customer>
        let old: ID<Customer>
    }

    /// Two names of one firm that owes under both; only the old one is due to be written to.
    private static func pair(in tenant: TestTenant? = nil) async throws -> Pair {
        let tenant = if let tenant { tenant } else { try await TestTenant.make(in: .current()) }
        let stays = try await tenant.customer("Stays")
        try await tenant.invoice(of: stays, overdueBy: 1)
        let (old, _) = try await tenant.debtor("Old")
        return Pair(tenant: tenant, stays: stays, old: old)
    }

    /// A message went wrong that asks for a debt by the old name, and that nobody was told of or counts.
    private static func broken(
        _ message: ID<Message>, _ answer: MergeCustomers.Answer, _ pair: Pair
    ) async throws -> Bool {
        let isNamed = answer.underWay.contains(message)
        let cases = try await pair.tenant.cases(of: pair.stays)
        return !isNamed || !cases.allSatisfy { $0.facts.state.lastContactDay == today }
    }

    @Test func `armed first: the merge waits, names the message, and counts it; it is not tried again`() async throws {
        let pair = try await Self.pair()
        // The survivor's own is at a higher stage: it goes on, and the one under way ends.
        try await pair.tenant.admin(
            "update enrolment set stage = 1, position = 'friendly' where customer_id = '\(pair.stays.uuid)'")
        let barrier = Barrier()
        var courier = try Courier(of: pair.tenant)
        let claims = try await courier.claim()
        courier.pause = { if $0 == .beforeCommit { barrier.hold() } }
        let worker = courier
        async let result = worker.arm(claims)
        try await barrier.arrival()
        async let merge = pair.tenant.merge(pair.old, into: pair.stays)
        try await pair.tenant.database.lockWait()
        barrier.release()
        let (armed, answer) = (try await result.armed, try await merge.answer)
        #expect(answer.underWay == armed.map(\.message) && armed.count == 1)
        #expect(answer.closed.count == 1 && answer.moved.isEmpty)
        let message = try #require(armed.first?.message)
        #expect(try await Self.broken(message, answer, pair) == false)
        #expect(try await pair.tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
        courier.pause = { _ in }
        // The server puts it off: its case goes on elsewhere, so this is its end.
        try await courier.record(.transient(retryAfter: nil), of: armed, code: 451)
        #expect(try await pair.tenant.value("select state from message where tenant_id = $t") == "refused")
        #expect(try await pair.tenant.count("q.due where tenant_id = $t and kind = 'step'") == 0)
        #expect(try await pair.tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
        #expect(try await courier.live(through: 14) != [])
        #expect(try await pair.tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    @Test func `a case whose message is on the wire moves with it, and its outcome finds it`() async throws {
        let pair = try await Self.pair()
        let courier = try Courier(of: pair.tenant)
        let armed = try await courier.arm().armed
        try await pair.tenant.admin("update enrolment set stage = 1 where customer_id = '\(pair.old.uuid)'")
        let answer = try await pair.tenant.merge(pair.old, into: pair.stays).answer
        #expect(answer.underWay == armed.map(\.message) && answer.moved.count == 1)
        try await courier.record(.accepted, of: armed, code: 250)
        let open = try #require(try await pair.tenant.cases(of: pair.stays).first)
        #expect(open.id == answer.moved.first && open.facts.state.position == "friendly")
        #expect(open.facts.state.lastContactDay == Self.today && open.open?.step.key == "firm")
        #expect(try await courier.live(through: 6) == [])
        #expect(try await pair.tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    @Test func `merged first: what was claimed is given back, and one letter goes over both debts`() async throws {
        let pair = try await Self.pair()
        try await pair.tenant.invoice(of: pair.stays, overdueBy: 12)
        let courier = try Courier(of: pair.tenant)
        let claims = try await courier.claim()
        #expect(claims.count == 2)
        let barrier = Barrier()
        let merge = try MergeCustomers(pair.old, into: pair.stays, pause: { barrier.hold() })
        async let merging: Void = pair.tenant.write { tx, context in _ = try merge.run(in: &tx, context) }
        try await barrier.arrival()
        let result = try await courier.arm(claims)
        barrier.release()
        try await merging
        #expect(result.armed.isEmpty && result.returned == 2)
        let later = Self.now.adding(minutes: 1)
        #expect(try await courier.deliver(at: later).count == 1)
        #expect(try await pair.tenant.letters(to: pair.stays).map(\.lines.count) == [3])
        #expect(try await courier.live(through: 6) == [])
        #expect(try await pair.tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    @Test func `a merge that locks nothing is caught`() async throws {
        let locking: MergeCustomers.Locking = { tx, customers in try MergeCustomers.lock(customers, in: &tx) }
        let careless: MergeCustomers.Locking = { _, _ in }
        for isLocking in [true, false] {
            let pair = try await Self.pair()
            let barrier = Barrier()
            let lock = isLocking ? locking : careless
            let merge = try MergeCustomers(pair.old, into: pair.stays, lock: lock, pause: { barrier.hold() })
            let courier = try Courier(of: pair.tenant)
            let claims = try await courier.claim()
            async let merging = pair.tenant.write { tx, context in try merge.run(in: &tx, context).answer }
            try await barrier.arrival()
            let armed = try await courier.arm(claims).armed
            barrier.release()
            let answer = try await merging
            #expect(armed.isEmpty == isLocking)
            if let message = armed.first?.message {
                #expect(try await Self.broken(message, answer, pair))
            }
        }
    }

    @Test func `whoever comes first, no letter goes out that is neither named nor counted`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        var generator = SeededGenerator()
        var (named, stopped, broken) = (0, 0, 0)
        for _ in 0..<20 {
            let pair = try await Self.pair(in: tenant)
            let claims = try await courier.claim()
            let (first, second) = (Int.random(in: 0...8, using: &generator), Int.random(in: 0...8, using: &generator))
            async let arming = {
                try await Task.sleep(for: .milliseconds(first))
                return try await courier.arm(claims)
            }()
            async let merging = {
                try await Task.sleep(for: .milliseconds(second))
                return try await tenant.merge(pair.old, into: pair.stays)
            }()
            let (result, merged) = (try await arming, try await merging)
            try await courier.record(.accepted, of: result.armed, code: 250)
            if let message = result.armed.first?.message {
                named += 1
                if try await Self.broken(message, merged.answer, pair) { broken += 1 }
                #expect(try await tenant.letters(to: pair.stays).count == 1)
            } else {
                stopped += 1
                // By its own name, and once.
                try await courier.deliver(at: Self.now.adding(seconds: 2))
                #expect(try await tenant.letters(to: pair.stays).count == 1)
            }
        }
        #expect(broken == 0)
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
        print(
            "merge against message: \(named) armed and named, \(stopped) stopped, \(broken) broken, seed \(generator.seed)"
        )
    }

    @Test func `what is paid, billed and written down meanwhile lands at the one that stays`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (stays, _) = try await tenant.debtor("Stays")
        // Without an open case there is no lock on one.
        let old = try await tenant.customer("Old")
        let name = try #require(try await tenant.read { tx, _ in try tx.customer(old)?.externalID })
        let barrier = Barrier()
        let merge = try MergeCustomers(old, into: stays, pause: { barrier.hold() })
        async let merging: Void = tenant.write { tx, context in _ = try merge.run(in: &tx, context) }
        try await barrier.arrival()
        let record = try RecordInvoice(
            SourceName("late"), customer: .externalID(name), brand: tenant.brand, dueDate: Self.today.adding(-9),
            total: Money(minor: 7_00, currency: TestTenant.dollar))
        async let invoice = tenant.write { tx, context in try record.run(in: &tx, context).invoice }
        async let noted = {
            do {
                try await tenant.write { tx, context in _ = try AddNote(about: old, "Late.").run(in: &tx, context) }
                return "noted"
            } catch Rejection.forbiddenByState(let code, _) {
                return code
            }
        }()
        try await tenant.database.lockWait()
        barrier.release()
        try await merging
        #expect(try await invoice.customer == stays)
        #expect(try await noted == "customer_merged")
        for table in TestTenant.tablesOfCustomers {
            #expect(
                try await tenant.count("\(table) where tenant_id = $t and customer_id = '\(old.uuid)'") == 0, "\(table)"
            )
        }
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    @Test func `a file that was checked before the merge lands there, too`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        func row(_ customer: String, _ invoice: String, _ amount: String) -> String {
            "\(customer),ap@\(customer).test,\(invoice),2026-09-01,2026-10-20,\(amount),\n"
        }
        var file = try ImportFixture(tenant)
        _ = try await file.take(row("c1", "i1", "100.00") + row("c2", "i2", "9.00"))
        let (stays, old) = (try await tenant.customer(named: "c1"), try await tenant.customer(named: "c2"))
        // All open items, and one of two is not among them: somebody is asked first.
        file.isSnapshot = true
        let list = ImportFixture.header + row("c2", "i2", "8.00") + row("c2", "i3", "5.00")
        let id = try await file.upload(Array(list.utf8))
        #expect(try await file.run(id) == .waiting)
        try await tenant.merge(old, into: stays)
        try await tenant.write(as: .bulk) { tx, context in try AnswerImport.confirm.run(id, in: &tx, context) }
        #expect(try await file.run(id) == .ended(.done))
        let taken = try await file.taken(id)
        #expect(taken.faults == [] && taken.record.counts.settled == 1)
        #expect(taken.record.counts.invoicesCreated == 1 && taken.record.counts.invoicesChanged == 1)
        #expect(try await tenant.count("invoice where tenant_id = $t and customer_id = '\(stays.uuid)'") == 3)
        #expect(try await tenant.value("select sum(amount)::text from ledger_entry where tenant_id = $t") == "1300")
        try await Courier(of: tenant).workInternalLane()
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }

    @Test func `two that are merged into each other at once become one`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        for _ in 0..<5 {
            let (one, _) = try await tenant.debtor("One")
            let (two, _) = try await tenant.debtor("Two")
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for (from, into) in [(one, two), (two, one)] {
                    group.addTask { (try? await tenant.merge(from, into: into).isNew) ?? false }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 }.count == 1)
        }
        #expect(try await tenant.count("customer where tenant_id = $t and merged_into is not null") == 5)
        #expect(try await tenant.read(as: .bulk) { tx, _ in try tx.findings() } == [])
    }
}
