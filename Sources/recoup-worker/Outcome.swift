import Dunning
import Gateways
import Operations
import Queue

/// The one place where an answer of the wire becomes an outcome of a message (architecture 4.11, 4.17).
enum Outcome {
    static func report(_ wire: WireOutcome, of armed: ArmedMessage) -> DeliveryReport {
        func report(
            _ result: DeliveryReport.Result, _ code: Int = 0, _ reply: String = "", id: String? = nil
        ) -> DeliveryReport {
            DeliveryReport(
                lease: armed.lease, attempt: armed.attempt, result: result, code: code, reply: reply, providerID: id)
        }
        switch wire {
        case .accepted(let yes): return report(.accepted, yes.code, yes.text, id: yes.providerID)
        case .unknown(let evidence): return report(.unknown, 0, evidence)
        case .notBegun: return report(.notBegun)
        case .refused(let refusal):
            switch refusal.kind {
            case .transient, .throttled:
                return report(.transient(retryAfter: refusal.retryAfter), refusal.code, refusal.text)
            case .recipient: return report(.permanent(suppresses: true), refusal.code, refusal.text)
            case .content: return report(.permanent(suppresses: false), refusal.code, refusal.text)
            // The recipient is not to blame: the gateway rests, the message keeps its attempts.
            case .sender, .gateway: return report(.gatewayRefused, refusal.code, refusal.text)
            }
        }
    }
}
