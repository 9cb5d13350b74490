import Dunning
import Foundation
import Host
import Postgres
import Store

/// The clock of a demonstration: one offset for the whole installation, followed by every program within 250 ms.
struct DemoClock {
    let desk: Desk
    /// How long nothing may move before this gives up.
    static let patience = Duration.seconds(60)

    /// Throws unless every gateway of every tenant is one the operator lists as pretended: a moved clock must never
    /// write to anybody.
    func checkIsSandbox() async throws {
        let gateways = try await desk.database(.dispatch).read(as: .none) { tx in
            try tx.everyGatewayAddress().map { Endpoint(host: $0.host, port: $0.port) }
        }
        guard let real = gateways.first(where: { !desk.host.sandboxes.contains($0) }) else { return }
        throw Complaint(
            "the clock may only be moved where every gateway is pretended; \(real) is not in SANDBOX_GATEWAYS")
    }

    func set(_ instant: Instant) async throws {
        try await desk.database(.dispatch).write(as: .none) { tx in
            try tx.setClock(offset: instant.microseconds - Clock.system())
        }
    }

    /// Goes from due instant to due instant, waiting at each until its work is done. Returns how many messages were
    /// sent.
    ///
    /// Instants less than a second apart are taken together. Time never goes back: while work is waited for, the clock
    /// goes on by itself.
    func forward(to target: Instant) async throws -> Int {
        let before = try await sent()
        var note = ProgressNote(start: before)
        do {
            try await settle(&note)
            while let next = try await nextDue(), next <= target {
                try await advance(to: min(next.adding(seconds: 1), target))
                try await settle(&note)
            }
            try await advance(to: target)
            try await settle(&note)
            try await followed()
        } catch {
            note.end()
            throw error
        }
        note.end()
        return try await sent() - before
    }

    /// Waits until every program has asked for the offset, which each does every 250 ms: whoever is asked from then on dates
    /// by the new time.
    func followed() async throws { try await Task.sleep(for: .milliseconds(300)) }

    private func advance(to instant: Instant) async throws {
        if instant > (try await desk.now()) { try await set(instant) }
    }

    private func nextDue() async throws -> Instant? {
        let now = try await desk.now()
        return try await desk.database(.dispatch).read(as: .none) { tx in try tx.nextDue(after: now) }
    }

    private func sent() async throws -> Int {
        try await desk.database(.dispatch).read(as: .none) { tx in try tx.sentCount() }
    }

    /// Waits until nothing is due, unplanned or on the wire, twice in a row.
    private func settle(_ note: inout ProgressNote) async throws {
        var quiet = 0
        var last: (Unsettled, Int)?
        var lastMove = ContinuousClock.now
        while true {
            let now = try await desk.now()
            let (work, count) = try await desk.database(.dispatch).read(as: .none) { tx in
                (try tx.unsettled(at: now), try tx.sentCount())
            }
            note.show(now, sent: count)
            quiet = work.isNothing ? quiet + 1 : 0
            if quiet == 2 { return }
            if last.map({ $0 != (work, count) }) ?? true {
                last = (work, count)
                lastMove = .now
            }
            guard ContinuousClock.now - lastMove < Self.patience else {
                throw Complaint(
                    "nothing has moved for a minute at \(now): \(work.due + work.planned) steps due, "
                        + "\(work.dirty) cases to plan, \(work.sending) messages on the wire; is recoup-worker running?"
                )
            }
            try await Task.sleep(for: .milliseconds(40))
        }
    }
}

/// Tells where the demonstration is: over and over on a terminal, once a day elsewhere.
private struct ProgressNote {
    private let isDrawn = Terminal.isErrorShown
    private let start: Int
    private var told: (day: Int64, sent: Int)?

    init(start: Int) {
        self.start = start
    }

    mutating func show(_ now: Instant, sent: Int) {
        let text = "\(now.adding(microseconds: -(now.microseconds % 1_000_000)))  \(sent - start) messages sent"
        if isDrawn {
            FileHandle.standardError.write(Data("\r\u{1B}[2K\(text)".utf8))
            return
        }
        let day = now.microseconds / 86_400_000_000
        guard told?.day != day || told == nil else { return }
        told = (day, sent)
        StandardError.write(text)
    }

    func end() {
        if isDrawn { FileHandle.standardError.write(Data("\n".utf8)) }
    }
}
