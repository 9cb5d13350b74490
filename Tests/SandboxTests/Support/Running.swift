import Foundation
import Logging
import ServiceLifecycle
import Testing

@testable import recoup_sandbox

/// A whole sandbox on free ports, up while `body` runs and stopped in good order afterwards.
func withSandbox<R: Sendable>(_ settings: Settings = .free, _ body: (Running) async throws -> R) async throws -> R {
    let world = try World(settings, logger: .silent)
    let group = world.group(stoppingOn: [])
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        let running = Running(world: world, addresses: await world.board.ready())
        do {
            let result = try await body(running)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
    }
}

/// What a test holds of a sandbox that runs.
struct Running: Sendable {
    let world: World
    let addresses: Addresses

    var web: Web { Web(port: addresses.http) }

    func connect() async throws -> Wire {
        try await Wire.connect(to: addresses.smtp)
    }

    /// A session that has read the greeting and said EHLO.
    func session() async throws -> Wire {
        let wire = try await connect()
        _ = await wire.reply()
        _ = await wire.ask("EHLO client.example")
        return wire
    }

    func script(_ json: String) async throws {
        let (status, body) = try await web.put("/reactions", json)
        try #require(status == 200, "\(body)")
    }

    /// Sends one mail in a session of its own; returns the reply to the dot, `nil` when the line went dead.
    @discardableResult
    func send(_ mail: String = .simple, from: String = "a@halden.example", to: String = "b@example.com") async throws
        -> String?
    {
        let wire = try await session()
        defer { wire.close() }
        let reply = await wire.deliver(mail, from: from, to: to)
        return reply
    }
}

extension Settings {
    static var free: Settings {
        var settings = Settings()
        settings.smtpPort = 0
        settings.httpPort = 0
        return settings
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension String {
    static let simple = "Subject: Reminder\r\n\r\nPlease pay.\r\n"
}

/// Waits for what another thread will do. A test that needs this never fails for being slow, only for never coming.
func eventually(_ condition: () async throws -> Bool) async throws {
    for _ in 0..<4_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("this never came true")
}
