package import Postgres

/// The one offset of the product's clock, shared by all programs of the instance (architecture 4.15).
package enum InstanceClock {
    /// Microseconds to add to real time.
    package static func offset(_ dispatch: Database) async throws -> Int64 {
        try await dispatch.read(as: .none) { tx in try tx.row("instance_clock")("clock_offset_us") }
    }
}
