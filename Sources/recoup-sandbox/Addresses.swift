import Synchronization

/// Where the two servers listen. With port 0 nobody knows before they do.
struct Addresses: Sendable, Encodable {
    let host: String
    let smtp: Int
    let http: Int
}

/// Collects the two ports as the servers come up.
final class AddressBoard: Sendable {
    private struct State {
        var smtp: Int?
        var http: Int?
        var waiting: [CheckedContinuation<Addresses, Never>] = []
    }

    private let host: String
    private let state = Mutex(State())

    init(host: String) {
        self.host = host
    }

    /// Port 0 stands for a server that is not up yet.
    var current: Addresses {
        state.withLock { Addresses(host: host, smtp: $0.smtp ?? 0, http: $0.http ?? 0) }
    }

    func smtpListens(on port: Int) {
        note { $0.smtp = port }
    }

    func httpListens(on port: Int) {
        note { $0.http = port }
    }

    /// Waits until both servers listen.
    func ready() async -> Addresses {
        await withCheckedContinuation { continuation in
            note { $0.waiting.append(continuation) }
        }
    }

    private func note(_ change: (inout sending State) -> Void) {
        let (addresses, waiting) = state.withLock { state -> (Addresses?, [CheckedContinuation<Addresses, Never>]) in
            change(&state)
            guard let smtp = state.smtp, let http = state.http else { return (nil, []) }
            let waiting = state.waiting
            state.waiting = []
            return (Addresses(host: host, smtp: smtp, http: http), waiting)
        }
        guard let addresses else { return }
        for continuation in waiting { continuation.resume(returning: addresses) }
    }
}
