/// Everything that decides whether an apology for a wrong reminder may be sent now.
package struct CorrectionFacts: Sendable {
    package let switches: Switches
    package let brand: BrandRules
    package let contact: Reachable
    package let zone: Zone
    /// Whether anything the reminder listed is still known to have been paid by then.
    package let isWrong: Bool

    package init(switches: Switches, brand: BrandRules, contact: Reachable, zone: Zone, isWrong: Bool) {
        self.switches = switches
        self.brand = brand
        self.contact = contact
        self.zone = zone
        self.isWrong = isWrong
    }
}

extension Gate {
    /// May this apology be sent now? It stands outside all escalation and counts as no contact, but it obeys switches, the
    /// person's wish to hear nothing, and the window.
    package static func verdict(for correction: CorrectionFacts, now: Instant) -> Verdict {
        let (switches, brand) = (correction.switches, correction.brand)
        if switches.systemHold != nil { return .wait(until: now.adding(seconds: 60), .systemHold) }
        if switches.isSystemOff { return .wait(until: now.adding(seconds: 60), .systemSwitch) }
        if !switches.isLive { return .wait(until: now.adding(seconds: 60), .shadow) }
        if switches.isTenantOff { return .wait(until: now.adding(seconds: 60), .tenantSwitch) }
        if brand.isSwitchedOff { return .wait(until: now.adding(seconds: 60), .brandSwitch) }
        guard correction.isWrong else { return .skip(.superseded) }
        if correction.contact.hasOptedOut { return .skip(.optedOut) }
        guard correction.contact.isUsable(for: .email) else { return .skip(.noAddress) }
        guard brand.gateway != nil else { return .wait(until: now.adding(hours: 1), .noGateway) }
        guard brand.window.isOpen(now, zone: correction.zone, calendar: brand.calendar) else {
            let opening = brand.window.nextOpening(
                atOrAfter: now, zone: correction.zone, calendar: brand.calendar)
            return .wait(until: opening ?? now.adding(days: 1), .window)
        }
        return .send(Way(correction.contact, by: .email), [])
    }
}
