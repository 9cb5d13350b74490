import Dunning
import Foundation
import Postgres

/// Customers and contacts of the cases being loaded.
struct PeopleFacts {
    struct Person {
        let names: CaseCustomer
        let zone: Zone?
        /// Without what is looked up only when something asks for it.
        let profile: CustomerProfile
    }

    var customers: [ID<Customer>: Person] = [:]
    /// In the order they are written to.
    var contacts: [ID<Customer>: [Reachable]] = [:]
}

extension Transaction {
    /// What ``people(customers:)`` will ask.
    func peopleQuestions(_ customers: [ID<Customer>]) -> [Ask] {
        [Ask("facts_customers", tenantID, customers), Ask("facts_contacts", tenantID, customers)]
    }

    mutating func people(customers: [ID<Customer>]) throws(PostgresError) -> PeopleFacts {
        var facts = PeopleFacts()
        for row in try rows("facts_customers", tenantID, customers) {
            let id: ID<Customer> = try row("customer_id")
            facts.customers[id] = PeopleFacts.Person(
                names: CaseCustomer(
                    id: id, externalID: try row("external_id"), name: try row("name"), kind: try row("kind"),
                    locale: try row.locale("locale")),
                zone: try row.optional("zone"), profile: try CustomerProfile(row))
        }
        for row in try rows("facts_contacts", tenantID, customers) {
            facts.contacts[try row("customer_id"), default: []].append(
                Reachable(
                    id: try row("contact_id"), name: try row("name"), email: try row.optional("email"),
                    key: try row.optional("email_key"), phone: try row.optional("phone"),
                    zone: try row.optional("zone"),
                    hasOptedOut: try row("opted_out"), isSuppressed: try row("suppressed"),
                    hasStoppedTexts: try row("phone_suppressed")))
        }
        return facts
    }
}

extension CustomerProfile {
    fileprivate init(_ row: Row) throws(PostgresError) {
        let traits = try CustomerTraits(row)
        let segments: [String] = try row("segments")
        self.init(
            kind: try row("kind"), country: traits.country, locale: try row.locale("locale"),
            riskBand: traits.riskBand, collectionMethod: traits.collectionMethod, owner: traits.owner,
            exclusion: traits.exclusion, attributes: traits.attributes, segments: Set(segments))
    }
}
