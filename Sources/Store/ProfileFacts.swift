package import Dunning
package import Postgres

extension Transaction {
    /// The customers' profiles with what is asked for: segments that are conditions, kept promises, punctuality. None of it
    /// is looked up when nothing asks, and all of it for many customers at once.
    mutating func profiles(
        _ people: PeopleFacts, brands: [ID<Brand>: BrandFacts], asking: Set<ConditionField>, now: Instant
    ) throws(PostgresError) -> [ID<Customer>: CustomerProfile] {
        var asked = asking
        var profiles = people.customers.mapValues(\.profile)
        if asked.contains(.segment) {
            let rules = try segmentRules()
            for rule in rules { asked.formUnion(rule.condition.fields) }
            for id in profiles.keys { profiles[id]?.segmentRules = rules }
        }
        let customers = Array(profiles.keys)
        let today = Day(number: Int32(now.microseconds / 86_400_000_000))
        if asked.contains(.onTimeShare), !customers.isEmpty {
            for row in try rows("facts_punctuality", tenantID, customers, today.adding(-365), today) {
                let (due, inTime): (Int, Int) = (try row("due"), try row("in_time"))
                profiles[try row("customer_id")]?.onTimeShare = due > 0 ? inTime * 100 / due : nil
            }
        }
        if asked.contains(.brokenPromises), !customers.isEmpty {
            for id in customers { profiles[id]?.brokenPromises = 0 }
            for row in try rows(
                "facts_promises", tenantID, customers, today.adding(-365), PromiseToPay.graceDays)
            {
                let promise = PromiseToPay(
                    amount: try row("amount"), made: try row("made_on"), due: try row("due_on"),
                    received: try row("received"))
                let customer: ID<Customer> = try row("customer_id")
                guard let zone = brands[try row("brand_id")]?.rules.zone else { continue }
                // Kept in part is not kept.
                switch promise.standing(asOf: zone.day(of: now)) {
                case .broken, .partlyKept: profiles[customer]?.brokenPromises? += 1
                case .kept, .pending, .cancelled: break
                }
            }
        }
        return profiles
    }

    /// Facts of cases that are not open yet, for the rules that choose their workflow. They have no steps and no history.
    package mutating func prospects(
        _ wanted: [NewCase], asking: Set<ConditionField>, now: Instant
    ) throws(PostgresError) -> [LedgerKey: CaseFacts] {
        let customers = Array(Set(wanted.map(\.customer)))
        let brands = try brands(now: now)
        let people = try people(customers: customers)
        let profiles = try profiles(people, brands: brands, asking: asking, now: now)
        let money = try money(customers: customers, now: now)
        let nothing = PublishedWorkflow(
            id: .make(at: now), workflow: .make(at: now), escalationGapDays: 0, steps: [])
        var found: [LedgerKey: CaseFacts] = [:]
        for new in wanted {
            let key = LedgerKey(customer: new.customer, brand: new.brand, currency: new.currency)
            guard let brand = brands[new.brand], let person = people.customers[new.customer] else { continue }
            found[key] = CaseFacts(
                state: CaseState(
                    id: .make(at: now), customer: new.customer, brand: new.brand, currency: new.currency,
                    cycle: new.priorCycle + 1, priorStage: new.priorStage),
                workflow: nothing, brand: brand.rules, customerZone: person.zone,
                contacts: people.contacts[new.customer] ?? [], invoices: money.invoices[key] ?? [],
                credit: money.credit[key] ?? 0, profile: profiles[new.customer] ?? person.profile)
        }
        return found
    }
}
