import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let activation: [Route] = [
        .tenant(.post, "/v1/activation") { call in
            let (policy, confirmed) = try await call.body { fields in
                (
                    fields.value(optional: "entry_policy", "bad_entry_policy", EntryPolicy.forms) { EntryPolicy($0) },
                    fields.id(optional: "confirm", SimulationRun.self)
                )
            }
            if let confirmed {
                let confirm = ConfirmActivation(confirmed)
                switch try await call.writeBulk({ try confirm.run(in: &$0, $1) }) {
                case .activated(let preview):
                    let record = try await call.find("simulation") { try $0.simulation(confirmed) }
                    return .ok(ActivationResponse(preview, record, status: "activated"))
                case .changed(let preview): throw PreviewChanged(proposal: try await call.propose(preview.policy))
                }
            }
            let proposal = try await call.propose(policy)
            return .ok(ActivationResponse(proposal.preview, proposal.simulation, status: "preview"))
        }
    ]
}

extension Call where Caller == TenantKey {
    /// The numbers, and a simulation of them: played at once where few customers are concerned, by a worker otherwise.
    fileprivate func propose(_ policy: EntryPolicy?) async throws -> ProposeActivation.Proposal {
        let few = 200
        let operation = operation
        let count = try await writeBulk { tx, context in
            guard case .preview(let preview) = try Activate(policy: policy).run(in: &tx, context) else { return 0 }
            return preview.customers
        }
        let isQueued = count > few
        let propose = ProposeActivation(policy: policy, isQueued: isQueued)
        let proposal = try await writeBulk { try propose.run(in: &$0, $1) }
        guard !isQueued else { return proposal }
        let id = proposal.simulation.id
        _ = try await RunSimulation(id).run(on: world.bulk) { operation }
        return ProposeActivation.Proposal(
            preview: proposal.preview, simulation: try await find("simulation") { try $0.simulation(id) })
    }
}

/// What was confirmed is not what is there now (409); the answer shows what to confirm instead.
struct PreviewChanged: Error, Sendable {
    let proposal: ProposeActivation.Proposal
}

extension EntryPolicy {
    static let forms =
        "must be review, first_stage, by_age_capped(2) or ignore_older_than(90), with other numbers as needed"
}

struct ActivationResponse: Encodable, Sendable {
    struct Stage: Encodable, Sendable {
        let stage: Int
        let cases: Int
    }

    let status: String
    let mode: String
    let entryPolicy: String
    let customers: Int
    let invoices: Int
    let amounts: [MoneyResponse]
    let stages: [Stage]
    let review: Int
    let ignoredInvoices: Int
    let ignoredAmounts: [MoneyResponse]
    let oldestDaysOverdue: Int
    /// The simulation that confirms these numbers, and how far it is.
    let confirmation: ID<SimulationRun>
    let simulationState: String

    init(_ preview: ActivationPreview, _ simulation: SimulationRecord, status: String) {
        self.status = status
        mode = preview.mode.rawValue
        entryPolicy = preview.policy.text
        customers = preview.customers
        invoices = preview.invoices
        amounts = preview.amounts.map(MoneyResponse.init)
        stages = preview.stages.map { Stage(stage: $0.stage, cases: $0.cases) }
        review = preview.review
        ignoredInvoices = preview.ignoredInvoices
        ignoredAmounts = preview.ignoredAmounts.map(MoneyResponse.init)
        oldestDaysOverdue = preview.oldestDaysOverdue
        confirmation = simulation.id
        simulationState = simulation.state.rawValue
    }
}
