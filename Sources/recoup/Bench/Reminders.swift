import Foundation

/// Reminders that fall due at companies as they are wanted, copied by the database from one that the product planned for each.
///
/// The companies come from ``DueTenants`` with one reminder each. Instants are microseconds of the product's time.
struct Reminders {
    typealias Company = DueTenants.Company

    let server: ThrowawayServer
    /// Copies of one round have ids of their own.
    private var round = 0

    init(on server: ThrowawayServer) { self.server = server }

    /// Makes their only reminder the pattern of all others, and keeps the workers' hands off them.
    func adopt(_ companies: [Company]) throws {
        try server.psql("reminders_pattern", ["tenants": Self.list(companies)])
        try close(companies)
    }

    /// Puts reminders into the queue, so many at each company.
    ///
    /// - Parameters:
    ///   - after: seconds until the first falls due.
    ///   - gap: seconds between two of one company; companies take turns in between.
    /// - Returns: when the first falls due.
    @discardableResult
    mutating func fill(_ companies: [Company], each: Int, after: Int = 0, gap: Double = 0) throws -> Int64 {
        round += 1
        return try instant(
            server.psql(
                "reminders_fill",
                [
                    "tenants": Self.list(companies), "each": "\(each)", "round": "\(round)", "after": "\(after)",
                    "gap": "\(gap)",
                ]))
    }

    /// Lets the workers at them; since when.
    func open(_ companies: [Company]) throws -> Int64 {
        try instant(server.psql("tenants_mode", ["tenants": Self.list(companies), "mode": "live"]))
    }

    /// Keeps the workers' hands off them; since when.
    @discardableResult
    func close(_ companies: [Company]) throws -> Int64 {
        try instant(server.psql("tenants_mode", ["tenants": Self.list(companies), "mode": "suspended"]))
    }

    /// Lets one worker at them until that is so; since when.
    func work(
        at companies: [Company], _ environment: [String: String], within seconds: Int, until isDone: () throws -> Bool
    ) throws -> Int64 {
        let worker = try BenchWorker(on: server, environment)
        defer { worker.end() }
        try worker.begin()
        let since = try open(companies)
        try ThrowawayServer.eventually("enough is sent", within: seconds, every: 0.5, isDone)
        try close(companies)
        return since
    }

    /// Takes away what was not sent.
    func clear(_ companies: [Company]) throws {
        try server.psql("reminders_clear", ["tenants": Self.list(companies)])
    }

    /// Reminders in the queue or on the wire, and other jobs.
    func left(_ companies: [Company]) throws -> (reminders: Int, jobs: Int) {
        let row = try lines("reminders_left", companies)[0]
        return (try Self.number(row[0]), try Self.number(row[1]))
    }

    /// What each company has had accepted since then, and when the last of it was.
    func ends(_ companies: [Company], since: Int64) throws -> [(count: Int, last: Int64)] {
        try lines("reminders_ends", companies, ["since": "\(since)"])
            .map { (try Self.number($0[0]), Int64(try Self.number($0[1]))) }
    }

    /// How many of the first so many messages each company had.
    func shares(_ companies: [Company], ofFirst first: Int, since: Int64) throws -> [Int] {
        try lines("reminders_shares", companies, ["since": "\(since)", "first": "\(first)"])
            .map { try Self.number($0[0]) }
    }

    /// Milliseconds from due to accepted of what fell due between the two; infinite for what never was.
    func late(_ companies: [Company], from: Int64, before: Int64) throws -> [Double] {
        try lines("reminders_late", companies, ["from": "\(from)", "before": "\(before)"])
            .map { row in Double(row[0]) ?? .nan }
    }

    /// How many tries of theirs were begun since then, however they ended.
    func tries(_ companies: [Company], since: Int64) throws -> Int {
        try Self.number(try lines("reminders_tries", companies, ["since": "\(since)"])[0][0])
    }

    static func list(_ companies: [Company]) -> String {
        "{\(companies.map(\.tenant.uuidString).joined(separator: ","))}"
    }

    private func lines(
        _ script: String, _ companies: [Company], _ others: [String: String] = [:]
    ) throws -> [[Substring]] {
        let variables = others.merging(["tenants": Self.list(companies)]) { $1 }
        return try server.psql(script, variables).split(separator: "\n").map { $0.split(separator: "|") }
    }

    private func instant(_ said: String) throws -> Int64 {
        Int64(try Self.number(said[...]))
    }

    private static func number(_ text: Substring) throws -> Int {
        guard let number = Int(text) else { throw Complaint("psql said \(text) where a number was expected") }
        return number
    }
}
