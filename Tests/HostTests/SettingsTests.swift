import Configuration
import Logging
import Synchronization
import Testing

@testable import Host

/// What every program needs; tests change one thing at a time.
private let enough = [
    "DATABASE_URL": "postgresql:///recoup?host=/run/recoup", "PLATFORM_KEY": "0123456789abcdef0123456789abcdef",
    "SECRETS_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
]

private func config(_ changes: [String: String] = [:]) -> ConfigReader {
    ConfigReader(
        provider: EnvironmentVariablesProvider(
            environmentVariables: enough.merging(changes) { $1 }, secretsSpecifier: .none))
}

/// The problems of reading every group, in the order of the groups.
private func problems(_ changes: [String: String]) -> [String] {
    let config = config(changes)
    let groups: [() throws -> Void] = [
        { _ = try HostSettings(reading: config) }, { _ = try DatabaseKeys(reading: config) },
        { _ = try SecretsSettings(reading: config) }, { _ = try APISettings(reading: config) },
        { _ = try WorkerSettings(reading: config) }, { _ = try MetricsSettings(reading: config) },
    ]
    return groups.flatMap { read -> [String] in
        do {
            try read()
            return []
        } catch let error as SettingsError {
            return error.problems.map(\.description)
        } catch {
            return ["another error: \(error)"]
        }
    }
}

@Suite struct `Reading settings` {
    @Test func `the least that must be given is enough`() throws {
        #expect(problems([:]).isEmpty)
        #expect(try APISettings(reading: config()).port == 8080)
        #expect(try WorkerSettings(reading: config()).healthPort == 9465)
        #expect(try MetricsSettings(reading: config()).port == 9464)
        #expect(try HostSettings(reading: config()).environment == "local")
        #expect(try DatabaseKeys(reading: config())[.api].connections == 8)
    }

    @Test func `a health check asks where the programs of this environment listen`() throws {
        func urls(_ changes: [String: String]) throws -> [String] {
            try HealthPages(reading: config(changes)).pages.map(\.url)
        }
        let api = "http://127.0.0.1:8080/health/ready"
        let metrics = "http://127.0.0.1:9464/health/ready"
        #expect(try urls([:]) == [api, "http://127.0.0.1:9465/health/ready", metrics])
        #expect(try urls(["API_HOST": "0.0.0.0", "WORKER_HEALTH_PORT": "0"]) == [api, metrics])
        let others = ["API_HOST": "::", "WORKER_HEALTH_HOST": "fd00::1", "METRICS_HOST": "[::]", "METRICS_PORT": "9"]
        #expect(
            try urls(others) == [
                "http://[::1]:8080/health/ready", "http://[fd00::1]:9465/health/ready", "http://[::1]:9/health/ready",
            ])
        #expect(throws: SettingsError.self) { try urls(["API_PORT": "x"]) }
    }

    @Test func `what is given is used`() throws {
        let given = config([
            "DATABASE_WORKER_PASSWORD": "s3cret", "DATABASE_WORKER_CONNECTIONS": "12", "API_PORT": "0",
            "WORKER_HEALTH_PORT": "0", "LOG_LEVEL": "debug", "LOG_FORMAT": "json", "DATABASE_WAIT_LIMIT": "150",
            "SANDBOX_GATEWAYS": " 127.0.0.1:2525, Mail.Example.com:587,[::1]:25 ", "STOP_LIMIT": "7",
        ])
        let database = try DatabaseKeys(reading: given)
        #expect(database[.worker].user == "recoup_worker")
        #expect(database[.worker].password?.revealed == "s3cret")
        #expect(database[.api].password == nil)
        #expect(database[.worker].connections == 12)
        #expect(database.waitLimit == .milliseconds(150))
        #expect(try APISettings(reading: given).port == 0)
        #expect(try WorkerSettings(reading: given).healthPort == nil)
        let host = try HostSettings(reading: given)
        #expect(host.logLevel == .debug)
        #expect(host.logFormat == .json)
        #expect(host.stopLimit == .seconds(7))
        #expect(host.sandboxList.map(\.description) == ["127.0.0.1:2525", "mail.example.com:587", "[::1]:25"])
        #expect(host.sandboxes.contains(Endpoint(host: "MAIL.example.com", port: 587)))
    }

    @Test func `the key that encrypts is 32 bytes`() throws {
        #expect(try SecretsSettings(reading: config()).key.bytes == Array(0...31))
    }

    @Test(arguments: [
        ("API_PORT", "80a", #"API_PORT (api.port) is "80a": it must be a whole number from 0 to 65535"#),
        ("API_PORT", "65536", #"API_PORT (api.port) is "65536": it must be a whole number from 0 to 65535"#),
        ("API_PORT", "-1", #"API_PORT (api.port) is "-1": it must be a whole number from 0 to 65535"#),
        ("API_HOST", "a b", #"API_HOST (api.host) is "a b": it must be an address to listen on"#),
        (
            "DATABASE_BULK_CONNECTIONS", "0",
            #"DATABASE_BULK_CONNECTIONS (database.bulkConnections) is "0": it must be a whole number from 1 to 64"#
        ),
        ("LOG_FORMAT", "xml", #"LOG_FORMAT (log.format) is "xml": it must be one of text, json"#),
        (
            "LOG_LEVEL", "loud",
            #"LOG_LEVEL (log.level) is "loud": it must be one of trace, debug, info, notice, warning, error, critical"#
        ),
        (
            "SANDBOX_GATEWAYS", "127.0.0.1",
            #"SANDBOX_GATEWAYS (sandbox.gateways) is "127.0.0.1": it must be a list such as 127.0.0.1:2525,[::1]:2525"#
        ),
        (
            "ENVIRONMENT_NAME", "Über",
            #"ENVIRONMENT_NAME (environment.name) is "Über": it must be 1 to 40 of a-z, 0-9 and -"#
        ),
        (
            "PLATFORM_KEY", "",
            "PLATFORM_KEY (platform.key) is missing: set it to 24 to 256 printable characters, such as `openssl rand -hex 24` prints"
        ),
    ])
    func `a wrong value is named with its variable and the remedy`(variable: String, value: String, message: String) {
        #expect(problems([variable: value]) == [message])
    }

    @Test(arguments: [
        ("PLATFORM_KEY", "hunter2"), ("SECRETS_KEY", "aHVudGVyMg=="), ("SECRETS_KEY", "hunter2"),
        ("DATABASE_URL", "mysql://root:hunter2@host/db"),
    ])
    func `a wrong secret is refused and never shown`(variable: String, value: String) throws {
        let found = problems([variable: value])
        try #require(found.count == 1)
        #expect(found[0].hasPrefix("\(variable) ("))
        #expect(found[0].contains("cannot be used: it must be"))
        #expect(!found[0].contains(value))
    }

    @Test func `a blank variable means the default`() throws {
        #expect(try APISettings(reading: config(["API_PORT": " "])).port == 8080)
    }

    @Test func `a number in a file that has types is read as well, and checked`() throws {
        let provider = InMemoryProvider(values: ["worker.concurrency": 64, "metrics.port": 70_000])
        #expect(try WorkerSettings(reading: ConfigReader(provider: provider)).concurrency == 64)
        #expect(throws: SettingsError.self) { try MetricsSettings(reading: ConfigReader(provider: provider)) }
    }

    @Test func `all problems of a group come at once`() {
        #expect(problems(["LOG_LEVEL": "x", "STOP_LIMIT": "0", "LOG_FORMAT": "y"]).count == 3)
    }
}

@Suite struct `The table of settings` {
    @Test func `it lists exactly what the programs read`() {
        final class Keys: AccessReporter {
            let seen = Mutex<Set<String>>([])
            func report(_ event: AccessEvent) {
                seen.withLock { _ = $0.insert(event.metadata.key.components.joined(separator: ".")) }
            }
        }
        let keys = Keys()
        let config = ConfigReader(
            provider: EnvironmentVariablesProvider(environmentVariables: enough), accessReporter: keys)
        _ = try? HostSettings(reading: config)
        _ = try? DatabaseKeys(reading: config)
        _ = try? SecretsSettings(reading: config)
        _ = try? APISettings(reading: config)
        _ = try? WorkerSettings(reading: config)
        _ = try? MetricsSettings(reading: config)
        #expect(keys.seen.withLock { $0 } == Set(Settings.table.map(\.key)))
        #expect(Set(Settings.table.map(\.key)).count == Settings.table.count)
    }

    @Test(arguments: Settings.table)
    func `each variable is the one that the environment provider reads`(setting: Setting) {
        let provider = EnvironmentVariablesProvider(environmentVariables: [setting.environment: "here"])
        #expect(setting.given(in: ConfigReader(provider: provider)) == "here")
    }

    @Test(arguments: Settings.table)
    func `each default is within its bounds`(setting: Setting) {
        if let bounds = setting.bounds {
            #expect(bounds.contains(setting.initial.flatMap { Int($0) } ?? Int.min))
        }
    }

    @Test func `the effective values show no secret`() {
        let lines = Settings.effective(reading: config(["DATABASE_API_PASSWORD": "hunter2", "API_PORT": "81"]))
        let shown = Dictionary(uniqueKeysWithValues: lines.map { ($0.setting.environment, $0.value) })
        #expect(shown["DATABASE_API_PASSWORD"] == "[secret]")
        #expect(shown["DATABASE_BULK_PASSWORD"] == "-")
        #expect(shown["DATABASE_URL"] == "[secret]")
        #expect(shown["API_PORT"] == "81")
        #expect(shown["METRICS_PORT"] == "9464")
        #expect(lines.filter(\.isGiven).count == 5)
    }
}

@Suite struct `Secrets` {
    @Test func `they do not print`() throws {
        let secret = Secret("hunter2")
        var dumped = ""
        dump([secret], to: &dumped)
        dump(try SecretsSettings(reading: config()), to: &dumped)
        #expect("\(secret) \(String(reflecting: secret)) \(dumped)".contains("hunter2") == false)
        #expect(!dumped.contains("31"))
        #expect("\(secret)" == "[secret]")
    }
}

@Suite struct `Endpoints` {
    @Test(arguments: [
        "", "host", "host:", ":25", "host:0", "host:65536", "host:+25", "::1:25", "[]:25", "ho st:25", "host:25/x",
        "h\u{0}:25",
        "host:२५",
    ])
    func `what is no host and port is refused`(text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test(arguments: ["127.0.0.1:1", "mail-1.example.com:65535", "[::1]:2525"])
    func `what is one prints as it was written`(text: String) {
        #expect(Endpoint(text)?.description == text)
    }
}
