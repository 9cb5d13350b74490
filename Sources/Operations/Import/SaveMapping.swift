package import Dunning
package import Postgres
package import Store

/// Keeps a mapping under a name; what stood there before is replaced.
package struct SaveMapping: Sendable {
    let name: String
    let mapping: ImportMapping

    /// Throws ``Rejection`` for a name that cannot be one.
    package init(_ name: String, _ mapping: ImportMapping) throws(Rejection) {
        guard (1...100).contains(name.utf8.count), name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]*/) != nil else {
            throw .invalid(
                "/name", "bad_name",
                "a name has 1 to 100 letters, digits, dots, dashes and underscores, and begins with a letter or digit")
        }
        self.name = name
        self.mapping = mapping
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> StoredMapping {
        try tx.putMapping(name, mapping.json, at: context.now)
        try tx.audit(
            context, action: "import_mapping.saved", subject: context.tenant.uuid, detail: ["name": name])
        guard let stored = try tx.mapping(name) else { throw Rejection.notFound("mapping") }
        return stored
    }
}

/// Forgets a mapping; imports keep the one they were made with.
package struct DropMapping: Sendable {
    let name: String

    package init(name: String) { self.name = name }

    package func run(in tx: inout Transaction, _ context: Context) throws {
        guard try tx.dropMapping(name) else { throw Rejection.notFound("mapping") }
        try tx.audit(
            context, action: "import_mapping.dropped", subject: context.tenant.uuid, detail: ["name": name])
    }
}
