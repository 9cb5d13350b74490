package import Dunning
import Foundation
package import Postgres

/// An apology that is due: for which message, to whom, and about what.
package struct LoadedCorrection: Sendable {
    /// The id of the apology's own message.
    package let note: ID<Message>
    package let message: ID<Message>
    package let customer: CaseCustomer
    package let sender: Sender
    package let facts: CorrectionFacts
    /// The day of the wrong reminder.
    package let day: Day
    /// Numbers of the invoices on which nothing was owed.
    package let numbers: [String]
    package let attempts: Int
}

extension Transaction {
    /// Wrong mails of late without an apology, and the gateway it goes through.
    package mutating func wrongMails(
        entriesSince: Instant, since day: Day, limit: Int
    ) throws(PostgresError) -> [(message: ID<Message>, gateway: ID<Gateway>)] {
        try rows("correction_find", tenantID, Self.firstKey(at: entriesSince), day, limit).map {
            row throws(PostgresError) in (try row("message_id"), try row("gateway_id"))
        }
    }

    /// Which of these apologies are new.
    package mutating func insertCorrections(
        _ corrections: [(message: ID<Message>, note: ID<Message>)], at now: Instant
    ) throws(PostgresError) -> Set<ID<Message>> {
        guard !corrections.isEmpty else { return [] }
        var new: Set<ID<Message>> = []
        for row in try rows(
            "correction_insert", tenantID, corrections.map(\.message), corrections.map(\.note), now)
        {
            new.insert(try row("note_id"))
        }
        return new
    }

    package mutating func markCorrections(_ notes: [ID<Message>]) throws(PostgresError) {
        guard !notes.isEmpty else { return }
        try run("correction_mark", tenantID, notes)
    }

    /// What of these is an apology, with everything that decides about it.
    package mutating func loadCorrections(
        _ notes: [ID<Message>], now: Instant
    ) throws(PostgresError) -> [LoadedCorrection] {
        guard !notes.isEmpty else { return [] }
        let found = try rows("correction_load", tenantID, notes)
        guard !found.isEmpty else { return [] }
        var customers: Set<ID<Customer>> = []
        for row in found { customers.insert(try row("customer_id")) }
        let people = try people(customers: Array(customers))
        let (brands, switches) = (try brands(now: now), try switches().0)
        var loaded: [LoadedCorrection] = []
        for row in found {
            let (customer, contact): (ID<Customer>, ID<Contact>) = (try row("customer_id"), try row("contact_id"))
            guard let person = people.customers[customer], let brand = brands[try row("brand_id")],
                let reached = people.contacts[customer]?.first(where: { $0.id == contact })
            else { throw .undecodable("correction without brand, customer or contact") }
            let numbers: [String] = try row("numbers")
            loaded.append(
                LoadedCorrection(
                    note: try row("note_id"), message: try row("message_id"), customer: person.names,
                    sender: brand.sender,
                    facts: CorrectionFacts(
                        switches: switches, brand: brand.rules, contact: reached,
                        zone: reached.zone ?? person.zone ?? brand.rules.zone, isWrong: !numbers.isEmpty),
                    day: try row("contact_day"), numbers: numbers, attempts: try row("attempts")))
        }
        return loaded
    }
}
