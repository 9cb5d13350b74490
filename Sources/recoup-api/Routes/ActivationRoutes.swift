import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let activation: [Route] = [
        .tenant(.post, "/v1/activation") { call in
            let activate = try await call.body { fields in
                Activate(
                    policy: fields.value(optional: "entry_policy", "bad_entry_policy", EntryPolicy.forms) {
                        EntryPolicy($0)
                    },
                    confirmation: fields.line(optional: "confirm", upTo: 64))
            }
            switch try await call.writeBulk({ try activate.run(in: &$0, $1) }) {
            case .preview(let preview): return .ok(ActivationResponse(preview, status: "preview"))
            case .activated(let preview): return .ok(ActivationResponse(preview, status: "activated"))
            case .changed(let preview): throw PreviewChanged(preview: preview)
            }
        }
    ]
}

/// What was confirmed is not what is there now (409); the answer shows what to confirm instead.
struct PreviewChanged: Error, Sendable {
    let preview: ActivationPreview
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
    let confirmation: String

    init(_ preview: ActivationPreview, status: String) {
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
        confirmation = preview.confirmation
    }
}
