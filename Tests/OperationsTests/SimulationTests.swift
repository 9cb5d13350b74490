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
                of: proposal.map { (workflow, $0) }, movesCases: proposal != nil, days: 60, payments: payments,
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
        var portions = 0
        while case .moved = try await tenant.write(
            as: .bulk,
            { tx, context in
                try MoveCases(workflow).step(in: &tx, context)
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
