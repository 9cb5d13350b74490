package import Dunning
package import Postgres
import Store

/// What a condition names has to be there: segments and brands of the tenant.
package enum ConditionNames {
    /// Everything it names that there is not, at `pointer`.
    package static func problems(
        in condition: Condition, at pointer: String, in tx: inout Transaction
    ) throws -> [FieldProblem] {
        var problems: [FieldProblem] = []
        let segments = condition.texts(of: .segment)
        if !segments.isEmpty {
            let known = try tx.segments(named: segments.sorted())
            for name in segments.sorted() where known[name] == nil {
                problems.append(
                    FieldProblem(
                        pointer: pointer, code: "unknown_segment", detail: "there is no segment called \(name)"))
            }
        }
        let brands = condition.texts(of: .brand)
        if !brands.isEmpty {
            let known = Set(
                try tx.brands(Page(count: 1_000)).flatMap { [$0.id.description, $0.name] })
            for name in brands.subtracting(known).sorted() {
                problems.append(
                    FieldProblem(
                        pointer: pointer, code: "unknown_brand",
                        detail: "there is no brand with the id or name \(name)"))
            }
        }
        return problems
    }

    static func check(_ condition: Condition, in tx: inout Transaction) throws {
        let problems = try problems(in: condition, at: "/condition", in: &tx)
        if !problems.isEmpty { throw Rejection.invalid(problems) }
    }
}
