package import Configuration
import Foundation

/// The key that encrypts what tenants entrust to Recoup, above all the passwords of their gateways.
///
/// - `secrets.key` (required, secret): 32 random bytes in base64. The database holds nothing that could replace it: without
///   the key, stored gateway passwords are lost.
package struct SecretsSettings: Sendable {
    /// Exactly 32 bytes, shown nowhere.
    package let key: Key

    /// Key bytes that do not print.
    package struct Key: Sendable, CustomStringConvertible, CustomReflectable {
        package let bytes: [UInt8]
        package var description: String { "[secret]" }
        package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
    }

    package init(reading config: ConfigReader) throws(SettingsError) {
        var reader = SettingsReader(config)
        var bytes: [UInt8] = []
        _ = reader.text(.secretsKey, as: "32 bytes in base64, as `openssl rand -base64 32` prints them") { text in
            bytes = Data(base64Encoded: text).map { Array($0) } ?? []
            return bytes.count == 32
        }
        key = Key(bytes: bytes)
        try reader.check()
    }

    static let keys: [Setting] = [.secretsKey]
}

extension Setting {
    static let secretsKey = Setting(
        "secrets.key", secret: true,
        "32 bytes in base64 that encrypt gateway passwords; required by api, worker and recoup")
}
