package import Dunning

/// Who asks, for which tenant, and when: handed to every operation, read nowhere else.
package struct Context: Sendable {
    package let tenant: ID<Tenant>
    /// `key:…`, `worker`, `cli`, `import:…`: goes into the audit trail.
    package let actor: String
    /// The product clock's instant; operations never read a clock.
    package let now: Instant

    package init(tenant: ID<Tenant>, actor: String, now: Instant) {
        self.tenant = tenant
        self.actor = actor
        self.now = now
    }
}
