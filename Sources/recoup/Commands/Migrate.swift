import ArgumentParser
import Dunning
import Foundation
import Host
import Postgres
import SQL
import Store

struct Migrate: DatabaseCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings the database up to date: roles, schema, functions, and on an empty one its name.",
        discussion:
            "Connects as the owner, with the login in DATABASE_URL, straight to the server and not through a pooler.")

    func run(at desk: Desk) async throws {
        let roles = DatabaseRole.allCases.map {
            RolePassword(role: $0.user, password: desk.keys[$0].password?.revealed)
        }
        let migrator = desk.migrator()
        let report = try await onOwnThread {
            try migrator.migrate(
                migrations: SQL.migrations.map { SQLFile(name: $0.name, text: $0.text) },
                functions: SQL.functions.map { SQLFile(name: $0.name, text: $0.text) }, roles: roles)
        }
        let environment = desk.host.environment
        let isNew = try await desk.withOwner { tx in
            try tx.forceRowSecurity()
            guard try tx.isUnused() else { return false }
            try tx.nameInstance(environment: environment, at: Instant(microseconds: Clock.system()))
            return true
        }
        for role in report.roles { print("made role \(role)") }
        for name in report.migrations { print("applied migration \(name)") }
        if !report.functions.isEmpty { print("applied functions \(report.functions.joined(separator: ", "))") }
        if isNew { print("this database is now the instance of environment \(environment)") }
        print("the database is up to date")
    }
}

/// Runs blocking work where it blocks nobody.
private func onOwnThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { answer in
        Thread { answer.resume(with: Result(catching: body)) }.start()
    }
}
