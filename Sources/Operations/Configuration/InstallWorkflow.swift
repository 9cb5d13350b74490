package import Dunning
package import Postgres
package import Store

/// Makes a ready-made workflow the tenant's own: its letters as templates, and the workflow that sends them, in one
/// transaction.
///
/// What is there under the same name stays as it is: a tenant's own words are never written over, and a workflow that was
/// installed before is answered again.
package struct InstallWorkflow: Sendable {
    package struct Result: Sendable, Equatable {
        package let workflow: WorkflowRecord
        /// The names of the templates that were not there before.
        package let templatesMade: [String]
        package let isNew: Bool
    }

    package let ready: ReadyMadeWorkflow

    /// - Parameter name: the name in the catalogue.
    package init(_ name: String) throws(Rejection) {
        guard let ready = ReadyMadeWorkflow.named(name) else { throw .notFound("ready-made workflow") }
        self.ready = ready
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> Result {
        if let there = try tx.workflow(named: ready.document.name) {
            return Result(workflow: there, templatesMade: [], isNew: false)
        }
        let known = Set(try tx.templateNames().values)
        let made = ready.letters.filter { !known.contains($0.name) }
        for letter in made { _ = try letter.save(in: &tx, context) }
        let put = try PutWorkflow(ready.document).run(in: &tx, context)
        return Result(workflow: put.record, templatesMade: made.map(\.name), isNew: put.isNew)
    }
}
