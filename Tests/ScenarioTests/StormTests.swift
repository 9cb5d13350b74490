import Foundation
import Support
import Testing

extension Scenarios {
    /// Two workers on many companies that write and text, and somebody who kills and stops workers all the while.
    ///
    /// With `RECOUP_TEST_STORM=full` 50 companies, 20,000 reminders, 20 kills and 5 stops of 40 seconds; with `calm` the same
    /// without these.
    @Suite struct `Two workers in a storm` {
        private struct Size: Sendable {
            let companies: Int
            /// Reminders of each company, every other one a text message.
            let each: Int
            let kills: Int
            let stops: Int
            /// Seconds a stopped worker stands still; nil: until the other has taken over, its silence cut short.
            let silence: Int?
            /// Milliseconds until a message is taken.
            let delay: Int

            static let full = Size(companies: 50, each: 400, kills: 20, stops: 5, silence: 40, delay: 400)
            static let calm = Size(companies: 50, each: 400, kills: 0, stops: 0, silence: nil, delay: 20)
            static let small = Size(companies: 5, each: 160, kills: 4, stops: 1, silence: nil, delay: 400)
        }

        private static let size =
            switch ProcessInfo.processInfo.environment["RECOUP_TEST_STORM"] {
            case "full": Size.full
            case "calm": Size.calm
            default: Size.small
            }
        private static let sessions = 16

        /// What each worker held armed when something befell it.
        private struct Blows {
            var killed: [Int] = []
            var stopped: [Int] = []
        }

        // MARK: Companies

        private static func company(_ number: Int, of size: Size, in world: World) async throws {
            let tenant = try await Tenant.make(in: world, name: "Company \(number)")
            _ = try await tenant.textFirst(sessions: 4)
            try await tenant.take(
                (0..<size.each).map { place in
                    let name = "c\(number)-\(place)"
                    return Tenant.Line(
                        customer: name, invoice: "R-\(name)", due: "2026-11-10", cents: 1_050 + place,
                        phone: place % 2 == 0 ? nil : phone(number, place))
                })
            _ = try await tenant.activate()
        }

        private static func phone(_ number: Int, _ place: Int) -> String {
            "+49170\(1_000_000 + number * 1_000 + place)"
        }

        private static func debtors(of size: Size) -> [String] {
            (0..<size.companies).flatMap { number in
                (0..<size.each).map { place in
                    place % 2 == 0 ? Tenant.address(of: "c\(number)-\(place)") : phone(number, place)
                }
            }
        }

        // MARK: Blows

        private static func start(_ name: String, in world: World, knowing known: inout Set<String>) async throws
            -> String
        {
            let before = known
            try world.startProgram(
                "worker", as: name, ["WORKER_HEALTH_PORT": "0", "WORKER_CONCURRENCY": "\(sessions)"])
            var id = ""
            try await eventually("\(name) is known", every: .milliseconds(20)) {
                let ids = Set(try await world.sql("select worker_id::text from q.worker").map { $0[0] })
                id = ids.subtracting(before).first ?? ""
                return !id.isEmpty
            }
            known.insert(id)
            return id
        }

        private static func armed(by id: String, in world: World) async throws -> Int {
            try await world.number("select count(*) from q.due where phase = 2 and worker_id = '\(id)'")
        }

        private static func strike(_ size: Size, _ world: World) async throws -> Blows {
            var generator = SeededGenerator()
            print("seed \(generator.seed)")
            var blows = Blows()
            var known: Set<String> = []
            var workers: [(name: String, id: String)] = []
            for name in ["w0", "w1"] { workers.append((name, try await start(name, in: world, knowing: &known))) }
            var order = Array(repeating: true, count: size.kills) + Array(repeating: false, count: size.stops)
            order.shuffle(using: &generator)
            for (round, kills) in order.enumerated() {
                try await Task.sleep(for: .milliseconds(Int.random(in: 120...400, using: &generator)))
                // Whoever has armed something; one that just began may have no session yet.
                var place = Int.random(in: 0...1, using: &generator)
                try await eventually("a message is armed", within: .seconds(60), every: .milliseconds(5)) {
                    place = 1 - place
                    return try await armed(by: workers[place].id, in: world) > 0
                }
                let (name, id) = workers[place]
                if kills {
                    await world.kill(name)
                    blows.killed.append(try await armed(by: id, in: world))
                    try await silence(id, in: world)
                    let next = "w\(round + 2)"
                    workers[place] = (next, try await start(next, in: world, knowing: &known))
                } else {
                    try world.signal(name, SIGSTOP)
                    blows.stopped.append(try await armed(by: id, in: world))
                    if let seconds = size.silence {
                        try await Task.sleep(for: .seconds(seconds))
                    } else {
                        try await silence(id, in: world)
                        try await eventually("the other has taken over") { try await armed(by: id, in: world) == 0 }
                    }
                    try world.signal(name, SIGCONT)
                    // It comes back under another id.
                    try await eventually("\(name) is back", within: .seconds(60), every: .milliseconds(20)) {
                        let ids = Set(try await world.sql("select worker_id::text from q.worker").map { $0[0] })
                        guard let new = ids.subtracting(known).first else { return false }
                        known.insert(new)
                        workers[place] = (name, new)
                        return true
                    }
                }
            }
            return blows
        }

        /// As if this one had not been heard for thirty seconds.
        private static func silence(_ id: String, in world: World) async throws {
            try await world.sql(
                "update q.worker set heartbeat_at = heartbeat_at - interval '31 s' where worker_id = '\(id)'")
        }

        // MARK: The story

        private struct Story {
            let blows: Blows
            let mails: Int
            let texts: Int
            /// Who got two.
            let doubles: [String]
            /// Who got none, and of whom nobody says that it is unknown; the first twenty.
            let lost: [String]
            let states: [String: Int]
            let stale: StaleLeases
        }

        private static func run(_ size: Size, in world: World, twin: String = "") async throws -> Story {
            struct Text: Decodable, Sendable { let to: String }
            try await world.recoup("demo", "at", World.noon)
            try await world.start("sandbox", "api")
            try await world.answerDots(after: size.delay)
            let answer = try await world.relay.ask(
                "PUT", "/texts/reactions", #"[{"action": "accept", "delay": \#(size.delay)}]"#)
            guard answer.status == 200 else { throw Unhelpful(answer.text) }
            for number in 0..<size.companies { try await company(number, of: size, in: world) }
            try await world.sql(StaleLeases.watch)
            if !twin.isEmpty { try await world.sql(twin) }
            let begun = ContinuousClock.now
            let blows = try await strike(size, world)
            let struck = ContinuousClock.now - begun
            try await eventually("somebody is written to") {
                try await world.number("select count(*) from message") > 0
            }
            try await world.settled(within: .seconds(600))
            print("armed at kills \(blows.killed), at stops \(blows.stopped)")
            print("struck for \(struck), all sent after \(ContinuousClock.now - begun)")

            let texts: [Text] = try await world.relay.ask("GET", "/texts/journal").read()
            let mails = try await world.mails()
            let attempts = Dictionary(grouping: mails.compactMap(\.attempt)) { $0 }
            let took = Dictionary(grouping: mails.map(\.recipient) + texts.map(\.to)) { $0 }
            let states = Dictionary(
                grouping: try await world.sql("select address, state from message"), by: { $0[1] })
            let unknown = Set((states["unknown"] ?? []).map { $0[0] })
            let story = Story(
                blows: blows, mails: mails.count, texts: texts.count,
                doubles: took.filter { $0.value.count > 1 }.keys.sorted()
                    + attempts.filter { $0.value.count > 1 }.keys.sorted(),
                lost: Array(debtors(of: size).filter { took[$0] == nil && !unknown.contains($0) }.prefix(20)),
                states: states.mapValues(\.count), stale: try await StaleLeases(in: world))
            print(
                "\(story.mails) mails and \(story.texts) texts taken, \(story.doubles.count) twice; \(story.states)")
            print(story.stale)
            return story
        }

        @Test func `lose no reminder and send none twice`() async throws {
            try await World.lend { world in
                let story = try await Self.run(Self.size, in: world)
                let held = story.blows.killed + story.blows.stopped
                #expect(story.doubles == [])
                #expect(story.lost == [])
                #expect(Set(story.states.keys).isSubset(of: ["accepted", "unknown"]))
                #expect(story.states["unknown", default: 0] <= held.reduce(0, +))
                #expect(held.allSatisfy { $0 <= 2 * Self.sessions })
                #expect(story.blows.killed.count { $0 > 0 } * 5 >= Self.size.kills * 4, "too few died armed")
                #expect(story.stale.asked > 0 || held.isEmpty, "nobody ever asked with a lease that was lost")
                #expect(story.stale.changed == 0)
                #expect(story.stale.both == 0)
                try await world.recoup("doctor")
            }
        }

        @Test func `are noticed when what was armed is sent again blindly`() async throws {
            try await World.lend { world in
                let size = Size(companies: 3, each: 80, kills: 2, stops: 0, silence: nil, delay: 200)
                let story = try await Self.run(
                    size, in: world, twin: `A worker killed with messages on the wire`.blindBurial)
                #expect(!story.doubles.isEmpty)
            }
        }
    }
}
