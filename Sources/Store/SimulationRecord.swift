package import Dunning
package import Postgres

/// A workflow played forward over a tenant's customers, as shown.
package struct SimulationRecord: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable, PostgresValue {
        case queued, running, done, failed

        package var isFinal: Bool { self == .done || self == .failed }
    }

    /// What it may confirm.
    package enum Purpose: String, Sendable, CaseIterable, PostgresValue {
        case preview, activate, publish
    }

    package let id: ID<SimulationRun>
    package let purpose: Purpose
    package let state: State
    /// The workflow whose new version is tried; `nil`: what is in force.
    package let workflow: ID<Workflow>?
    /// The version that is tried, written as a document.
    package let document: JSONText?
    /// Whether open cases go over to the version that is tried; otherwise only new ones follow it.
    package let movesCases: Bool
    package let entry: EntryPolicy?
    package let days: Int
    package let payments: PaymentAssumption
    /// Where the play begins, on the product's clock.
    package let beginsAt: Instant
    package let run: Int
    /// The last customer who was played.
    package let reached: ID<Customer>?
    package let customersDone: Int
    /// To whom something else would happen than under what is in force.
    package let customersDiffering: Int
    /// Of what is tried, and of what is in force where the two are compared; JSON of ``SimulationSums``.
    package let sums: JSONText
    package let liveSums: JSONText?
    /// The numbers it stands for, as one text.
    package let shown: String?
    package let problem: String?
    package let createdBy: String
    package let createdAt: Instant
    package let finishedAt: Instant?
    /// When it confirmed something; it does so once.
    package let usedAt: Instant?

    init(_ row: Row) throws(PostgresError) {
        id = try row("simulation_id")
        purpose = try row("purpose")
        state = try row("state")
        workflow = try row.optional("workflow_id")
        document = try row.optional("document")
        movesCases = try row("moves_cases")
        entry = try row.optional("entry_policy")
        days = try row("days")
        let text: String = try row("payments")
        guard let assumption = PaymentAssumption(text) else { throw .undecodable("payment assumption") }
        payments = assumption
        beginsAt = try row("begins_at")
        run = try row("run")
        reached = try row.optional("reached")
        customersDone = try row("customers_done")
        customersDiffering = try row("customers_differing")
        sums = try row("sums")
        liveSums = try row.optional("live_sums")
        shown = try row.optional("shown")
        problem = try row.optional("problem")
        createdBy = try row("created_by")
        createdAt = try row("created_at")
        finishedAt = try row.optional("finished_at")
        usedAt = try row.optional("used_at")
    }
}

/// A simulation as it is asked for.
package struct NewSimulation: Sendable {
    package let id: ID<SimulationRun>
    package let purpose: SimulationRecord.Purpose
    package var workflow: ID<Workflow>?
    package var document: JSONText?
    package let movesCases: Bool
    package let entry: EntryPolicy?
    package let days: Int
    package let payments: PaymentAssumption
    package let shown: String?

    package init(
        id: ID<SimulationRun>, purpose: SimulationRecord.Purpose, workflow: ID<Workflow>? = nil,
        document: JSONText? = nil, movesCases: Bool = false, entry: EntryPolicy? = nil, days: Int,
        payments: PaymentAssumption, shown: String? = nil
    ) {
        self.id = id
        self.purpose = purpose
        self.workflow = workflow
        self.document = document
        self.movesCases = movesCases
        self.entry = entry
        self.days = days
        self.payments = payments
        self.shown = shown
    }
}
