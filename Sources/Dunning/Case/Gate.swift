/// May this step speak to this customer now? Pure: same facts, same verdict. Called in the arming transaction, with facts
/// read after the case was locked (architecture 4.8), and by the simulator and the explanation alike.
package enum Gate {
    package static func verdict(for step: PlannedStep, given facts: CaseFacts, now: Instant) -> Gated {
        var trace: [Gated.Check] = []
        func passes(_ check: String, _ detail: @autoclosure () -> String = "") {
            trace.append(Gated.Check(check: check, passed: true, detail: detail()))
        }
        func fails(_ check: String, _ verdict: Verdict, _ detail: String = "") -> Gated {
            trace.append(Gated.Check(check: check, passed: false, detail: detail))
            return Gated(verdict: verdict, trace: trace)
        }
        if let reason = facts.closedSwitch() {
            return fails("switches", .wait(until: now.adding(seconds: 60), reason), facts.switches.systemHold ?? "")
        }
        passes("switches")
        if facts.state.isDirty { return fails("planned", .wait(until: now.adding(seconds: 1), .dirty)) }
        guard facts.state.status == .active else {
            return fails("case", .skip(.superseded), facts.state.status.rawValue)
        }
        passes("case", "stage \(facts.state.stage)")
        if let reason = facts.profile.exclusion { return fails("excluded", .skip(.excluded), reason) }

        let asked = facts.asked(at: now)
        if facts.askedTotal(at: now) <= 0 {
            guard let reason = facts.blockedBy(at: now) else { return fails("collectable", .skip(.paid)) }
            return fails("collectable", .wait(until: now.adding(hours: 1), reason))
        }
        passes("collectable", "\(facts.askedTotal(at: now)) \(facts.state.currency.code) minor units")
        if facts.isBelowMinimum(at: now) {
            return fails("minimum", .wait(until: now.adding(hours: 1), .belowThreshold))
        }

        let listed = facts.listed(by: step, asked: asked, now: now)
        if listed.isEmpty { return fails("due", .skip(facts.reasonToList(nothing: step))) }
        passes("due", "\(listed.count) invoices")

        if let hold = facts.strongestHold(at: now) {
            let until = min(hold.until ?? ActiveHold.forever, now.adding(hours: 1))
            return fails("holds", .wait(until: max(until, now.adding(seconds: 1)), hold.blocks), hold.reason)
        }
        passes("holds")
        if let until = facts.restsUntil(after: now) { return fails("rest", .wait(until: until, .resting)) }

        if let answer = facts.unanswered(before: step) { passes("outcome", answer) }
        if let condition = facts.workflow.step(step.key)?.condition {
            let judgement = condition.judged(facts.subject(at: now))
            guard judgement.holds else {
                return fails("condition", .skip(.conditionFalse), judgement.words)
            }
            passes("condition", judgement.words)
        }
        if let (reason, words) = facts.limitReached(by: step, now: now) { return fails("limits", .skip(reason), words) }

        if let source = facts.safety.staleSource(at: now) {
            return fails(
                "freshness", .wait(until: now.adding(hours: 1), .stale),
                "\(source.name) should have been heard of by \(source.staleFrom)")
        }
        if !facts.safety.watched.isEmpty { passes("freshness") }
        if let (until, detail) = facts.objection(to: step, now: now) {
            return fails("veto", .wait(until: until, .veto), detail)
        }
        if facts.safety.vetoHours > 0 { passes("veto") }
        if let (until, detail) = facts.lackOfPlace(for: step, now: now) {
            return fails("quota", .wait(until: until, .quota), detail)
        }

        guard let way = facts.way(for: step.key) else {
            return fails("address", .skip(facts.unreachable(by: step.key)))
        }
        if let detour = way.detour { passes("fallback", detour) }
        passes("address", way.channel == .email ? way.contact.id.description : "\(way.contact.id) by \(way.channel)")
        guard facts.brand.gateway(for: way.channel) != nil else {
            return fails("gateway", .wait(until: now.adding(seconds: 60), .noGateway), "none for \(way.channel)")
        }
        let zone = way.contact.zone ?? facts.customerZone ?? facts.brand.zone

        let window = facts.brand.window
        if !window.isOpen(now, zone: zone, calendar: facts.brand.calendar) {
            let opening = window.nextOpening(atOrAfter: now, zone: zone, calendar: facts.brand.calendar)
            return fails("window", .wait(until: opening ?? now.adding(days: 1), .window), zone.identifier)
        }
        passes("window", zone.identifier)

        let today = zone.day(of: now)
        if case .spent(let until) = ContactCaps.standard.verdict(
            on: today, contacted: facts.contactedDays(of: way.contact))
        {
            let moment = SendTime(facts).moment(onOrAfter: until, notBefore: now.adding(seconds: 1))
            return fails("caps", .wait(until: moment ?? now.adding(days: 1), .cap), "until \(until)")
        }
        passes("caps")
        return Gated(verdict: .send(way, listed), trace: trace)
    }
}

extension Gate {
    /// May this step without a wire be carried out now? `.send` stands for yes; nobody is contacted by it.
    package static func internalVerdict(for step: PlannedStep, given facts: CaseFacts, now: Instant) -> Gated {
        var trace: [Gated.Check] = []
        func gated(_ check: String, _ verdict: Verdict, _ detail: String = "") -> Gated {
            Gated(verdict: verdict, trace: trace + [Gated.Check(check: check, passed: false, detail: detail)])
        }
        if let reason = facts.closedSwitch() { return gated("switches", .wait(until: now.adding(seconds: 60), reason)) }
        if facts.state.isDirty { return gated("planned", .wait(until: now.adding(seconds: 1), .dirty)) }
        guard facts.state.status == .active else { return gated("case", .skip(.superseded)) }
        if facts.profile.exclusion != nil { return gated("excluded", .skip(.excluded)) }
        // A contact without a gateway waits among the internal jobs; planning moves it to the gateway that is named.
        if step.kind.isContact { return gated("gateway", .wait(until: now.adding(minutes: 5), .noGateway)) }
        if facts.askedTotal(at: now) <= 0 {
            guard let reason = facts.blockedBy(at: now) else { return gated("collectable", .skip(.paid)) }
            return gated("collectable", .wait(until: now.adding(hours: 1), reason))
        }
        if let hold = facts.strongestHold(at: now), !step.kind.isQuiet {
            let until = min(hold.until ?? ActiveHold.forever, now.adding(hours: 1))
            return gated("holds", .wait(until: max(until, now.adding(seconds: 1)), hold.blocks))
        }
        if let answer = facts.unanswered(before: step) {
            trace.append(Gated.Check(check: "outcome", passed: true, detail: answer))
        }
        if let condition = facts.workflow.step(step.key)?.condition {
            let judgement = condition.judged(facts.subject(at: now))
            guard judgement.holds else { return gated("condition", .skip(.conditionFalse), judgement.words) }
            trace.append(Gated.Check(check: "condition", passed: true, detail: judgement.words))
        }
        let listed =
            step.kind == .inApp ? facts.listed(by: step, asked: facts.asked(at: now), now: now) : []
        if step.kind == .inApp, listed.isEmpty { return gated("due", .skip(facts.reasonToList(nothing: step))) }
        let nobody = Reachable(id: ID(facts.state.customer.uuid), name: "", email: nil, key: nil)
        return Gated(
            verdict: .send(Way(nobody, by: .email), listed),
            trace: trace + [Gated.Check(check: "carry out", passed: true, detail: step.kind.rawValue)])
    }
}

extension CaseFacts {
    /// The first switch that is off, from the outermost in.
    func closedSwitch() -> Reason? {
        if switches.systemHold != nil { return .systemHold }
        if switches.isSystemOff { return .systemSwitch }
        if !switches.isLive { return .shadow }
        if switches.isTenantOff { return .tenantSwitch }
        if brand.isSwitchedOff { return .brandSwitch }
        return switches.isWorkflowOff ? .workflowSwitch : nil
    }

    /// Until when somebody may still object, and since when it is known.
    func objection(to step: PlannedStep, now: Instant) -> (until: Instant, detail: String)? {
        guard safety.vetoHours > 0, step.kind.isContact else { return nil }
        guard let free = safety.freeFrom(step) else { return (now.adding(minutes: 1), "not announced yet") }
        guard free > now else { return nil }
        let moment = SendTime(self).moment(onOrAfter: zone.day(of: free), notBefore: free)
        return (moment ?? free, "until \(free)")
    }

    /// When a first contact has its place, if that is not today.
    func lackOfPlace(for step: PlannedStep, now: Instant) -> (until: Instant, detail: String)? {
        guard safety.firstContactsPerDay != nil, step.kind.isContact, state.lastContactDay == nil else { return nil }
        let today = zone.day(of: now)
        guard let place = safety.place, place >= today else { return (now.adding(minutes: 1), "no place yet") }
        guard place > today else { return nil }
        let moment = SendTime(self).moment(onOrAfter: place, notBefore: now)
        return (moment ?? zone.startOfDay(place), "its place is on \(place)")
    }

    /// The hold on tenant, brand or customer that ends last.
    func strongestHold(at now: Instant) -> ActiveHold? {
        holds.filter { $0.scope != .invoice && ($0.until ?? ActiveHold.forever) > now }
            .max { ($0.until ?? ActiveHold.forever) < ($1.until ?? ActiveHold.forever) }
    }

    /// Why a step that would list nothing is skipped: one of the ladder is planned again once something is overdue; a note
    /// and an answer have missed their occasion.
    fileprivate func reasonToList(nothing step: PlannedStep) -> Reason {
        workflow.step(step.key)?.isRung == true ? .notOverdue : .late
    }

    /// What a step lists: pre-due, the invoices due on its day while nothing is overdue; after due, all that is overdue.
    package func listed(by step: PlannedStep, asked: [OpenInvoice], now: Instant) -> [OpenInvoice] {
        let today = brand.zone.day(of: now)
        let overdue = self.overdue(asked, on: today)
        let isBeforeDue = workflow.step(step.key)?.isBeforeDue ?? false
        guard isBeforeDue else { return overdue }
        guard overdue.isEmpty, step.occurrence >= Int(today.number) else { return [] }
        return asked.filter { $0.dueDate.map { Int($0.number) == step.occurrence } ?? false }
    }
}
