import Dunning
import Postgres
import Store

/// What an outcome does by itself, beside what the workflow makes of it. The customer's cases are locked.
struct TaskEffect {
    /// How long the money is waited for that a customer says is on its way.
    private static let transferDays = 5

    private let task: TaskRecord
    private let outcome: TaskOutcome
    private let note: String?

    init(_ task: TaskRecord, _ outcome: TaskOutcome, note: String?) {
        self.task = task
        self.outcome = outcome
        self.note = note
    }

    func run(in tx: inout Transaction, _ context: Context) throws {
        switch (task.kind, outcome) {
        case (.unknown, .accepted), (.unknown, .notSent):
            guard let message = task.message else { return }
            // The outcome may have become known meanwhile: then nothing is left to decide.
            guard try tx.message(message)?.record.state == "unknown" else { return }
            try DecideUnknown(message, outcome == .accepted ? .accepted : .notSent).run(in: &tx, context)
        case (.writeOff, .approved): try writeOff(in: &tx, context)
        case (.handover, .approved): try handOver(in: &tx, context)
        case (_, .saysPaid): try waitForMoney(in: &tx, context)
        case (_, .wrongNumber): try lookForNumber(in: &tx, context)
        default: break
        }
    }

    /// A person said yes: what may be asked for now is given up. Under the task's own name, so that it is done once.
    private func writeOff(in tx: inout Transaction, _ context: Context) throws {
        let cases = try tx.loadCases(customers: [task.customer], now: context.now)
        guard let loaded = cases.first(where: { $0.id == task.enrolment }) else {
            throw Rejection.forbiddenByState(code: "case_closed", detail: "The case has ended: nothing is left of it.")
        }
        for invoice in Set(loaded.facts.asked(at: context.now).map(\.id)).sorted() {
            let name = SourceName("\(task.id)/\(invoice)")
            let request = try PostingRequest(name, reason: "write_off_approved", note: note ?? "")
            _ = try WriteOff(invoice, request).run(in: &tx, context)
        }
    }

    /// A person said yes: to the agency that the step names, else to the tenant's only one.
    private func handOver(in tx: inout Transaction, _ context: Context) throws {
        guard let enrolment = task.enrolment else { return }
        let cases = try tx.loadCases(customers: [task.customer], now: context.now)
        let key = try tx.stepKey(of: task)
        let step = key.flatMap { key in cases.first { $0.id == enrolment }?.facts.workflow.step(key) }
        let known = try tx.agencies(Page(count: 2))
        var agency = known.count == 1 ? known[0] : nil
        if case .agency(let name?)? = step?.effect { agency = try tx.agency(named: name) }
        guard let agency else {
            throw Rejection.forbiddenByState(
                code: "no_agency",
                detail: "The workflow does not say which agency: hand the case over to one, and end this task as done.")
        }
        _ = try HandOver(enrolment, to: agency.id, note: note ?? "").run(in: &tx, context)
    }

    private func waitForMoney(in tx: inout Transaction, _ context: Context) throws {
        let hold = HoldRecord(
            id: .make(at: context.now), scope: .customer(task.customer), reason: "says_paid",
            note: "the customer says that the money is on its way", from: context.now,
            until: context.now.adding(days: Self.transferDays), at: context.now)
        try tx.place(context, hold)
    }

    private func lookForNumber(in tx: inout Transaction, _ context: Context) throws {
        guard let loaded = try tx.loadCases(customers: [task.customer], now: context.now).first else { return }
        try tx.ask(
            context,
            [
                NewTask(
                    kind: .address, customer: task.customer, enrolment: task.enrolment,
                    title: "Find another number of \(loaded.customer.name)",
                    script: "Somebody called and it was the wrong number.",
                    deadline: Deadline.after(businessDays: 2, from: context.now, facts: loaded.facts))
            ])
    }
}
