package import Dunning
package import Postgres

/// A mapping kept under a name.
package struct StoredMapping: Sendable, Equatable {
    package let name: String
    package let mapping: JSONText
    package let createdAt: Instant
    package let updatedAt: Instant

    init(_ row: Row) throws(PostgresError) {
        name = try row("name")
        mapping = try row("mapping")
        createdAt = try row("created_at")
        updatedAt = try row("updated_at")
    }
}

extension Transaction {
    package mutating func putMapping(
        _ name: String, _ mapping: JSONText, at now: Instant
    ) throws(PostgresError) {
        try must("import_mapping_put", tenantID, name, mapping, now)
    }

    package mutating func mapping(_ name: String) throws(PostgresError) -> StoredMapping? {
        try first("import_mapping_by_name", tenantID, name)
            .map { row throws(PostgresError) in try StoredMapping(row) }
    }

    /// By name, from behind one.
    package mutating func mappings(after name: String, count: Int) throws(PostgresError) -> [StoredMapping] {
        try rows("import_mapping_page", tenantID, name, count)
            .map { row throws(PostgresError) in try StoredMapping(row) }
    }

    /// False when there is none of this name.
    package mutating func dropMapping(_ name: String) throws(PostgresError) -> Bool {
        try run("import_mapping_drop", tenantID, name) > 0
    }
}
