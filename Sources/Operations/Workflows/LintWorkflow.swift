package import Dunning
package import Postgres
import Store

/// What is wrong with a document of a workflow, without publishing it: its words, the graph of its steps, and the templates it
/// names.
package enum LintWorkflow {
    package static func run(_ value: DocumentValue, in tx: inout Transaction) throws -> [FieldProblem] {
        let document: WorkflowDocument
        do throws(Rejection) {
            document = try WorkflowDocument(value)
        } catch {
            guard case .invalid(let problems) = error else { throw error }
            return problems
        }
        do {
            try PutWorkflow(document).check(in: &tx)
            return []
        } catch let rejection as Rejection {
            guard case .invalid(let problems) = rejection else { throw rejection }
            return problems
        }
    }
}
