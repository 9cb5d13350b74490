import Crypto
package import Dunning
import Foundation
package import Postgres

/// Seals what tenants entrust to Recoup, so that the database alone opens nothing (AES-256-GCM, NIST SP 800-38D).
///
/// Every sealed text is bound to its place: moved to another row, column or tenant it does not open. The blob is
/// `0x01 | nonce (12) | ciphertext | tag (16)`.
package struct SecretBox: Sendable {
    private let key: SymmetricKey
    private static let version: UInt8 = 1

    /// - Parameter key: exactly 32 bytes; the settings have checked that.
    package init(key: [UInt8]) {
        precondition(key.count == 32, "AES-256 takes a key of 32 bytes")
        self.key = SymmetricKey(data: key)
    }

    /// Where a sealed text belongs.
    package struct Place: Sendable, Hashable {
        let text: String

        package static func gatewayPassword(_ gateway: ID<Gateway>, of tenant: ID<Tenant>) -> Place {
            let (tenant, row) = (tenant.uuid.uuidString.lowercased(), gateway.uuid.uuidString.lowercased())
            return Place(text: "recoup|1|\(tenant)|gateway|password|\(row)")
        }

        package static func hookSecret(_ gateway: ID<Gateway>, of tenant: ID<Tenant>) -> Place {
            let (tenant, row) = (tenant.uuid.uuidString.lowercased(), gateway.uuid.uuidString.lowercased())
            return Place(text: "recoup|1|\(tenant)|gateway|hook_secret|\(row)")
        }

        static func hooks(_ gateway: ID<Gateway>, of tenant: ID<Tenant>) -> Place {
            let (tenant, row) = (tenant.uuid.uuidString.lowercased(), gateway.uuid.uuidString.lowercased())
            return Place(text: "recoup|1|\(tenant)|gateway|hooks|\(row)")
        }
    }

    /// A code that only a holder of the key can make, for a place that is no secret itself: 128 bits in hex.
    package func code(for place: Place) -> String {
        let key = HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data("recoup|1|codes".utf8), outputByteCount: 32)
        return HMAC<SHA256>.authenticationCode(for: Data(place.text.utf8), using: key).prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// The blob is of another form, of another place, of another key, or was changed; which of them cannot be told.
    package struct Unopenable: Error, Sendable, CustomStringConvertible {
        package let description = "a sealed value does not open: another key, another place, or a changed value"
    }

    package func seal(_ text: String, for place: Place) throws -> Bytes {
        let box = try AES.GCM.seal(Data(text.utf8), using: key, authenticating: Data(place.text.utf8))
        guard let combined = box.combined else {
            preconditionFailure("the default nonce has 12 bytes, so there is a form")
        }
        return Bytes([Self.version] + combined)
    }

    package func open(_ sealed: Bytes, for place: Place) throws(Unopenable) -> String {
        guard sealed.bytes.first == Self.version else { throw Unopenable() }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed.bytes.dropFirst())
            let data = try AES.GCM.open(box, using: key, authenticating: Data(place.text.utf8))
            return String(decoding: data, as: UTF8.self)
        } catch {
            throw Unopenable()
        }
    }
}
