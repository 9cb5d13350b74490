import Foundation
import Host
import Support
import Testing

@testable import recoup

/// The health check of a container: `recoup health` against pages as the programs have them.
@Suite(.database) struct `Asking a program for its health` {
    /// Opens a page whose one check finds `state`, lends its port, and closes it.
    private static func page<R>(_ state: HealthState, _ body: (Int) async throws -> R) async throws -> R {
        let (ports, opened) = AsyncStream.makeStream(of: Int.self)
        let server = OperatorServer(
            host: "127.0.0.1", port: 0, setting: "METRICS_PORT",
            health: Health(ready: [Health.Check("database") { state }]), registry: Registry(),
            logger: TestServer.quiet, started: { opened.yield($0) })
        let running = Task { try await server.run() }
        let result: Result<R, any Error>
        do {
            let port = try #require(await ports.first { _ in true })
            result = .success(try await body(port))
        } catch { result = .failure(error) }
        running.cancel()
        _ = await running.result
        return try result.get()
    }

    private static func ask(_ urls: String..., metrics port: Int = 0) async throws -> Int32 {
        let settings = ["API_PORT": "0", "WORKER_HEALTH_PORT": "0", "METRICS_PORT": "\(port)"]
        return await recoup(["health"] + urls, in: try TestDatabase.current(), settings)
    }

    @Test func `a program that is ready is healthy, found by its settings or by its address`() async throws {
        let (found, named) = try await Self.page(.ok) { port in
            (
                try await Self.ask(metrics: port), try await Self.ask("http://127.0.0.1:\(port)/health/ready")
            )
        }
        #expect(found == 0)
        #expect(named == 0)
    }

    @Test func `a program that is not ready is not healthy`() async throws {
        #expect(try await Self.page(.failed("away")) { try await Self.ask(metrics: $0) } == 1)
    }

    @Test func `nobody there is not healthy either`() async throws {
        let gone = try await Self.page(.ok) { $0 }
        #expect(try await Self.ask(metrics: gone) == 1)
        #expect(try await Self.ask("http://127.0.0.1:\(gone)/health/ready") == 1)
        #expect(try await Self.ask("ftp://127.0.0.1/") == 1)
        #expect(try await Self.ask() == 1)
    }
}
