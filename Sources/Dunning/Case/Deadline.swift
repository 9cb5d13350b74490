/// When a person should have acted: the end of the n-th business day of the brand's calendar after now.
package enum Deadline {
    package static func after(businessDays count: Int, from now: Instant, facts: CaseFacts) -> Instant {
        let brand = facts.brand
        var day = brand.zone.day(of: now)
        for _ in 0..<max(1, count) {
            day = brand.window.sendDay(onOrAfter: day.adding(1), calendar: brand.calendar) ?? day.adding(1)
        }
        return brand.zone.instant(on: day, at: brand.window.closes)
    }
}
