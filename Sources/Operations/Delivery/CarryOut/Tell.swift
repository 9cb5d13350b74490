import Dunning
import Postgres
import Store

extension CarryOut {
    /// Says what a step has to say to the tenant's own people or systems.
    func tell(_ step: Step, in tx: inout Transaction, _ context: Context) throws {
        var data: [String: EventValue] = [
            "step": .text(step.key), "stage": .number(loaded.facts.state.stage),
            "currency": .text(loaded.facts.state.currency.code),
            "collectable": .text(
                Money(
                    minor: loaded.facts.askedTotal(at: context.now), currency: loaded.facts.state.currency
                ).decimal),
        ]
        let kind: Emission.Kind
        switch step.effect {
        case .notice(let words): (kind, data["notice"]) = (.teamNotified, .text(words))
        case .event(let name): (kind, data["name"]) = (.workflowEvent, .text(name))
        case .signal(let signal): (kind, data["signal"]) = (.serviceSignal, .text(signal.rawValue))
        case .none, .hold, .segment, .owner, .agency: return
        }
        try tx.emit(context, Emission(kind, loaded.id, customer: customer, data))
    }
}

extension CaseFacts {
    /// What the tenant's product was asked for last in this cycle, if that still stands when the case ends.
    var standingSignal: Step.Signal? {
        let signals = workflow.steps.compactMap { step -> Step.Signal? in
            guard case .signal(let signal) = step.effect, done.contains(where: { $0.key == step.key }) else {
                return nil
            }
            return signal
        }
        return signals.last == .restore ? nil : signals.last
    }
}
