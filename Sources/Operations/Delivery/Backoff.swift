package import Dunning

/// When a refused message is tried again: full jitter over growing steps (AWS Architecture Blog, "Exponential Backoff and
/// Jitter"), never sooner than the server asked, at most eight times.
package enum Backoff {
    package static let attempts = 8
    /// Seconds: 1 m, 5 m, 15 m, 1 h, 3 h, 6 h, 12 h.
    static let steps = [60, 300, 900, 3_600, 10_800, 21_600, 43_200]

    /// - Parameter attempt: how often it was tried, 1 after the first refusal.
    package static func next(
        afterAttempt attempt: Int, asked: Int?, now: Instant, using generator: inout some RandomNumberGenerator
    ) -> Instant {
        let step = steps[min(max(attempt, 1), steps.count) - 1]
        let jittered = Int.random(in: step / 2...step, using: &generator)
        return now.adding(seconds: max(jittered, asked ?? 0))
    }
}
