extension Step {
    /// What a service signal asks of the tenant's product.
    package enum Signal: String, Hashable, Sendable, CaseIterable { case suspend, limit, restore }

    /// What a step without a wire changes or says.
    package enum Effect: Hashable, Sendable {
        case none
        /// The customer is left alone for civil days.
        case hold(days: Int, reason: String)
        case segment(String, isRemoved: Bool)
        case owner(String)
        /// Words for the tenant's own people.
        case notice(String)
        /// The name of an event for the tenant's own systems.
        case event(String)
        case signal(Signal)
        /// Who should collect; nil: the tenant's only agency.
        case agency(String?)
    }
}
