import Crypto

/// One file of the migrator's: a migration or a set of functions.
package struct SQLFile: Sendable, Hashable {
    /// Decides the order, as `0001_parties.sql` does.
    package let name: String
    /// Any number of statements, none of which may end the transaction.
    package let text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// SHA-256 of the text, in hex.
    var checksum: String { hexadecimal(SHA256.hash(data: Array(text.utf8))) }
}

/// Which list of the migrator's a file stands in.
enum Bookkeeping: String {
    case migration = "public.schema_migration"
    case function = "public.schema_function"
}

extension AdminSession {
    /// Makes the two lists of what was applied, if they are missing.
    mutating func prepareBookkeeping() throws(PostgresError) {
        for table in [Bookkeeping.migration, .function] {
            try run(
                """
                create table if not exists \(table.rawValue) (
                    name text primary key,
                    checksum text not null,
                    applied_at timestamptz not null default now()
                )
                """)
        }
    }

    /// Checksums by name.
    mutating func applied(_ table: Bookkeeping) throws(PostgresError) -> [String: String] {
        var checksums: [String: String] = [:]
        for row in try run("select name, checksum from \(table.rawValue)") {
            guard let name = row[0], let checksum = row[1] else { continue }
            checksums[name] = checksum
        }
        return checksums
    }

    mutating func note(_ file: SQLFile, as table: Bookkeeping) throws(PostgresError) {
        try run("insert into \(table.rawValue) (name, checksum) values ($1, $2)", with: file.name, file.checksum)
    }

    mutating func forgetFunctions() throws(PostgresError) {
        try run("delete from \(Bookkeeping.function.rawValue)")
    }
}
