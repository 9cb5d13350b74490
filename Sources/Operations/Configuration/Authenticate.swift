import Crypto
import Dunning
import Foundation
package import Postgres
import Store

/// Tells whether a key opens its tenant's door.
package struct Authenticate: Sendable {
    let token: KeyToken

    package init(_ token: KeyToken) {
        self.token = token
    }

    /// Run in a transaction of the token's tenant. A wrong secret takes as long as an unknown key.
    package func run(in tx: inout Transaction) throws -> Bool {
        let stored = try tx.validHash(of: token.key)
        return Self.areEqual(token.hash.bytes, stored?.bytes ?? Self.nobody) && stored != nil
    }

    /// Compares two texts in a time that depends on neither: their digests are compared, byte by byte.
    package static func areEqual(_ left: String, _ right: String) -> Bool {
        areEqual(Array(SHA256.hash(data: Data(left.utf8))), Array(SHA256.hash(data: Data(right.utf8))))
    }

    private static let nobody = [UInt8](repeating: 0, count: SHA256.byteCount)

    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
