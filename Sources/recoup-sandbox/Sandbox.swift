import Configuration
import Foundation
import Logging
import ServiceLifecycle

/// A pretend outside world for trying and testing.
///
/// A relay that keeps all mail, misbehaves on request, and tells what it did.
@main
struct Sandbox {
    static func main() async {
        do {
            let settings = try Settings(reading: configuration(from: CommandLine.arguments.dropFirst()))
            LoggingSystem.bootstrap(StreamLogHandler.standardError)
            let world = try World(settings, logger: Logger(label: "recoup-sandbox"))
            let announcement = Task { announce(await world.board.ready()) }
            defer { announcement.cancel() }
            try await world.group().run()
        } catch {
            say("recoup-sandbox: \(error)", to: .standardError)
            exit(1)
        }
    }

    /// The environment, with what the command line says on top.
    private static func configuration(from arguments: ArraySlice<String>) throws(Usage) -> ConfigReader {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for argument in arguments {
            guard argument == "--fresh" else { throw Usage() }
            values["sandbox.fresh"] = true
        }
        return ConfigReader(providers: [InMemoryProvider(values: values), EnvironmentVariablesProvider()])
    }

    /// One line on standard output, for whoever started this with port 0.
    private static func announce(_ addresses: Addresses) {
        let (host, smtp, http) = (addresses.host, addresses.smtp, addresses.http)
        say("recoup-sandbox ready: smtp=\(host):\(smtp) mailbox=http://\(host):\(http)/", to: .standardOutput)
    }

    private static func say(_ text: String, to handle: FileHandle) {
        handle.write(Data((text + "\n").utf8))
    }

    private struct Usage: Error, CustomStringConvertible {
        let description = "usage: recoup-sandbox [--fresh]  (settings come from the environment, SANDBOX_…)"
    }
}
