import Dunning

/// The ledger's own answers, worked out the plain way, for comparison with what planner and gate make of it.
extension CaseFacts {
    /// What may be asked for now: not held, not covered, not under way, less unapplied credit.
    func owed(at now: Instant) -> Int64 {
        var sum = -credit
        for invoice in invoices where !(invoice.heldUntil.map { now < $0 } ?? false) {
            sum += max(0, invoice.total - invoice.allocated - invoice.inFlight)
        }
        return sum
    }

    /// What is not paid, held or under way or not.
    func missing(at now: Instant) -> Int64 { invoices.reduce(-credit) { $0 + max(0, $1.total - $1.allocated) } }

    func overdue(at now: Instant) -> [OpenInvoice] {
        invoices.filter { invoice in
            guard let due = invoice.dueDate, !(invoice.heldUntil.map { now < $0 } ?? false),
                invoice.total > invoice.allocated + invoice.inFlight
            else { return false }
            return now >= brand.zone.startOfDay(due.adding(brand.graceDays + 1))
        }
    }

    func isOpen(_ instant: Instant) -> Bool {
        let day = zone.day(of: instant)
        let minute = zone.time(of: instant) / 60
        return brand.window.weekdays.contains(day.weekday) && !brand.calendar.isHoliday(day)
            && minute >= brand.window.opens.minutes && minute < brand.window.closes.minutes
    }

    /// Once a day, two days apart, three times in seven days.
    func isCapSpent(at now: Instant) -> Bool {
        guard let key = recipient?.key else { return false }
        let ages = (contactedDays[key] ?? []).map { $0.distance(to: zone.day(of: now)) }
        return ages.contains { abs($0) < 2 } || ages.count { (0..<7).contains($0) } >= 3
    }

    /// With a hold without end on these invoices.
    func holding(_ ignored: [ID<Invoice>]) -> CaseFacts {
        var facts = self
        facts.invoices = invoices.map { ignored.contains($0.id) ? $0.held(until: ActiveHold.forever) : $0 }
        return facts
    }

    func stageByAge(at now: Instant) -> Int {
        overdue(at: now).map { workflow.stage(byAge: $0.daysOverdue(on: brand.zone.day(of: now))) }.max() ?? 0
    }
}
