package import Configuration

/// `recoup-api`: where it listens, and the key of the platform's operator.
///
/// - `api.host` (default `127.0.0.1`): the address it binds.
/// - `api.port` (default 8080, 0...65535): 0 takes any free port, told in the log.
/// - `platform.key` (required, secret): 24 or more printable ASCII characters without blanks; makes tenants and their keys.
package struct APISettings: Sendable {
    package let host: String
    package let port: Int
    package let platformKey: Secret

    package init(reading config: ConfigReader) throws(SettingsError) {
        var reader = SettingsReader(config)
        host = reader.text(.apiHost, as: "an address to listen on", where: isListenable)
        port = reader.int(.apiPort)
        platformKey = Secret(
            reader.text(.platformKey, as: keyForm, where: isKey))
        try reader.check()
    }

    static let keys: [Setting] = [.apiHost, .apiPort, .platformKey]
}

/// What a key that people hand to programs has to be.
let keyForm = "24 to 256 printable characters, such as `openssl rand -hex 24` prints"

func isKey(_ text: String) -> Bool {
    (24...256).contains(text.utf8.count) && text.utf8.allSatisfy { (33...126).contains($0) }
}

/// Whether a text may be an address to bind: it is looked up at start, so only what can never be one is refused here.
func isListenable(_ host: String) -> Bool {
    host.utf8.count <= 253 && host.utf8.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: "/") }
}

extension Setting {
    static let apiHost = Setting("api.host", initial: "127.0.0.1", "address the API listens on")
    static let apiPort = Setting(
        "api.port", initial: "8080", bounds: 0...65535, "port of the API; 0 takes any free one")
    static let platformKey = Setting(
        "platform.key", secret: true, "bearer key that makes tenants and their keys; required by the API")
}
