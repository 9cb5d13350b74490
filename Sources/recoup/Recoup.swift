import ArgumentParser
import Configuration
import Foundation
import Host

/// The operator's command line: works on the database itself, beside the running programs.
struct Recoup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recoup",
        abstract: "Runs a Recoup installation: tenants, imports, go-live, and why things happened.",
        discussion: "Settings come from the environment; `recoup settings` lists them.",
        subcommands: [
            Migrate.self, TenantCommand.self, KeyCommand.self, ImportCommand.self, WorkflowCommand.self,
            SimulateCommand.self, ActivateCommand.self, ReassignCommand.self, Why.self, ReportCommand.self,
            ExportCommand.self, DataQualityCommand.self, Demo.self, DoctorCommand.self, QueueCommand.self,
            KillSwitchCommand.self, UnknownCommand.self, TaskCommand.self, EvidenceCommand.self, BenchCommand.self,
            SettingsCommand.self, HealthCommand.self,
        ])
}

/// A command that works on the database.
protocol DatabaseCommand: ParsableCommand {
    func run(at desk: Desk) async throws
}

@main
enum Main {
    static func main() async {
        let config = ConfigReader(provider: EnvironmentVariablesProvider())
        exit(await run(Array(CommandLine.arguments.dropFirst()), config))
    }

    /// Runs one command; the status of the process: 0, 1 for an error, 2 for wrong usage.
    static func run(_ arguments: [String], _ config: ConfigReader) async -> Int32 {
        do {
            var command = try Recoup.parseAsRoot(arguments)
            if let command = command as? any DatabaseCommand {
                let desk = try Desk(reading: config)
                do {
                    try await command.run(at: desk)
                } catch {
                    await desk.close()
                    throw error
                }
                await desk.close()
            } else if let command = command as? ExportCommand {
                try await command.export()
            } else if let command = command as? any OwnWorldCommand {
                try await command.run(config)
            } else if let command = command as? SettingsCommand {
                command.show(config)
            } else {
                try command.run()
            }
            return 0
        } catch let status as ExitCode {
            return status.rawValue
        } catch {
            return tell(error)
        }
    }

    private static func tell(_ error: any Error) -> Int32 {
        // The parser's own errors know how they want to be told; help asked for is no error.
        switch Recoup.exitCode(for: error) {
        case .success:
            print(Recoup.message(for: error).isEmpty ? Recoup.helpMessage() : Recoup.fullMessage(for: error))
            return 0
        case .validationFailure:
            StandardError.write(Recoup.fullMessage(for: error))
            return 2
        default:
            StandardError.write("recoup: \(Sentence.about(error))")
            return 1
        }
    }
}
