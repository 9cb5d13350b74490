import Configuration
import ServiceLifecycle
import Synchronization
import Testing

@testable import Host

/// Notes when it was told to stop.
private struct Part: Service {
    let name: String
    let stopped: Lines

    func run() async throws {
        try await gracefulShutdown()
        stopped.write(name)
    }
}

/// Ends by itself once it has started.
private struct Brief: Service {
    struct Failure: Error {}
    let fails: Bool

    func run() async throws {
        if fails { throw Failure() }
    }
}

@Suite struct `Running a program` {
    @Test func `when a part ends, readiness goes first and the others stop in reverse order`() async throws {
        let stopped = Lines()
        let health = Health(ready: [.init("it") { .ok }])
        try await ServiceHost.run(
            [Part(name: "database", stopped: stopped), Part(name: "worker", stopped: stopped), Brief(fails: false)],
            health: health, stopLimit: .seconds(120), logger: .silent)
        #expect(stopped.all == ["worker", "database"])
        #expect(await health.ready().isOK == false)
    }

    @Test func `the error of a part is the error of the program, after the others have stopped`() async throws {
        let stopped = Lines()
        await #expect(throws: Brief.Failure.self) {
            try await ServiceHost.run(
                [Part(name: "database", stopped: stopped), Brief(fails: true)], stopLimit: .seconds(120),
                logger: .silent)
        }
        #expect(stopped.all == ["database"])
    }

    @Test func `an error becomes a sentence and a status`() async throws {
        let told = Lines()
        let ok = await Program.status(of: "recoup-api", tell: told.write) {}
        let broken = await Program.status(of: "recoup-api", tell: told.write) { throw Brief.Failure() }
        let unset = await Program.status(of: "recoup-api", tell: told.write) {
            _ = try APISettings(reading: ConfigReader(provider: InMemoryProvider(values: ["api.port": "x"])))
        }
        #expect([ok, broken, unset] == [0, 1, 78])
        #expect(told.all.first == "recoup-api: Failure()")
        #expect(told.all.dropFirst().map { $0.prefix(20) } == ["recoup-api: API_PORT", "recoup-api: PLATFORM"])
    }
}
