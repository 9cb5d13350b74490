package import Dunning
package import Postgres
import Queue
import Store

/// The decision trace of a customer, an invoice or a message: the same gate, asked about now, and what was recorded.
package enum Explain {
    package static func customer(
        _ id: ID<Customer>, in tx: inout Transaction, _ context: Context
    ) throws -> Explanation {
        guard let customer = try tx.customer(id) else { throw Rejection.notFound("customer") }
        if let other = customer.mergedInto { return try merged(customer, into: other, in: &tx, context) }
        return try explain(id, subject: id.description, about: [], invoice: nil, in: &tx, context)
    }

    /// All that there was to explain is the other's.
    private static func merged(
        _ customer: CustomerRecord, into other: ID<Customer>, in tx: inout Transaction, _ context: Context
    ) throws -> Explanation {
        let name = try tx.customer(other)?.name ?? ""
        let at = customer.mergedAt ?? context.now
        let words = "\(customer.name) was merged into \(name) (\(other)) at \(at): ask for that one."
        return Explanation(
            subject: customer.id.description, now: context.now,
            words: [words, "What comes in under the name \(customer.externalID) is about that one as well."], next: [],
            history: [
                Explanation.Event(at: at, what: "customer merged", reason: .merged, messageID: nil, words: words)
            ])
    }

    package static func invoice(
        _ id: ID<Invoice>, in tx: inout Transaction, _ context: Context
    ) throws -> Explanation {
        guard let invoice = try tx.invoice(id) else { throw Rejection.notFound("invoice") }
        let zone = try tx.brandDays()[invoice.brand]
        var words: [String] = []
        if let settled = invoice.settledAt {
            words.append("Invoice \(invoice.number) over \(invoice.total.formatted()) is paid since \(settled).")
        } else {
            words.append(
                "Invoice \(invoice.number): \(invoice.open.formatted()) of \(invoice.total.formatted()) is open.")
            if let due = invoice.nextDue, let zone {
                let overdue = due < zone.overdueBefore(context.now)
                words.append(overdue ? "It was due on \(due) and is overdue." : "It is due on \(due) and not overdue.")
            } else {
                words.append("It has no due date, so no step counts from it.")
            }
            words += try agreements(about: invoice, zone, in: &tx, context)
        }
        return try explain(
            invoice.customer, subject: id.description, about: words, invoice: invoice, in: &tx, context)
    }

    /// What was agreed about an invoice and still holds.
    private static func agreements(
        about invoice: InvoiceRecord, _ day: BrandDay?, in tx: inout Transaction, _ context: Context
    ) throws -> [String] {
        var words: [String] = []
        if let dispute = try tx.openDispute(about: invoice.id) {
            let part = dispute.amount.map { "\($0.formatted()) of it is" } ?? "It is"
            words.append(
                "\(part) disputed since \(dispute.from) (\(dispute.reason)) and not asked for until that is resolved.")
        }
        let today = day?.zone.day(of: context.now) ?? Day(number: 0)
        for id in try tx.runningPromises(about: [invoice.id], on: today) {
            guard let promise = try tx.promise(id) else { continue }
            let consequence =
                promise.pauses
                ? "it is not asked for until two days after."
                : "it is asked for all the same, since \(MakePromise.brokenLimit) promises about it were broken."
            words.append(
                "The customer has promised \(promise.amount.formatted()) by \(promise.dueOn); \(consequence)")
        }
        for id in try tx.runningPlans(about: [invoice.id]) {
            guard let plan = try tx.plan(id),
                let part = plan.parts.first(where: { $0.dueOn >= today }) ?? plan.parts.last
            else { continue }
            words.append(
                "It is paid by a plan of \(plan.parts.count) instalments, the next on \(part.dueOn), and not asked for "
                    + "while that is kept.")
        }
        return words
    }

    package static func message(
        _ id: ID<Message>, in tx: inout Transaction, _ context: Context
    ) throws -> Explanation {
        guard let detail = try tx.message(id) else { throw Rejection.notFound("message") }
        let record = detail.record
        var words = [
            "'\(record.subject)' (stage \(record.stage), in \(record.locale)): \(Self.words(ofState: record.state))."
        ]
        words.append("It listed \(detail.lines.count) invoices when it was armed at \(record.armedAt).")
        if record.isCrossed { words.append("A payment came while it was on the wire: it crossed.") }
        if let reply = record.reply { words.append("The mail server said: \(reply)") }
        let steps = try tx.stepHistory(of: record.customer, limit: 500).filter { $0.message == id }
        for step in steps where !step.trace.isEmpty {
            words.append("Checked before sending step \(step.key): \(Self.words(of: step.trace)).")
        }
        let tries = detail.tries.map { attempt in
            Explanation.Event(
                at: attempt.finishedAt ?? attempt.armedAt, what: "attempt \(attempt.number)", reason: nil,
                messageID: id,
                words: "Attempt \(attempt.number) (\(attempt.id)): \(attempt.outcome ?? "on the wire").")
        }
        return Explanation(
            subject: id.description, now: context.now, words: words, next: [], history: tries.reversed())
    }

    private static func explain(
        _ customer: ID<Customer>, subject: String, about: [String], invoice: InvoiceRecord?, in tx: inout Transaction,
        _ context: Context
    ) throws -> Explanation {
        let cases = try tx.loadCases(customers: [customer], now: context.now).filter { loaded in
            invoice.map {
                loaded.facts.state.brand == $0.brand && loaded.facts.state.currency == $0.total.currency
            } ?? true
        }
        let assigned = try tx.assignedWorkflows(of: customer)
        let next = cases.map { loaded in
            var next = NextWords.next(loaded, now: context.now)
            guard let own = assigned[loaded.id] else { return next }
            (next.workflow, next.workflowVersion, next.assignment) = (own.workflow, own.version, own.trace)
            return next
        }
        var history = try tx.stepHistory(of: customer, limit: 200).filter { $0.state != "planned" }.map(event)
        history += try tx.closedCases(of: customer).map { closed in
            Explanation.Event(
                at: closed.closedAt, what: "case closed", reason: closed.reason, messageID: nil,
                words: "The \(closed.currency.code) case ended: \(closed.reason?.words ?? "closed").")
        }
        if let invoice {
            let messages = Set(
                try tx.messages(customer: customer, invoice: invoice.id, before: nil, count: 200).map(\.id))
            history = history.filter { event in event.messageID.map { messages.contains($0) } ?? true }
        }
        history.sort { $0.at > $1.at }
        let words = next.isEmpty ? try unopened(customer, in: &tx, context) : next.flatMap { [$0.words] + followed($0) }
        return Explanation(
            subject: subject, now: context.now, words: about + words, next: next, history: history)
    }

    /// Which workflow a case follows, and what decided that.
    private static func followed(_ next: Explanation.Next) -> [String] {
        guard let workflow = next.workflow, let version = next.workflowVersion else { return [] }
        let name = "It follows '\(workflow)', version \(version)."
        return [next.assignment.isEmpty ? name : "\(name) \(Resolve.words(of: next.assignment))"]
    }

    /// Why no case is open: nothing is owed, or nothing names a workflow for what is, or somebody is never reminded.
    private static func unopened(
        _ customer: ID<Customer>, in tx: inout Transaction, _ context: Context
    ) throws -> [String] {
        let wanted = try tx.wantedCases(customers: [customer])
        guard !wanted.isEmpty else { return ["No case is open."] }
        return try AssignCases.choose(wanted, in: &tx, context).map { assigned in
            "No \(assigned.new.currency.code) case is open. \(assigned.assignment.words)"
        }
    }

    private static func event(_ step: StepHistory) -> Explanation.Event {
        let words: String
        switch step.state {
        case "skipped": words = "Step \(step.key) was not sent: \(step.reason?.words ?? "skipped")\(detail(of: step))."
        case "sending": words = "Step \(step.key) is on the wire."
        default:
            let lead = step.trace.last { $0.check == "leads" }.map { " It led \($0.detail)." } ?? ""
            words = (step.kind.isContact ? "Step \(step.key) went out." : "Step \(step.key) was done.") + lead
        }
        return Explanation.Event(
            at: step.at, what: "step \(step.key) \(step.state)", reason: step.reason, messageID: step.message,
            words: words)
    }

    /// What a rule of the workflow was held against.
    private static func detail(of step: StepHistory) -> String {
        let failed = step.trace.last { !$0.passed && ["condition", "limits"].contains($0.check) }
        return failed.map { " (\($0.detail))" } ?? ""
    }

    private static func words(ofState state: String) -> String {
        switch state {
        case "sending": "on the wire"
        case "retrying": "waiting for another try"
        case "accepted": "the gateway accepted it"
        case "refused": "refused for good"
        case "unknown": "nobody knows whether it arrived; it is not sent again by itself"
        case "assumed_sent": "no answer came within a day; it counts as sent"
        default: "withdrawn before it was sent"
        }
    }

    private static func words(of trace: [Gated.Check]) -> String {
        trace.map { $0.detail.isEmpty ? $0.check : "\($0.check) (\($0.detail))" }.joined(separator: ", ")
    }
}
