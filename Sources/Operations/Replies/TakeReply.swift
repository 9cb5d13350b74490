import Dunning
import Gateways
import Postgres
import Store

/// Somebody wrote back. STOP silences the number at once and for good, START lifts that, and everything else is for a
/// person: the cases rest for three business days and a task says why (architecture 5.8).
struct TakeReply {
    private let inbound: InboundText
    private let phone: PhoneNumber
    private let gateway: ID<Gateway>

    /// `nil` when it does not come from a number.
    init?(_ inbound: InboundText, through gateway: ID<Gateway>) {
        // Some gateways leave the + out.
        let source = inbound.from.hasPrefix("+") ? inbound.from : "+\(inbound.from)"
        guard let phone = try? PhoneNumber(source) else { return nil }
        self.inbound = inbound
        self.phone = phone
        self.gateway = gateway
    }

    /// False when the gateway brought it before.
    func run(in tx: inout Transaction, _ context: Context) throws -> Bool {
        let id = ID<InboundMessage>.make(at: context.now)
        let intent = ReplyIntent(inbound.text)
        let isNew = try tx.insertInbound(
            id, through: gateway, providerID: inbound.id ?? id.description, from: AddressKey(phone), intent: intent,
            text: inbound.text, at: context.now)
        guard isNew else { return false }
        let customers = try tx.customers(with: phone)
        // Arming holds the same locks: a message that is not armed yet is gated with what is written here.
        try PlanCases.lock(customers: customers, in: &tx)
        switch intent {
        case .stop: try tx.suppress([phone.text], for: .sms, reason: .optOut, at: context.now)
        case .start: _ = try tx.liftSuppression(of: AddressKey(phone), for: .sms)
        case .other: try RestCases.run(customers, said: inbound.text, in: &tx, context)
        }
        try tx.audit(
            context,
            customers.map {
                AuditEntry(action: "reply.\(intent.rawValue)", subject: id.uuid, customer: $0)
            })
        if !customers.isEmpty {
            try PlanCases.replan(customers: customers, cause: "reply.\(intent.rawValue)", in: &tx, context)
        }
        return true
    }
}
