import Dunning
import Gateways
import Postgres
import Store

/// A gateway reports on a message: early or late, once or often, in any order. Whatever it says proves that it has the
/// message, so an unknown outcome is settled; what nobody got was no contact.
struct TakeReceipt {
    private let receipt: TextReceipt
    private let gateway: ID<Gateway>

    init(_ receipt: TextReceipt, from gateway: ID<Gateway>) {
        self.receipt = receipt
        self.gateway = gateway
    }

    /// False when it was reported before.
    func run(in tx: inout Transaction, _ context: Context) throws -> Bool {
        let new = NewReceipt(
            id: .make(at: context.now), gateway: gateway, attempt: receipt.ref.flatMap { ID<Attempt>($0) },
            providerID: receipt.id, state: receipt.state.rawValue, code: receipt.code)
        // A failed one may change who can be reached: then the cases come before the message, as everywhere.
        let customer = receipt.state == .failed ? try tx.customer(reportedBy: new) : nil
        if let customer { try PlanCases.lock(customers: [customer], in: &tx) }
        let message = try tx.message(reportedBy: new)
        guard try tx.insert(new, at: context.now) else { return false }
        guard let message else { return true }
        try tx.noteDelivery(of: message.id, receipt.state.rawValue)
        for settled in try tx.settleByReceipts([message.id], at: context.now) {
            try tx.audit(
                context, action: "message.settled", subject: settled.id.uuid, customer: settled.customer,
                detail: ["by": "receipt"])
            try tx.emit(
                context,
                Emission(
                    .messageSettled, settled.id, customer: settled.customer, ["state": "accepted", "by": "receipt"]))
        }
        if receipt.state == .delivered, message.delivery != "delivered" {
            try tx.emit(context, Emission(.messageDelivered, message.id, customer: message.customer))
        }
        if receipt.state == .failed, message.delivery != "delivered" { try fail(message, in: &tx, context) }
        return true
    }

    private func fail(_ message: ReportedMessage, in tx: inout Transaction, _ context: Context) throws {
        try tx.returnBudget(undelivered: message.id)
        try tx.audit(
            context, action: "message.undelivered", subject: message.id.uuid, customer: message.customer,
            detail: ["code": receipt.code ?? ""])
        try tx.emit(
            context,
            Emission(.messageFailed, message.id, customer: message.customer, ["code": .text(receipt.code ?? "")]))
        guard receipt.suppresses, let loaded = try tx.loadCases(customers: [message.customer], now: context.now).first
        else { return }
        try tx.suppress([message.key], for: message.channel, reason: .hardBounce, at: context.now)
        try tx.record([(customer: message.customer, kind: .messageBounced)], at: context.now)
        try tx.ask(
            context,
            [
                NewTask(
                    kind: .address, customer: message.customer, enrolment: loaded.id, message: message.id,
                    title: "A message to \(loaded.customer.name) could not be delivered",
                    script: "The gateway reported: \(receipt.code ?? "failed"). Find another number or address.",
                    deadline: Deadline.after(businessDays: 2, from: context.now, facts: loaded.facts))
            ])
        try PlanCases.replan(customers: [message.customer], cause: "receipt", in: &tx, context)
    }
}
