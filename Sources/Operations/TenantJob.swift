import Foundation

/// The jobs of which a tenant has one at a time, each under a name of its own: the queue knows a row by its reference alone,
/// whatever its kind.
enum TenantJob: UInt8 {
    case fold = 1
    case prune = 2
    case watch = 4
    case judge = 8

    /// The tenant's id with a bit turned.
    func ref(of tenant: UUID) -> UUID {
        var bytes = tenant.uuid
        bytes.15 ^= rawValue
        return UUID(uuid: bytes)
    }
}
