import Foundation
import HTTPTypes
package import Hummingbird
import Synchronization

/// What a check found.
package enum HealthState: Sendable, Hashable {
    case ok
    /// Why not, for an operator: no customer data.
    case failed(String)
}

/// Whether this process should be restarted (live) and whether it should be given work (ready).
///
/// Liveness asks nothing outside the process: an orchestrator that restarts everything because the database is away makes
/// an outage longer. Readiness does ask, and turns false for good once a stop has begun.
package final class Health: Sendable {
    package struct Check: Sendable {
        let name: String
        let verdict: @Sendable () async -> HealthState

        /// - Parameter verdict: must come to an end soon after it is cancelled; a check that takes too long has failed.
        package init(_ name: String, _ verdict: @escaping @Sendable () async -> HealthState) {
            self.name = name
            self.verdict = verdict
        }
    }

    private let living: [Check]
    private let ready: [Check]
    private let limit: Duration
    private let draining = Atomic(false)

    /// - Parameter limit: the time one check may take.
    package init(live: [Check] = [], ready: [Check], limit: Duration = .seconds(2)) {
        living = live
        self.ready = ready
        self.limit = limit
    }

    /// From now on the process is not ready, whatever its checks say.
    package func drain() {
        draining.store(true, ordering: .relaxed)
    }

    package func live() async -> HealthReport {
        await report(living)
    }

    package func ready() async -> HealthReport {
        if draining.load(ordering: .relaxed) {
            return HealthReport(checks: ["process": .failed("stopping")])
        }
        return await report(ready)
    }

    private func report(_ checks: [Check]) async -> HealthReport {
        await withTaskGroup(of: (String, HealthState).self) { group in
            for check in checks {
                group.addTask { [limit] in (check.name, await Self.verdict(of: check, within: limit)) }
            }
            return await HealthReport(checks: group.reduce(into: [:]) { $0[$1.0] = $1.1 })
        }
    }

    private static func verdict(of check: Check, within limit: Duration) async -> HealthState {
        await withTaskGroup(of: HealthState?.self) { group in
            group.addTask { await check.verdict() }
            group.addTask {
                // Cancelled when the check was quicker; then nobody reads this answer.
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? .failed("no answer within \(limit)")
        }
    }
}

/// The answer to one question about a process's health.
package struct HealthReport: Sendable {
    package let checks: [String: HealthState]

    package var isOK: Bool { checks.values.allSatisfy { $0 == .ok } }

    /// `{"checks":{"database":"ok"},"status":"ok"}`, keys sorted; a failed check has its reason as its value.
    package var json: String {
        let members = checks.sorted { $0.key < $1.key }.map { name, state in
            switch state {
            case .ok: "\(LogLine.quoted(name)):\"ok\""
            case .failed(let reason): "\(LogLine.quoted(name)):\(LogLine.quoted("failed: \(reason)"))"
            }
        }
        return "{\"checks\":{\(members.joined(separator: ","))},\"status\":\"\(isOK ? "ok" : "failed")\"}"
    }
}

extension Health {
    /// Answers `/health/live` and `/health/ready`: 200 when all is well, else 503, with the checks as JSON either way.
    package func addRoutes<Context: RequestContext>(to router: some RouterMethods<Context>) {
        router.get("/health/live") { _, _ in await self.live().response }
        router.get("/health/ready") { _, _ in await self.ready().response }
    }
}

extension HealthReport {
    fileprivate var response: Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        return Response(
            status: isOK ? .ok : .serviceUnavailable, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: json + "\n")))
    }
}
