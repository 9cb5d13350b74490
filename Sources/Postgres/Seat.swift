import Foundation
import Logging

/// What one thread of a ``Database`` has: its connection, kept from one transaction to the next.
struct Seat: ~Copyable {
    private let target: ConnectionTarget
    private let catalogue: Catalogue
    private let logger: Logger
    private var connection: Connection?
    private var failedConnects = 0
    /// Until what was prepared is found missing.
    private var keepsPlans = true
    private var generator = SystemRandomNumberGenerator()

    init(target: ConnectionTarget, catalogue: Catalogue, logger: Logger) {
        self.target = target
        self.catalogue = catalogue
        self.logger = logger
    }

    /// How long to take no further job after connecting failed: a server that is down is not asked at full speed.
    var restBeforeNextJob: Duration? {
        failedConnects == 0 ? nil : .milliseconds(min(25 << min(failedConnects, 5), 500))
    }

    /// Runs `body` in a transaction, again where ``Retry`` allows it, and answers what came of the last try.
    mutating func transact<Result: Sendable>(
        _ access: Access, as scope: Scope, _ body: (inout Transaction) throws -> Result
    ) -> Swift.Result<Result, any Error> {
        var retry = Retry()
        while true {
            let attempt = attempt(access, as: scope, body)
            guard let cause = attempt.cause, let pause = retry.pause(after: cause, using: &generator) else {
                return attempt.result
            }
            if pause > .zero { Thread.sleep(forTimeInterval: pause.inSeconds) }
        }
    }

    private struct Attempt<Success> {
        var result: Result<Success, any Error>
        /// Why it may be run again, if it may.
        var cause: Retry.Cause?
    }

    private mutating func attempt<Success>(
        _ access: Access, as scope: Scope, _ body: (inout Transaction) throws -> Success
    ) -> Attempt<Success> {
        let wasIdle = connection != nil
        let opened: Connection
        do {
            opened = try connection.take() ?? connect()
        } catch {
            return Attempt(result: .failure(error), cause: nil)
        }
        var transaction = Transaction(on: opened, access: access, scope: scope, catalogue: catalogue)
        let result: Result<Success, any Error>
        do {
            let value = try body(&transaction)
            try transaction.commit()
            result = .success(value)
        } catch {
            transaction.rollback()
            result = .failure(error)
        }
        // The server's verdict decides, not the closure's error: a closure may have put its own in the place of a lost
        // race.
        let failure = transaction.failure
        let cause = failure.flatMap { failure in
            Self.cause(of: failure, isDead: wasIdle && transaction.wasDeadAtOpening)
        }
        let hadPlans = transaction.keepsPlans
        let kept = transaction.end()
        if hadPlans, let failure, failure.kind == .server, failure.isLostPlan {
            // What another session prepared, or forgot, tells that somebody pools; a changed table only wants another connection.
            if failure.sqlState != "0A000" { keepsPlans = false }
            return Attempt(result: result, cause: .lostPlan)
        }
        if kept.isIdle { connection = consume kept }
        return Attempt(result: result, cause: cause)
    }

    private static func cause(of failure: PostgresError, isDead: Bool) -> Retry.Cause? {
        if isDead { return .deadConnection }
        guard failure.kind == .server else { return nil }
        if failure.isLostRace { return .lostRace }
        return failure.isLockTimeout ? .lockTimeout : nil
    }

    private mutating func connect() throws(PostgresError) -> Connection {
        do {
            let opened = try Connection(target, keepsPlans: keepsPlans)
            if failedConnects > 0 { logger.notice("database is reachable again") }
            failedConnects = 0
            return opened
        } catch {
            if failedConnects == 0 {
                logger.warning("database cannot be reached", metadata: ["error": "\(error)"])
            }
            failedConnects += 1
            throw error
        }
    }
}
