package import Testing

/// Gives a suite a database of its own; its tests make tenants of their own in it.
package struct DatabaseTrait: SuiteTrait, TestTrait, TestScoping {
    @concurrent package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        try await TestDatabase.with { database in
            try await TestDatabase.$running.withValue(database) { try await function() }
        }
    }
}

extension Trait where Self == DatabaseTrait {
    /// On a suite: one database for all its tests. On a test: one for itself.
    package static var database: Self { DatabaseTrait() }
}
