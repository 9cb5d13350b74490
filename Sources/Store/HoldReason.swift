package import Postgres

extension Transaction {
    /// Why the instance sends nothing; `nil` when it is not on hold. Throws ``PostgresError`` of kind `noRow` for a
    /// database that was never migrated to its end.
    package mutating func holdReason() throws(PostgresError) -> String? {
        try row("instance_hold_reason").optional("hold_reason")
    }
}
