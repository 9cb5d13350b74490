import Dunning
import Foundation
import Gateways
import Host
import Logging
import Operations
import Postgres
import Queue
import Synchronization

/// What every loop of a worker shares. Built once by `main`; tests build their own.
final class WorkerWorld: Sendable {
    let work: Database
    let bulk: Database
    let dispatch: Database
    let queue: DueQueue
    let heartbeat: Heartbeat
    let sessions: MailSessions
    let texts: TextWires
    /// Where gateways report to.
    let publicURL: String
    let secrets: SecretBox
    let clock: Clock
    let templates = TemplateCache()
    /// Turns at arming and at the wire.
    let turns: Turnstile
    /// What each lane may claim ahead.
    let claims: ClaimShares
    /// Turns at jobs without a wire.
    let jobTurns: Turnstile
    /// How many days finished work is kept; nil: for ever.
    let retention: Int?
    let counters: WorkerCounters
    let logger: Logger
    /// The gate and the pauses of arming: a test may put others in.
    let gate: ArmBatch.Gatekeeper
    let pause: @Sendable (ArmBatch.Moment) -> Void
    /// After how many tries an outcome is given up: never, but in the broken twin of a test.
    let recordTries: Int
    /// Between two transactions of an import.
    let importPause: @Sendable (RunImport.Moment) -> Void
    private let draining = Atomic<Bool>(false)

    /// - Parameters:
    ///   - connections: of the pool `work`. Half of them may arm, a third may work jobs without a wire.
    ///   - messages: armed or on the wire at the same time.
    init(
        work: Database, bulk: Database, dispatch: Database, heartbeat: Heartbeat, sessions: MailSessions,
        texts: TextWires, publicURL: String, secrets: SecretBox, connections: Int = 2, messages: Int = 16,
        retention: Int? = nil, clock: Clock, counters: WorkerCounters, logger: Logger,
        gate: @escaping ArmBatch.Gatekeeper = { Gate.verdict(for: $0, given: $1, now: $2) },
        pause: @escaping @Sendable (ArmBatch.Moment) -> Void = { _ in }, recordTries: Int = .max,
        importPause: @escaping @Sendable (RunImport.Moment) -> Void = { _ in }
    ) {
        self.work = work
        self.bulk = bulk
        self.dispatch = dispatch
        self.queue = DueQueue(dispatch: dispatch, work: work)
        self.heartbeat = heartbeat
        self.sessions = sessions
        self.texts = texts
        self.publicURL = publicURL
        self.secrets = secrets
        turns = Turnstile(places: connections / 2, room: messages)
        claims = ClaimShares(total: 16 * messages)
        jobTurns = Turnstile(places: connections / 3, room: .max)
        self.retention = retention
        self.clock = clock
        self.counters = counters
        self.logger = logger
        self.gate = gate
        self.pause = pause
        self.recordTries = recordTries
        self.importPause = importPause
    }

    var now: Instant { Instant(microseconds: clock.microseconds()) }
    var timestamp: Timestamp { Timestamp(microseconds: clock.microseconds()) }

    /// Set once, on the way out: nothing new is claimed, what is claimed and unarmed goes back.
    var isDraining: Bool { draining.load(ordering: .relaxed) }
    func drain() {
        draining.store(true, ordering: .relaxed)
        turns.open()
        jobTurns.open()
    }

    func context(_ tenant: UUID) -> Context { Context(tenant: ID(tenant), actor: "worker", now: now) }
}

/// What a worker counts.
struct WorkerCounters: Sendable {
    let messages: Counter
    let steps: Counter
    let jobs: Counter
    let late: Counter
    let deadLetters: Counter
    let databaseErrors: Counter

    init(in registry: Registry) {
        messages = registry.counter(
            "recoup_messages_total", help: "Messages by outcome of the wire.", labels: ["outcome"])
        steps = registry.counter(
            "recoup_gated_steps_total", help: "Due steps by what became of them at the gate.", labels: ["verdict"])
        jobs = registry.counter("recoup_internal_jobs_total", help: "Internal jobs done.", labels: ["kind"])
        late = registry.counter(
            "recoup_late_reports_total", help: "Unknown messages settled by a worker that had lost its lease.",
            labels: ["outcome"])
        deadLetters = registry.counter(
            "recoup_dead_letters_total", help: "Steps and jobs that failed too often for reasons of ours.",
            labels: ["kind"])
        databaseErrors = registry.counter(
            "recoup_database_errors_total", help: "Failed transactions of this worker.", labels: ["error"])
    }
}
