package import Configuration

/// `recoup-worker`: how much it does at a time, and where its health can be asked.
///
/// - `worker.concurrency` (default 32, 1...256): gateway sessions open at most in this process, all lanes together.
/// - `worker.retentionDays` (default 730, 0...36500): how long finished work is kept, after which attempts and the steps of
///   closed cases are deleted; 0 keeps all of it. Messages, the ledger and the audit trail are never deleted.
/// - `worker.healthHost` (default `127.0.0.1`): the address of its health and metrics pages.
/// - `worker.healthPort` (default 9465, 0...65535): their port; 0 turns them off, as for a second worker on one machine.
package struct WorkerSettings: Sendable {
    package let concurrency: Int
    /// `nil`: finished work is kept for ever.
    package let retentionDays: Int?
    package let healthHost: String
    /// `nil` when turned off.
    package let healthPort: Int?

    package init(reading config: ConfigReader) throws(SettingsError) {
        var reader = SettingsReader(config)
        concurrency = reader.int(.workerConcurrency)
        let days = reader.int(.workerRetentionDays)
        retentionDays = days == 0 ? nil : days
        healthHost = reader.text(.workerHealthHost, as: "an address to listen on", where: isListenable)
        let port = reader.int(.workerHealthPort)
        healthPort = port == 0 ? nil : port
        try reader.check()
    }

    static let keys: [Setting] = [.workerConcurrency, .workerRetentionDays, .workerHealthHost, .workerHealthPort]
}

extension Setting {
    static let workerConcurrency = Setting(
        "worker.concurrency", initial: "32", bounds: 1...256, "gateway sessions open at most in one worker")
    static let workerRetentionDays = Setting(
        "worker.retentionDays", initial: "730", bounds: 0...36_500, "days finished work is kept; 0 is for ever")
    static let workerHealthHost = Setting(
        "worker.healthHost", initial: "127.0.0.1", "address of the worker's health and metrics pages")
    static let workerHealthPort = Setting(
        "worker.healthPort", initial: "9465", bounds: 0...65535,
        "port of the worker's health and metrics pages; 0 is off")
}
