package import Dunning
import Gateways
package import Queue

/// How one armed message ended, as the worker reports it.
package struct DeliveryReport: Sendable {
    package enum Result: Sendable, Hashable {
        case accepted
        /// Later may go better; seconds the server asked for.
        case transient(retryAfter: Int?)
        /// Refused for good. `suppresses` when the address itself is to blame.
        case permanent(suppresses: Bool)
        /// The gateway refuses us as a whole: it rests, the message keeps its attempts.
        case gatewayRefused
        /// The bytes may have arrived.
        case unknown
        /// Nothing left this process.
        case notBegun
    }

    package let lease: Lease
    package let attempt: ID<Attempt>?
    package let result: Result
    package let code: Int
    package let reply: String
    /// The gateway's own id of the message.
    package let providerID: String?

    package init(
        lease: Lease, attempt: ID<Attempt>?, result: Result, code: Int = 0, reply: String = "",
        providerID: String? = nil
    ) {
        self.lease = lease
        self.attempt = attempt
        self.result = result
        self.code = code
        self.reply = reply
        self.providerID = providerID
    }

    /// A bounded word for counters and the attempt's row.
    package var name: String {
        switch result {
        case .accepted: "accepted"
        case .transient: "transient"
        case .permanent: "permanent"
        case .gatewayRefused: "gateway"
        case .unknown: "unknown"
        case .notBegun: "not_begun"
        }
    }
}
