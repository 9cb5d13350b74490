package import Dunning
import Foundation
package import Postgres

extension Transaction {
    /// Loads the open cases of these customers with everything that planner and gate may look at, in a fixed number of
    /// queries and a few trips. Call it after the cases are locked: in READ COMMITTED each statement sees what was committed before it.
    ///
    /// - Parameter asking: what will be asked of the cases beside the conditions of their own workflows: some of it is
    ///   looked up only when it is needed.
    package mutating func loadCases(
        customers: [ID<Customer>], asking: Set<ConditionField> = [], now: Instant
    ) throws(PostgresError) -> [LoadedCase] {
        try lookUpCases(customers: customers, asking: asking, now: now).cases
    }

    /// The same, and who else may need a case.
    package mutating func lookUpCases(
        customers: [ID<Customer>], asking: Set<ConditionField> = [], now: Instant
    ) throws(PostgresError) -> CaseLookup {
        let states = try caseStates(customers: customers)
        guard !states.isEmpty else { return CaseLookup(cases: [], uncovered: Set(customers)) }
        let (ids, versions) = (states.map(\.state.id), Array(Set(states.map(\.version))))
        try foresee(
            [Ask("facts_switches", tenantID)] + brandQuestions(now: now) + workflowQuestions(versions)
                + peopleQuestions(customers) + moneyQuestions(customers, now: now) + [
                    Ask("facts_next_steps", tenantID, ids), Ask("facts_done_steps", tenantID, ids),
                    Ask("facts_awaited_tasks", tenantID, ids),
                ])
        let (switches, rules) = try switches()
        let brands = try brands(now: now)
        let workflows = try workflows(versions)
        let people = try people(customers: customers)
        let asking = workflows.values.reduce(into: asking) { $0.formUnion($1.version.asks) }
        let profiles = try profiles(people, brands: brands, asking: asking, now: now)
        let money = try money(customers: customers, now: now)
        let holds = try holds(customers: customers, now: now)
        let open = try openSteps(ids)
        let done = try doneSteps(ids)
        let awaited = try awaitedTasks(ids)
        let events = workflows.values.contains { $0.version.listens } ? try events(of: ids) : [:]
        let shares = workflows.values.contains { $0.version.splits } ? try shares(of: customers) : [:]
        let places = rules.firstContactsPerDay == nil ? [:] : try firstContactPlaces(ids)
        let contacted = try contactedDays(people.contacts.values.flatMap { $0.flatMap(\.keys) }, open: open, now: now)

        forget()
        var loaded: [LoadedCase] = []
        var uncovered = Set(money.invoices.keys)
        for (state, track, version, openedAt) in states {
            guard let workflow = workflows[version], let brand = brands[state.brand],
                let customer = people.customers[state.customer]
            else { throw .undecodable("case without workflow, brand or customer") }
            var switches = switches
            var safety = rules
            (safety.place, safety.wantedFrom) = (places[state.id]?.day, places[state.id]?.wantedFrom)
            safety.announced = open[state.id].flatMap { open in
                open.announcedAt.map { Announcement(of: open.step, at: $0) }
            }
            switches.isWorkflowOff = workflow.isOff
            let ledger = LedgerKey(customer: state.customer, brand: state.brand, currency: state.currency)
            if track == "receivable" { uncovered.remove(ledger) }
            let facts = CaseFacts(
                state: state, workflow: workflow.version, brand: brand.rules, customerZone: customer.zone,
                contacts: people.contacts[state.customer] ?? [], invoices: money.invoices[ledger] ?? [],
                credit: money.credit[ledger] ?? 0,
                holds: holds.filter { $0.applies(to: state) }.map(\.hold), switches: switches,
                done: done[state.id]?.steps ?? [], awaitedUntil: awaited[state.id], contactedDays: contacted.days,
                profile: profiles[state.customer] ?? customer.profile,
                jumps: done[state.id]?.jumps ?? [:],
                contactsMade: (done[state.id]?.made ?? []).count { workflow.version.step($0)?.isBeforeDue == false },
                events: events[state.id] ?? [], shares: shares[state.customer] ?? [:],
                openedOn: brand.rules.zone.day(of: openedAt), safety: safety)
            let step = open[state.id]
            loaded.append(
                LoadedCase(
                    facts: facts, open: step, reserved: step?.message.flatMap { contacted.reserved[$0] } ?? [:],
                    customer: customer.names, sender: brand.sender))
        }
        return CaseLookup(cases: loaded, uncovered: Set(uncovered.map(\.customer)))
    }

    private typealias FoundCase = (state: CaseState, track: String, version: ID<WorkflowVersion>, openedAt: Instant)

    private mutating func caseStates(customers: [ID<Customer>]) throws(PostgresError) -> [FoundCase] {
        var states: [FoundCase] = []
        for row in try rows("facts_cases", tenantID, customers) {
            let state = CaseState(
                id: try row("enrolment_id"), customer: try row("customer_id"), brand: try row("brand_id"),
                currency: try row("currency"), status: try row("status"), stage: try row("stage"),
                cycle: try row("cycle"), priorStage: try row("prior_stage"), position: try row.optional("position"),
                positionDay: try row.optional("position_day"), anchor: try row.optional("anchor_invoice_id"),
                lastContactDay: try row.optional("last_contact_day"), entry: try row.optional("entry_policy"),
                isDirty: try row("dirty"), nextKey: try row.optional("next_step"), round: try row("round"),
                heard: try row("heard"))
            states.append((state, try row("track"), try row("workflow_version_id"), try row("opened_at")))
        }
        return states
    }

    mutating func switches() throws(PostgresError) -> (Switches, Safety) {
        let row = try row("facts_switches", tenantID)
        let mode: String = try row("mode")
        let (sources, staleFrom): ([String], [Int64]) = (try row("sources"), try row("stale_from"))
        let switches = Switches(
            systemHold: try row.optional("system_hold"), isSystemOff: try row("system_off"),
            isTenantOff: try row("tenant_off"), isLive: mode == "live")
        let safety = Safety(
            watched: zip(sources, staleFrom).map { WatchedSource(name: $0, staleFrom: Instant(microseconds: $1)) },
            vetoHours: try row("veto_hours"), firstContactsPerDay: try row.optional("first_contacts_per_day"))
        return (switches, safety)
    }

    private mutating func openSteps(
        _ enrolments: [ID<Enrolment>]
    ) throws(PostgresError) -> [ID<Enrolment>: OpenStep] {
        var found: [ID<Enrolment>: OpenStep] = [:]
        for row in try rows("facts_next_steps", tenantID, enrolments) {
            let state: String = try row("state")
            found[try row("enrolment_id")] = OpenStep(
                id: try row("step_run_id"),
                step: PlannedStep(
                    key: try row("step_key"), kind: try row("kind"), occurrence: try row("occurrence"),
                    round: try row("round"), stage: try row("stage"), dueAt: try row("due_at")),
                lane: try row("lane_id"), isSending: state == "sending", message: try row.optional("message_id"),
                announcedAt: try row.optional("announced_at"))
        }
        return found
    }

    /// What a case has behind it in this cycle.
    private struct Done {
        var steps: Set<CaseFacts.Occurrence> = []
        var jumps: [CaseFacts.Occurrence: Step.Target] = [:]
        /// The keys of contacts that were made, once for each.
        var made: [String] = []
    }

    private mutating func doneSteps(_ enrolments: [ID<Enrolment>]) throws(PostgresError) -> [ID<Enrolment>: Done] {
        var found: [ID<Enrolment>: Done] = [:]
        for row in try rows("facts_done_steps", tenantID, enrolments) {
            let enrolment: ID<Enrolment> = try row("enrolment_id")
            let step = CaseFacts.Occurrence(
                key: try row("step_key"), number: try row("occurrence"), round: try row("round"))
            var done = found[enrolment] ?? Done()
            done.steps.insert(step)
            if let target: String = try row.optional("went_to") { done.jumps[step] = Step.Target(target) }
            if try row("is_made") { done.made.append(step.key) }
            found[enrolment] = done
        }
        return found
    }

    private mutating func awaitedTasks(
        _ enrolments: [ID<Enrolment>]
    ) throws(PostgresError) -> [ID<Enrolment>: Instant] {
        var found: [ID<Enrolment>: Instant] = [:]
        for row in try rows("facts_awaited_tasks", tenantID, enrolments) {
            found[try row("enrolment_id")] = try row("deadline_at")
        }
        return found
    }

    /// Recent contact days by address. The day a message of an open step took for itself does not count against its retry.
    private mutating func contactedDays(
        _ keys: [String], open: [ID<Enrolment>: OpenStep], now: Instant
    ) throws(PostgresError) -> (days: [String: [Day]], reserved: [ID<Message>: [String: [Day]]]) {
        guard !keys.isEmpty else { return ([:], [:]) }
        let own = Set(open.values.compactMap(\.message))
        let since = Day(number: Int32(now.microseconds / 86_400_000_000)).adding(-9)
        var days: [String: [Day]] = [:]
        var reserved: [ID<Message>: [String: [Day]]] = [:]
        for row in try rows("facts_contacted", tenantID, Array(Set(keys)), since) {
            let (key, day, message): (String, Day, ID<Message>) = (
                try row("address_key"), try row("day"), try row("message_id")
            )
            if own.contains(message) {
                reserved[message, default: [:]][key, default: []].append(day)
            } else {
                days[key, default: []].append(day)
            }
        }
        return (days, reserved)
    }
}
