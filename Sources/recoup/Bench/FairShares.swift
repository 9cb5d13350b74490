import Dunning
import Foundation
import Host
import Operations
import Postgres

/// Companies with more to send than a worker can at once, their gateways a server that takes everything: who gets how much.
struct FairShares {
    typealias Company = DueTenants.Company

    let due: DueTenants
    let environment: [String: String]
    let settings: Measurement.Settings
    let rounds: Int
    private var reminders: Reminders

    init(
        _ due: DueTenants, on server: ThrowawayServer, _ environment: [String: String],
        settings: Measurement.Settings, rounds: Int
    ) {
        self.due = due
        self.environment = environment
        self.settings = settings
        self.rounds = rounds
        reminders = Reminders(on: server)
    }

    /// Until small companies are done: the last of them, and the one that a big one beside them delays most.
    mutating func beside(big: Int, small: Int, each: Int) async throws -> [Measurement] {
        let smalls = try await due.make(small, reminders: 1, round: 1)
        let bigs = try await due.make(1, reminders: 1, round: 2)
        try warmUp(smalls + bigs)
        var (beside, alone): ([[Double]], [[Double]]) = ([], [])
        for round in 1...rounds {
            // By turns also in which comes first: the tables grow.
            for isBeside in round % 2 == 1 ? [false, true] : [true, false] {
                let times = try ends(of: smalls, each: each, beside: isBeside ? bigs : [], with: big)
                if isBeside { beside.append(times) } else { alone.append(times) }
            }
            StandardError.write(
                "round \(round): the last small one after \(Self.last(beside)) s, alone \(Self.last(alone)) s\n")
        }
        func times(_ index: Int, _ rounds: [[Double]]) -> [Double] { rounds.map { $0[index] } }
        func ratio(_ index: Int) -> Double {
            Measurement.median(times(index, beside)) / Measurement.median(times(index, alone))
        }
        let slowest = smalls.indices.max { ratio($0) < ratio($1) } ?? 0
        let details = ["big": Double(big), "small": Double(small), "each": Double(each)]
        func measured(_ scenario: String, _ values: [Double], _ alone: [Double]) -> Measurement {
            Measurement(
                scenario: scenario, n: small * each, unit: "s", values: values, limits: alone.map { 1.5 * $0 },
                settings: settings, details: details)
        }
        return [
            measured("fairness last small company", beside.map { $0.max() ?? 0 }, alone.map { $0.max() ?? 0 }),
            measured("fairness most delayed small company", times(slowest, beside), times(slowest, alone)),
        ]
    }

    /// Jain's index over companies of one weight, when half of what all have is sent: 1 when all had the same.
    mutating func equal(_ peers: Int, backlog: Int) async throws -> Measurement {
        let companies = try await due.make(peers, reminders: 1, round: 3)
        let values = try shares(companies, backlog).map { counts in
            let (sum, squares) = counts.reduce((0.0, 0.0)) { ($0.0 + $1, $0.1 + $1 * $1) }
            return sum * sum / (Double(counts.count) * squares)
        }
        return Measurement(
            scenario: "fairness Jain index", n: peers * backlog / 2, unit: "index", values: values,
            limits: values.map { _ in 0.99 }, settings: settings, details: ["companies": Double(peers)])
    }

    /// How many times as much companies of weight 3 have sent as those of weight 1, half of each kind.
    mutating func weighted(_ peers: Int, backlog: Int) async throws -> Measurement {
        let companies = try await due.make(peers, reminders: 1, round: 4)
        let heavy = peers / 2
        for company in companies.prefix(heavy) {
            let context = Context(tenant: ID(company.tenant), actor: "bench", now: DueTenants.now)
            _ = try await due.pools.api.write(as: .tenant(company.tenant)) { tx in
                try SetWeight(300).run(in: &tx, context)
            }
        }
        let values = try shares(companies, backlog).map { counts in
            let (three, one) = (counts.prefix(heavy).reduce(0, +), counts.dropFirst(heavy).reduce(0, +))
            return three / Double(heavy) / (one / Double(peers - heavy))
        }
        return Measurement(
            scenario: "fairness weight 3 beside 1", n: peers * backlog / 2, unit: "times", values: values,
            limits: values.map { _ in 3 }, settings: settings, details: ["companies": Double(peers)])
    }

    /// Seconds until each of the small ones had its last message accepted.
    private mutating func ends(
        of smalls: [Company], each: Int, beside bigs: [Company], with big: Int
    ) throws -> [Double] {
        try reminders.fill(smalls, each: each)
        if !bigs.isEmpty { try reminders.fill(bigs, each: big) }
        let since = try work(at: smalls + bigs) { try $0.left(smalls).reminders == 0 }
        let ends = try reminders.ends(smalls, since: since)
        guard ends.allSatisfy({ $0.count == each }) else {
            throw Complaint("not all \(each) messages of each small company were accepted")
        }
        if let big = bigs.first, try reminders.left([big]).reminders == 0 {
            throw Complaint("the big company was done before the small ones: give it more")
        }
        try reminders.clear(smalls + bigs)
        return ends.map { Double($0.last - since) / 1_000_000 }
    }

    /// In each round, what every company had of the first half of all messages.
    private mutating func shares(_ companies: [Company], _ backlog: Int) throws -> [[Double]] {
        try warmUp(companies)
        let half = companies.count * backlog / 2
        var rounds: [[Double]] = []
        for _ in 1...self.rounds {
            try reminders.fill(companies, each: backlog)
            let since = try work(at: companies) { try $0.left(companies).reminders <= half }
            let counts = try reminders.shares(companies, ofFirst: half, since: since)
            guard counts.reduce(0, +) == half, counts.allSatisfy({ $0 < backlog }) else {
                throw Complaint("a company had nothing left to send: give more with --backlog (\(counts))")
            }
            try reminders.clear(companies)
            rounds.append(counts.map(Double.init))
        }
        return rounds
    }

    /// A few reminders of each, and the jobs that the making of the companies left behind.
    private mutating func warmUp(_ companies: [Company]) throws {
        try reminders.adopt(companies)
        try reminders.fill(companies, each: 2)
        // Rollups are asked for every three seconds.
        let settled = ContinuousClock.now + .seconds(6)
        _ = try work(at: companies) { try ContinuousClock.now > settled && $0.left(companies) == (0, 0) }
        try reminders.clear(companies)
    }

    private func work(at companies: [Company], until isDone: (Reminders) throws -> Bool) throws -> Int64 {
        try reminders.work(at: companies, environment, within: 1_800) { try isDone(reminders) }
    }

    private static func last(_ rounds: [[Double]]) -> Double { rounds.last?.max() ?? 0 }
}
