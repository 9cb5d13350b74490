import ArgumentParser
import Dunning
import Host
import Operations
import Postgres
import Store

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Shows months of reminders in minutes: the clock of an installation whose gateways are all pretended.",
        subcommands: [DemoAt.self, DemoForward.self, DemoSeed.self])
}

struct DemoAt: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "at", abstract: "Sets the clock, back or forth, while there is no case yet.")

    @Argument(
        help: "2026-11-24T14:00:00Z, or local time with its zone: 2026-11-24T09:00[America/New_York].",
        transform: Instant.init(argument:)) var instant: Instant

    func run(at desk: Desk) async throws {
        let clock = DemoClock(desk: desk)
        try await clock.checkIsSandbox()
        guard try await !desk.database(.dispatch).read(as: .none, { tx in try tx.hasAnyCase() }) else {
            throw Complaint("there are cases already, and time only goes forward for them: use `recoup demo forward`")
        }
        try await clock.set(instant)
        try await clock.followed()
        print("The clock shows \(instant).")
    }
}

struct DemoForward: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "forward", abstract: "Moves the clock on, from one due instant to the next, waiting for each.",
        discussion: "recoup-worker has to be running; it does the work of each instant before the next one comes.")

    @Argument(help: "How far: 7d, 3h, 30m; parts may be joined, as in 1d12h.", transform: Stretch.init(argument:))
    var span: Stretch?
    @Option(help: "An instant instead, written as for `demo at`.", transform: Instant.init(argument:)) var to: Instant?

    func validate() throws {
        guard (span == nil) != (to == nil) else {
            throw ValidationError("Say either how far, such as 7d, or --to which instant.")
        }
    }

    func run(at desk: Desk) async throws {
        let clock = DemoClock(desk: desk)
        try await clock.checkIsSandbox()
        let now = try await desk.now()
        let target = to ?? now.adding(seconds: span?.seconds ?? 0)
        guard target >= now else { throw Complaint("the clock shows \(now) already, and only goes forward") }
        if let reason = try await InstanceGuard.check(
            desk.database(.dispatch), environment: desk.host.environment, now: now)
        {
            // Nothing happens on the way, so there is nothing to wait for.
            try await clock.set(target)
            return print("The clock shows \(target); nothing was sent, the system is on hold: \(reason).")
        }
        let sent = try await clock.forward(to: target)
        print("The clock shows \(try await desk.now()); \(sent) messages were sent on the way.")
    }
}

/// A length of time as people type it.
struct Stretch: Equatable {
    let seconds: Int

    /// `7d`, `3h`, `30m`, `45s`, or several of them joined.
    init?(_ text: String) {
        var total = 0
        var rest = text[...]
        repeat {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let count = Int(digits), count < 100_000, let unit = rest.dropFirst(digits.count).first else {
                return nil
            }
            switch unit {
            case "d": total += count * 86_400
            case "h": total += count * 3_600
            case "m": total += count * 60
            case "s": total += count
            default: return nil
            }
            rest = rest.dropFirst(digits.count + 1)
        } while !rest.isEmpty
        seconds = total
    }

    init(argument: String) throws {
        guard let span = Stretch(argument) else {
            throw ValidationError("must be a length of time such as 7d, 3h or 30m")
        }
        self = span
    }
}

extension Instant {
    /// Reads RFC 3339, or a local time with its zone: `2026-11-24T09:00[America/New_York]`, seconds optional.
    init?(zoned text: String) {
        guard text.hasSuffix("]"), let bracket = text.firstIndex(of: "["),
            text.distance(from: text.startIndex, to: bracket) >= 16
        else {
            self.init(rfc3339: text)
            return
        }
        let local = text[..<bracket]
        let clock = local.dropFirst(11)
        guard let zone = Zone(String(text[bracket...].dropFirst().dropLast())), let day = Day(String(local.prefix(10))),
            local.dropFirst(10).first == "T", let time = TimeOfDay(String(clock.prefix(5)))
        else { return nil }
        let tail = clock.dropFirst(5)
        guard tail.isEmpty || tail.first == ":" && tail.count == 3,
            let seconds = tail.isEmpty ? 0 : Int(tail.dropFirst()),
            (0..<60).contains(seconds)
        else { return nil }
        self = zone.instant(on: day, at: time, plusSeconds: seconds)
    }

    init(argument: String) throws {
        guard let instant = Instant(zoned: argument) else {
            throw ValidationError(
                "must be an instant such as 2026-11-24T14:00:00Z or 2026-11-24T09:00[America/New_York]")
        }
        self = instant
    }
}
