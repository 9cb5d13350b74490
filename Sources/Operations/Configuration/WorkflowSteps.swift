package import Dunning

/// The steps of a workflow version in the order they are taken, checked as a whole.
package struct WorkflowSteps: Sendable {
    package static let limit = WorkflowDocument.mostSteps

    let list: [Step]

    /// Throws ``Rejection/invalid(_:)`` with everything wrong with each step, at `/steps/<index>/…`.
    package init(_ steps: [Step]) throws(Rejection) {
        var problems: [FieldProblem] = []
        if steps.isEmpty || steps.count > Self.limit {
            problems.append(
                FieldProblem(pointer: "/steps", code: "out_of_range", detail: "must hold 1 to \(Self.limit) steps"))
        }
        for (index, step) in steps.prefix(Self.limit).enumerated() {
            guard let script = step.script, let (code, detail) = TextRule.lines(upTo: 4_000).violation(in: script)
            else {
                continue
            }
            problems.append(FieldProblem(pointer: "/steps/\(index)/script", code: code, detail: detail))
        }
        if !steps.isEmpty { problems += WorkflowGraph.problems(of: Array(steps.prefix(Self.limit))) }
        guard problems.isEmpty else { throw .invalid(problems) }
        list = steps
    }
}
