import Dunning
import Postgres
import Store

extension CarryOut {
    /// Opens the task of a step; the case waits for its outcome where the step says so.
    func ask(_ step: Step, in tx: inout Transaction, _ context: Context) throws {
        guard let kind = TaskKind(rawValue: step.kind.task) else { return }
        let words = words(of: kind)
        try tx.ask(
            context,
            [
                NewTask(
                    kind: kind, customer: customer, enrolment: loaded.id, step: open.id, title: words.title,
                    script: step.script ?? words.script,
                    deadline: Deadline.after(
                        businessDays: step.deadlineBusinessDays, from: context.now, facts: loaded.facts))
            ])
    }

    private func words(of kind: TaskKind) -> (title: String, script: String) {
        let name = loaded.customer.name
        return switch kind {
        case .review: ("Look at the case of \(name)", "Decide whether the workflow may go on as it stands.")
        case .approve: ("Approve the next step for \(name)", "Approve it, or decline it and say why in the note.")
        case .handover:
            ("Hand \(name) over to a collector", "Check what a hand-over needs, and hand the case over or decline it.")
        case .writeOff:
            ("Write off what \(name) owes?", "Nothing is written off by itself. Write it off, or decline it.")
        case .call, .address, .unknown, .reply: ("Call \(name)", "Ask when the overdue invoices will be paid.")
        }
    }

    /// Leaves the customer alone for some days.
    func hold(_ step: Step, in tx: inout Transaction, _ context: Context) throws {
        guard case .hold(let days, let reason) = step.effect else { return }
        let zone = loaded.facts.brand.zone
        let until = zone.startOfDay(zone.day(of: context.now).adding(days))
        let hold = HoldRecord(
            id: .make(at: context.now), scope: .customer(customer), reason: "workflow", note: reason,
            from: context.now, until: until, at: context.now)
        try tx.place(context, hold, step: step.key)
    }
}
