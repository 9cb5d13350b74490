import Dunning
import Foundation
import Postgres
import Store
import Support
import Testing

@testable import Operations

@Suite(.database) struct `Simulating a tenant` {
    private func play(_ record: SimulationRecord, _ tenant: TestTenant) async throws -> SimulationRecord {
        let context = tenant.context()
        #expect(
            try await RunSimulation(record.id).run(on: try tenant.database.database(.bulk)) { context } == .ended(.done)
        )
        return try #require(try await tenant.read { tx, _ in try tx.simulation(record.id) })
    }

    private func simulate(
        _ tenant: TestTenant, payments: PaymentAssumption = .nobody, _ proposal: WorkflowProposal? = nil
    ) async throws -> SimulationRecord {
        let workflow = tenant.workflow
        let record = try await tenant.write { tx, context in
            try StartSimulation(
                of: proposal.map { .version($0, of: workflow) }, movesCases: proposal != nil, days: 60,
                payments: payments,
                isQueued: false, at: context.now
            ).run(in: &tx, context)
        }
        return try await play(record, tenant)
    }

    /// The ladder with its last step left out, or with one more at the end.
    private func proposal(_ tenant: TestTenant, extra: Bool) async throws -> WorkflowProposal {
        let workflow = tenant.workflow
        let record = try #require(try await tenant.read { tx, _ in try tx.workflow(workflow) })
        var steps = record.steps
        if extra {
            steps.append(Step(key: "again", kind: .email, timing: .afterDue(40), template: steps[0].template))
        } else {
            steps.removeLast()
        }
        return WorkflowProposal(
            steps: try WorkflowSteps(steps), gapDays: record.escalationGapDays, limits: record.limits)
    }

    @Test func `shows every message, and leaves nothing behind`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        for number in 0..<4 { _ = try await tenant.debtor("Customer \(number)", overdueBy: 20) }
        let state = "select string_agg(e::text, ' ' order by e.enrolment_id) from enrolment e where e.tenant_id = $t"
        let steps = "select string_agg(s::text, ' ' order by s.step_run_id) from step_run s where s.tenant_id = $t"
        let before = [try await tenant.value(state), try await tenant.value(steps)]
        let record = try await simulate(tenant)
        #expect([try await tenant.value(state), try await tenant.value(steps)] == before)
        let sums = try record.decodedSums()
        #expect(sums.customers == 4 && sums.messages == 12 && sums.stages == [1: 4, 2: 4, 3: 4])
        #expect(sums.total(\.tasks) == ["call": 4], "each runs out of steps")
        #expect(sums.asked == ["USD": 400_00])
        #expect(
            try await tenant.count("simulation_event where tenant_id = $t and kind = 'message'") == 12)
        // Played once: what was done is not done again.
        let context = tenant.context()
        #expect(
            try await RunSimulation(record.id).run(on: try tenant.database.database(.bulk)) { context } == .ended(.done)
        )
        #expect(try await tenant.count("simulation_event where tenant_id = $t and kind = 'message'") == 12)
    }

    @Test func `money that comes as supposed ends what would be sent`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        for number in 0..<4 { _ = try await tenant.debtor("Customer \(number)", overdueBy: 5) }
        let sums = try (try await simulate(tenant, payments: .share(percent: 100, afterDays: 9))).decodedSums()
        #expect(sums.messages == 4 && sums.exits == ["paid": 4])
    }

    @Test func `a version is compared with what is in force`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        for number in 0..<3 { _ = try await tenant.debtor("Customer \(number)", overdueBy: 20) }
        let record = try await simulate(tenant, try await proposal(tenant, extra: false))
        #expect(try record.decodedSums().messages == 6)
        #expect(try record.decodedLiveSums()?.messages == 9)
        #expect(record.customersDiffering == 3)
        #expect(
            try await tenant.count("workflow_version where tenant_id = $t and workflow_id = '\(tenant.workflow.uuid)'")
                == 1)
    }

    @Test func `many are moved to a version only when somebody has seen what it does`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        for number in 0...PublishVersion.few { _ = try await tenant.debtor("Customer \(number)", overdueBy: 20) }
        let workflow = tenant.workflow
        let (proposal, other) = (try await proposal(tenant, extra: true), try await proposal(tenant, extra: false))
        func publish(_ proposal: WorkflowProposal, _ confirmation: ID<SimulationRun>? = nil) async throws -> String {
            do {
                _ = try await tenant.write { tx, context in
                    try PublishVersion(proposal, of: workflow, movesCases: true, confirmation: confirmation)
                        .run(in: &tx, context)
                }
                return "published"
            } catch Rejection.forbiddenByState(let code, _) {
                return code
            }
        }
        #expect(try await publish(proposal) == "simulation_needed")
        let seen = try await simulate(tenant, proposal)
        #expect(try await publish(other, seen.id) == "other_simulation")
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'move'") == 0)
        #expect(try await publish(proposal, seen.id) == "published")
        #expect(try await publish(proposal, seen.id) == "simulation_used")
        // Killed after each portion: what was moved is not found again.
        let version = try #require(try await tenant.read { tx, _ in try tx.workflow(workflow) }).version
        var portions = 0
        while case .moved = try await tenant.write(
            as: .bulk,
            { tx, context in
                try MoveCases(to: version).step(in: &tx, context)
            })
        { portions += 1 }
        #expect(portions == 1)
        #expect(
            try await tenant.count(
                """
                enrolment e join workflow_version v using (tenant_id, workflow_version_id)
                where e.tenant_id = $t and v.number = 2
                """) == PublishVersion.few + 1)
    }

    /// What was simulated: customer, day and step of each message.
    private func shown(_ record: SimulationRecord, _ tenant: TestTenant) async throws -> Set<String> {
        Set(
            try await tenant.admin(
                """
                select e.customer_id::text || ' ' || e.day || ' ' || e.step from simulation_event e
                where e.tenant_id = $t and e.simulation_id = '\(record.id.uuid)' and e.kind = 'message'
                """
            ).compactMap { $0[0] })
    }

    @Test func `keeps the days of first contacts and the time to object, as the worker then does`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        let courier = try Courier(of: tenant)
        let change = try ChangeTenant(vetoHours: .to(4), firstContactsPerDay: .to(2))
        try await tenant.write { tx, context in _ = try change.run(in: &tx, context) }
        for number in 0..<7 {
            _ = try await tenant.debtor("Customer \(number)", overdueBy: 20, Int64(number + 1) * 100_00)
        }
        let record = try await simulate(tenant)
        let expected = try await shown(record, tenant)
        #expect(expected.count == 21)
        let sums = try record.decodedSums()
        #expect(sums.days.values.allSatisfy { $0.firstContacts <= 2 })
        #expect(sums.days.values.reduce(0) { $0 + $1.firstContacts } == 7)
        // And what really happens, from one due instant to the next.
        var now = TestTenant.now
        for _ in 0..<400 {
            try await courier.workInternalLane(at: now)
            try await courier.deliver(at: now)
            let next = try await tenant.value(
                """
                select (extract(epoch from least(
                    (select min(s.due_at) from step_run s where s.tenant_id = $t and s.state = 'planned'),
                    (select min(d.run_at) from q.due d where d.tenant_id = $t and d.kind = 'watch'))) * 1000000)::bigint
                """)
            guard let due = next.flatMap(Int64.init) else { break }
            now = max(Instant(microseconds: due), now.adding(seconds: 1))
            if now > TestTenant.now.adding(days: 60) { break }
        }
        let happened = Set(
            try await tenant.admin(
                """
                select m.customer_id::text || ' ' || m.contact_day || ' ' || s.step_key
                from message m join step_run s on s.tenant_id = m.tenant_id and s.message_id = m.message_id
                where m.tenant_id = $t
                """
            ).compactMap { $0[0] })
        #expect(
            happened == expected,
            "only simulated: \(expected.subtracting(happened).sorted()); only happened: \(happened.subtracting(expected).sorted())"
        )
    }

    @Test func `supposes that sources go on speaking`() async throws {
        let tenant = try await TestTenant.make(in: .current())
        _ = try await tenant.debtor(overdueBy: 20)
        try await tenant.write { tx, context in _ = try SetSourceAge(of: "bank", hours: 26).run(in: &tx, context) }
        #expect(try await simulate(tenant).decodedSums().messages == 3)
    }

    @Test func `shows what the tenant's own product would show, which is no message`() async throws {
        let story = try await WorkflowStory(
            """
            name: Shows
            gap: 3
            steps:
              - {key: notice, kind: in_app, template: Friendly reminder, after_due: 3}
              - {key: letter, kind: email, template: Firm reminder, after_due: 14}
            """)
        let (customer, _) = try await story.tenant.debtor(overdueBy: 5)
        let record = try await simulate(story.tenant)
        let sums = try record.decodedSums()
        #expect(sums.inApp == 1 && sums.messages == 1)
        let event = try #require(
            try await story.tenant.read { tx, _ in
                try tx.simulationEvents(of: record.id, after: nil, kind: "in_app", customer: customer, count: 5)
            }.first)
        #expect(event.step == "notice" && event.sections?.text.contains("100.00") == true)
        try await story.play()
        #expect(try await story.tenant.count("in_app where tenant_id = $t") == 1)
    }

    @Test func `a document is tried by its name, and published by what was seen of it`() async throws {
        let story = try await WorkflowStory(
            """
            name: Story
            steps:
              - {key: friendly, kind: email, template: Friendly reminder, after_due: 3}
            """)
        let tenant = story.tenant
        for number in 0...PublishVersion.few { _ = try await tenant.debtor("Customer \(number)", overdueBy: 20) }
        func document(_ day: Int, name: String = "Story", template: String = "Firm reminder") throws -> WorkflowDocument
        {
            try WorkflowDocument(
                try YAMLDocument.read(
                    """
                    name: \(name)
                    steps:
                      - {key: friendly, kind: email, template: Friendly reminder, after_due: 3}
                      - {key: firm, kind: email, template: \(template), after_due: \(day)}
                    """))
        }
        func start(_ document: WorkflowDocument) async throws -> SimulationRecord {
            try await tenant.write { tx, context in
                try StartSimulation(of: .document(document), movesCases: true, isQueued: false, at: context.now)
                    .run(in: &tx, context)
            }
        }
        func refusal(_ body: () async throws -> Void) async throws -> String {
            do {
                try await body()
                return ""
            } catch Rejection.invalid(let problems) {
                return "\(problems[0].pointer) \(problems[0].code)"
            } catch Rejection.forbiddenByState(let code, _) {
                return code
            }
        }
        let nobody = try document(14, name: "Nobody's")
        #expect(try await refusal { _ = try await start(nobody) } == "/document/name unknown_workflow")
        let wordless = try document(14, template: "Nothing")
        #expect(try await refusal { _ = try await start(wordless) } == "/document/steps/1/template unknown_template")
        let wanted = try document(14), other = try document(15)
        let seen = try await play(try await start(wanted), tenant)
        #expect(try seen.decodedSums().stages[2] == PublishVersion.few + 1)
        #expect(try seen.decodedLiveSums()?.stages[2] == nil)
        func put(_ document: WorkflowDocument, _ confirmation: ID<SimulationRun>?) async throws {
            let put = PutWorkflow(document, movesCases: true, confirmation: confirmation)
            try await tenant.write { tx, context in _ = try put.run(in: &tx, context) }
        }
        #expect(try await refusal { try await put(wanted, nil) } == "simulation_needed")
        #expect(try await refusal { try await put(other, seen.id) } == "other_simulation")
        #expect(try await refusal { try await put(wanted, seen.id) } == "")
        #expect(try await tenant.count("q.due where tenant_id = $t and kind = 'move'") == 1)
    }

    @Test func `an activation is confirmed by its simulation, once, and only while the numbers stand`() async throws {
        let tenant = try await TestTenant.make(in: .current(), isLive: false)
        let (customer, _) = try await tenant.debtor(overdueBy: 20)
        func propose() async throws -> SimulationRecord {
            try await tenant.write(as: .bulk) { tx, context in
                try ProposeActivation(policy: .firstStage, isQueued: false).run(in: &tx, context).simulation
            }
        }
        func confirm(_ record: SimulationRecord) async throws -> String {
            do {
                let outcome = try await tenant.write(as: .bulk) { tx, context in
                    try ConfirmActivation(record.id).run(in: &tx, context)
                }
                if case .changed = outcome { return "changed" }
                return "activated"
            } catch Rejection.forbiddenByState(let code, _) {
                return code
            }
        }
        let first = try await propose()
        #expect(try await confirm(first) == "simulation_running")
        _ = try await play(first, tenant)
        try await tenant.pay(customer, 10_00)
        #expect(try await confirm(first) == "changed")
        let second = try await play(try await propose(), tenant)
        #expect(try second.decodedSums().messages == 3)
        #expect(try await tenant.value("select mode from tenant where tenant_id = $t") == "shadow")
        #expect(try await confirm(second) == "activated")
        #expect(try await confirm(second) == "simulation_used")
        #expect(try await tenant.value("select mode from tenant where tenant_id = $t") == "live")
    }
}
