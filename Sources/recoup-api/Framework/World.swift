import Dunning
import Host
import Logging
import Operations
import Postgres

/// What handlers work with: pools, clock, secrets. One for the whole process.
struct World: Sendable {
    /// Short transactions of one tenant.
    let database: Database
    /// Imports and go-live: fewer connections and longer limits, so that they never keep a payment waiting.
    let bulk: Database
    /// Sees the list of tenants, and nothing else of them.
    let dispatch: Database
    let clock: Host.Clock
    let health: Health
    let secrets: SecretBox
    let platformKey: Secret
    let sandboxes: Set<Endpoint>
    /// How gateways and people reach this API; without a slash at its end.
    let publicURL: String
    /// The text served at `/openapi.yaml`.
    let description: String

    /// The product's present.
    var now: Instant { Instant(microseconds: clock.microseconds()) }

    var gatewayChecks: GatewayChecks {
        GatewayChecks { [sandboxes] host, port in sandboxes.contains(Endpoint(host: host, port: port)) }
    }
}
