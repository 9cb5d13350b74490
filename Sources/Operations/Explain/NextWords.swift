import Dunning
import Queue
import Store

/// What comes next for a case, as a person would say it.
enum NextWords {
    static func next(_ loaded: LoadedCase, now: Instant) -> Explanation.Next {
        let facts = loaded.facts
        guard let open = loaded.open else { return idle(loaded, now: now) }
        let isContact = open.step.kind.isContact
        let gated =
            isContact
            ? Gate.verdict(for: open.step, given: facts, now: now)
            : Gate.internalVerdict(for: open.step, given: facts, now: now)
        let when = local(open.step.dueAt, facts.zone)
        var words = "Step \(open.step.key) (stage \(open.step.stage)) is planned for \(when)"
        var reason: Reason?
        var verdict = "send"
        if open.isSending {
            words = "Step \(open.step.key) is on the wire right now"
            verdict = "sending"
        } else {
            switch gated.verdict {
            case .send(let way, _):
                words += "; it would be \(isContact ? "sent" : "done") now if it were due"
                if let lead = lead(of: open, facts, now: now) { words += ", and lead \(lead)" }
                if let detour = way.detour { words += ", but \(detour)" }
            case .skip(let why):
                (verdict, reason) = ("skip", why)
                words += "; as things stand it would not be sent: \(why.words)"
            case .wait(let until, let why):
                (verdict, reason) = ("wait", why)
                let later = max(until, open.step.dueAt)
                words += "; as things stand it waits until \(local(later, facts.zone)) at least: \(why.words)"
                if [.stale, .quota, .veto].contains(why), let detail = gated.trace.last?.detail, !detail.isEmpty {
                    words += " (\(detail))"
                }
            }
        }
        return Explanation.Next(
            caseID: loaded.id, currency: facts.state.currency.code, status: facts.state.status.rawValue,
            stage: facts.state.stage, step: open.step.key, dueAt: open.step.dueAt, verdict: verdict, reason: reason,
            trace: gated.trace, words: words + ".")
    }

    /// Where a step that decides would lead, as things stand.
    private static func lead(of open: OpenStep, _ facts: CaseFacts, now: Instant) -> String? {
        guard let step = facts.workflow.step(open.step.key) else { return nil }
        let decision = facts.decision(of: step, at: now)
        return decision.target.map { "to \($0.text): \(decision.words)" }
    }

    private static func idle(_ loaded: LoadedCase, now: Instant) -> Explanation.Next {
        let facts = loaded.facts
        let reason: Reason? = facts.state.isDirty ? .dirty : Planner.plan(facts, now: now).idle
        return Explanation.Next(
            caseID: loaded.id, currency: facts.state.currency.code, status: facts.state.status.rawValue,
            stage: facts.state.stage, step: nil, dueAt: nil, verdict: nil, reason: reason, trace: [],
            words: "No step is planned: \(reason?.words ?? "the case is being planned").")
    }

    /// `2026-11-25 09:34 America/New_York`.
    static func local(_ instant: Instant, _ zone: Zone) -> String {
        let seconds = zone.time(of: instant)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        return "\(zone.day(of: instant)) \(two(seconds / 3600)):\(two(seconds / 60 % 60)) \(zone.identifier)"
    }
}
