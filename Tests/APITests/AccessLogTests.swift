import Logging
import Support
import Synchronization
import Testing

@testable import recoup_api

@Suite struct `The access log` {
    @Test func `names the route and the key, never what was asked for`() async throws {
        let lines = Lines()
        let logger = Logger(label: "test") { _ in lines }
        try await RunningAPI.run(logger: logger) { api in
            let id = try await api.create("/v1/brands", Recipe.brand)
            _ = try await api.get("/v1/brands/\(id)?cursor=billing%40acme.example")
            _ = try await api.get("/v1/brands/\(id)")
            let log = lines.all
            #expect(log.contains { $0.contains("route=/v1/brands/{id}") && $0.contains("status=200") })
            #expect(log.contains { $0.contains("caller=key:key_") && $0.contains("status=400") })
            for line in log {
                #expect(!line.contains("acme.example") && !line.contains(id) && !line.contains(api.key), "\(line)")
            }
        }
    }
}

/// A log in memory.
private final class Lines: LogHandler, Sendable {
    private let lines = Mutex<[String]>([])
    private let fields: Mutex<Logger.Metadata> = Mutex([:])

    var all: [String] { lines.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { fields.withLock { $0 } }
        set { fields.withLock { $0 = newValue } }
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { fields.withLock { $0[key] } }
        set { fields.withLock { $0[key] = newValue } }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let text = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        lines.withLock { $0.append("\(event.message) \(text)") }
    }
}
