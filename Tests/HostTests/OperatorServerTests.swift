import Foundation
import ServiceLifecycle
import Support
import Synchronization
import Testing

@testable import Host

@Suite struct `The operators' pages` {
    private struct Answer {
        let status: Int
        let type: String?
        let body: String
    }

    private func get(_ path: String, port: Int) async throws -> Answer {
        let answer = try await Browser.answer(port: port, path)
        return Answer(status: answer.status, type: answer.headers["content-type"], body: answer.text)
    }

    @Test func `they answer health and metrics over a socket, and say 503 when not ready`() async throws {
        let registry = Registry()
        let scrapes = registry.counter("scrapes_total", help: "Scrapes.")
        let healthy = Atomic(true)
        let health = Health(ready: [.init("database") { healthy.load(ordering: .relaxed) ? .ok : .failed("away") }])
        let (ports, opened) = AsyncStream.makeStream(of: Int.self)
        let server = OperatorServer(
            host: "127.0.0.1", port: 0, setting: "METRICS_PORT", health: health, registry: registry, logger: .silent,
            refresh: { scrapes.add() }, started: { opened.yield($0) })
        let running = Task { try await server.run() }
        let port = try #require(await ports.first { _ in true })

        let ready = try await get("/health/ready", port: port)
        #expect(ready.status == 200)
        #expect(ready.type == "application/json")
        #expect(ready.body == "{\"checks\":{\"database\":\"ok\"},\"status\":\"ok\"}\n")

        healthy.store(false, ordering: .relaxed)
        #expect(try await get("/health/ready", port: port).status == 503)
        #expect(try await get("/health/live", port: port).status == 200)

        let metrics = try await get("/metrics", port: port)
        #expect(metrics.type == "text/plain; version=0.0.4; charset=utf-8")
        #expect(metrics.body == "# HELP scrapes_total Scrapes.\n# TYPE scrapes_total counter\nscrapes_total 1\n")
        #expect(try await get("/", port: port).status == 404)

        let taken = OperatorServer(
            host: "127.0.0.1", port: port, setting: "METRICS_PORT", health: health, registry: registry, logger: .silent)
        let error = await #expect(throws: OperatorServer.Unavailable.self) { try await taken.run() }
        #expect(error?.description.hasPrefix("cannot listen on 127.0.0.1:\(port)") == true)
        #expect(error?.description.hasSuffix("choose another with METRICS_PORT") == true)

        running.cancel()
        _ = await running.result
    }

    @Test func `with a token metrics are shown to those who show it, and health to all`() async throws {
        let (ports, opened) = AsyncStream.makeStream(of: Int.self)
        let server = OperatorServer(
            host: "127.0.0.1", port: 0, setting: "METRICS_PORT", health: Health(ready: []), registry: Registry(),
            logger: .silent,
            token: Secret("token-of-the-operators-01"), more: { $0.isEmpty ? "more 1\n" : $0["to"] },
            started: { opened.yield($0) })
        let running = Task { try await server.run() }
        let port = try #require(await ports.first { _ in true })
        func status(_ header: String?, _ query: String = "") async throws -> (Int, String) {
            let headers = header.map { ["Authorization": $0] } ?? [:]
            let answer = try await Browser.answer(port: port, "/metrics\(query)", headers: headers)
            return (answer.status, answer.text)
        }
        for wrong in [
            nil, "Bearer ", "Bearer token-of-the-operators-02", "Basic token-of-the-operators-01", "Bearer token",
        ] {
            #expect(try await status(wrong).0 == 401)
        }
        #expect(try await status("bearer token-of-the-operators-01") == (200, "more 1\n"))
        #expect(try await status("Bearer token-of-the-operators-01", "?to=x") == (200, "x"))
        #expect(try await status("Bearer token-of-the-operators-01", "?by=x").0 == 400)
        #expect(try await get("/health/live", port: port).status == 200)
        running.cancel()
        _ = await running.result
    }
}
