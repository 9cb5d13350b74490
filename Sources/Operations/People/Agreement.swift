package import Dunning
import Postgres
import Store

/// What a customer said when somebody spoke with it, recorded with the outcome of the task.
package enum Agreement: Sendable, Hashable {
    /// - invoices: nil for all that may be asked for now; amount: nil for all that is open of them.
    case promise(dueOn: Day, amount: Money?, invoices: [ID<Invoice>]?)
    /// - amount: nil for all of the invoice.
    case dispute(invoice: ID<Invoice>, amount: Money?, reason: String)

    var outcome: TaskOutcome {
        switch self {
        case .promise: .promised
        case .dispute: .disputed
        }
    }

    var pointer: String {
        switch self {
        case .promise: "/promise"
        case .dispute: "/dispute"
        }
    }

    /// The case is locked. What is wrong is blamed where the request has it.
    func record(for task: TaskRecord, in tx: inout Transaction, _ context: Context) throws {
        do {
            switch self {
            case .promise(let dueOn, let amount, let invoices):
                let named = if let invoices { invoices } else { try asked(of: task, in: &tx, context) }
                _ = try MakePromise(about: named, amount: amount, dueOn: dueOn).run(in: &tx, context)
            case .dispute(let invoice, let amount, let reason):
                guard let found = try tx.invoice(invoice), found.customer == task.customer else {
                    throw Rejection.invalid(
                        "/invoice_id", "unknown_invoice", "the customer of this task has no such invoice")
                }
                _ = try OpenDispute(about: invoice, amount: amount, reason: reason).run(in: &tx, context)
            }
        } catch let rejection as Rejection {
            throw rejection.within(pointer)
        }
    }

    /// What may be asked for now in the task's case; in the customer's only one where the task has none.
    private func asked(
        of task: TaskRecord, in tx: inout Transaction, _ context: Context
    ) throws -> [ID<Invoice>] {
        let cases = try tx.loadCases(customers: [task.customer], now: context.now)
        let loaded =
            if let id = task.enrolment { cases.first { $0.id == id } } else { cases.count == 1 ? cases[0] : nil }
        var seen: Set<ID<Invoice>> = []
        let invoices = (loaded?.facts.asked(at: context.now) ?? []).map(\.id).filter { seen.insert($0).inserted }
        guard !invoices.isEmpty else {
            throw Rejection.invalid("/invoices", "missing", "name the invoices: the task does not say which they are")
        }
        return invoices
    }
}
