import Dunning
import Postgres
import Queue
import Store

extension CarryOut {
    /// Writes the message that the tenant's own product shows. One that cannot be written waits an hour for somebody to mend
    /// it; its trace says what it is.
    func show(
        _ step: Step, templates: TemplateCache, in tx: inout Transaction, _ context: Context
    ) throws -> Bool {
        let draft = draft(now: context.now)
        let text = try templates.load([draft.wish], in: &tx).first ?? nil
        let rendered: RenderedMessage
        do throws(LetterFault) {
            guard let text else {
                throw LetterFault(detail: "the step's template is missing or cannot be read")
            }
            rendered = try Letter.render(draft, text: text, now: context.now)
        } catch {
            let later = context.now.adding(hours: 1)
            try tx.traceSteps([(open.id, trace + [error.check])])
            try tx.moveWaiting([(open.id, later)])
            try tx.enqueue([NewDue(kind: .step, ref: open.id.uuid, lane: open.lane, runAt: later)])
            return false
        }
        try tx.insertInApp(
            InAppRecord(
                id: .make(at: context.now), customer: customer, enrolment: loaded.id, brand: loaded.facts.state.brand,
                stage: open.step.stage, locale: rendered.locale.text, subject: rendered.subject, text: rendered.text,
                html: rendered.html, createdAt: context.now), step: open.id)
        return true
    }

    /// It is for nobody's address: worded for the customer as a whole.
    private func draft(now: Instant) -> Draft {
        let reader = Reachable(
            id: ID(customer.uuid), name: loaded.facts.recipient?.name ?? loaded.customer.name, email: nil, key: nil)
        return Draft(
            lease: lease, way: Way(reader, by: .email),
            sections: [Draft.Section(loaded: loaded, open: open, invoices: listed)], now: now)
    }
}
