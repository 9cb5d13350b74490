import Crypto
package import Dunning
import Foundation
package import Store

/// What an activation would do, in numbers a person confirms.
package struct ActivationPreview: Sendable, Equatable {
    package let tenant: ID<Tenant>
    /// Before the activation: shadow, or live with cases that wait for confirmation.
    package let mode: TenantRecord.Mode
    package let policy: EntryPolicy
    /// With overdue debt that is asked for.
    package let customers: Int
    package let invoices: Int
    /// By currency, in the order of the codes.
    package let amounts: [Money]
    /// How many cases enter at which stage; empty under `review`.
    package let stages: [Stage]
    /// Cases that go on waiting for a person.
    package let review: Int
    /// Invoices the policy leaves alone, and what is open on them.
    package let ignoredInvoices: Int
    package let ignoredAmounts: [Money]
    package let oldestDaysOverdue: Int

    package struct Stage: Sendable, Equatable {
        package let stage: Int
        package let cases: Int
    }

    /// Names exactly these numbers: given back, it confirms them and no others.
    package var confirmation: String {
        let facts =
            [
                tenant.description, mode.rawValue, policy.text, "\(customers)", "\(invoices)", "\(review)",
                "\(ignoredInvoices)",
            ] + amounts.map { "\($0.currency.code) \($0.minor)" } + ["ignored"]
            + ignoredAmounts.map { "\($0.currency.code) \($0.minor)" } + stages.map { "\($0.stage): \($0.cases)" }
        let hash = SHA256.hash(data: Data(facts.joined(separator: "\n").utf8))
        return "act_"
            + hash.prefix(12).map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
    }
}

extension ActivationPreview {
    init(
        tenant: ID<Tenant>, mode: TenantRecord.Mode, policy: EntryPolicy, customers: Int, asked: [OverdueGroup],
        ignored: [OverdueGroup], days: [ID<Brand>: Day], workflows: [ID<WorkflowVersion>: PublishedWorkflow]
    ) {
        func age(_ group: OverdueGroup) -> Int {
            days[group.brand].map { group.anchorDue.distance(to: $0) } ?? 0
        }
        var stages: [Int: Int] = [:]
        if policy != .review {
            for group in asked {
                let byAge = workflows[group.version]?.stage(byAge: age(group)) ?? 0
                stages[Self.entryStage(policy, byAge: byAge, prior: group.priorStage), default: 0] += group.cases
            }
        }
        self.tenant = tenant
        self.mode = mode
        self.policy = policy
        self.customers = customers
        invoices = asked.reduce(0) { $0 + $1.invoices }
        amounts = Self.sums(asked)
        self.stages = stages.sorted { $0.key < $1.key }.map { Stage(stage: $0.key, cases: $0.value) }
        review = policy == .review ? asked.reduce(0) { $0 + $1.cases } : 0
        ignoredInvoices = ignored.reduce(0) { $0 + $1.invoices }
        ignoredAmounts = Self.sums(ignored)
        oldestDaysOverdue = asked.map(age).max() ?? 0
    }

    /// The stage the planner gives a case that enters (architecture 5.1).
    static func entryStage(_ policy: EntryPolicy, byAge: Int, prior: Int) -> Int {
        var target = 1
        if case .byAgeCapped(let cap) = policy { target = min(byAge, cap) }
        return max(1, target, min(prior, byAge))
    }

    private static func sums(_ groups: [OverdueGroup]) -> [Money] {
        var sums: [Currency: Money] = [:]
        for group in groups { sums[group.currency] = (sums[group.currency] ?? .zero(group.currency)) + group.amount }
        return sums.values.sorted { $0.currency.code < $1.currency.code }
    }
}
