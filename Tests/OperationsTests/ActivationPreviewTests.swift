import Dunning
import Foundation
import Store
import Testing

@testable import Operations

@Suite struct `The preview of an activation` {
    private let brand = ID<Brand>(UUID())
    private let tenant = ID<Tenant>(UUID())
    private let workflow = PublishedWorkflow(
        id: ID(UUID()), workflow: ID(UUID()), escalationGapDays: 7,
        steps: [3, 14, 30].map { Step(key: "day\($0)", kind: .email, timing: .afterDue($0), template: ID(UUID())) })

    private func preview(_ policy: EntryPolicy, ages: [Int], prior: Int = 0) -> ActivationPreview {
        let today = Day("2026-11-24")!
        let dollars = Currency("USD")!
        let groups = ages.map { age in
            OverdueGroup(
                brand: brand, currency: dollars, version: workflow.id, anchorDue: today.adding(-age), priorStage: prior,
                cases: 2, invoices: 3, amount: Money(minor: 1_000, currency: dollars))
        }
        return ActivationPreview(
            tenant: tenant, mode: .shadow, policy: policy, customers: 2 * ages.count, asked: groups, ignored: [],
            days: [brand: today], workflows: [workflow.id: workflow])
    }

    @Test func `counts cases by the stage at which they enter`() {
        let ages = [1, 3, 13, 14, 40, 90]
        #expect(preview(.byAgeCapped(2), ages: ages).stages == [.init(stage: 1, cases: 6), .init(stage: 2, cases: 6)])
        #expect(preview(.byAgeCapped(9), ages: ages).stages.map(\.stage) == [1, 2, 3])
        #expect(preview(.firstStage, ages: ages).stages == [.init(stage: 1, cases: 12)])
        #expect(preview(.firstStage, ages: ages).oldestDaysOverdue == 90)
        #expect(preview(.firstStage, ages: ages).amounts.map(\.decimal) == ["60.00"])
    }

    @Test func `a later cycle enters where the last one ended, as far as its age allows`() {
        #expect(preview(.firstStage, ages: [14], prior: 3).stages.map(\.stage) == [2])
        #expect(preview(.firstStage, ages: [1], prior: 3).stages.map(\.stage) == [1])
    }

    @Test func `under review nobody enters`() {
        let preview = preview(.review, ages: [5, 50])
        #expect(preview.stages.isEmpty && preview.review == 4)
    }

    @Test func `the confirmation is of these numbers and no others`() {
        let first = preview(.firstStage, ages: [5, 50]).confirmation
        #expect(first == preview(.firstStage, ages: [5, 50]).confirmation)
        #expect(first.hasPrefix("act_") && first.count == 28)
        #expect(first != preview(.byAgeCapped(1), ages: [5, 50]).confirmation)
        #expect(first != preview(.firstStage, ages: [5]).confirmation)
    }
}
