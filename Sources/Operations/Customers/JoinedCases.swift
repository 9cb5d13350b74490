import Dunning
import Foundation
import Postgres
import Store

/// The open cases of two customers that become one: of two at one brand in one currency, one goes on.
struct JoinedCases {
    /// Cases of the merged customer that go on.
    private(set) var moved: [ID<Enrolment>] = []
    /// Cases that end, with what they were.
    private(set) var closed: [CaseState] = []
    private var changed: [CaseState] = []
    private var dropped: [(open: OpenStep, state: CaseState)] = []

    private struct Place: Hashable {
        let brand: ID<Brand>
        let currency: Currency
    }

    /// - Parameter contactDays: of messages on the wire: each counts as a contact.
    init(_ cases: [LoadedCase], into: ID<Customer>, contactDays: [ID<Message>: Day]) throws {
        let places = Dictionary(grouping: cases) {
            Place(brand: $0.facts.state.brand, currency: $0.facts.state.currency)
        }
        for (_, cases) in places.sorted(by: { $0.value[0].id < $1.value[0].id }) {
            let ranked = cases.sorted { Self.rank($0, into) > Self.rank($1, into) }
            guard let first = ranked.first else { continue }
            if ranked.dropFirst().contains(where: { $0.facts.state.status == .handedOver }) {
                throw Rejection.forbiddenByState(
                    code: "handed_over_twice",
                    detail: "Agencies have a case of each at one brand and in one currency: recall one of them first.")
            }
            var state = first.facts.state
            for other in ranked.dropFirst() {
                let contacts = [
                    state.lastContactDay, other.facts.state.lastContactDay, Self.day(of: other, contactDays),
                ]
                state.lastContactDay = contacts.compactMap(\.self).max()
                closed.append(other.facts.state)
                drop(other)
            }
            if state != first.facts.state { changed.append(state) }
            if state.customer != into {
                moved.append(state.id)
                drop(first)
            }
        }
    }

    /// An agency's case before all; then the higher stage, then one that is at its end or under way, then the customer's own.
    private static func rank(_ loaded: LoadedCase, _ into: ID<Customer>) -> (Int, Int, Int, Int) {
        let state = loaded.facts.state
        let order: [CaseState.Status] = [.exited, .pending, .active, .exhausted, .handedOver]
        return (
            state.status == .handedOver ? 1 : 0, state.stage, order.firstIndex(of: state.status) ?? 0,
            state.customer == into ? 1 : 0
        )
    }

    private static func day(of loaded: LoadedCase, _ days: [ID<Message>: Day]) -> Day? {
        guard let open = loaded.open, open.isSending else { return nil }
        return open.message.flatMap { days[$0] }
    }

    /// What is planned goes; what is on the wire stays until its outcome is known.
    private mutating func drop(_ loaded: LoadedCase) {
        guard let open = loaded.open, !open.isSending else { return }
        dropped.append((open, loaded.facts.state))
    }

    func write(into: ID<Customer>, in tx: inout Transaction, _ context: Context) throws {
        let steps = dropped.map(\.open.id)
        try tx.skipSteps(steps.map { ($0, .merged) }, at: context.now)
        try tx.withdrawMessages(of: steps, at: context.now)
        let ended = closed.map { state in
            var state = state
            state.status = .exited
            return state
        }
        try tx.updateCases(
            ended, exits: Dictionary(uniqueKeysWithValues: ended.map { ($0.id, .merged) }), at: context.now)
        try tx.updateCases(changed, at: context.now)
        try tx.dropFirstContacts(ended.map(\.id))
        try tx.callOff(context, ended.map { ($0.id, .merged) })
        let detail = ["reason": Reason.merged.rawValue, "cause": "customer.merged"]
        func entries(_ action: String, _ subjects: [UUID], _ detail: [String: String] = [:]) -> [AuditEntry] {
            subjects.map { AuditEntry(action: action, subject: $0, customer: into, detail: detail) }
        }
        try tx.audit(context, entries("case.exited", ended.map(\.id.uuid), detail))
        try tx.audit(context, entries("case.moved", moved.map(\.uuid)))
        try tx.audit(context, entries("step.skipped", steps.map(\.uuid), detail))
        var told = zip(closed, ended).flatMap { Emission.standing(from: $0, to: $1, exit: .merged) }
        for (open, state) in dropped where open.announcedAt != nil { told.append(.withdrawn(open, of: state, .merged)) }
        try tx.emit(context, told)
    }
}
