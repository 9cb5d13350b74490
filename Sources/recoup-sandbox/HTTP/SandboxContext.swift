import Hummingbird
import NIOCore
import Synchronization

/// A request, the connection it came on, and which request of that connection it is.
struct SandboxContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    let connection: Int
    /// From 1.
    let request: Int

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        (connection, request) = Self.counts.next(on: source.channel)
    }

    private static let counts = ConnectionCounts()
}

/// Numbers connections, and the requests on each.
private final class ConnectionCounts: Sendable {
    private struct State {
        var last = 0
        var open: [ObjectIdentifier: (number: Int, requests: Int)] = [:]
    }

    private let state = Mutex(State())

    func next(on channel: any Channel) -> (connection: Int, request: Int) {
        let id = ObjectIdentifier(channel)
        let (entry, isNew) = state.withLock { state in
            let isNew = state.open[id] == nil
            if isNew { state.last += 1 }
            var entry = state.open[id] ?? (state.last, 0)
            entry.requests += 1
            state.open[id] = entry
            return (entry, isNew)
        }
        if isNew {
            channel.closeFuture.whenComplete { [self] _ in
                _ = state.withLock { $0.open.removeValue(forKey: id) }
            }
        }
        return (entry.number, entry.requests)
    }
}
