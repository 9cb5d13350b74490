import ArgumentParser
import Dunning
import Host
import Operations
import Postgres
import Store

struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Shows the queue; pauses and resumes lanes; brings dead letters back.",
        subcommands: [QueueShow.self, QueuePause.self, QueueResume.self, QueueReplay.self],
        defaultSubcommand: QueueShow.self)
}

struct QueueShow: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Depth, oldest due, lanes, workers, dead letters and unknown outcomes.")

    @Option(help: "Only this tenant: id or name.") var tenant: String?

    func run(at desk: Desk) async throws {
        var only: ID<Tenant>?
        if let tenant { only = try await desk.tenant(tenant).id }
        let (read, now) = (ReadQueue(of: only), try await desk.now())
        let reading = try await desk.database(.dispatch).read(as: .none) { tx in try read.run(in: &tx, at: now) }
        print(Self.text(reading))
    }

    static func text(_ reading: ReadQueue.Reading) -> String {
        var lines: [String] = []
        if let hold = reading.hold { lines += ["on hold: \(hold)", ""] }
        lines.append(lanes(reading))
        lines.append("")
        lines.append(workers(reading))
        if !reading.dead.isEmpty {
            let rows = reading.dead.map { dead in
                [
                    dead.id.description, dead.tenant.description, dead.kind, "\(dead.failures) failures",
                    dead.failedAt?.description ?? "", dead.error ?? "",
                ]
            }
            lines += ["", "dead letters:", Terminal.table(rows)]
        }
        if !reading.unknown.isEmpty {
            let rows = reading.unknown.map { [$0.tenant.description, "\($0.messages)", "oldest \($0.oldest)"] }
            lines += ["", "messages with an unknown outcome (recoup unknown list):", Terminal.table(rows)]
        }
        return lines.joined(separator: "\n")
    }

    private static func lanes(_ reading: ReadQueue.Reading) -> String {
        guard !reading.lanes.isEmpty else { return "nothing is due" }
        let rows = reading.lanes.map { lane in
            let age = lane.oldestDue.map { "\(max(0, reading.at.microseconds(since: $0) / 1_000_000)) s" } ?? "-"
            let state =
                lane.heldReason.map { "paused: \($0)" }
                ?? lane.pausedUntil.flatMap { $0 > reading.at ? "rests until \($0): \(lane.pausedReason ?? "")" : nil }
                ?? ""
            return [
                lane.tenantName, lane.gateway?.description ?? lane.kind, "\(lane.weight)", "\(lane.due)",
                "\(lane.claimed)", "\(lane.armed)", "\(lane.dead)", age, state,
            ]
        }
        let head = ["tenant", "lane", "weight", "due", "claimed", "armed", "dead", "oldest", ""]
        return Terminal.table([head] + rows)
    }

    private static func workers(_ reading: ReadQueue.Reading) -> String {
        guard !reading.workers.isEmpty else { return "no worker lives" }
        let rows = reading.workers.map { worker in
            [
                worker.id.description, worker.host, "since \(worker.startedAt)",
                worker.isDead ? "dead" : "heard \(worker.silentSeconds) s ago", "\(worker.leases) leases",
            ]
        }
        return Terminal.table(rows)
    }
}

/// Which lanes of a tenant are meant.
struct LaneOption: ParsableArguments {
    @Option(help: "Only the lane of this gateway, gwy_….") var gateway: String?
    @Option(help: "Only lanes of this kind: mail, sms, internal, bulk or upkeep.") var kind: String?

    func choice() throws -> LaneChoice {
        guard let gateway else { return kind.map { .kind($0) } ?? .all }
        guard let id = ID<Gateway>(gateway) else { throw Complaint("\(gateway) is no id of a gateway") }
        return .gateway(id)
    }
}

struct QueuePause: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stops taking work from lanes of a tenant until they are resumed.")

    @OptionGroup var option: TenantOption
    @OptionGroup var lanes: LaneOption
    @Option(help: "Why; shown wherever the pause is.") var reason: String

    func run(at desk: Desk) async throws {
        let pause = try PauseLanes(try lanes.choice(), reason: reason)
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let count = try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in
            try pause.run(in: &tx, context)
        }
        print("\(count) lanes are paused")
    }
}

struct QueueResume: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Lets lanes of a tenant go on, whoever paused them.")

    @OptionGroup var option: TenantOption
    @OptionGroup var lanes: LaneOption

    func run(at desk: Desk) async throws {
        let resume = ResumeLanes(try lanes.choice())
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let count = try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in
            try resume.run(in: &tx, context)
        }
        print("\(count) lanes go on")
    }
}

struct QueueReplay: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Brings dead letters of a tenant back, before all that was planned.")

    @OptionGroup var option: TenantOption
    @Argument(help: "Ids of dead letters, due_…; none means all.") var ids: [String] = []

    func run(at desk: Desk) async throws {
        let known = try ids.map { text in
            guard let id = ID<DueJob>(text) else { throw Complaint("\(text) is no id of a dead letter") }
            return id
        }
        let replay = ReplayDead(known.isEmpty ? nil : known)
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let replayed = try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in
            try replay.run(in: &tx, context)
        }
        print("\(replayed.count) dead letters are back")
    }
}
