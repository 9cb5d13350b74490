package import Dunning
package import Postgres

/// One thing that would happen, as stored with a simulation.
package struct SimulationEventRecord: Sendable, Equatable {
    package let customer: ID<Customer>
    /// Counted within the customer.
    package let seq: Int
    package let at: Instant
    package let kind: String
    /// Of a message: the civil day in the contact's zone.
    package let day: Day?
    package let enrolment: ID<Enrolment>?
    package let step: String?
    package let reason: Reason?
    package let channel: String?
    package let stage: Int?
    package let task: String?
    /// Of a message: a JSON list of what each case says in it.
    package let sections: JSONText?

    package init(
        customer: ID<Customer>, seq: Int, at: Instant, kind: String, day: Day? = nil, enrolment: ID<Enrolment>? = nil,
        step: String? = nil, reason: Reason? = nil, channel: String? = nil, stage: Int? = nil, task: String? = nil,
        sections: JSONText? = nil
    ) {
        self.customer = customer
        self.seq = seq
        self.at = at
        self.kind = kind
        self.day = day
        self.enrolment = enrolment
        self.step = step
        self.reason = reason
        self.channel = channel
        self.stage = stage
        self.task = task
        self.sections = sections
    }

    init(_ row: Row) throws(PostgresError) {
        self.init(
            customer: try row("customer_id"), seq: try row("seq"), at: try row("at"), kind: try row("kind"),
            day: try row.optional("day"), enrolment: try row.optional("enrolment_id"), step: try row.optional("step"),
            reason: (try row.optional("reason") as String?).flatMap(Reason.init(rawValue:)),
            channel: try row.optional("channel"), stage: try row.optional("stage"), task: try row.optional("task"),
            sections: try row.optional("sections"))
    }
}

extension Transaction {
    package mutating func insert(
        _ new: NewSimulation, sums: JSONText, by actor: String, at now: Instant
    ) throws(PostgresError) {
        try must(
            "simulation_insert", tenantID, new.id, new.purpose, new.workflow, new.document, new.movesCases, new.entry,
            new.days, new.payments.text, now, sums, new.shown, actor)
    }

    package mutating func simulation(_ id: ID<SimulationRun>) throws(PostgresError) -> SimulationRecord? {
        try first("simulation_by_id", tenantID, id).map { row throws(PostgresError) in try SimulationRecord(row) }
    }

    package mutating func simulations(_ page: Page<SimulationRun>) throws(PostgresError) -> [SimulationRecord] {
        try rows("simulation_page", tenantID, page.before, page.count)
            .map { row throws(PostgresError) in try SimulationRecord(row) }
    }

    /// The number of the run that may write it from now on; `nil` when it has ended.
    package mutating func takeSimulation(_ id: ID<SimulationRun>) throws(PostgresError) -> Int? {
        try first("simulation_take", tenantID, id).map { row throws(PostgresError) in try row("run") }
    }

    /// False when somebody else has taken it up.
    package mutating func reach(
        _ customer: ID<Customer>, in id: ID<SimulationRun>, run number: Int, done: Int, differing: Int, sums: JSONText,
        liveSums: JSONText?
    ) throws(PostgresError) -> Bool {
        try run("simulation_reach", tenantID, id, number, customer, done, differing, sums, liveSums) > 0
    }

    package mutating func end(
        _ id: ID<SimulationRun>, run number: Int, as state: SimulationRecord.State, problem: String? = nil,
        at now: Instant
    ) throws(PostgresError) -> Bool {
        try run("simulation_end", tenantID, id, number, state, problem, now) > 0
    }

    /// False when it confirmed something before, or has not ended.
    package mutating func use(_ id: ID<SimulationRun>, at now: Instant) throws(PostgresError) -> Bool {
        try run("simulation_use", tenantID, id, now) > 0
    }

    /// Customers who owe something, in order, from behind one.
    package mutating func owingCustomers(
        after last: ID<Customer>?, count: Int
    ) throws(PostgresError) -> [ID<Customer>] {
        try rows("simulation_customers", tenantID, last, count)
            .map { row throws(PostgresError) in try row("customer_id") }
    }

    /// Days after the due date at which these customers usually paid; those without a history are missing.
    package mutating func usualDelays(
        of customers: [ID<Customer>]
    ) throws(PostgresError) -> [ID<Customer>: Int] {
        var found: [ID<Customer>: Int] = [:]
        for row in try rows("simulation_delays", tenantID, customers) {
            found[try row("customer_id")] = try row("days")
        }
        return found
    }

    package mutating func insert(
        _ events: [SimulationEventRecord], of id: ID<SimulationRun>
    ) throws(PostgresError) {
        guard !events.isEmpty else { return }
        try run(
            "simulation_event_insert", tenantID, id, events.map(\.customer), events.map(\.seq), events.map(\.at),
            events.map(\.kind), events.map { $0.day?.description ?? "" },
            events.map { $0.enrolment?.uuid.postgresText ?? "" }, events.map { $0.step ?? "" },
            events.map { $0.reason?.rawValue ?? "" }, events.map { $0.channel ?? "" },
            events.map { $0.stage.map(String.init) ?? "" }, events.map { $0.task ?? "" },
            events.map { $0.sections?.text ?? "" })
    }

    package mutating func simulationEvents(
        of id: ID<SimulationRun>, after place: (customer: ID<Customer>, seq: Int)?, kind: String?,
        customer: ID<Customer>?, count: Int
    ) throws(PostgresError) -> [SimulationEventRecord] {
        try rows(
            "simulation_event_page", tenantID, id, place?.customer, place?.seq ?? 0, kind, customer, count
        ).map { row throws(PostgresError) in try SimulationEventRecord(row) }
    }
}
