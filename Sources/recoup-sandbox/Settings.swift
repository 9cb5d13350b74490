import Configuration

/// What the operator of a sandbox can set.
///
/// - `sandbox.host` (text, default `127.0.0.1`): where both servers listen; who reaches it can read all mail.
/// - `sandbox.smtpPort` (int, default 2525, 0...65535): SMTP; 0 takes any free port.
/// - `sandbox.httpPort` (int, default 8025, 0...65535): mailbox page and control API; 0 takes any free port.
/// - `sandbox.keep` (int, default 100000, 1...10000000): mails kept in memory; the oldest are forgotten, counts stay.
/// - `sandbox.keepMegabytes` (int, default 512, 1...1048576): the same limit by size of the mails.
/// - `sandbox.idleSeconds` (int, default 300, 1...86400): a silent session is closed with 421.
/// - `sandbox.journal` (path, default none): file that keeps accepted mails across restarts.
/// - `sandbox.receipts` (bool, default false): text messages that were taken are reported as sent and delivered by themselves.
/// - `sandbox.fresh` (bool, default false; also `--fresh`): empties that file at start.
struct Settings: Sendable {
    /// The largest mail taken, in bytes: 25 MB as most relays have it.
    static let sizeLimit = 25 * 1_024 * 1_024

    var host = "127.0.0.1"
    var smtpPort = 2_525
    var httpPort = 8_025
    var keep = 100_000
    var keepMegabytes = 512
    var idleSeconds = 300
    var journal: String?
    var sendsReceipts = false
    var isFresh = false

    init() {}

    /// - Throws: ``SettingsError`` naming the setting that makes no sense.
    init(reading config: ConfigReader) throws(SettingsError) {
        host = config.string(forKey: "sandbox.host", default: host)
        smtpPort = try Self.number(config, "sandbox.smtpPort", smtpPort, 0...65_535)
        httpPort = try Self.number(config, "sandbox.httpPort", httpPort, 0...65_535)
        keep = try Self.number(config, "sandbox.keep", keep, 1...10_000_000)
        keepMegabytes = try Self.number(config, "sandbox.keepMegabytes", keepMegabytes, 1...1_048_576)
        idleSeconds = try Self.number(config, "sandbox.idleSeconds", idleSeconds, 1...86_400)
        journal = config.string(forKey: "sandbox.journal").flatMap { $0.isEmpty ? nil : $0 }
        sendsReceipts = config.bool(forKey: "sandbox.receipts", default: false)
        isFresh = config.bool(forKey: "sandbox.fresh", default: false)
    }

    /// An unreadable number is an error, not a silent default.
    private static func number(
        _ config: ConfigReader, _ key: String, _ usual: Int, _ range: ClosedRange<Int>
    ) throws(SettingsError) -> Int {
        let path = ConfigKey(key)
        let isGiven = config.string(forKey: path).map { !$0.isEmpty } ?? false
        guard let number = config.int(forKey: path) else {
            if isGiven { throw SettingsError(key: key, message: "must be a whole number") }
            return usual
        }
        guard range.contains(number) else {
            throw SettingsError(key: key, message: "must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

/// A setting that makes no sense.
struct SettingsError: Error, CustomStringConvertible {
    let key: String
    let message: String

    var description: String { "\(key) \(message)" }
}
