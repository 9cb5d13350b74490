package import Dunning
package import Postgres
import Store

/// What a person says to an import: go on with one that waits, or let it be.
package enum AnswerImport: Sendable {
    case confirm
    case cancel

    /// Throws ``Rejection/forbiddenByState(code:detail:)`` when it is too early or too late for that.
    package func run(_ id: ID<Import>, in tx: inout Transaction, _ context: Context) throws {
        guard try tx.importRecord(id) != nil else { throw Rejection.notFound("import") }
        switch self {
        case .confirm:
            guard try tx.confirm(id, at: context.now) else {
                throw Rejection.forbiddenByState(code: "not_waiting", detail: "this import does not wait for anybody")
            }
        case .cancel:
            guard try tx.cancel(id, at: context.now) else {
                throw Rejection.forbiddenByState(
                    code: "too_late", detail: "this import is being applied, or has ended; it cannot be cancelled")
            }
        }
        // A cancelled one is tidied up by whoever takes it next.
        try ReceiveImport.queue(id, in: &tx, context)
        try tx.audit(
            context, action: self == .confirm ? "import.confirmed" : "import.cancelled", subject: id.uuid)
    }
}
