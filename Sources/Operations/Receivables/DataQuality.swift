import Dunning
package import Postgres
package import Store

/// What is wrong with a tenant's data: every finding with its count and the first of its items.
package struct DataQuality: Sendable {
    package struct Finding: Sendable {
        package let finding: DataFinding
        /// At most ``countLimit``.
        package let count: Int
        package let first: [DataQualityItem]
    }

    /// Counts are told up to here: more makes no other report.
    package static let countLimit = 10_000
    package static let shown = 5

    package let findings: [Finding]

    package static func report(in tx: inout Transaction, _ context: Context) throws -> DataQuality {
        DataQuality(
            findings: try DataFinding.allCases.map { finding in
                let items = try tx.items(of: finding, after: "", count: countLimit, now: context.now)
                return Finding(finding: finding, count: items.count, first: Array(items.prefix(shown)))
            })
    }
}
