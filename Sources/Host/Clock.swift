import Foundation
import Synchronization

/// The product's clock: real time plus an offset that a demonstration may set.
///
/// It is the only reader of the system's wall clock in Recoup; everything else is handed a time. Instants are microseconds
/// since 1970-01-01T00:00Z. It follows the machine, so it may step back when the machine's clock is set back.
package final class Clock: Sendable {
    private let shift: Atomic<Int64>
    private let real: @Sendable () -> Int64

    /// - Parameters:
    ///   - offset: microseconds added to real time; negative is the past.
    ///   - real: where real time comes from; tests hand in their own.
    package init(offset: Int64 = 0, real: @escaping @Sendable () -> Int64 = Clock.system) {
        shift = Atomic(offset)
        self.real = real
    }

    /// The product's present.
    package func microseconds() -> Int64 {
        real() + offset
    }

    package var offset: Int64 { shift.load(ordering: .relaxed) }

    package func setOffset(_ microseconds: Int64) {
        shift.store(microseconds, ordering: .relaxed)
    }

    /// Real time, for log lines and the age of the process, never for business.
    package static func system() -> Int64 {
        // A double still tells quarters of a microsecond apart in this century.
        Int64((Date().timeIntervalSince1970 * 1_000_000).rounded(.down))
    }
}
