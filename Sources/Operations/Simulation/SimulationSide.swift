import Dunning

/// What is played: what is in force, or a version that is tried; with the days on which customers may be written to for the
/// first time, where the tenant limits them.
struct SimulationSide: Sendable {
    /// `nil`: what is in force.
    let candidate: SimulationCandidate?
    /// Days that are left to give, for those who come to wait for one in the play.
    var firstContacts: FirstContacts?
    /// Days of those who wait from the beginning.
    var places: [ID<Customer>: Day] = [:]

    init(_ candidate: SimulationCandidate?) { self.candidate = candidate }

    /// Gives a day to everybody who waits.
    mutating func give(_ contacts: FirstContacts, to waiting: [FirstContacts.Waiting]) {
        var contacts = contacts
        places = contacts.places(for: FirstContacts.joined(waiting))
        firstContacts = contacts
    }
}
