import Foundation
import Support

/// Workers beside each other, each by a name of its own.
extension World {
    /// Starts one more; its health port is off.
    func startWorker(_ name: String) async throws { try startProgram("worker", as: name, ["WORKER_HEALTH_PORT": "0"]) }

    /// Backends of the worker that was started last, as long as no other has opened connections since.
    func backends() async throws -> Set<String> {
        Set(
            try await sql(
                """
                select pid::text from pg_stat_activity
                where datname = current_database() and application_name like 'recoup-worker%'
                """
            ).map { $0[0] })
    }

    /// As if more than thirty seconds had passed for all living workers.
    func age() async throws {
        try await sql("update q.worker set heartbeat_at = heartbeat_at - interval '31 s' where not dead")
    }

    /// Sends a program a signal and does not wait for anything.
    func signal(_ name: String, _ signal: Int32) throws { try program(name).signal(signal) }

    /// Stops a program in good order; its status, and how long it took.
    func terminate(_ name: String) async throws -> (status: Int32, took: Duration) {
        let program = try program(name)
        let begun = ContinuousClock.now
        let status = await program.stop(SIGTERM)
        forget(name)
        return (status, .now - begun)
    }

    /// How many messages are in which phase.
    func phases() async throws -> (claimed: Int, armed: Int) {
        let row =
            try await sql(
                """
                select count(*) filter (where phase = 1)::text, count(*) filter (where phase = 2)::text from q.due
                """
            ).first ?? []
        guard row.count == 2, let claimed = Int(row[0]), let armed = Int(row[1]) else {
            throw Unhelpful("no phases: \(row)")
        }
        return (claimed, armed)
    }
}
