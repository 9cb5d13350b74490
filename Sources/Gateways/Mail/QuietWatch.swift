import Synchronization

/// Counts mails on the wire and open sessions, and tells who waits when there are none.
final class QuietWatch: Sendable {
    enum Silence { case noMail, noSession }

    private struct State {
        var mails = 0
        var sessions = 0
        var watchers: [Int: Watcher] = [:]
        var lastWatcher = 0
    }

    private struct Watcher {
        let silence: Silence
        let answer: CheckedContinuation<Bool, Never>
    }

    private let state = Mutex(State())

    func change(mails: Int = 0, sessions: Int = 0) {
        state.withLock { state in
            state.mails += mails
            state.sessions += sessions
        }
        tell()
    }

    /// Whether that silence came before the time was up.
    func reached(_ silence: Silence, within limit: Duration) async -> Bool {
        await withCheckedContinuation { answer in
            let number = state.withLock { state in
                state.lastWatcher += 1
                state.watchers[state.lastWatcher] = Watcher(silence: silence, answer: answer)
                return state.lastWatcher
            }
            tell()
            // A task of its own: the one that waits may itself be cancelled, and its sleep would end at once.
            Task {
                try? await Task.sleep(for: limit)
                state.withLock { $0.watchers.removeValue(forKey: number) }?.answer.resume(returning: false)
            }
        }
    }

    private func tell() {
        let done = state.withLock { state in
            let done = state.watchers.filter { _, watcher in
                state.mails == 0 && (watcher.silence == .noMail || state.sessions == 0)
            }
            for number in done.keys { state.watchers[number] = nil }
            return Array(done.values)
        }
        for watcher in done { watcher.answer.resume(returning: true) }
    }
}
