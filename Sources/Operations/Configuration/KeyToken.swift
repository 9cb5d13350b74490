import Crypto
package import Dunning
import Foundation
package import Postgres

/// A tenant's key as its holder knows it: `rcp_live_<tenant>_<key>_<secret>`.
///
/// It carries its tenant, so looking it up reads one row of one tenant. Tenant and key are the 26 characters of their
/// ids, the secret has 52 characters of base32: 260 random bits, for which a plain SHA-256 is enough at rest.
package struct KeyToken: Sendable, CustomStringConvertible, CustomReflectable {
    package let tenant: ID<Tenant>
    package let key: ID<APIKey>
    private let secret: String

    private static let prefix = "rcp_live"
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    private static let secretLength = 52

    /// A new key; `generator` must be fit for secrets.
    package init(
        tenant: ID<Tenant>, key: ID<APIKey>, using generator: inout some RandomNumberGenerator
    ) {
        self.tenant = tenant
        self.key = key
        secret = String(
            (0..<Self.secretLength).map { _ in Self.alphabet[Int.random(in: 0..<32, using: &generator)] })
    }

    /// Reads a token; `nil` for anything of another form.
    package init?(_ text: String) {
        guard text.utf8.count == Self.prefix.utf8.count + 3 + 26 + 26 + Self.secretLength, text.hasPrefix(Self.prefix)
        else {
            return nil
        }
        let parts = text.dropFirst(Self.prefix.count).split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty,
            let tenant = ID<Tenant>("\(Tenant.idPrefix)_\(parts[1])"),
            let key = ID<APIKey>("\(APIKey.idPrefix)_\(parts[2])"),
            parts[3].count == Self.secretLength, parts[3].allSatisfy(Self.alphabet.contains)
        else { return nil }
        self.tenant = tenant
        self.key = key
        secret = String(parts[3])
    }

    /// The whole token, to be shown once.
    package var revealed: String {
        "\(Self.prefix)_\(Self.tail(of: tenant))_\(Self.tail(of: key))_\(secret)"
    }

    /// SHA-256 of the secret.
    package var hash: Bytes { Bytes(Array(SHA256.hash(data: Data(secret.utf8)))) }

    package var description: String { "[key \(key)]" }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }

    /// An id without its prefix.
    private static func tail<Kind>(of id: ID<Kind>) -> Substring {
        id.description.dropFirst(Kind.idPrefix.count + 1)
    }
}
