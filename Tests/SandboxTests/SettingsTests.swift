import Configuration
import Testing

@testable import recoup_sandbox

@Suite struct `Settings of the sandbox` {
    private func settings(_ variables: [String: String]) throws -> Settings {
        let provider = EnvironmentVariablesProvider(environmentVariables: variables)
        return try Settings(reading: ConfigReader(provider: provider))
    }

    @Test func `without any, the defaults hold`() throws {
        let settings = try settings([:])
        #expect(settings.host == "127.0.0.1" && settings.smtpPort == 2_525 && settings.httpPort == 8_025)
        #expect(settings.keep == 100_000 && settings.journal == nil && !settings.isFresh)
    }

    @Test func `the environment names them all`() throws {
        let settings = try settings([
            "SANDBOX_HOST": "0.0.0.0", "SANDBOX_SMTP_PORT": "0", "SANDBOX_HTTP_PORT": "1", "SANDBOX_KEEP": "2",
            "SANDBOX_KEEP_MEGABYTES": "3", "SANDBOX_IDLE_SECONDS": "4", "SANDBOX_JOURNAL": "j", "SANDBOX_FRESH": "true",
        ])
        #expect(settings.host == "0.0.0.0" && settings.smtpPort == 0 && settings.httpPort == 1 && settings.keep == 2)
        #expect(settings.keepMegabytes == 3 && settings.idleSeconds == 4 && settings.journal == "j" && settings.isFresh)
    }

    @Test(arguments: [
        ("SANDBOX_SMTP_PORT", "x"), ("SANDBOX_HTTP_PORT", "65536"), ("SANDBOX_KEEP", "0"), ("SANDBOX_SMTP_PORT", "-1"),
    ])
    func `nonsense is an error that names the setting`(variable: String, value: String) {
        #expect { try settings([variable: value]) } throws: { error in
            (error as? SettingsError)?.description.hasPrefix("sandbox.") == true
        }
    }
}
