import ArgumentParser
import Configuration
import Host

struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Prints every setting with the value in force; secrets are hidden.")

    func show(_ config: ConfigReader) {
        let rows = Settings.effective(reading: config).map { line in
            [line.setting.environment, line.value, line.isGiven ? "given" : "default", line.setting.meaning]
        }
        print(Terminal.table([["variable", "value", "", "meaning"]] + rows))
    }
}
