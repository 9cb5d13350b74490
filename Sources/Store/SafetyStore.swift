package import Dunning
import Foundation
package import Postgres

/// A source whose standing has changed by the passing of time, or by having been heard of again.
package struct SourceTurn: Sendable, Hashable {
    package let name: String
    package let isStale: Bool
    package let lastSuccess: Instant?
    package let maxAgeHours: Int?
}

/// A case that waits for a day on which it may make its first contact.
package struct WaitingCase: Sendable, Hashable {
    package let enrolment: ID<Enrolment>
    package let waiting: FirstContacts.Waiting
    /// The day another case of the same customer has, if it is of use.
    package let shared: Day?
}

extension Transaction {
    /// Sources that became stale, or fresh, since this was asked last.
    package mutating func turnSources(at now: Instant) throws(PostgresError) -> [SourceTurn] {
        try rows("safety_turn_sources", tenantID, now).map { row throws(PostgresError) in
            SourceTurn(
                name: try row("source"), isStale: try row("is_stale"), lastSuccess: try row.optional("last_success_at"),
                maxAgeHours: try row.optional("max_age_hours"))
        }
    }

    /// Messages planned for this time or before that nobody was told of.
    package mutating func stepsToAnnounce(
        until instant: Instant, limit: Int
    ) throws(PostgresError) -> [(step: ID<StepRun>, customer: ID<Customer>)] {
        try rows("safety_to_announce", tenantID, instant, limit).map { row throws(PostgresError) in
            (try row("step_run_id"), try row("customer_id"))
        }
    }

    package mutating func announce(_ steps: [ID<StepRun>], at now: Instant) throws(PostgresError) {
        guard !steps.isEmpty else { return }
        try run("safety_announce", tenantID, steps, now)
    }

    /// They will be announced again before their new time.
    package mutating func forgetAnnouncement(of steps: [ID<StepRun>]) throws(PostgresError) {
        guard !steps.isEmpty else { return }
        try run("safety_unannounce", tenantID, steps)
    }

    /// When the passing of time changes something next; nil: never.
    package mutating func nextTurn(after now: Instant, vetoHours: Int) throws(PostgresError) -> Instant? {
        try row("safety_next", tenantID, now, vetoHours).optional("at")
    }

    /// Asks for a day for each of these cases; one already given is lost.
    package mutating func wishFirstContacts(
        _ wishes: [(state: CaseState, from: Day, value: Int64)]
    ) throws(PostgresError) {
        guard !wishes.isEmpty else { return }
        try run(
            "safety_wish", tenantID, wishes.map(\.state.id), wishes.map(\.state.customer), wishes.map(\.state.brand),
            wishes.map(\.from), wishes.map(\.value))
    }

    /// These cases will not use their days.
    package mutating func dropFirstContacts(_ cases: [ID<Enrolment>]) throws(PostgresError) {
        guard !cases.isEmpty else { return }
        try run("safety_drop_wishes", tenantID, cases)
    }

    package mutating func waitingCases() throws(PostgresError) -> [WaitingCase] {
        try rows("safety_waiting", tenantID).map { row throws(PostgresError) in
            WaitingCase(
                enrolment: try row("enrolment_id"),
                waiting: FirstContacts.Waiting(
                    customer: try row("customer_id"), brand: try row("brand_id"), from: try row("wanted_from"),
                    value: try row("value")),
                shared: try row.optional("shared"))
        }
    }

    /// Whether cases are still being planned, or an import is bringing more: places are given when all who want one are there.
    package mutating func isPlanningFirstContacts() throws(PostgresError) -> Bool {
        try row("safety_is_busy", tenantID)("is_busy")
    }

    /// Customers with a place, by day.
    package mutating func firstContactsTaken(since day: Day) throws(PostgresError) -> [Day: Int] {
        var taken: [Day: Int] = [:]
        for row in try rows("safety_taken", tenantID, day) { taken[try row("place")] = try row("customers") }
        return taken
    }

    package mutating func give(_ places: [(enrolment: ID<Enrolment>, day: Day)]) throws(PostgresError) {
        guard !places.isEmpty else { return }
        try run("safety_place", tenantID, places.map(\.enrolment), places.map(\.day))
    }

    /// Customers whose places were given and whose steps are not planned for them yet.
    package mutating func customersToPlace(limit: Int) throws(PostgresError) -> [ID<Customer>] {
        try rows("safety_to_plan", tenantID, limit).map { row throws(PostgresError) in try row("customer_id") }
    }

    package mutating func notePlaced(_ customers: [ID<Customer>]) throws(PostgresError) {
        try run("safety_planned", tenantID, customers)
    }

    /// Who waits for a place or has one that is still to come; their wishes are forgotten.
    package mutating func forgetFirstContacts(after day: Day) throws(PostgresError) -> [ID<Customer>] {
        Array(
            Set(
                try rows("safety_forget", tenantID, day).map { row throws(PostgresError) -> ID<Customer> in
                    try row("customer_id")
                }))
    }

    mutating func firstContactPlaces(
        _ cases: [ID<Enrolment>]
    ) throws(PostgresError) -> [ID<Enrolment>: (day: Day, wantedFrom: Day)] {
        var places: [ID<Enrolment>: (day: Day, wantedFrom: Day)] = [:]
        for row in try rows("safety_places", tenantID, cases) {
            places[try row("enrolment_id")] = (try row("place"), try row("wanted_from"))
        }
        return places
    }

    /// The first day from one on, on which each brand sends.
    package mutating func sendDays(now: Instant) throws(PostgresError) -> @Sendable (ID<Brand>, Day) -> Day? {
        let rules = try brands(now: now).mapValues(\.rules)
        return { brand, day in rules[brand].flatMap { $0.window.sendDay(onOrAfter: day, calendar: $0.calendar) } }
    }
}
