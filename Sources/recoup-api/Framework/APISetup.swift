import Configuration
import Host

/// All settings of this program.
struct APISetup: Sendable {
    let host: HostSettings
    let api: APISettings
    let database: DatabaseKeys
    let secrets: SecretsSettings

    init(reading config: ConfigReader) throws(SettingsError) {
        host = try HostSettings(reading: config)
        api = try APISettings(reading: config)
        database = try DatabaseKeys(reading: config)
        secrets = try SecretsSettings(reading: config)
    }
}
