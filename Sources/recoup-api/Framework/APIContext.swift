import Hummingbird
import Logging
import Synchronization

/// What the framework keeps about one request.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Goes out as `X-Request-Id`, into every log line and into problems.
    var requestID: String
    /// Who was let in, for the access log; the route itself is handed its caller as a value.
    let admitted = Admitted()

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        requestID = ""
    }

    /// Written by the door, read by the log around it: the context itself is copied on its way in.
    final class Admitted: Sendable {
        private let name = Mutex<String?>(nil)

        var caller: String? {
            get { name.withLock { $0 } }
            set { name.withLock { $0 = newValue } }
        }
    }
}
