/// Courtesy steps go once per due day, on days on which nothing is overdue; one whose day has passed is not made up for.
enum Courtesy {
    static func steps(
        _ invoices: [OpenInvoice], _ facts: CaseFacts, time: SendTime, earliest: Instant
    ) -> [PlannedStep] {
        let dueDays = Set(invoices.compactMap(\.dueDate)).sorted()
        guard let lastQuietDay = dueDays.first?.adding(facts.brand.graceDays) else { return [] }
        var found: [PlannedStep] = []
        for step in facts.workflow.steps where step.isBeforeDue {
            for due in dueDays where !facts.done.contains(.init(key: step.key, number: Int(due.number))) {
                guard let moment = moment(of: step, for: due, invoices, time: time, earliest: earliest),
                    facts.brand.zone.day(of: moment) <= min(due, lastQuietDay)
                else { continue }
                found.append(
                    PlannedStep(
                        key: step.key, kind: step.kind, occurrence: Int(due.number), stage: 0, dueAt: moment))
            }
        }
        return found
    }

    private static func moment(
        of step: Step, for due: Day, _ invoices: [OpenInvoice], time: SendTime, earliest: Instant
    ) -> Instant? {
        switch step.timing {
        case .beforeDue(let days): return time.moment(onOrBefore: due.adding(-days), notBefore: earliest)
        case .afterIssue(let days):
            // Of several invoices due on one day the first issued; they are one note.
            guard let issued = invoices.filter({ $0.dueDate == due }).compactMap(\.issueDate).min() else { return nil }
            return time.moment(onFirstFrom: issued.adding(days), notBefore: earliest)
        default: return nil
        }
    }
}
