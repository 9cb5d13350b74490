import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

/// Cases that get another workflow: one by one, and all at once by a job that a worker does in portions.
@Suite(.database) struct ReassignmentTests {
    @Test
    func
        `row workflow archived or rule changed: a case that moves keeps its stage, its distance to the last contact and its history`()
        async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, _) = try await tenant.debtor()
        #expect(try await Courier(of: tenant).deliver().count == 1)
        let old = try #require(try await tenant.cases(of: customer).first)
        #expect(old.facts.state.stage == 1)
        let firm = try await tenant.ladder("Firm", day: 1)
        try await tenant.change(customer, workflow: .to(firm))
        let counts = try await tenant.write { tx, context in try ReassignCustomer(customer).run(in: &tx, context) }
        #expect(counts.moved == 1)
        let new = try #require(try await tenant.cases(of: customer).first)
        #expect(new.id != old.id && new.facts.workflow.workflow == firm)
        #expect(new.facts.state.stage == 1 && new.facts.state.position == "one" && new.facts.state.cycle == 2)
        #expect(new.facts.state.lastContactDay == TestTenant.today)
        // The second letter, a week after the last contact at the earliest; never the first one again.
        #expect(new.open?.step.key == "two")
        let due = try #require(new.open?.step.dueAt)
        #expect(TestTenant.zone.day(of: due) == Day("2026-12-01"))
        #expect(try await Courier(of: tenant).deliver().isEmpty)
        let why = try await tenant.why(customer)
        #expect(why.history.contains { $0.reason == .reassigned })
        // Asked again, there is nothing to do.
        let again = try await tenant.write { tx, context in try ReassignCustomer(customer).run(in: &tx, context) }
        #expect(again == ReassignmentCounts(customers: 1, kept: 1))
    }

    @Test func `a case whose message is on the wire is left alone until its outcome is known`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let (customer, _) = try await tenant.debtor()
        let courier = try Courier(of: tenant)
        let armed = try await courier.arm().armed
        #expect(armed.count == 1)
        try await tenant.change(customer, workflow: .to(try await tenant.ladder("Firm", day: 1)))
        await #expect(throws: Rejection.self) {
            try await tenant.write { tx, context in _ = try ReassignCustomer(customer).run(in: &tx, context) }
        }
        // The job waits for it, and comes back.
        let dry = try await tenant.reassign(confirming: nil)
        let run = try await tenant.reassign(confirming: dry.id)
        #expect(run.state == .running && run.counts.moved == 0)
        try await courier.record(.accepted, of: armed, code: 250)
        let later = TestTenant.now.adding(seconds: 5)
        try await courier.workInternalLane(at: later)
        let done = try await tenant.read { tx, _ in try #require(try tx.reassignment(run.id)) }
        #expect(done.state == .done && done.counts.moved == 1)
        #expect(try await tenant.cases(of: customer).first?.facts.state.stage == 1)
    }

    @Test func `a run is done in portions, and a worker that dies between them loses and doubles nothing`() async throws
    {
        let tenant = try await TestTenant.make(in: .current())
        // More than one portion; every third customer is excluded by a rule, every other has a workflow of its own.
        let firm = try await tenant.ladder("Firm", day: 1)
        let list = try await tenant.write { tx, context in
            try SaveSegment(.new(name: "state", condition: nil)).run(in: &tx, context).id
        }
        let customers = try await tenant.write { tx, context in
            var made: [ID<Customer>] = []
            for number in 0..<130 {
                let customer = try CreateCustomer(externalID: "C-\(number)", name: "Customer \(number)")
                    .run(in: &tx, context).customer.id
                _ = try RecordInvoice(
                    externalID: "I-\(number)", customer: customer, brand: tenant.brand,
                    dueDate: TestTenant.today.adding(-10), total: Money(minor: 100_00, currency: TestTenant.dollar)
                ).run(in: &tx, context)
                made.append(customer)
            }
            return made
        }
        let excluded = customers.indices.filter { $0 % 3 == 0 }.map { customers[$0] }
        try await tenant.write { tx, context in
            _ = try ChangeMembers(list, add: excluded).run(in: &tx, context)
        }
        try await tenant.rule("Never the state", #"{"field": "segment", "is": "state"}"#, nil, priority: 1)
        try await tenant.rule("All others", #"{"field": "oldest_age", "at_least": 1}"#, firm, priority: 2)
        let dry = try await tenant.reassign(confirming: nil)
        #expect(dry.counts == ReassignmentCounts(customers: 130, moved: 86, excluded: 44))
        #expect(try await tenant.count("enrolment where tenant_id = $t") == 130)

        let courier = try Courier(of: tenant)
        let run = try await tenant.write { tx, context in
            try StartReassignment(confirming: dry.id).run(in: &tx, context)
        }
        // One worker does one portion and is gone; another claims what it held and goes on.
        let lane = try await tenant.write(as: .worker) { tx, _ in try tx.lane(.upkeep) }
        let claim = try #require(
            try await courier.queue.claim(
                tenant: tenant.id.uuid, lane: lane, worker: courier.worker, now: TestTenant.now.timestamp, limit: 20
            ).first { $0.kind == .reassign })
        let dying = InternalJobs(worker: courier.worker)
        let hasMore = try await tenant.write(as: .worker) { tx, context in
            try dying.reassign(claim.lease, run: run.id, in: &tx, context)
        }
        #expect(hasMore)
        let half = try await tenant.read { tx, _ in try #require(try tx.reassignment(run.id)) }
        #expect(half.state == .running && (1..<130).contains(half.counts.customers))
        try await tenant.admin(
            "update q.due set phase = 0, worker_id = null, lease = null where tenant_id = $t and kind = 'reassign'")
        try await Courier(of: tenant).workInternalLane()
        let done = try await tenant.read { tx, _ in try #require(try tx.reassignment(run.id)) }
        #expect(done.state == .done && done.counts == dry.counts)
        print("a run of reassignment: interrupted after \(half.counts.customers) of \(done.counts.customers) customers")
        let open = "enrolment where tenant_id = $t and status in ('pending', 'active', 'exhausted')"
        #expect(try await tenant.count(open) == 86)
        #expect(
            try await tenant.count(
                "enrolment e join workflow_version v using (tenant_id, workflow_version_id) where e.tenant_id = $t and "
                    + "e.status = 'active' and v.workflow_id = '\(firm.uuid)'") == 86)
        #expect(try await tenant.count("enrolment where tenant_id = $t and exit_reason = 'excluded'") == 44)
        #expect(try await tenant.count("enrolment where tenant_id = $t and exit_reason = 'reassigned'") == 86)
        #expect(try await tenant.count("step_run where tenant_id = $t and state = 'planned'") == 86)
    }

    @Test func `only what was seen, lately and under the same rules, can be confirmed`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        _ = try await tenant.debtor()
        func code(_ dry: ID<Reassignment>, at now: Instant = TestTenant.now) async throws -> String {
            do {
                try await tenant.write(at: now) { tx, context in
                    _ = try StartReassignment(confirming: dry).run(in: &tx, context)
                }
                return "accepted"
            } catch Rejection.forbiddenByState(let code, _) {
                return code
            } catch Rejection.invalid(let problems) {
                return problems[0].code
            }
        }
        #expect(try await code(.make(at: TestTenant.now)) == "unknown_dry_run")
        let waiting = try await tenant.write { tx, context in
            try StartReassignment(confirming: nil).run(in: &tx, context)
        }
        #expect(try await code(waiting.id) == "still_running")
        try await Courier(of: tenant).workInternalLane()
        #expect(try await code(waiting.id, at: TestTenant.now.adding(days: 2)) == "dry_run_too_old")
        let later = TestTenant.now.adding(hours: 1)
        let save = try SaveRule(
            name: "New", priority: 1, condition: TestTenant.condition(#"{"field": "stage", "is": 9}"#),
            outcome: .workflow(tenant.workflow))
        try await tenant.write(at: later) { tx, context in _ = try save.run(in: &tx, context) }
        #expect(try await code(waiting.id, at: later) == "rules_changed")
        let fresh = try await tenant.reassign(confirming: nil, at: later)
        #expect(try await code(fresh.id, at: later) == "accepted")
        #expect(try await code(fresh.id, at: later) == "confirmed_before")
    }

    @Test func `segments and rules name what there is, and a segment looks at no other condition`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        func code(_ body: @escaping @Sendable (inout Transaction, Context) throws -> Void) async throws -> String {
            do {
                try await tenant.write { tx, context in try body(&tx, context) }
                return "accepted"
            } catch Rejection.invalid(let problems) {
                return "\(problems[0].pointer) \(problems[0].code)"
            } catch Rejection.conflict(let noun, _) {
                return noun
            } catch Rejection.forbiddenByState(let code, _) {
                return code
            }
        }
        let old = try TestTenant.condition(#"{"field": "oldest_age", "at_least": 60}"#)
        let ofOld = try TestTenant.condition(#"{"field": "segment", "is": "old"}"#)
        let ofNobody = try TestTenant.condition(#"{"not": {"field": "segment", "is": "nobody"}}"#)
        let ofBrand = try TestTenant.condition(#"{"field": "brand", "is": "Nowhere"}"#)
        #expect(
            try await code { _ = try SaveSegment(.new(name: "old", condition: old)).run(in: &$0, $1) } == "accepted")
        #expect(
            try await code { _ = try SaveSegment(.new(name: "old", condition: nil)).run(in: &$0, $1) } == "segment")
        #expect(
            try await code { _ = try SaveSegment(.new(name: "older", condition: ofOld)).run(in: &$0, $1) }
                == "/condition segment_of_segments")
        for (condition, expected) in [
            (ofOld, "accepted"), (ofNobody, "/condition unknown_segment"), (ofBrand, "/condition unknown_brand"),
        ] {
            #expect(
                try await code { tx, context in
                    _ = try SaveRule(name: "R", priority: 1, condition: condition, outcome: .exclude)
                        .run(in: &tx, context)
                } == expected)
        }
        let segment = try await tenant.read { tx, _ in try tx.segments(Page(count: 10))[0].id }
        let customer = try await tenant.customer()
        #expect(
            try await code { _ = try ChangeMembers(segment, add: [customer]).run(in: &$0, $1) } == "is_a_condition")
    }

    @Test func `promises that were broken and the share paid in time come from the ledger`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let customer = try await tenant.customer()
        let start = TestTenant.now.adding(days: -60)
        // Three invoices due 50 days ago: one paid on its day, one late, one not at all; a fourth is not due yet.
        var invoices: [ID<Invoice>] = []
        for _ in 0..<3 { invoices.append(try await tenant.invoice(of: customer, overdueBy: -10, at: start)) }
        try await tenant.invoice(of: customer, overdueBy: -5)
        try await tenant.pay(customer, 100_00, for: [(invoices[0], 100_00)], at: start.adding(days: 10))
        try await tenant.pay(customer, 100_00, for: [(invoices[1], 100_00)], at: start.adding(days: 12))
        // The third was promised twice; the first promise was broken, the second runs.
        for day in [30, 58] {
            let at = start.adding(days: day)
            let promise = try MakePromise(
                about: [invoices[2]], dueOn: TestTenant.zone.day(of: at).adding(day == 30 ? 5 : 10))
            try await tenant.write(at: at) { tx, context in _ = try promise.run(in: &tx, context) }
        }
        let loaded = try await tenant.read { tx, context in
            try tx.loadCases(customers: [customer], asking: [.onTimeShare, .brokenPromises], now: context.now)
        }
        let subject = try #require(loaded.first).facts.subject(at: TestTenant.now)
        #expect(subject.onTimeShare == 33)
        #expect(subject.brokenPromises == 1)
        // Nobody asked: nobody looked.
        let plain = try await tenant.cases(of: customer)
        #expect(plain.first?.facts.profile.onTimeShare == nil && plain.first?.facts.profile.brokenPromises == nil)
    }

    @Test func `traits are kept, changed one by one, and refused where they are wrong`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let customer = try await tenant.customer()
        let first = try TraitChanges(
            country: .to("DE"), owner: .to("Kim"), attributes: ["plan": .text("gold"), "seats": .number(4)],
            riskBand: .to(.high), collectionMethod: .to(.sendInvoice))
        try await tenant.write { tx, context in
            _ = try UpdateCustomer(customer, traits: first).run(in: &tx, context)
        }
        let second = try TraitChanges(owner: .to(nil), attributes: ["plan": nil, "trial": .flag(true)])
        let record = try await tenant.write { tx, context in
            try UpdateCustomer(customer, traits: second).run(in: &tx, context)
        }
        #expect(
            record.traits
                == CustomerTraits(
                    country: "DE", attributes: ["seats": .number(4), "trial": .flag(true)], riskBand: .high,
                    collectionMethod: .sendInvoice))
        #expect(throws: Rejection.self) { try TraitChanges(country: .to("de")) }
        #expect(throws: Rejection.self) { try TraitChanges(exclusion: .to("Because I say so")) }
        #expect(throws: Rejection.self) { try TraitChanges(attributes: ["No good": .flag(true)]) }
        let many = try TraitChanges(
            attributes: Dictionary(uniqueKeysWithValues: (0..<51).map { ("a\($0)", AttributeValue?.some(.number(1))) }))
        await #expect(throws: Rejection.self) {
            try await tenant.write { tx, context in
                _ = try UpdateCustomer(customer, traits: many).run(in: &tx, context)
            }
        }
    }
}
