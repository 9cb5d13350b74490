/// A login role the migrator sees to.
package struct RolePassword: Sendable, Hashable, CustomStringConvertible {
    /// Any name; it is quoted where it is used.
    package let role: String
    /// `nil` leaves the role's password as it is: it may log in by other means. A secret.
    package let password: String?

    package init(role: String, password: String? = nil) {
        self.role = role
        self.password = password
    }

    /// Without the password.
    package var description: String { password == nil ? role : "\(role), with a password" }
}

extension AdminSession {
    /// Makes the role if it is missing, and sets its password if one is given; whether the role was made.
    ///
    /// Roles belong to the whole server while the migrator's lock belongs to one database, so another migrator may be
    /// at the same role: losing against it is not a failure.
    mutating func ensure(_ role: RolePassword) throws(PostgresError) -> Bool {
        let name = try identifier(role.role)
        var isNew = false
        if try run("select 1 from pg_roles where rolname = $1", with: role.role).isEmpty {
            do throws(PostgresError) {
                try run("create role \(name) login noinherit nobypassrls")
                isNew = true
            } catch {
                let isMadeByOther = error.sqlState == "42710" || error.sqlState == "23505"
                guard isMadeByOther else { throw error }
            }
        }
        if let password = role.password {
            let verifier = try literal(try verifier(of: password, for: role.role))
            try runAgainstRivals("alter role \(name) password \(verifier)")
        }
        return isNew
    }

    /// Two sessions that alter one role at the same time get "tuple concurrently updated", which has no code of its
    /// own.
    private mutating func runAgainstRivals(_ text: String) throws(PostgresError) {
        var tries = 0
        while true {
            do throws(PostgresError) {
                tries += 1
                try run(text)
                return
            } catch {
                guard error.sqlState == "XX000", tries < 20 else { throw error }
            }
        }
    }
}
