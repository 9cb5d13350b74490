extension CaseFacts {
    /// The first day, in the brand's zone, on which this invoice is overdue and old enough to be asked for: the day after due and
    /// grace (architecture 5.6), or later by ``WorkflowLimits/minimumAge``. Nil without a due date.
    package func overdueFrom(_ invoice: OpenInvoice) -> Day? {
        guard let due = invoice.dueDate else { return nil }
        let overdue = due.adding(brand.graceDays + 1)
        guard let age = workflow.limits.minimumAge, let issued = invoice.issueDate else { return overdue }
        return max(overdue, issued.adding(age))
    }

    /// What is overdue and old enough, out of these.
    package func overdue(_ invoices: [OpenInvoice], on today: Day) -> [OpenInvoice] {
        invoices.filter { overdueFrom($0).map { $0 <= today } ?? false }
    }

    /// What can be asked for is less than the workflow asks for.
    package func isBelowMinimum(at now: Instant) -> Bool {
        workflow.limits.minimumAmount[state.currency].map { askedTotal(at: now) < $0 } ?? false
    }

    /// Until when the workflow rests because the customer wrote back or paid a part; nil when it does not.
    package func restsUntil(after now: Instant) -> Instant? {
        var until: Instant?
        for event in events {
            let end: Day
            switch event.kind {
            case .replied:
                guard let days = workflow.limits.onReply else { continue }
                end = brand.businessDay(days, after: brand.zone.day(of: event.at))
            case .partPayment:
                guard let days = workflow.limits.onPartPayment else { continue }
                end = brand.zone.day(of: event.at).adding(days)
            default: continue
            }
            until = max(until ?? event.at, brand.zone.startOfDay(end.adding(1)))
        }
        return until.flatMap { $0 > now ? $0 : nil }
    }

    /// The stop rule of the workflow that forbids this contact.
    package func limitReached(by step: PlannedStep, now: Instant) -> (Reason, String)? {
        guard workflow.step(step.key)?.isBeforeDue != true else { return nil }
        if let most = workflow.limits.maxContacts, contactsMade >= most {
            return (.maxContacts, "\(contactsMade) of \(most) contacts were made")
        }
        if let days = workflow.limits.maxDays, let openedOn,
            openedOn.distance(to: brand.zone.day(of: now)) > days
        {
            return (.maxDays, "open since \(openedOn), for more than \(days) days")
        }
        return nil
    }
}

extension BrandRules {
    /// The n-th day after `day` on which the brand works.
    package func businessDay(_ count: Int, after day: Day) -> Day {
        var day = day
        for _ in 0..<count { day = window.sendDay(onOrAfter: day.adding(1), calendar: calendar) ?? day.adding(1) }
        return day
    }
}

extension Step.Kind {
    /// Nobody notices it: it is done while a hold is in force too.
    package var isQuiet: Bool {
        switch self {
        case .wait, .branch, .split, .repeat: true
        default: false
        }
    }
}
